/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.FindingReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Foreign keys of rows that violate them, and of a source whose target is lost. */
class ReverseForeignKeysTest {
  private static TwoDatabases both;

  @TempDir Path folder;

  private RouteStore route;

  @BeforeAll
  static void startServers() throws SQLException {
    both = TwoDatabases.startForBothWays(16, 16, false);
  }

  @AfterAll
  static void stopServers() {
    both.close();
  }

  @BeforeEach
  void makeTables() throws SQLException {
    both.recreate();
    TwoDatabases.run(
        both.source,
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent)",
        "CREATE TABLE leaves (id int PRIMARY KEY, parent int REFERENCES parent)"
            + " PARTITION BY RANGE (id)",
        "CREATE TABLE leaf PARTITION OF leaves FOR VALUES FROM (0) TO (100)",
        "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER kept BEFORE INSERT ON child FOR EACH ROW EXECUTE FUNCTION f()",
        "INSERT INTO parent VALUES (1)",
        "INSERT INTO child VALUES (1, 1)",
        "INSERT INTO leaves VALUES (1, 1)");
    route = RouteStore.file(folder.resolve("route.json"));
  }

  /** Rows that were written past their foreign key, as a restore with disabled triggers does. */
  private static void violate() throws SQLException {
    TwoDatabases.run(
        both.sourceServer.superuser().toBuilder().database("shop").build(),
        "SET session_replication_role = replica; INSERT INTO public.child VALUES (2, 7)");
  }

  private MigrationBuilder migration() {
    return both.migration(folder).route(route).reverseReplication(Duration.ofDays(365_000));
  }

  /** A run that keeps the source current. */
  private record Reversing(
      Migration migration, RecordingListener listener, CompletableFuture<MigrationReport> run) {}

  private Reversing reversing() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    RecordingListener listener = RecordingListener.at(MigrationStep.REVERSE, reached::countDown);
    Migration migration = migration().listener(listener).build();
    CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
    if (!reached.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("No reverse replication; the run gave " + run.getNow(null));
    }
    return new Reversing(migration, listener, run);
  }

  private static String foreignKeys() throws SQLException {
    return TwoDatabases.ask(
        both.source,
        "SELECT string_agg(concat(conrelid::regclass, '.', conname, ' ', convalidated, ' ',"
            + " pg_get_constraintdef(oid)), ', ' ORDER BY conrelid::regclass::text, conname)"
            + " FROM pg_constraint WHERE contype = 'f'");
  }

  @Tag("slow")
  @Test
  void rowsThatViolateAForeignKeyDoNotKeepTheApplicationFromGoingBack() throws Exception {
    violate();
    Reversing reversing = reversing();
    Eventually.until(
        "a warning",
        () ->
            reversing.listener().notices().stream()
                .anyMatch(n -> n.contains("child_parent_fkey") && n.contains("public.child")));
    TwoDatabases.run(both.target, "INSERT INTO child VALUES (3, 1)");

    MigrationReport back = reversing.migration().rollback();

    assertThat(back.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
    assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
    assertThat(back.findings())
        .filteredOn(finding -> finding.object().contains("child_parent_fkey"))
        .extracting(FindingReport::code)
        .contains("source.foreign-key", "target.foreign-key");
    assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM child")).isEqualTo("3");
    assertThat(foreignKeys())
        .contains(
            "child.child_parent_fkey f ",
            "leaf.leaves_parent_fkey t ",
            "leaves.leaves_parent_fkey t ");
    assertThatThrownBy(() -> TwoDatabases.run(both.source, "INSERT INTO child VALUES (4, 8)"))
        .as("it holds for what is written from now on")
        .hasMessageContaining("child_parent_fkey");
  }

  @Test
  void rowsThatViolateAForeignKeyDoNotKeepTheMigrationFromBeingFinished() throws Exception {
    violate();

    MigrationReport report = reversing().migration().finish();

    assertThat(report.failure()).isEmpty();
    assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
    assertThat(report.findings())
        .filteredOn(finding -> finding.code().equals("target.foreign-key"))
        .singleElement()
        .satisfies(
            finding -> assertThat(finding.object()).contains("child_parent_fkey", "child"),
            finding -> assertThat(finding.remedy()).contains("VALIDATE CONSTRAINT"));
    assertThat(
            TwoDatabases.ask(
                both.target,
                "SELECT string_agg(conrelid::regclass::text, ',') FROM pg_constraint"
                    + " WHERE contype = 'f' AND NOT convalidated"))
        .isEqualTo("child");
  }

  @Tag("slow")
  @Test
  void whatTheSourceWasLivesOnWithoutTheTargetAndTheMigrationIsFinishedWithoutItsSlot()
      throws Exception {
    String before = foreignKeys();
    Reversing reversing = reversing();
    Eventually.until("the foreign keys to be away", () -> foreignKeys().equals("null"));
    // It refuses to go back, which ends the run.
    TwoDatabases.run(both.target, "CREATE TABLE made (id int)");
    assertThat(reversing.migration().rollback().status()).isEqualTo(MigrationReport.Status.FAILED);
    both.targetServer.kill();
    try {
      migration().build().releaseSource();

      assertThat(foreignKeys()).isEqualTo(before);
      TwoDatabases.run(both.source, "INSERT INTO child VALUES (5, 1)");
      assertThat(
              TwoDatabases.ask(
                  both.source, "SELECT tgenabled FROM pg_trigger WHERE tgname = 'kept'"))
          .isEqualTo("O");
      assertThat(
              TwoDatabases.ask(both.source, "SELECT to_regclass('clouddb_migration.foreign_keys')"))
          .isEqualTo("null");
    } finally {
      both.targetServer.start();
    }
    TwoDatabases.dropSlots(both.target);
    assertThat(migration().build().run().failure().orElse(""))
        .contains("no replication slot clouddb_shop_reverse");

    MigrationReport finished = migration().build().finish();

    assertThat(finished.failure()).isEmpty();
    assertThat(finished.status()).isEqualTo(MigrationReport.Status.COMPLETED);
    assertThat(foreignKeys()).isEqualTo(before);
  }
}
