/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/** The table that the application writes to: rows numbered from one on, each a transaction. */
final class Events {
  private static final int SECONDS_FOR_A_STATEMENT = 30;

  private Events() {}

  /**
   * Which rows there are.
   *
   * @param count how many
   * @param first the lowest number, zero when there are none
   * @param last the highest number, zero when there are none
   */
  record Rows(long count, long first, long last) {
    /** Whether they are all that was written up to some moment: none is missing in between. */
    boolean complete() {
      return count == last && (count == 0 || first == 1);
    }
  }

  static void create(Connection connection) throws SQLException {
    try (Statement statement = limited(connection.createStatement())) {
      statement.execute("CREATE SCHEMA app");
      statement.execute(
          "CREATE TABLE app.events (id pg_catalog.int8 PRIMARY KEY, written_at"
              + " pg_catalog.timestamptz NOT NULL DEFAULT pg_catalog.clock_timestamp())");
    }
  }

  /** Writes a row, once, also when an earlier attempt did that and its answer was lost. */
  static void write(Connection connection, long id) throws SQLException {
    try (PreparedStatement insert =
        limited(
            connection.prepareStatement(
                "INSERT INTO app.events (id) VALUES (?) ON CONFLICT (id) DO NOTHING"))) {
      insert.setLong(1, id);
      insert.executeUpdate();
    }
  }

  static Rows read(Connection connection) throws SQLException {
    try (Statement statement = limited(connection.createStatement());
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_catalog.count(*), coalesce(pg_catalog.min(id), 0),"
                    + " coalesce(pg_catalog.max(id), 0) FROM app.events")) {
      row.next();
      return new Rows(row.getLong(1), row.getLong(2), row.getLong(3));
    }
  }

  /** When a row was written, by the database's clock; empty when it is not there. */
  static Optional<Instant> writtenAt(Connection connection, long id) throws SQLException {
    try (PreparedStatement select =
        limited(
            connection.prepareStatement(
                "SELECT written_at FROM app.events WHERE id OPERATOR(pg_catalog.=) ?"))) {
      select.setLong(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.of(row.getObject(1, OffsetDateTime.class).toInstant())
            : Optional.empty();
      }
    }
  }

  /** What the database's clock shows. */
  static Instant now(Connection connection) throws SQLException {
    try (Statement statement = limited(connection.createStatement());
        ResultSet row = statement.executeQuery("SELECT pg_catalog.clock_timestamp()")) {
      row.next();
      return row.getObject(1, OffsetDateTime.class).toInstant();
    }
  }

  private static <S extends Statement> S limited(S statement) throws SQLException {
    statement.setQueryTimeout(SECONDS_FOR_A_STATEMENT);
    return statement;
  }
}
