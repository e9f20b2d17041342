/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.DeadlineException;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/**
 * Makes publication and slot while the tables are locked. A TRUNCATE or ALTER that came after the
 * locks waits for them; the publication then queues up behind it, and the slot waits for the end of
 * its transaction. No server sees that circle, since the locks are those of another session. So
 * neither waits for long without a look at who waits for the migration.
 */
final class BehindLocks {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);
  private static final String LOCK_NOT_AVAILABLE = "55P03";

  private final MigrationRun run;
  private final Connection source;

  BehindLocks(MigrationRun run, Connection source) {
    this.run = run;
    this.source = source;
  }

  /** Makes a slot, for at most so long. */
  interface SlotCreation {
    ReplicationSlot within(Duration limit);
  }

  void publish(String name, List<Table> tables) throws SQLException {
    while (true) {
      try (Statement setting = source.createStatement()) {
        setting.execute("SET lock_timeout = " + LOOK_AGAIN.toMillis());
        try {
          Publication.create(source, name, tables);
          return;
        } finally {
          setting.execute("RESET lock_timeout");
        }
      } catch (SQLException e) {
        if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
          throw e;
        }
        giveWay();
      }
    }
  }

  ReplicationSlot slot(SlotCreation creation) throws SQLException {
    Duration limit = run.settings.slotLimit();
    long began = System.nanoTime();
    while (true) {
      Duration left = limit.minusNanos(System.nanoTime() - began);
      boolean last = !limit.isZero() && left.compareTo(LOOK_AGAIN) <= 0;
      try {
        return creation.within(last ? max(left, Duration.ofSeconds(1)) : LOOK_AGAIN);
      } catch (DeadlineException e) {
        giveWay();
        if (last) {
          throw e;
        }
      }
    }
  }

  private static Duration max(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private void giveWay() throws SQLException {
    run.checkAborted();
    List<String> waiting = BlockedSessions.behind(source, run.settings.sessionName());
    if (!waiting.isEmpty()) {
      throw new GiveWayException(waiting);
    }
  }
}
