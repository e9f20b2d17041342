/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CloudSqlLifecycleTest {
  private final SimulatedCloudSql gcp = SimulatedCloudSql.start();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    assertThat(gcp.simulator.notSimulated()).isEmpty();
    assertThat(gcp.simulator.bugs()).isEmpty();
    gcp.close();
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  @Test
  void anInstanceLivesFromCreateToDelete() throws Exception {
    try (CloudDb cloud = gcp.open()) {
      InstanceSpec spec =
          SimulatedCloudSql.spec("orders", folder)
              .database("ShopData")
              .logicalReplication(true)
              .tag("environment", "test")
              .build();

      Instance orders = cloud.instances().create(spec).await(LIMIT);

      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(orders.database()).contains("ShopData");
      assertThat(orders.tags()).containsExactly(java.util.Map.entry("environment", "test"));
      assertThat(orders.unwrap(DatabaseInstance.class).getConnectionName())
          .isEqualTo("shop-project:asia-northeast3:orders");
      try (Connection connection = orders.connection().connect()) {
        assertThat(ask(connection, "SELECT current_database() || ' ' || current_user"))
            .isEqualTo("ShopData app_admin");
        assertThat(ask(connection, "SHOW wal_level")).isEqualTo("logical");
        assertThat(ask(connection, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
            .isEqualTo("f");
      }

      Instance found = cloud.instances().get("orders");
      assertThat(found.engineVersion()).startsWith("16.");
      assertThat(found.admin()).map(AdminLogin::user).contains("app_admin");
      assertThat(found.database()).contains("ShopData");

      Path password = folder.resolve("new.password");
      Files.writeString(password, "another");
      Instance changed =
          cloud
              .instances()
              .modify(
                  orders.id(),
                  InstanceChange.builder()
                      .parameter("max_connections", "150")
                      .adminPassword(SecretRef.file(password))
                      .tag("owner", "me")
                      .build())
              .await(LIMIT);
      assertThat(changed.tags()).containsOnlyKeys("environment", "owner");
      try (Connection connection =
          changed.connection(AdminLogin.of("app_admin", SecretRef.file(password))).connect()) {
        assertThat(ask(connection, "SHOW max_connections")).isEqualTo("150");
        assertThat(ask(connection, "SHOW wal_level")).isEqualTo("logical");
      }

      assertThat(cloud.instances().stop(orders.id()).await(LIMIT).state())
          .isEqualTo(InstanceState.STOPPED);
      assertThat(cloud.instances().start(orders.id()).await(LIMIT).state())
          .isEqualTo(InstanceState.AVAILABLE);
      ResourceId gone = cloud.instances().delete(orders.id()).await(LIMIT);
      assertThat(gone).isEqualTo(orders.id());
      assertThat(cloud.instances().find("orders")).isEmpty();
    }
    assertThat(gcp.simulator.requests())
        .extracting(RecordedRequest::body)
        .noneMatch(body -> body.contains("another"));
  }
}
