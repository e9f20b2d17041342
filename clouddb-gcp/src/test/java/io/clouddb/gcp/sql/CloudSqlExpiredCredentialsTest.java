/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.error.AuthenticationException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that end in the middle of an operation end nothing that cannot be gone on with. */
class CloudSqlExpiredCredentialsTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"instances.insert", "operations.get", "users.insert", "databases.list"})
  void aCreationGoesOnFromItsToken(String method) throws Exception {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start()) {
      String token;
      InstanceSpec spec = SimulatedCloudSql.spec("orders", folder).database("shop").build();
      try (CloudDb cloud = gcp.open()) {
        gcp.simulator.faults().on(method).credentialsExpire();
        AuthenticationException e =
            catchThrowableOfType(
                AuthenticationException.class, () -> cloud.instances().create(spec).await(LIMIT));
        token = e.details().operationToken().orElseThrow();
        assertThat(e.nextStep()).get().asString().contains("token").doesNotContain("Remove");
      }
      try (CloudDb cloud = gcp.open()) {
        Instance orders = cloud.operations().resume(token, Instance.class).await(LIMIT);
        assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
        assertThat(orders.database()).contains("shop");
      }
      assertThat(gcp.simulator.servers().list(SimulatedCloudSql.PROJECT)).hasSize(1);
    }
  }

  @Test
  void aDeletionGoesOnFromItsToken() throws Exception {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        CloudDb cloud = gcp.open()) {
      Instance orders =
          cloud.instances().create(SimulatedCloudSql.spec("orders", folder).build()).await(LIMIT);
      gcp.simulator.faults().on("instances.delete").credentialsExpire();
      AuthenticationException e =
          catchThrowableOfType(
              AuthenticationException.class,
              () -> cloud.instances().delete(orders.id()).await(LIMIT));
      cloud
          .operations()
          .resume(e.details().operationToken().orElseThrow(), io.clouddb.ResourceId.class)
          .await(LIMIT);
      assertThat(cloud.instances().find("orders")).isEmpty();
    }
  }
}
