/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.DeadlineException;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** What is done to a database between a decision and the run that goes on with it. */
  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void whatIsNoChangeOfTheFenceIsNone(int version) throws Exception {
    try (Ends ends = Ends.of(16, version)) {
      ends.onTarget(
          "CREATE TABLE events (id int PRIMARY KEY) PARTITION BY RANGE (id)",
          "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (9)",
          "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (9) TO (19)",
          "CREATE TABLE t (id int PRIMARY KEY)");
      List<TableName> tables =
          Stream.of("events", "events_1", "events_2", "t")
              .map(name -> new TableName("public", name))
              .toList();
      String kept;
      try (Connection connection = PinnedSession.open(ends.target(), "test")) {
        WriteFence fence = new WriteFence("test", tables);
        fence.prepare(connection, "there");
        fence.raise(connection, Duration.ofSeconds(10));
        kept = fence.kept();
      }
      ends.asSuperuser(
          ends.targetServer(),
          "VACUUM FREEZE pg_catalog.pg_trigger",
          "VACUUM FULL pg_catalog.pg_trigger",
          "VACUUM (FULL, FREEZE) t",
          "ANALYZE",
          "REINDEX TABLE pg_catalog.pg_trigger",
          "CHECKPOINT");
      ends.onTarget(
          "ALTER TABLE events DETACH PARTITION events_2",
          "ALTER TABLE events ATTACH PARTITION events_2 FOR VALUES FROM (9) TO (19)",
          "CREATE TABLE events_3 PARTITION OF events FOR VALUES FROM (19) TO (29)",
          "ALTER TABLE t ADD COLUMN more text DEFAULT 'x'",
          "CREATE INDEX ON t (more)",
          "ALTER TABLE t ALTER COLUMN more TYPE varchar(5)",
          "ALTER TABLE t RENAME COLUMN more TO most",
          "CREATE TABLE r (t int REFERENCES t, e int REFERENCES events)",
          "ALTER TABLE t CLUSTER ON t_pkey",
          "CLUSTER t");
      try (Connection connection = PinnedSession.open(ends.target(), "test")) {
        WriteFence fence = new WriteFence("test", tables);
        assertThat(fence.changedSince(connection, kept)).isEmpty();
        fence.release(connection);
      }
    }
  }
}
