/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import org.postgresql.replication.LogSequenceNumber;

/**
 * What {@code pg_replication_slots} says about one slot.
 *
 * @param name its name
 * @param plugin its output plugin
 * @param database the database it decodes
 * @param temporary whether it vanishes with its session
 * @param active whether something reads it now
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}
 * @param confirmed up to where the reader said that it needs nothing any more
 * @param retainedBytes how much of the log the slot holds back
 */
public record SlotStatus(
    String name,
    String plugin,
    String database,
    boolean temporary,
    boolean active,
    String walStatus,
    LogSequenceNumber confirmed,
    long retainedBytes) {
  /**
   * Looks a slot up.
   *
   * @param connection a connection to the source, ordinary or for replication
   * @param name the slot's name
   * @return empty when there is none of that name
   * @throws SQLException when the catalog cannot be read
   */
  public static Optional<SlotStatus> read(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT coalesce(plugin, ''), coalesce(database, ''), temporary, active,"
                + " coalesce(wal_status, 'lost'),"
                + " coalesce(confirmed_flush_lsn, '0/0')::pg_catalog.text,"
                + " coalesce(pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(),"
                + " restart_lsn), 0)::bigint FROM pg_catalog.pg_replication_slots"
                + " WHERE slot_name OPERATOR(pg_catalog.=) ?")) {
      statement.setString(1, name);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        return Optional.of(
            new SlotStatus(
                name,
                rows.getString(1),
                rows.getString(2),
                rows.getBoolean(3),
                rows.getBoolean(4),
                rows.getString(5),
                LogSequenceNumber.valueOf(rows.getString(6)),
                rows.getLong(7)));
      }
    }
  }

  /**
   * Checks that a slot can still give everything from a position on.
   *
   * @param connection a connection to the source, ordinary or for replication
   * @param name the slot's name
   * @param from the position that is durable on the target
   * @throws io.clouddb.error.CloudDbException when changes are lost for good
   * @throws SQLException when the catalog cannot be read
   */
  public static void requireUsable(Connection connection, String name, LogSequenceNumber from)
      throws SQLException {
    SlotStatus status = require(connection, name, from);
    if (status.confirmed.compareTo(from) > 0) {
      throw lost(
          "Slot "
              + name
              + " was read by something else: it stands at "
              + status.confirmed.asString()
              + ", the target at "
              + from.asString());
    }
  }

  /**
   * Looks a slot up that has to be there, with its log.
   *
   * @param connection a connection to the source, ordinary or for replication
   * @param name the slot's name
   * @param sent up to where the source has sent its changes
   * @return its status
   * @throws io.clouddb.error.CloudDbException when it is gone, the source removed its log, or was
   *     set back
   * @throws SQLException when the catalog cannot be read
   */
  public static SlotStatus require(Connection connection, String name, LogSequenceNumber sent)
      throws SQLException {
    SlotStatus status =
        read(connection, name)
            .orElseThrow(
                () ->
                    lost(
                        "The source has no replication slot "
                            + name
                            + ": it was dropped, or did not survive a failover"));
    requireNotBehind(connection, sent);
    if (status.walStatus.equals("lost")) {
      throw lost(
          isIdle(connection, name)
              ? "The source gave up slot "
                  + name
                  + ", which nobody had read for idle_replication_slot_timeout (wal_status lost)"
              : "The source removed log that slot " + name + " still needed (wal_status lost)");
    }
    return status;
  }

  /** The column is there from PostgreSQL 17 on. */
  private static boolean isIdle(Connection connection, String name) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT (pg_catalog.to_jsonb(s) OPERATOR(pg_catalog.->>) 'invalidation_reason')"
                + " OPERATOR(pg_catalog.=) 'idle_timeout'"
                + " FROM pg_catalog.pg_replication_slots s"
                + " WHERE slot_name OPERATOR(pg_catalog.=) ?")) {
      statement.setString(1, name);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /**
   * A server that was set back to an earlier copy of its disk, or one that was made like it, has
   * the identity that it had. Its log ends before what it is said to have sent, and new changes
   * would be taken for those that are on the target already.
   */
  private static void requireNotBehind(Connection connection, LogSequenceNumber from)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT pg_catalog.pg_current_wal_flush_lsn()::pg_catalog.text")) {
      row.next();
      LogSequenceNumber end = LogSequenceNumber.valueOf(row.getString(1));
      if (end.compareTo(from) < 0) {
        throw lost(
            "The source was set back to an earlier state, or is another server: its log ends at "
                + end.asString()
                + ", the target has it up to "
                + from.asString());
      }
    }
  }

  private static RuntimeException lost(String message) {
    return ErrorDetails.of(ErrorCategory.CONDITION_FAILED, message)
        .nextStep(
            "If an earlier run spilled the stream to files, give the same policy with their folder;"
                + " otherwise start the migration anew, and raise max_slot_wal_keep_size if the log"
                + " was removed, or idle_replication_slot_timeout if the slot was given up")
        .toException();
  }

  /**
   * Drops a slot; none of that name is fine. A reader that was just closed may hold it for a moment
   * longer.
   *
   * @param connection an ordinary connection to the source, in auto-commit mode
   * @param name the slot's name
   * @param patience how long to wait for its last reader to go
   * @throws io.clouddb.error.CloudDbException when it is still read after that
   * @throws SQLException when the server refuses for another reason
   */
  public static void drop(Connection connection, String name, Duration patience)
      throws SQLException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try (PreparedStatement statement =
          connection.prepareStatement(
              "SELECT pg_catalog.pg_drop_replication_slot(slot_name)"
                  + " FROM pg_catalog.pg_replication_slots"
                  + " WHERE slot_name OPERATOR(pg_catalog.=) ?")) {
        statement.setString(1, name);
        statement.execute();
        return;
      } catch (SQLException e) {
        if ("42704".equals(e.getSQLState())) {
          return;
        }
        if (!"55006".equals(e.getSQLState())) {
          throw e;
        }
        if (System.nanoTime() > deadline) {
          throw SqlFailure.of("dropping the replication slot " + name, e);
        }
      }
      Pause.millis(50);
    }
  }
}
