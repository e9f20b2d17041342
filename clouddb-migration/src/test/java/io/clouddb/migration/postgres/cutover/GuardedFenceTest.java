/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.DeadlineException;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the locks before the decision must not be broken by. */
class GuardedFenceTest {
  private static final TableName EVENTS = new TableName("public", "events");

  /**
   * ANALYZE of a partitioned table holds this lock for as long as it samples the partitions. It
   * changes nothing: a reason to try again (DEADLINE), none to end the migration.
   */
  @Test
  void analyzeOfAPartitionedTablePutsTheCutoverOff() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onTarget(
          "CREATE TABLE events (id int PRIMARY KEY) PARTITION BY RANGE (id)",
          "CREATE TABLE events_1 PARTITION OF events DEFAULT");
      WriteFence fence =
          new WriteFence("test", List.of(EVENTS, new TableName("public", "events_1")));
      try (Connection connection = PinnedSession.open(ends.target(), "test");
          Connection cron = ends.target().connect();
          Statement statement = cron.createStatement()) {
        fence.prepare(connection, "there");
        fence.raise(connection, Duration.ofSeconds(10));
        cron.setAutoCommit(false);
        statement.execute("ANALYZE events");
        assertThatThrownBy(() -> fence.requireStanding(connection))
            .isInstanceOf(DeadlineException.class);
        cron.rollback();
      }
    }
  }

  /** A table that its owner made append-only for himself; the fence's triggers can be made. */
  @Test
  void anAppendOnlyPartitionedTableIsGuarded() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onTarget(
          "CREATE TABLE events (id int PRIMARY KEY) PARTITION BY RANGE (id)",
          "CREATE TABLE events_1 PARTITION OF events DEFAULT",
          "REVOKE UPDATE, DELETE, TRUNCATE ON events, events_1 FROM current_user");
      WriteFence fence =
          new WriteFence("test", List.of(EVENTS, new TableName("public", "events_1")));
      try (Connection connection = PinnedSession.open(ends.target(), "test")) {
        fence.prepare(connection, "there");
        fence.raise(connection, Duration.ofSeconds(10));
        fence.requireStanding(connection);
        fence.release(connection);
      }
    }
  }

  /** A frozen archive. */
  @Test
  void aTableThatItsOwnerFrozeIsGuarded() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onTarget(
          "CREATE TABLE events (id int PRIMARY KEY)",
          "REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON events FROM current_user");
      WriteFence fence = new WriteFence("test", List.of(EVENTS));
      try (Connection connection = PinnedSession.open(ends.target(), "test")) {
        fence.prepare(connection, "there");
        fence.raise(connection, Duration.ofSeconds(10));
        fence.requireStanding(connection);
        fence.release(connection);
      }
    }
  }

  @Test
  void thousandsOfTablesAreLockedInTime() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      List<TableName> tables = new ArrayList<>();
      ends.onTarget(
          "DO $$BEGIN FOR i IN 1..4000 LOOP EXECUTE 'CREATE TABLE t' || i || ' (id int)';"
              + " IF i % 500 = 0 THEN COMMIT; END IF; END LOOP; END$$");
      for (int i = 1; i <= 4000; i++) {
        tables.add(new TableName("public", "t" + i));
      }
      WriteFence fence = new WriteFence("test", tables);
      try (Connection connection = PinnedSession.open(ends.target(), "test")) {
        fence.prepare(connection, "there");
        fence.raise(connection, Duration.ofSeconds(300));
        String all =
            tables.stream()
                .map(table -> "ONLY " + table.quoted())
                .collect(java.util.stream.Collectors.joining(", "));
        connection.setAutoCommit(false);
        for (int i = 0; i < 4; i++) {
          long begun = System.nanoTime();
          try (Statement lock = connection.createStatement()) {
            lock.execute("LOCK TABLE " + all + " IN ROW EXCLUSIVE MODE");
          }
          System.out.println("LOCK " + (System.nanoTime() - begun) / 1_000_000 + " ms");
          connection.rollback();
        }
        connection.setAutoCommit(true);
        long from = System.nanoTime();
        try {
          fence.requireStanding(connection);
        } finally {
          System.out.println("STANDING " + (System.nanoTime() - from) / 1_000_000 + " ms");
        }
        fence.release(connection);
      }
    }
  }
}
