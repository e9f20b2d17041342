/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.OwnSchema;
import io.clouddb.migration.postgres.stream.SourceIdentity;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * The table {@code clouddb_migration.position} on the target: how far each migration is. Its row
 * changes in the same transaction as the rows that it speaks of, so the two cannot disagree.
 */
public final class PositionTable {
  private PositionTable() {}

  /**
   * How far a migration is.
   *
   * @param lsn all transactions of the source whose commit is before are on the target, no other
   * @param identity the server whose positions these are
   */
  public record Position(LogSequenceNumber lsn, SourceIdentity identity) {}

  /**
   * Creates schema and table where they are missing.
   *
   * @param target a connection to the target
   * @throws SQLException when the target refuses
   */
  public static void create(Connection target) throws SQLException {
    OwnSchema.create(target);
    try (Statement statement = target.createStatement()) {
      statement.execute(
          "CREATE TABLE IF NOT EXISTS clouddb_migration.position ("
              + "migration pg_catalog.text PRIMARY KEY, lsn pg_catalog.pg_lsn NOT NULL,"
              + " system_identifier pg_catalog.text NOT NULL,"
              + " timeline pg_catalog.int4 NOT NULL,"
              + " updated_at pg_catalog.timestamptz NOT NULL)");
    }
  }

  /**
   * Writes the first position of a migration, or of its next attempt.
   *
   * @param target a connection to the target
   * @param migration the migration's id
   * @param position the consistent point of its slot, and its source
   * @throws SQLException when the target refuses
   */
  public static void start(Connection target, String migration, Position position)
      throws SQLException {
    try (PreparedStatement statement =
        target.prepareStatement(
            "INSERT INTO clouddb_migration.position"
                + " (migration, lsn, system_identifier, timeline, updated_at)"
                + " VALUES (?, ?::pg_catalog.pg_lsn, ?, ?, pg_catalog.now())"
                + " ON CONFLICT (migration) DO UPDATE SET lsn = excluded.lsn,"
                + " system_identifier = excluded.system_identifier,"
                + " timeline = excluded.timeline, updated_at = excluded.updated_at")) {
      statement.setString(1, migration);
      statement.setString(2, position.lsn().asString());
      statement.setString(3, position.identity().systemIdentifier());
      statement.setInt(4, position.identity().timeline());
      statement.executeUpdate();
    }
  }

  /**
   * Reads a position.
   *
   * @param target a connection to the target
   * @param migration the migration's id
   * @return empty when the migration has not started
   * @throws SQLException when the table cannot be read
   */
  public static Optional<Position> read(Connection target, String migration) throws SQLException {
    if (!OwnSchema.holds(target, "position")) {
      return Optional.empty();
    }
    try (PreparedStatement statement =
        target.prepareStatement(
            "SELECT lsn::pg_catalog.text, system_identifier, timeline"
                + " FROM clouddb_migration.position WHERE migration OPERATOR(pg_catalog.=) ?")) {
      statement.setString(1, migration);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new Position(
                LogSequenceNumber.valueOf(rows.getString(1)),
                new SourceIdentity(rows.getString(2), rows.getInt(3))));
      }
    }
  }

  /** Moves a position on, and only from where it is thought to be: two appliers cannot mix. */
  static void advance(
      Connection target, String migration, LogSequenceNumber from, LogSequenceNumber to)
      throws SQLException {
    try (PreparedStatement statement =
        target.prepareStatement(
            "UPDATE clouddb_migration.position"
                + " SET lsn = ?::pg_catalog.pg_lsn, updated_at = pg_catalog.now()"
                + " WHERE migration OPERATOR(pg_catalog.=) ?"
                + " AND lsn OPERATOR(pg_catalog.=) ?::pg_catalog.pg_lsn")) {
      statement.setString(1, to.asString());
      statement.setString(2, migration);
      statement.setString(3, from.asString());
      if (statement.executeUpdate() != 1) {
        throw appliedByAnother(migration, from);
      }
    }
  }

  static CloudDbException appliedByAnother(String migration, LogSequenceNumber from) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "The position of migration "
                + migration
                + " is no longer "
                + from.asString()
                + ": something else applies it too")
        .nextStep("Let one process run this migration")
        .toException();
  }
}
