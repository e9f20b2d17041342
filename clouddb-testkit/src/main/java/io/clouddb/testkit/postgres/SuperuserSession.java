/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session of ours on a server, for what the server has to do for a replica. No setting of the
 * server, a database or the role ends it or makes it wait for another server, and it does not wait
 * for ever itself: an answer that does not come is an error.
 */
final class SuperuserSession implements AutoCloseable {
  private static final String CONNECT_SECONDS = "10";

  private static final int TRANSACTION_TIMEOUT_SINCE = 17;

  // Names are qualified nevertheless.
  private static final String PATH = "pg_catalog, pg_temp";

  /** From the first moment on: a server may end sessions that do nothing for an instant. */
  private static final List<String> SETTINGS =
      List.of(
          "statement_timeout=0",
          "lock_timeout=0",
          "idle_in_transaction_session_timeout=0",
          "idle_session_timeout=0",
          "default_transaction_read_only=off",
          // A commit does not wait for a replica that is not there yet.
          "synchronous_commit=local",
          "log_statement=none",
          "log_min_duration_statement=-1",
          "log_min_error_statement=panic");

  private static final String TRANSACTION_TIMEOUT = "transaction_timeout=0";

  private final Connection connection;

  private SuperuserSession(Connection connection) {
    this.connection = connection;
  }

  /**
   * Opens a session.
   *
   * @param superuser as whom, and where
   * @param major the server's major version
   * @param patience how long a single answer may take
   */
  static SuperuserSession open(ConnectionDetails superuser, int major, Duration patience)
      throws SQLException {
    List<String> settings = new ArrayList<>(SETTINGS);
    if (major >= TRANSACTION_TIMEOUT_SINCE) {
      settings.add(TRANSACTION_TIMEOUT);
    }
    return new SuperuserSession(
        superuser.toBuilder()
            .parameter("currentSchema", PATH)
            .parameter("options", "-c " + String.join(" -c ", settings))
            .parameter("connectTimeout", CONNECT_SECONDS)
            .parameter("socketTimeout", Long.toString(Math.max(1, patience.toSeconds())))
            .parameter("ApplicationName", "clouddb testkit")
            .build()
            .connect());
  }

  Connection connection() {
    return connection;
  }

  /** Runs a statement. */
  void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first column of the first row; null when it is, or there is no row. */
  @Nullable String value(String sql, String... values) throws SQLException {
    List<@Nullable String> row = row(sql, values);
    return row.isEmpty() ? null : row.get(0);
  }

  /** Whether a question is answered by yes. */
  boolean is(String sql, String... values) throws SQLException {
    return "t".equals(value(sql, values));
  }

  /** The first row as texts; empty when there is none. */
  List<@Nullable String> row(String sql, String... values) throws SQLException {
    List<List<@Nullable String>> rows = rows(sql, values);
    return rows.isEmpty() ? List.of() : rows.get(0);
  }

  /** All rows as texts. */
  List<List<@Nullable String>> rows(String sql, String... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setString(i + 1, values[i]);
      }
      try (ResultSet found = statement.executeQuery()) {
        int columns = found.getMetaData().getColumnCount();
        List<List<@Nullable String>> rows = new ArrayList<>();
        while (found.next()) {
          List<@Nullable String> row = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            row.add(found.getString(i));
          }
          rows.add(row);
        }
        return rows;
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
