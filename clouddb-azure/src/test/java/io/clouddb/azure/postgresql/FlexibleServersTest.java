/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FlexibleServersTest {
  private final AzureOnThisMachine azure = new AzureOnThisMachine();

  @AfterEach
  void close() {
    assertThat(azure.azure.server().bugs()).isEmpty();
    assertThat(azure.azure.server().notSimulated()).isEmpty();
    azure.close();
  }

  static String ask(Instance instance, String sql) throws Exception {
    try (Connection connection = instance.connection().connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  @Test
  void createsARealDatabaseForWhichEverythingWasSet() throws Exception {
    try (CloudDb cloud = azure.open()) {
      Instance orders =
          cloud
              .instances()
              .create(
                  spec("orders")
                      .database("shop")
                      .logicalReplication(true)
                      .insights(true)
                      .parameter("work_mem", "8192")
                      .build())
              .await(LIMIT);
      assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(ask(orders, "SELECT current_database()")).isEqualTo("shop");
      assertThat(ask(orders, "SHOW wal_level")).isEqualTo("logical");
      assertThat(ask(orders, "SHOW work_mem")).isEqualTo("8MB");
    }
  }
}
