/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The server's own logical replication, from a slot that exists. */
final class Subscription {
  private static final String NAME = "benchmark";

  private Subscription() {}

  static void create(
      ConnectionDetails target, ConnectionDetails source, String publication, String slot)
      throws SQLException {
    String connection =
        String.join(
            " ",
            "host=" + source.host(),
            "port=" + source.port(),
            "user=" + source.user(),
            "dbname=" + source.database(),
            "password=" + source.credentials().getProperty("password"));
    Servers.execute(
        target,
        "CREATE SUBSCRIPTION "
            + NAME
            + " CONNECTION '"
            + connection.replace("'", "''")
            + "' PUBLICATION "
            + publication
            + " WITH (create_slot = false, copy_data = false, slot_name = '"
            + slot
            + "')");
  }

  /** Ends it; the slot stays. */
  static void drop(ConnectionDetails target) throws SQLException {
    try (Connection connection = target.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER SUBSCRIPTION " + NAME + " DISABLE");
      statement.execute("ALTER SUBSCRIPTION " + NAME + " SET (slot_name = NONE)");
      statement.execute("DROP SUBSCRIPTION " + NAME);
    }
  }
}
