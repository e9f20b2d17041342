/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.DeadlineException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.postgres.apply.ExpectedMarker;
import io.clouddb.migration.postgres.cutover.FenceMarker;
import io.clouddb.migration.postgres.stream.Pace;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Writes a marker where changes come from, and waits until it is durable where they go: as long as
 * it takes while anything moves, for a large backlog takes long. A marker that the position has
 * passed without it is lost, and another is written.
 */
final class MarkerWait {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  /** Longer than an applier tries again, and than any lock is held by somebody who means well. */
  private static final Duration STANDSTILL = Duration.ofMinutes(30);

  private static final int MARKERS = 5;

  private final Direction direction;
  private final Pace pace;
  private final Runnable between;
  private final Duration lookAgain;
  private final LongSupplier nanos;
  private long movedAt;
  private Moved last = new Moved(LogSequenceNumber.INVALID_LSN, 0, "");

  /** What moves while changes are read, sent and applied. */
  private record Moved(LogSequenceNumber position, long worked, String sent) {}

  /**
   * Makes a wait.
   *
   * @param between called now and then; what it throws ends the wait
   */
  MarkerWait(Direction direction, Pace pace, Runnable between) {
    this(direction, pace, between, LOOK_AGAIN, System::nanoTime);
  }

  MarkerWait(
      Direction direction, Pace pace, Runnable between, Duration lookAgain, LongSupplier nanos) {
    this.direction = direction;
    this.pace = pace;
    this.between = between;
    this.lookAgain = lookAgain;
    this.nanos = nanos;
    this.movedAt = nanos.getAsLong();
  }

  /**
   * Waits until everything that is committed by now has been applied.
   *
   * @param from a session where the changes come from
   * @return how long the marker was on its way
   */
  Duration run(Connection from) throws SQLException {
    for (int written = 0; written < MARKERS; written++) {
      UUID marker = UUID.randomUUID();
      try (ExpectedMarker expected =
          direction.applier().expectMarker(FenceMarker.content(marker))) {
        FenceMarker.write(from, marker);
        long sent = System.nanoTime();
        LogSequenceNumber behind = inserted(from);
        if (arrives(from, expected, behind)) {
          return Duration.ofNanos(System.nanoTime() - sent);
        }
      }
    }
    throw ErrorDetails.of(
            ErrorCategory.OTHER,
            MARKERS
                + " markers were written on "
                + MigrationRun.describe(direction.from())
                + ", and the position passed each without it")
        .nextStep(
            "The stream of "
                + direction.replication()
                + " does not carry logical messages of the prefix "
                + FenceMarker.PREFIX
                + ": look what stands between the two, or what changed the stream.")
        .toException();
  }

  /** False when it is lost. */
  private boolean arrives(Connection from, ExpectedMarker marker, LogSequenceNumber behind)
      throws SQLException {
    Applier applier = direction.applier();
    while (true) {
      between.run();
      direction.check();
      // Before the look for the marker: by this position it has come, if it ever comes.
      LogSequenceNumber reached = applier.position();
      try {
        marker.await(lookAgain);
        return true;
      } catch (DeadlineException e) {
        if (reached.compareTo(behind) >= 0) {
          return false;
        }
        requireMoving(from, reached);
      }
    }
  }

  private void requireMoving(Connection from, LogSequenceNumber reached) throws SQLException {
    // A transaction that is not complete yet is decoded, and its like sorted, before any of it is
    // sent: then only the sender moves.
    Moved now = new Moved(reached, direction.applier().worked(), sent(from));
    if (!now.equals(last) || pace.paused() || pace.throttled()) {
      last = now;
      movedAt = nanos.getAsLong();
      return;
    }
    if (nanos.getAsLong() - movedAt > STANDSTILL.toNanos()) {
      throw ErrorDetails.of(
              ErrorCategory.DEADLINE,
              "Nothing was read from %s or applied to %s for %d min; the position is %s"
                  .formatted(
                      MigrationRun.describe(direction.from()),
                      MigrationRun.describe(direction.to()),
                      STANDSTILL.toMinutes(),
                      reached.asString()))
          .nextStep(
              "See what the session clouddb-apply waits for where the changes go"
                  + " (pg_stat_activity, pg_blocking_pids), and what the sender of the slot "
                  + direction.replication()
                  + " does where they come from (pg_stat_replication).")
          .toException();
    }
  }

  private static LogSequenceNumber inserted(Connection from) throws SQLException {
    try (Statement statement = from.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT pg_catalog.pg_current_wal_insert_lsn()::text")) {
      row.next();
      return LogSequenceNumber.valueOf(row.getString(1));
    }
  }

  /** How far the source's sender has read; empty when there is none. */
  private String sent(Connection from) throws SQLException {
    try (PreparedStatement statement =
        from.prepareStatement(
            "SELECT coalesce(pg_catalog.max(sender.sent_lsn)::text, '')"
                + " FROM pg_catalog.pg_replication_slots AS slot"
                + " JOIN pg_catalog.pg_stat_replication AS sender ON sender.pid = slot.active_pid"
                + " WHERE slot.slot_name = ?")) {
      statement.setString(1, direction.replication());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }
}
