/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.Operation;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Creation: who may use what is made, and that nothing is made twice. */
abstract class CreationContract extends InstanceCases {
  CreationContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void createsADatabaseThatTheAdministratorCanUse() throws SQLException {
    InstanceSpec spec = spec(newName()).tag("team", "contract").build();
    Instance instance = create(spec);
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(instance.name()).isEqualTo(spec.name());
    assertThat(instance.engine()).isEqualTo(Engine.POSTGRESQL);
    assertThat(instance.engineVersion()).startsWith(spec.engineVersion());
    assertThat(instance.tags()).containsEntry("team", "contract").hasSize(1);
    assertThat(instance.storageSize()).contains(spec.storage().size());
    ConnectionDetails details = instance.connection();
    assertThat(details.database()).isEqualTo("shop");
    assertThat(details.tls().verifies()).as("the server proves who it is").isTrue();
    execute(details, "CREATE TABLE t (id int PRIMARY KEY)");
    assertThat(query(details, "SELECT current_user")).isEqualTo("app_admin");
    assertThat(query(details, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
        .isEqualTo("t");
  }

  @Test
  void theAdministratorIsNoSuperuser() throws SQLException {
    Instance instance = create(spec(newName()).build());
    assertThat(
            query(
                instance.connection(),
                "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
        .isEqualTo("f");
  }

  @Test
  void refusesToCreateWhatExists() throws SQLException {
    InstanceSpec spec = spec(newName()).tag("round", "one").build();
    Instance existing = create(spec);
    execute(existing.connection(), "CREATE TABLE kept (id int)");
    assertThatThrownBy(() -> create(spec.toBuilder().tag("round", "two").build()))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining(spec.name());
    assertThat(cloud().instances().get(spec.name()).tags()).containsEntry("round", "one");
    assertThat(query(existing.connection(), "SELECT count(*) FROM kept")).isEqualTo("0");
  }

  @Test
  void ensureCreatesOnceAndThenTakesWhatExists() {
    InstanceSpec spec = spec(newName()).build();
    Instance first = cloud().instances().ensure(spec).await(kit().limit());
    Instance second =
        cloud()
            .instances()
            .ensure(spec.toBuilder().tag("more", "tags").build())
            .await(kit().limit());
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(second.tags()).doesNotContainKey("more");
    assertThat(second.connection().jdbcUrl()).isEqualTo(first.connection().jdbcUrl());
  }

  @Test
  void ensureRefusesAnotherVersion() {
    InstanceSpec spec = spec(newName()).build();
    create(spec);
    InstanceSpec.Builder other =
        InstanceSpec.builder(spec.name(), Engine.POSTGRESQL, "14")
            .size(spec.size())
            .storage(spec.storage())
            .admin(spec.admin());
    spec.network().ifPresent(other::network);
    assertThatThrownBy(() -> cloud().instances().ensure(other.build()))
        .isInstanceOf(AlreadyExistsException.class)
        .hasMessageContaining("14");
  }

  @Test
  void severalInstancesAreMadeAtTheSameTime() {
    List<Operation<Instance>> operations =
        Arrays.asList(
            cloud().instances().create(spec(newName()).build()),
            cloud().instances().create(spec(newName()).build()),
            cloud().instances().create(spec(newName()).build()));
    Set<String> addresses = new java.util.HashSet<>();
    for (Operation<Instance> operation : operations) {
      addresses.add(operation.await(kit().limit()).connection().jdbcUrl());
    }
    assertThat(addresses).hasSize(operations.size());
  }
}
