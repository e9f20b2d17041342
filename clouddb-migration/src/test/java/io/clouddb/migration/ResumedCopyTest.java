/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.edgecases.FreeWriters;
import io.clouddb.migration.progress.MigrationProgress;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a run that goes on with an interrupted copy finds changed meanwhile. */
@Tag("slow")
class ResumedCopyTest {
  private static final int COMPLETE = 5;

  private static TwoDatabases both;
  private static ConnectionDetails target;

  @TempDir Path folder;
  private final RecordingListener listener = new RecordingListener();

  @BeforeAll
  static void startServers() throws SQLException {
    both = TwoDatabases.start(14, 18, false);
    target = both.targetServer.superuser().toBuilder().database("shop").build();
  }

  @AfterAll
  static void stopServers() {
    both.close();
  }

  @BeforeEach
  void interruptACopy() throws SQLException {
    both.recreate();
    GatedSchema.create(both.source);
    // One table after the other, the largest first.
    MigrationReport failed = migration(failingAfter(COMPLETE)).connections(1).build().run();
    assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
    assertThat(failed.leftBehind()).singleElement().asString().contains("slot clouddb_shop");
    assertThat(complete()).hasSize(COMPLETE).contains("big", "quiet").doesNotContain("keyless");
    // So that what is copied again and what is applied differ.
    TwoDatabases.run(
        both.source,
        "UPDATE big SET n = 7 WHERE id % 3 = 0",
        "UPDATE quiet SET t = t || '!' WHERE id % 5 = 0",
        "DELETE FROM keyless WHERE a = 4",
        "UPDATE renumbered SET id = id + 1000 WHERE id < 50",
        "INSERT INTO child VALUES (9000, 1)");
  }

  private MigrationBuilder migration(StateStore state) {
    return SyncProcess.migration(state, both.source, both.target).listener(listener);
  }

  private StateStore state() {
    return StateStore.directory(folder.resolve("state"));
  }

  private MigrationReport goOn() {
    return migration(state()).build().run();
  }

  /** A store whose disk is full for the table after the given number. */
  private StateStore failingAfter(int tables) {
    StateStore store = state();
    AtomicInteger copied = new AtomicInteger();
    return id -> {
      Journal journal = store.open(id);
      return new Journal() {
        @Override
        public List<JournalEntry> entries() {
          return journal.entries();
        }

        @Override
        public JournalEntry append(String kind, Map<String, String> data) {
          if (kind.equals("copy.table") && copied.incrementAndGet() > tables) {
            throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, "No space left").toException();
          }
          return journal.append(kind, data);
        }

        @Override
        public void close() {
          journal.close();
        }
      };
    };
  }

  private Set<String> complete() {
    try (Journal journal = state().open("shop")) {
      return journal.entries().stream()
          .filter(entry -> entry.kind().equals("copy.table"))
          .map(entry -> entry.data().getOrDefault("table", ""))
          .map(name -> name.replace("\"public\".", "").replace("\"", ""))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static void isExact(MigrationReport report) throws SQLException {
    assertThat(report.failure()).isEmpty();
    assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
    assertThat(GatedSchema.differences(both.source, both.target)).isEmpty();
    assertThat(GatedSchema.objects(both.target)).isEqualTo(GatedSchema.objects(both.source));
  }

  private static void isRefused(MigrationReport report, String table, String how) {
    assertThat(report.status()).isEqualTo(MigrationReport.Status.FAILED);
    assertThat(report.failure().orElseThrow()).contains("\"" + table + "\" " + how);
    assertThat(report.nextStep().orElseThrow()).contains("Undo that on the source, or abort");
  }

  @Test
  void countsWhatAnEarlierRunCopied() throws Exception {
    Set<String> complete = complete();
    Map<String, String> before = GatedSchema.files(target);
    long rows = 0;
    for (String table : complete) {
      rows += Long.parseLong(TwoDatabases.ask(target, "SELECT count(*) FROM " + table));
    }

    int earlier = listener.progress().size();
    MigrationReport report;
    try (Connection gates = GatedSchema.shut(target, GatedSchema.KEYLESS)) {
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(this::goOn);
      GatedSchema.awaitAt(target, GatedSchema.KEYLESS);
      Eventually.until(
          "progress is told while it copies",
          () ->
              listener.progress().stream()
                  .skip(earlier)
                  .anyMatch(moment -> moment.step() == MigrationStep.SYNC));
      GatedSchema.open(gates, GatedSchema.KEYLESS);
      report = run.get(60, TimeUnit.SECONDS);
    }

    isExact(report);
    long done = rows;
    assertThat(listener.progress())
        .filteredOn(moment -> moment.step() == MigrationStep.SYNC)
        .extracting(MigrationProgress::rowsDone)
        .isNotEmpty()
        .last()
        .satisfies(last -> assertThat(last).isGreaterThanOrEqualTo(done));
    // The earlier run copied 5 tables as they were, this one the others as they are.
    long all = 0;
    for (String table : GatedSchema.TABLES) {
      all += Long.parseLong(TwoDatabases.ask(target, "SELECT count(*) FROM " + table));
    }
    long deletedLater = complete.contains("keyless") ? 2 : 0;
    long insertedLater = complete.contains("child") ? 1 : 0;
    assertThat(report.rowsCopied()).isEqualTo(all + deletedLater - insertedLater);
    Map<String, String> after = GatedSchema.files(target);
    assertThat(GatedSchema.TABLES)
        .allSatisfy(
            table ->
                assertThat(Objects.equals(before.get(table), after.get(table)))
                    .as(table)
                    .isEqualTo(complete.contains(table)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TRUNCATE %s CASCADE",
        "VACUUM FULL %s",
        // Rewrites all rows, which the stream does not tell, and leaves the type as it is.
        "ALTER TABLE %s ALTER COLUMN t TYPE text USING t || ' rewritten'"
      })
  void copiesATableAgainThatWasRewritten(String statement) throws Exception {
    String file = GatedSchema.files(target).get("quiet");
    TwoDatabases.run(
        both.source, statement.formatted("quiet"), "INSERT INTO quiet VALUES (77777, 'after it')");

    isExact(goOn());

    assertThat(listener.notices())
        .contains("public.quiet was rewritten or emptied on the source; it is copied again");
    assertThat(GatedSchema.files(target)).doesNotContainEntry("quiet", file);
  }

  @Test
  void refusesAlteredTablesByNameAndGoesOnWhenThatIsUndone() throws Exception {
    TwoDatabases.run(both.source, "CREATE TABLE newcomer (id int)");
    MigrationReport refused = goOn();
    assertThat(refused.failure().orElseThrow())
        .contains("\"newcomer\" is new and has nothing that identifies a row");
    assertThat(refused.nextStep().orElseThrow()).contains("Give it a primary key");
    TwoDatabases.run(
        both.source, "DROP TABLE newcomer", "ALTER TABLE quiet ADD COLUMN more int DEFAULT 5");
    isRefused(goOn(), "quiet", "has other columns");
    TwoDatabases.run(
        both.source, "ALTER TABLE quiet DROP COLUMN more", "ALTER TABLE big RENAME TO large");
    isRefused(goOn(), "big", "is gone, or has another name");
    TwoDatabases.run(
        both.source,
        "ALTER TABLE large RENAME TO big",
        "ALTER TABLE big RENAME COLUMN n TO number");
    isRefused(goOn(), "big", "has other columns");
    TwoDatabases.run(
        both.source,
        "ALTER TABLE big RENAME COLUMN number TO n",
        "ALTER TABLE keyless REPLICA IDENTITY NOTHING");
    isRefused(goOn(), "keyless", "has other columns, another key or replica identity");
    TwoDatabases.run(both.source, "ALTER TABLE keyless REPLICA IDENTITY FULL");

    isExact(goOn());
  }

  @Test
  @DisplayName(
      "Tables and partitions that are made between two runs come along, written to meanwhile")
  void tablesAndPartitionsThatAreMadeBetweenTwoRunsComeAlong() throws Exception {
    List<String> made = List.of("newcomer", "\"New parent\"", "part_3", "followers_1");
    TwoDatabases.run(
        both.source,
        "CREATE TABLE newcomer (id bigint PRIMARY KEY, v text, n int GENERATED ALWAYS AS (id % 7)"
            + " STORED)",
        "CREATE INDEX ON newcomer (v)",
        "CREATE TABLE \"New parent\" (id int PRIMARY KEY, big bigint REFERENCES big"
            + " ON UPDATE CASCADE ON DELETE CASCADE)",
        "CREATE TABLE part_3 PARTITION OF parted FOR VALUES IN (3)",
        "CREATE TABLE followers (id int PRIMARY KEY) PARTITION BY RANGE (id)",
        "CREATE TABLE followers_1 PARTITION OF followers FOR VALUES FROM (0) TO (1000)",
        "INSERT INTO newcomer SELECT i, 'old' FROM generate_series(1, 100) i",
        "INSERT INTO \"New parent\" SELECT i, i FROM generate_series(400, 450) i",
        "INSERT INTO followers SELECT generate_series(1, 100)",
        "UPDATE parted SET region = 3 WHERE id % 5 = 0");
    RecordingListener writing =
        new RecordingListener(
            step -> {
              if (step == MigrationStep.CDC) {
                try {
                  TwoDatabases.run(
                      both.source,
                      "UPDATE parted SET region = 3 WHERE id % 7 = 0",
                      "UPDATE parted SET region = 1 WHERE id % 10 = 0",
                      "UPDATE newcomer SET v = 'new' WHERE id % 3 = 0",
                      "DELETE FROM \"New parent\" WHERE id % 2 = 0",
                      "DELETE FROM big WHERE id = 401",
                      "INSERT INTO followers VALUES (500)");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    try (FreeWriters writers = new FreeWriters(both.source, "newcomer", 2)) {
      writers.await(20);

      MigrationReport report = migration(state()).listener(writing).build().run();

      isExact(report);
      writers.awaitRefused();
      assertThat(writers.lost(both.target)).isEmpty();
    }
    assertThat(GatedSchema.differences(both.source, both.target, made)).isEmpty();
    assertThat(writing.notices())
        .contains(
            "Made on the source since the copy began, and copied too: public.New parent,"
                + " public.followers, public.followers_1, public.newcomer, public.part_3");
    for (String table : made) {
      assertThatThrownBy(() -> TwoDatabases.run(both.source, "DELETE FROM " + table))
          .hasMessageContaining("moves to");
    }
  }

  @Test
  void refusesATableThatWasDroppedAndMadeAnew() throws Exception {
    TwoDatabases.run(
        both.source, "DROP TABLE filled", "CREATE TABLE filled (id bigint PRIMARY KEY, t text)");
    isRefused(goOn(), "filled", "was dropped and made anew");
  }

  @Test
  void beginsAnewWhenTheSlotIsGone() throws Exception {
    TwoDatabases.dropSlots(both.source);
    TwoDatabases.run(both.source, "UPDATE quiet SET t = t || ' unheard'");
    Map<String, String> before = GatedSchema.files(target);

    isExact(goOn());

    assertThat(listener.notices())
        .contains("The copy begins anew: the source has no replication slot clouddb_shop any more");
    assertThat(GatedSchema.files(target).entrySet()).doesNotContainAnyElementsOf(before.entrySet());
  }

  @Test
  void beginsAnewWhenTheSlotLostItsLog() throws Exception {
    TwoDatabases.run(
        both.sourceServer.superuser(),
        "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'",
        "SELECT pg_reload_conf()");
    try {
      Eventually.until(
          "the log is removed",
          () -> {
            TwoDatabases.run(
                both.sourceServer.superuser(),
                "SELECT pg_logical_emit_message(false, 'filler', repeat('x', 1000000))"
                    + " FROM generate_series(1, 20)",
                "SELECT pg_switch_wal()",
                "CHECKPOINT");
            return "lost"
                .equals(
                    TwoDatabases.ask(both.source, "SELECT wal_status FROM pg_replication_slots"));
          });
    } finally {
      TwoDatabases.run(
          both.sourceServer.superuser(),
          "ALTER SYSTEM RESET max_slot_wal_keep_size",
          "SELECT pg_reload_conf()");
    }

    isExact(goOn());

    assertThat(listener.notices())
        .anyMatch(notice -> notice.contains("begins anew") && notice.contains("wal_status lost"));
  }

  @Test
  void beginsAnewWhenThePublicationIsNotWhatItWas() throws Exception {
    TwoDatabases.run(both.source, "ALTER PUBLICATION clouddb_shop DROP TABLE ONLY big");
    isExact(goOn());
    assertThat(listener.notices())
        .contains("The copy begins anew: the publication clouddb_shop no longer has all tables");
  }

  @Test
  void beginsAnewWhenTheTargetWasMadeAnew() throws Exception {
    TwoDatabases.run(
        both.targetServer.superuser(),
        "DROP DATABASE shop WITH (FORCE)",
        "CREATE DATABASE shop OWNER target_admin");
    isExact(goOn());
    assertThat(listener.notices())
        .anyMatch(notice -> notice.contains("the target has no position of this migration"));
  }

  @Test
  void leavesNothingBehindWhenItIsAborted() throws Exception {
    try (Connection gates = GatedSchema.shut(target, GatedSchema.KEYLESS)) {
      Migration migration = migration(state()).build();
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      GatedSchema.awaitAt(target, GatedSchema.KEYLESS);
      assertThat(
              TwoDatabases.ask(
                  both.source, "SELECT count(*) FROM pg_replication_slots WHERE temporary"))
          .isEqualTo("1");

      assertThat(migration.abort().status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);

      assertThat(run.get(60, TimeUnit.SECONDS).status())
          .isEqualTo(MigrationReport.Status.ROLLED_BACK);
      assertThat(gates.isValid(5)).isTrue();
    }
    for (String trace :
        List.of(
            "pg_replication_slots",
            "pg_publication",
            "pg_namespace WHERE nspname LIKE 'clouddb%'")) {
      assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM " + trace))
          .as(trace)
          .isEqualTo("0");
    }
    // PostgreSQL ends a session some time after its client has closed it.
    String sessions =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'clouddb%'";
    Eventually.until(
        "no session is left", () -> TwoDatabases.ask(both.source, sessions).equals("0"));
  }

  @Test
  void goesOnAfterAFailureInTheCutoverToo() throws Exception {
    MigrationReport failed =
        migration(state()).pauseLimit(Duration.ofNanos(1)).cutoverAttempts(1).build().run();
    assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
    TwoDatabases.run(both.source, "UPDATE big SET n = 8 WHERE id % 2 = 0");

    MigrationReport report = goOn();

    isExact(report);
    assertThat(report.rowsCopied()).isEqualTo(failed.rowsCopied());
  }
}
