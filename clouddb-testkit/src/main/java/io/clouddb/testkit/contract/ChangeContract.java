/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Changes: what is asked for is changed and nothing else, and the data stay. */
abstract class ChangeContract extends InstanceCases {
  ChangeContract(CloudContract kit) {
    super(kit);
  }

  @Test
  void modifiesWhatIsAskedForAndNothingElse() throws SQLException {
    Instance before = create(spec(newName()).tag("team", "contract").build());
    execute(before.connection(), "CREATE TABLE kept (id int)");
    DataSize larger = DataSize.gib(before.storageSize().orElseThrow().toGibExact() * 2);
    SecretRef newPassword = SecretRef.literal("Changed-" + UUID.randomUUID());
    Instance after =
        cloud()
            .instances()
            .modify(
                before.id(),
                InstanceChange.builder()
                    .storageSize(larger)
                    .tag("stage", "two")
                    .adminPassword(newPassword)
                    .build())
            .await(kit().limit());
    assertThat(after.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(after.storageSize()).contains(larger);
    assertThat(after.tags()).containsEntry("team", "contract").containsEntry("stage", "two");
    assertThat(after.nativeSize()).isEqualTo(before.nativeSize());
    ConnectionDetails details =
        after.connection(AdminLogin.of("app_admin", newPassword)).toBuilder()
            .database("shop")
            .build();
    assertThat(query(details, "SELECT count(*) FROM kept")).isEqualTo("0");
    assertThatThrownBy(() -> query(before.connection(), "SELECT 1"))
        .isInstanceOf(SQLException.class)
        .hasMessageNotContaining(password().resolve());
  }

  @Test
  void logicalReplicationIsOffUntilItIsAskedFor() throws SQLException {
    Instance instance = create(spec(newName()).build());
    ConnectionDetails details = instance.connection();
    assertThat(query(details, "SHOW wal_level")).isNotEqualTo("logical");
    cloud()
        .instances()
        .modify(instance.id(), InstanceChange.builder().logicalReplication(true).build())
        .await(kit().limit());
    assertThat(query(details, "SHOW wal_level")).isEqualTo("logical");
    assertThat(
            query(
                details,
                "SELECT slot_name FROM pg_create_logical_replication_slot('s', 'pgoutput')"))
        .isEqualTo("s");
    execute(details, "SELECT pg_drop_replication_slot('s')");
  }

  @Test
  void logicalReplicationIsOnFromTheStartWhenTheSpecAsksForIt() throws SQLException {
    Instance instance = create(spec(newName()).logicalReplication(true).build());
    assertThat(query(instance.connection(), "SHOW wal_level")).isEqualTo("logical");
  }

  @Test
  void parametersTakeEffect() throws SQLException {
    Instance instance = create(spec(newName()).parameter("max_connections", "77").build());
    assertThat(query(instance.connection(), "SHOW max_connections")).isEqualTo("77");
  }

  @Test
  void stopsAndStartsWithItsData() throws SQLException {
    Support stop =
        cloud()
            .capabilities()
            .supports(Feature.INSTANCE_STOP, FeatureContext.of(Engine.POSTGRESQL));
    assertThat(stop.answer()).isNotEqualTo(Support.Answer.NO);
    Instance instance = create(spec(newName()).build());
    ConnectionDetails details = instance.connection();
    execute(details, "CREATE TABLE kept AS SELECT 42 AS answer");
    Instance stopped = cloud().instances().stop(instance.id()).await(kit().limit());
    assertThat(stopped.state()).isEqualTo(InstanceState.STOPPED);
    assertThatThrownBy(() -> query(details, "SELECT 1")).isInstanceOf(SQLException.class);
    Instance started = cloud().instances().start(instance.id()).await(kit().limit());
    assertThat(started.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(query(details, "SELECT answer FROM kept")).isEqualTo("42");
  }
}
