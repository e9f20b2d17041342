/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.text.Quoted;
import io.clouddb.operation.OperationLog;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One row for each operation. */
public final class JdbcLog implements OperationLog {
  private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
  private static final int LIMIT_SECONDS = 20;
  private static final int SILENCE_MILLIS = 30_000;

  /** SQL's own class of what a constraint refuses. */
  private static final String CONSTRAINT = "23";

  /** A serialization failure and a deadlock: the statement had no effect, and is to be repeated. */
  private static final Set<String> ROLLED_BACK = Set.of("40001", "40P01");

  private static final int MOST_TRIES = 10;

  private final DataSource database;
  private final String table;

  /**
   * Opens a log.
   *
   * @param database where the table is
   * @param schema its schema
   * @param table its name
   */
  public JdbcLog(DataSource database, String schema, String table) {
    this.database = database;
    this.table = quoted("schema", schema) + "." + quoted("table", table);
  }

  private static String quoted(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The %s of the operation log is no name of 1 to 63 lower case letters, digits and '_': %s"
                  .formatted(what, Quoted.of(name)))
          .toException();
    }
    return '"' + name + '"';
  }

  @Override
  public boolean write(String id, @Nullable String before, String token) {
    try {
      return connected(
          connection ->
              before == null
                  ? insert(connection, id, token)
                  : changes(
                      connection,
                      "UPDATE "
                          + table
                          + " SET token = ?, written = CURRENT_TIMESTAMP"
                          + " WHERE id OPERATOR(pg_catalog.=) ? AND token OPERATOR(pg_catalog.=) ?",
                      token,
                      id,
                      before));
    } catch (SQLException e) {
      throw failed("written", e);
    }
  }

  private boolean insert(Connection connection, String id, String token) throws SQLException {
    try {
      return changes(
          connection,
          "INSERT INTO " + table + " (id, token, written) VALUES (?, ?, CURRENT_TIMESTAMP)",
          id,
          token);
    } catch (SQLException e) {
      // The table may have constraints of its owner's that take no such row.
      if (e.getSQLState() != null
          && e.getSQLState().startsWith(CONSTRAINT)
          && has(connection, id)) {
        return false;
      }
      throw e;
    }
  }

  private boolean has(Connection connection, String id) throws SQLException {
    try (PreparedStatement statement =
        limited(connection, "SELECT id FROM " + table + " WHERE id OPERATOR(pg_catalog.=) ?")) {
      statement.setString(1, id);
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static boolean changes(Connection connection, String sql, String... values)
      throws SQLException {
    for (int tries = 1; ; tries++) {
      try (PreparedStatement statement = limited(connection, sql)) {
        for (int i = 0; i < values.length; i++) {
          statement.setString(i + 1, values[i]);
        }
        return statement.executeUpdate() > 0;
      } catch (SQLException e) {
        if (tries == MOST_TRIES
            || e.getSQLState() == null
            || !ROLLED_BACK.contains(e.getSQLState())) {
          throw e;
        }
      }
    }
  }

  @Override
  public boolean remove(String id, String before) {
    try {
      return connected(
          connection ->
              changes(
                  connection,
                  "DELETE FROM "
                      + table
                      + " WHERE id OPERATOR(pg_catalog.=) ? AND token OPERATOR(pg_catalog.=) ?",
                  id,
                  before));
    } catch (SQLException e) {
      throw failed("removed", e);
    }
  }

  @Override
  public Map<String, String> read() {
    try {
      return connected(this::all);
    } catch (SQLException e) {
      throw failed("read", e);
    }
  }

  private Map<String, String> all(Connection connection) throws SQLException {
    try (PreparedStatement statement = limited(connection, "SELECT id, token FROM " + table);
        ResultSet rows = statement.executeQuery()) {
      Map<String, String> all = new TreeMap<>();
      while (rows.next()) {
        all.put(rows.getString(1), rows.getString(2));
      }
      return all;
    }
  }

  private interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  private <T> T connected(Work<T> work) throws SQLException {
    try (Connection connection = database.getConnection()) {
      int before = connection.getNetworkTimeout();
      // A statement's own limit ends with a server's answer, which one that stands still never
      // gives.
      connection.setNetworkTimeout(Runnable::run, SILENCE_MILLIS);
      try {
        // Not within somebody else's transaction: it has to be there whatever becomes of that.
        connection.setAutoCommit(true);
        return work.with(connection);
      } finally {
        if (!connection.isClosed()) {
          connection.setNetworkTimeout(Runnable::run, before);
        }
      }
    }
  }

  private static PreparedStatement limited(Connection connection, String sql) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    statement.setQueryTimeout(LIMIT_SECONDS);
    return statement;
  }

  private CloudDbException failed(String what, SQLException e) {
    return ErrorDetails.of(
            ErrorCategory.UNAVAILABLE,
            "The operation log cannot be " + what + ": " + e.getMessage())
        .resource(table)
        .providerCode(e.getSQLState())
        .retryable(false)
        .nextStep(
            "The table is made by: CREATE TABLE "
                + table
                + " (id pg_catalog.varchar(100) PRIMARY KEY, token pg_catalog.text NOT NULL, written pg_catalog.timestamptz NOT NULL);"
                + " this login needs SELECT, INSERT, UPDATE and DELETE on it.")
        .toException(e);
  }
}
