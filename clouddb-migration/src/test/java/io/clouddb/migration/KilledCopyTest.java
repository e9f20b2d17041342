/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.BusyException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A migration whose process is killed while it copies is gone on with: complete tables are not
 * copied again, the others are, and every row is right although the source is written to
 * throughout.
 */
class KilledCopyTest {
  private static TwoDatabases both;
  private static ConnectionDetails target;

  @TempDir Path folder;

  @BeforeAll
  static void startServers() throws SQLException {
    both = TwoDatabases.start(16, 16, true);
    target = both.targetServer.superuser().toBuilder().database("shop").build();
  }

  @AfterAll
  static void stopServers() {
    both.close();
  }

  @BeforeEach
  void createTables() throws SQLException {
    both.recreate();
    GatedSchema.create(both.source);
  }

  /** In a folder, or in the source itself, where it must not be taken for a table of the shop's. */
  private String state(String kind) {
    return kind.equals("jdbc") ? both.source.jdbcUrl() : folder.resolve("state").toString();
  }

  private MigrationReport goOn(String state) {
    List<MigrationReport> report = new ArrayList<>();
    Eventually.until(
        "the killed process' lease is over",
        () -> {
          try {
            report.add(
                SyncProcess.migration(SyncProcess.state(state), both.source, both.target)
                    .build()
                    .run());
            return true;
          } catch (BusyException e) {
            return false;
          }
        });
    return report.get(0);
  }

  /** Starts a process once the lease of the one before is over. */
  private SyncProcess goOnInAProcess(String state) throws Exception {
    Eventually.until(
        "the killed process' lease is over",
        () -> {
          try (Journal journal = SyncProcess.state(state).open("shop")) {
            return !journal.entries().isEmpty();
          } catch (BusyException e) {
            return false;
          }
        });
    return SyncProcess.start(state, both, "killed");
  }

  private void isComplete(MigrationReport report, GatedWriters writers) throws Exception {
    assertThat(report.failure()).isEmpty();
    assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
    writers.awaitFenced();
    assertThat(GatedSchema.differences(both.source, both.target)).isEmpty();
    assertThat(GatedSchema.objects(both.target)).isEqualTo(GatedSchema.objects(both.source));
    assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_replication_slots"))
        .isEqualTo("0");
    assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_publication")).isEqualTo("0");
    assertThat(
            TwoDatabases.ask(
                both.target, "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'clouddb%'"))
        .isEqualTo("0");
  }

  /** The tables that are complete by the journal, as the next process will find it. */
  private static Set<String> complete(String state) {
    List<JournalEntry> entries = new ArrayList<>();
    Eventually.until(
        "the killed process' lease is over",
        () -> {
          try (Journal journal = SyncProcess.state(state).open("shop")) {
            entries.addAll(journal.entries());
            return true;
          } catch (BusyException e) {
            return false;
          }
        });
    return entries.stream()
        .filter(entry -> entry.kind().equals("copy.table"))
        .map(entry -> entry.data().getOrDefault("table", "").replace("\"public\".", ""))
        .map(name -> name.replace("\"", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** How many tables the journal has as complete, while a process has it. */
  private static long journalled(String state) throws Exception {
    return state.startsWith("jdbc:")
        ? Long.parseLong(
            TwoDatabases.ask(
                both.source,
                "SELECT count(*) FROM clouddb_state.journal WHERE kind = 'copy.table'"))
        : Files.readAllLines(Path.of(state, "shop.journal")).stream()
            .filter(line -> line.contains("\"copy.table\""))
            .count();
  }

  /** Exactly the tables that were complete are in the file that they were in. */
  private static void onlyTheseStayed(
      Set<String> complete, Map<String, String> before, Map<String, String> after) {
    Set<String> stayed =
        before.keySet().stream()
            .filter(table -> Objects.equals(before.get(table), after.get(table)))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(stayed).isEqualTo(complete);
  }

  @Tag("slow")
  @Test
  void goesOnAfterAKillInTheMiddleOfATable() throws Exception {
    goesOnAfterAKillInTheMiddleOfATable(state("directory"));
  }

  @Tag("slow")
  @Test
  void goesOnAfterAKillInTheMiddleOfATableFromADatabase() throws Exception {
    goesOnAfterAKillInTheMiddleOfATable(state("jdbc"));
  }

  private void goesOnAfterAKillInTheMiddleOfATable(String state) throws Exception {
    try (GatedWriters writers = new GatedWriters(both.source, 2);
        Connection gates = GatedSchema.shut(target, GatedSchema.BIG)) {
      try (SyncProcess process = SyncProcess.start(state, both, "killed")) {
        GatedSchema.awaitAt(target, GatedSchema.BIG);
        Eventually.until(
            "the rest is copied", () -> journalled(state) == GatedSchema.TABLES.size() - 1);
        writers.await(20);
        process.kill();
      }
      Set<String> complete = complete(state);
      assertThat(complete).doesNotContain("big").hasSize(GatedSchema.TABLES.size() - 1);
      Map<String, String> before = GatedSchema.files(target);
      writers.await(50);
      GatedSchema.open(gates, GatedSchema.BIG);

      MigrationReport report = goOn(state);

      isComplete(report, writers);
      onlyTheseStayed(complete, before, GatedSchema.files(target));
      assertThat(report.tables()).hasSize(GatedSchema.TABLES.size());
      assertThat(report.rowsCopied()).isGreaterThan(2500);
    }
  }

  @Tag("slow")
  @Test
  @DisplayName("A kill while tables of two snapshots are brought to one position is gone on with")
  void goesOnAfterAKillWhileTablesAreBroughtToOnePosition() throws Exception {
    String state = state("directory");
    try (GatedWriters writers = new GatedWriters(both.source, 2);
        Connection gates = GatedSchema.shut(target, GatedSchema.BIG, GatedSchema.APPLY)) {
      try (SyncProcess process = SyncProcess.start(state, both, "killed")) {
        GatedSchema.awaitAt(target, GatedSchema.BIG);
        Eventually.until(
            "the rest is copied", () -> journalled(state) == GatedSchema.TABLES.size() - 1);
        process.kill();
      }
      GatedSchema.open(gates, GatedSchema.BIG);
      // Of a table that is complete: it comes by the stream, and not by the second copy.
      TwoDatabases.run(
          both.source,
          "INSERT INTO keyless VALUES (77, 'stands at the gate', -" + GatedSchema.APPLY + ")");
      writers.await(50);
      try (SyncProcess process = goOnInAProcess(state)) {
        GatedSchema.awaitAt(target, GatedSchema.APPLY);
        writers.await(50);
        process.kill();
      }
      assertThat(complete(state)).hasSize(GatedSchema.TABLES.size());
      Map<String, String> before = GatedSchema.files(target);
      TwoDatabases.run(
          both.source,
          "CREATE TABLE newcomer (id int PRIMARY KEY, big bigint REFERENCES big"
              + " ON UPDATE CASCADE ON DELETE CASCADE)",
          // Locked: a writer would delete what is read here before it is looked for there.
          "INSERT INTO newcomer SELECT id, id FROM big WHERE id BETWEEN 1100 AND 1150"
              + " FOR KEY SHARE");
      writers.await(50);
      GatedSchema.open(gates, GatedSchema.APPLY);

      MigrationReport report = goOn(state);

      isComplete(report, writers);
      assertThat(GatedSchema.files(target)).isEqualTo(before);
      assertThat(GatedSchema.differences(both.source, both.target, List.of("newcomer"))).isEmpty();
    }
  }

  @Tag("slow")
  @Test
  void endsWithoutRemovingAnythingWhenAnotherRunTookItOver() throws Exception {
    String state = state("jdbc");
    try (GatedWriters writers = new GatedWriters(both.source, 1);
        Connection gates = GatedSchema.shut(target, GatedSchema.BIG)) {
      CompletableFuture<MigrationReport> run =
          CompletableFuture.supplyAsync(
              () ->
                  SyncProcess.migration(SyncProcess.state(state), both.source, both.target)
                      .build()
                      .run());
      GatedSchema.awaitAt(target, GatedSchema.BIG);
      TwoDatabases.run(
          both.source,
          "UPDATE clouddb_state.lease SET owner = gen_random_uuid(), expires_at = now()");
      GatedSchema.open(gates, GatedSchema.BIG);

      assertThatThrownBy(() -> run.get(60, TimeUnit.SECONDS))
          .cause()
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("lease of the migration shop was lost");
      assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_replication_slots"))
          .isEqualTo("1");
      assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_publication"))
          .isEqualTo("1");

      isComplete(goOn(state), writers);
    }
  }

  @Test
  @Tag("slow")
  void goesOnAfterOneKillAfterTheOther() throws Exception {
    String state = state("jdbc");
    try (GatedWriters writers = new GatedWriters(both.source, 2);
        Connection gates =
            GatedSchema.shut(
                target,
                GatedSchema.BIG,
                GatedSchema.KEYLESS,
                GatedSchema.INDEX,
                GatedSchema.LAST_INDEX)) {
      Map<String, String> last = Map.of();
      Set<String> complete = new TreeSet<>();
      for (int gate :
          List.of(
              GatedSchema.BIG, GatedSchema.KEYLESS, GatedSchema.INDEX, GatedSchema.LAST_INDEX)) {
        try (SyncProcess process =
            last.isEmpty() ? SyncProcess.start(state, both, "killed") : goOnInAProcess(state)) {
          GatedSchema.awaitAt(target, gate);
          // Three workers: two stand before the gates of tables, the third does all others.
          int before = gate == GatedSchema.BIG ? 2 : gate == GatedSchema.KEYLESS ? 1 : 0;
          Eventually.until(
              "the rest is copied", () -> journalled(state) >= GatedSchema.TABLES.size() - before);
          writers.await(20);
          process.kill();
        }
        Map<String, String> now = GatedSchema.files(target);
        if (!last.isEmpty()) {
          Map<String, String> before = last;
          assertThat(complete)
              .allSatisfy(table -> assertThat(now).containsEntry(table, before.get(table)));
        }
        last = now;
        complete = complete(state);
        writers.await(20);
        GatedSchema.open(gates, gate);
      }
      assertThat(complete).containsExactlyInAnyOrderElementsOf(GatedSchema.TABLES);

      MigrationReport report = goOn(state);

      isComplete(report, writers);
      onlyTheseStayed(complete, last, GatedSchema.files(target));
    }
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"before-1, jdbc", "after-1, directory", "before-4, directory", "after-9, jdbc"})
  void goesOnAfterAKillBetweenTables(String moment, String kind) throws Exception {
    String state = state(kind);
    try (GatedWriters writers = new GatedWriters(both.source, 2)) {
      try (SyncProcess process = SyncProcess.start(state, both, moment)) {
        assertThat(process.awaitDeath()).isEqualTo(SyncProcess.DIED);
      }
      Set<String> complete = complete(state);
      int number = Integer.parseInt(moment.substring(moment.indexOf('-') + 1));
      assertThat(complete).hasSize(moment.startsWith("before") ? number - 1 : number);
      Map<String, String> before = GatedSchema.files(target);
      writers.await(50);

      MigrationReport report = goOn(state);

      isComplete(report, writers);
      onlyTheseStayed(complete, before, GatedSchema.files(target));
    }
  }
}
