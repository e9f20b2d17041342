/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Talks to an instance's database as its admin. */
final class Databases {
  static final SecretRef PASSWORD = SecretRef.literal("it's \\ a %I secret");

  private Databases() {}

  static ConnectionDetails admin(SimulatedInstance instance, String database) {
    return instance.server().orElseThrow().connection(database, instance.adminName(), PASSWORD);
  }

  static String ask(ConnectionDetails details, String sql) throws SQLException {
    try (Connection connection = details.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  static void run(ConnectionDetails details, String... statements) throws SQLException {
    try (Connection connection = details.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }
}
