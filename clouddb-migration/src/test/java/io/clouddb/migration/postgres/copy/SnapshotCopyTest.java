/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SnapshotCopyTest {
  @Test
  void copiesChunksEmptyTablesAndHugeRows() throws Exception {
    try (Ends ends = Ends.of(16, 18)) {
      ends.onBoth(
          "CREATE TABLE chunked (id int PRIMARY KEY, t text)",
          "CREATE TABLE empty (id int)",
          "CREATE TABLE no_columns ()",
          "CREATE TABLE only_generated (g int GENERATED ALWAYS AS (1) STORED)",
          "CREATE TABLE huge (id int, t text, b bytea)",
          "CREATE TABLE always (id int GENERATED ALWAYS AS IDENTITY, v text,"
              + " g int GENERATED ALWAYS AS (length(v)) STORED)",
          "CREATE TABLE as_text (id int, c regclass)");
      ends.onSource(
          "INSERT INTO chunked SELECT i, repeat('x', 200) FROM generate_series(1, 20000) i",
          "INSERT INTO no_columns DEFAULT VALUES",
          "INSERT INTO no_columns DEFAULT VALUES",
          "INSERT INTO only_generated DEFAULT VALUES",
          "INSERT INTO huge SELECT 1, repeat('é', 15000000), decode(repeat('00ff', 10000000), 'hex')",
          "INSERT INTO huge VALUES (2, NULL, '')",
          "INSERT INTO always (v) VALUES ('a'), (NULL)",
          "INSERT INTO as_text VALUES (1, 'pg_class')");
      Map<String, CopiedTable> copied =
          ends.copy(3, 512 << 10).stream()
              .collect(Collectors.toMap(c -> c.table().name(), Function.identity()));
      assertThat(ends.differences()).isEmpty();
      assertThat(copied.get("chunked"))
          .isNotNull()
          .satisfies(
              c -> {
                assertThat(c.rows()).isEqualTo(20000);
                assertThat(c.chunks()).isGreaterThan(5);
                assertThat(c.binary()).isTrue();
              });
      assertThat(copied.get("huge"))
          .isNotNull()
          .satisfies(c -> assertThat(c.bytes()).isGreaterThan(50_000_000));
      assertThat(copied.get("as_text"))
          .isNotNull()
          .satisfies(c -> assertThat(c.binary()).isFalse());
      assertThat(copied.get("empty")).isNotNull().satisfies(c -> assertThat(c.rows()).isZero());
    }
  }

  @Test
  void copiesTheSnapshotAndNotWhatCameAfter() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE a (id int PRIMARY KEY, t text)");
      ends.onSource("INSERT INTO a SELECT i, 'x' FROM generate_series(1, 5000) i");
      List<Table> before = ends.tables();
      Map<TableName, Long> reported = new ConcurrentHashMap<>();
      try (TableLocks locks = TableLocks.acquire(ends.source(), before, Ends.PATIENCE);
          ReplicationSlot slot =
              ReplicationSlot.createTemporary(ends.source(), ends.slot(), Ends.PATIENCE)) {
        // Grows the table beyond the blocks that the snapshot knows, and moves rows.
        ends.onSource(
            "UPDATE a SET t = 'later'",
            "INSERT INTO a SELECT i, 'y' FROM generate_series(5001, 9000) i");
        SnapshotCopy.between(ends.source(), ends.target())
            .chunkBytes(64 << 10)
            .progress(
                new CopyProgress() {
                  @Override
                  public void copied(TableName table, long rows, long bytes) {
                    reported.merge(table, rows, Long::sum);
                  }
                })
            .build()
            .copy(before, slot.snapshot(), locks::release);
        assertThat(locks.held()).isZero();
      }
      assertThat(Ends.query(ends.target(), "SELECT count(*) || min(t) || max(t) FROM public.a"))
          .isEqualTo("5000xx");
      assertThat(reported).containsEntry(new TableName("public", "a"), 5000L);
    }
  }

  @Test
  void keepsRewritesOutUntilATableIsCopied() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onSource(
          "CREATE TABLE a (id int)", "CREATE TABLE b (id int)", "INSERT INTO b VALUES (1)");
      TableName a = new TableName("public", "a");
      TableName b = new TableName("public", "b");
      try (TableLocks locks = TableLocks.acquire(ends.source(), ends.tables(), Ends.PATIENCE)) {
        assertThatThrownBy(() -> ends.onSource("SET lock_timeout = '50ms'", "TRUNCATE b"))
            .hasMessageContaining("lock timeout");
        locks.release(a);
        assertThat(locks.held()).isEqualTo(2);
        locks.release(b);
        assertThat(locks.held()).isZero();
        ends.onSource("SET lock_timeout = '5s'", "TRUNCATE a, b");
      }
    }
  }

  @Test
  void noticesThatItsLocksWereLost() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onSource("CREATE TABLE a (id int)");
      try (TableLocks locks = TableLocks.acquire(ends.source(), ends.tables(), Ends.PATIENCE)) {
        Ends.query(
            ends.sourceServer().superuser(),
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                + " WHERE application_name = 'clouddb-locks' AND usename = '"
                + ends.source().user()
                + "'");
        assertThatThrownBy(() -> locks.release(new TableName("public", "a")))
            .hasMessageContaining("locks was lost while public.a was copied");
      }
    }
  }

  @Test
  void namesTheTableThatCannotBeLocked() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onSource("CREATE TABLE a (id int)");
      List<Table> tables = ends.tables();
      try (Connection other = ends.source().connect();
          Statement statement = other.createStatement()) {
        other.setAutoCommit(false);
        statement.execute("LOCK TABLE a IN ACCESS EXCLUSIVE MODE");
        assertThatThrownBy(() -> TableLocks.acquire(ends.source(), tables, Duration.ofMillis(100)))
            .isInstanceOfSatisfying(
                CloudDbException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.BUSY))
            .hasMessageContaining("public.a could not be locked");
      }
    }
  }

  @Test
  void failsWithTableAndPlaceAndWithoutTheValue() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onSource(
          "CREATE TABLE a (id int, t text)", "INSERT INTO a VALUES (1, 'ok'), (2, 'secret value')");
      ends.onTarget("CREATE TABLE a (id int, t varchar(5))");
      assertThatThrownBy(() -> ends.copy(1, 1 << 20))
          .isInstanceOfSatisfying(
              CloudDbException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.DATA))
          .hasMessageContaining("copying public.a")
          .hasMessageContaining("COPY a, line 2, column t")
          .hasMessageNotContaining("secret value");
    }
  }

  @Test
  void failsRatherThanLeaveRowsOutThatAPolicyHides() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE a (id int)");
      ends.onSource(
          "INSERT INTO a VALUES (1), (2)",
          "ALTER TABLE a ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
          "CREATE POLICY first_only ON a USING (id = 1)");
      assertThatThrownBy(() -> ends.copy(1, 1 << 20)).hasMessageContaining("row-level security");
    }
  }

  @Test
  void copiesOnlyWhatTheJournalDoesNotHaveAndThatAnew() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onBoth("CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int PRIMARY KEY)");
      ends.onSource("INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (1), (2)");
      // As an interrupted copy leaves it.
      ends.onTarget("INSERT INTO a VALUES (1)", "INSERT INTO b VALUES (2)");
      CopyJournal journal = CopyJournal.inMemory();
      journal.finished(new CopiedTable(new TableName("public", "a"), 1, 1, 1, true, Duration.ZERO));
      List<TableName> finished = Collections.synchronizedList(new ArrayList<>());
      try (ReplicationSlot slot =
          ReplicationSlot.createTemporary(ends.source(), ends.slot(), Ends.PATIENCE)) {
        List<CopiedTable> copied =
            SnapshotCopy.between(ends.source(), ends.target())
                .journal(journal)
                .build()
                .copy(ends.tables(), slot.snapshot(), finished::add);
        assertThat(copied).extracting(c -> c.table().name()).containsExactly("b");
      }
      assertThat(ends.differences()).isEmpty();
      assertThat(finished).extracting(TableName::name).containsExactlyInAnyOrder("a", "b");
      assertThat(journal.isFinished(new TableName("public", "b"))).isTrue();
    }
  }
}
