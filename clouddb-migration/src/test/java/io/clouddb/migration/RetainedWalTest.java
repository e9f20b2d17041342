/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.FindingReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log that a server keeps for a migration that stands still does not grow without bounds. */
class RetainedWalTest {
  private static final int CUSTOMERS = 300;
  private static final long LIMIT = SpillingMigration.LIMIT;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  @TempDir Path folder;

  private MigrationBuilder migration(TwoDatabases both, WalPolicy policy) {
    return Migration.builder()
        .id("shop")
        .from(both.source)
        .to(both.target)
        .tables("public.*")
        .state(StateStore.directory(folder.resolve("state")))
        .retainedWal(policy);
  }

  private WalPolicy spill() {
    return WalPolicy.spill(LIMIT, folder.resolve("spill"), 1L << 30);
  }

  /** Pauses the run as soon as a step begins, by its own thread. */
  static MigrationListener pausing(CompletableFuture<Migration> migration, MigrationStep at) {
    return new MigrationListener() {
      @Override
      public void stepStarted(MigrationStep step) {
        if (step == at) {
          migration.join().pause();
        }
      }
    };
  }

  private static long ask(ConnectionDetails database, String question) throws SQLException {
    return Long.parseLong(TwoDatabases.ask(database, question));
  }

  private static long kept(ConnectionDetails server) throws SQLException {
    return ask(
        server,
        "SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)), 0)::bigint"
            + " FROM pg_replication_slots");
  }

  /** Writes until so much log is kept, which is less than the limit. */
  static void write(ConnectionDetails server, long bytes) throws SQLException {
    while (kept(server) < bytes) {
      TwoDatabases.run(
          server, "INSERT INTO audit (what) SELECT repeat('x', 100) FROM generate_series(1, 2000)");
    }
  }

  /** Waits for the slot to stand behind what was written; a checkpoint lets it take note of it. */
  private static void awaitLetGo(ConnectionDetails server, ConnectionDetails superuser) {
    Eventually.until(
        "the log to be let go",
        PATIENCE,
        () -> {
          TwoDatabases.run(superuser, "CHECKPOINT");
          return kept(server) < LIMIT / 4;
        });
  }

  private static void requireSame(TwoDatabases both) throws SQLException {
    String all = "SELECT count(*) || ' ' || sum(id) || ' ' || min(what) FROM audit";
    assertThat(TwoDatabases.ask(both.target, all)).isEqualTo(TwoDatabases.ask(both.source, all));
  }

  @Tag("slow")
  @Test
  void spillsWhileTheCopyStandsStill() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true)) {
      ShopSchema.create(both.source, CUSTOMERS);
      CompletableFuture<Migration> made = new CompletableFuture<>();
      Migration migration =
          migration(both, spill()).listener(pausing(made, MigrationStep.SYNC)).build();
      made.complete(migration);
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      Eventually.until("the slot", PATIENCE, () -> kept(both.source) > 0);

      for (int i = 0; i < 3; i++) {
        write(both.source, LIMIT * 5 / 8);
        awaitLetGo(both.source, both.sourceServer.superuser());
      }
      assertThat(run).isNotDone();
      assertThat(folder.resolve("spill").resolve("clouddb_shop")).isNotEmptyDirectory();
      migration.resume();

      MigrationReport report = run.get(120, TimeUnit.SECONDS);
      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      requireSame(both);
      assertThat(folder.resolve("spill")).isEmptyDirectory();
    }
  }

  @Tag("slow")
  @Test
  void goesOnFromTheFilesAfterAKillAndNotWithoutThem() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true)) {
      ShopSchema.create(both.source, CUSTOMERS);
      Process process = SpillingMigration.start(folder, both);
      try {
        Eventually.until("the slot", PATIENCE, () -> kept(both.source) > 0);
        write(both.source, LIMIT * 5 / 8);
        awaitLetGo(both.source, both.sourceServer.superuser());
      } finally {
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
      TwoDatabases.run(both.source, "UPDATE customers SET balance = balance + 1");

      Path elsewhere = folder.resolve("elsewhere");
      Files.move(SpillingMigration.spill(folder), elsewhere);
      MigrationReport without =
          SpillingMigration.of(folder, both.source, both.target).build().run();
      assertThat(without.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(without.failure().orElse(""))
          .contains("spilled to files of " + SpillingMigration.spill(folder));
      assertThat(without.nextStep().orElse("")).contains("bring its files back");
      assertThat(kept(both.source)).as("the slot is still there").isPositive();

      Files.deleteIfExists(SpillingMigration.spill(folder).resolve("clouddb_shop"));
      Files.deleteIfExists(SpillingMigration.spill(folder));
      Files.move(elsewhere, SpillingMigration.spill(folder));
      MigrationReport report = SpillingMigration.of(folder, both.source, both.target).build().run();
      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      requireSame(both);
      assertThat(SpillingMigration.spill(folder)).isEmptyDirectory();
    }
  }

  @Tag("slow")
  @Test
  void spillsOnTheWayBackToo() throws Exception {
    try (TwoDatabases both = TwoDatabases.startForBothWays(16, 16, true)) {
      ShopSchema.create(both.source, CUSTOMERS);
      CompletableFuture<Migration> made = new CompletableFuture<>();
      CompletableFuture<Void> back = new CompletableFuture<>();
      Migration migration =
          migration(both, spill())
              .reverseReplication(Duration.ofDays(1000))
              .listener(
                  new MigrationListener() {
                    @Override
                    public void stepStarted(MigrationStep step) {
                      if (step == MigrationStep.REVERSE) {
                        back.complete(null);
                      }
                    }
                  })
              .build();
      made.complete(migration);
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      back.get(120, TimeUnit.SECONDS);
      // With the first change the way back is open; then it stands still.
      String one = "INSERT INTO audit (what) VALUES ('open')";
      TwoDatabases.run(both.target, one);
      Eventually.until(
          "the way back",
          PATIENCE,
          () -> ask(both.source, "SELECT count(*) FROM audit WHERE what = 'open'") == 1);
      migration.pause();

      for (int i = 0; i < 2; i++) {
        write(both.target, LIMIT * 5 / 8);
        awaitLetGo(both.target, both.targetServer.superuser());
      }
      migration.resume();
      migration.rollback();

      MigrationReport report = run.get(120, TimeUnit.SECONDS);
      assertThat(report.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
      assertThat(report.failure().orElse("")).contains("taken back to the source");
      requireSame(both);
      assertThat(folder.resolve("spill")).isEmptyDirectory();
    }
  }

  @Tag("slow")
  @Test
  void slowsTheApplicationDownUntilItIsOver() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true);
        RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      ShopSchema.create(both.source, CUSTOMERS);
      CompletableFuture<Migration> made = new CompletableFuture<>();
      Migration migration =
          migration(both, WalPolicy.throttle(LIMIT))
              .route(route)
              .listener(pausing(made, MigrationStep.SYNC))
              .build();
      made.complete(migration);
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      Eventually.until("the slot", PATIENCE, () -> kept(both.source) > 0);

      write(both.source, LIMIT * 5 / 8);
      Eventually.until("a delay", PATIENCE, () -> !route.read().delay().isZero());
      assertThat(route.read().delayLease()).isPositive();
      assertThat(route.read().state()).isEqualTo(Route.State.OPEN);
      long little = route.read().delay().toMillis();
      write(both.source, LIMIT * 7 / 8);
      Eventually.until(
          "a longer one", PATIENCE, () -> route.read().delay().toMillis() > little * 2);
      migration.resume();

      MigrationReport report = run.get(120, TimeUnit.SECONDS);
      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      requireSame(both);
      assertThat(route.read().side()).isEqualTo(Route.Side.TARGET);
      assertThat(route.read().delay()).isZero();
    }
  }

  @Test
  void refusesAFolderThatTakesNoFiles() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "not a folder");
    try (TwoDatabases both = TwoDatabases.start(16, 16, true)) {
      assertThat(migration(both, WalPolicy.spill(LIMIT, file, 1)).build().preflight().findings())
          .filteredOn(finding -> finding.code().equals("spill.folder"))
          .singleElement()
          .satisfies(
              finding -> assertThat(finding.severity()).isEqualTo("ERROR"),
              finding -> assertThat(finding.object()).isEqualTo(file.toString()));
      assertThat(migration(both, spill()).build().preflight().findings())
          .extracting(FindingReport::code)
          .doesNotContain("spill.folder");
    }
  }
}
