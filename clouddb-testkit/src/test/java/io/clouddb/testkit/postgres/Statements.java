/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** Statements on a connection of their own, and what can only be waited for. */
final class Statements {
  static final Duration LIMIT = Duration.ofSeconds(30);

  /** What can be looked at. */
  interface Condition {
    boolean holds() throws SQLException, IOException;
  }

  private Statements() {}

  static String ask(EmbeddedPostgres server, String sql) throws SQLException {
    return ask(server.superuser(), sql);
  }

  static String ask(ConnectionDetails details, String sql) throws SQLException {
    try (Connection connection = details.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  static void run(EmbeddedPostgres server, String... statements) throws SQLException {
    try (Connection connection = server.superuser().connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  static void await(String what, Condition condition) throws SQLException, IOException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!condition.holds()) {
      assertThat(System.nanoTime()).as("waited for: " + what).isLessThan(deadline);
      Pause.of(Duration.ofMillis(10));
    }
  }
}
