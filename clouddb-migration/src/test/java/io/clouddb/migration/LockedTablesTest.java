/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The migration's locks do not stand in a circle with the application's. */
@Tag("slow")
class LockedTablesTest {
  @TempDir Path folder;

  private static void insert(Statement statement, String what) {
    try {
      statement.execute("INSERT INTO audit (what) VALUES ('" + what + "')");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** The slot waits for the transaction, whose TRUNCATE waits for the migration's lock. */
  @Test
  void letsATruncatePassThatTheSlotWouldWaitFor() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true);
        Connection application = both.source.connect();
        Statement statement = application.createStatement()) {
      ShopSchema.create(both.source, 50);
      application.setAutoCommit(false);
      RecordingListener listener =
          RecordingListener.at(MigrationStep.REPLICATE, () -> insert(statement, "before"));
      Migration migration = both.migration(folder).listener(listener).build();
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      Eventually.until(
          "the locks",
          () ->
              TwoDatabases.ask(
                      both.source,
                      "SELECT count(*) > 0 FROM pg_locks WHERE granted AND mode = 'AccessShareLock'"
                          + " AND relation = 'events_2025'::regclass"
                          + " AND pid IN (SELECT pid FROM pg_stat_activity"
                          + " WHERE application_name LIKE 'clouddb-shop%')")
                  .equals("t"));

      statement.execute("TRUNCATE events_2025");
      insert(statement, "after");
      application.commit();

      MigrationReport report = run.get(120, TimeUnit.SECONDS);
      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(listener.notices()).anyMatch(notice -> notice.contains("were let go"));
      assertThat(listener.finished()).contains(MigrationStep.CUTOVER);
      for (String count :
          new String[] {
            "SELECT count(*) FROM events_2025", "SELECT count(*) FROM audit WHERE what = 'after'"
          }) {
        assertThat(TwoDatabases.ask(both.target, count))
            .isEqualTo(TwoDatabases.ask(both.source, count));
      }
    }
  }

  /**
   * The TRUNCATE waits for the copy of its table, which must not wait for the TRUNCATE in turn: the
   * table is one whose copy has not begun.
   */
  @Test
  void copiesATableForWhichATruncateWaits() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true)) {
      ShopSchema.create(both.source, 2000);
      // The last one to be copied: it is the smallest.
      TwoDatabases.run(
          both.source, "CREATE TABLE aaa (id int PRIMARY KEY)", "INSERT INTO aaa VALUES (1), (2)");
      RecordingListener listener = new RecordingListener();
      CompletableFuture<Migration> made = new CompletableFuture<>();
      Migration migration =
          both.migration(folder)
              .listener(
                  listener.andThen(
                      RecordingListener.at(MigrationStep.SYNC, () -> made.join().throttle(20_000))))
              .build();
      made.complete(migration);
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      Eventually.until(
          "the copy of the large ones",
          () -> listener.progress().stream().anyMatch(p -> p.rowsDone() > 0));
      CompletableFuture<Void> truncate =
          CompletableFuture.runAsync(
              () -> {
                try {
                  TwoDatabases.run(both.source, "TRUNCATE aaa", "INSERT INTO aaa VALUES (3)");
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              },
              task -> new Thread(task, "truncate").start());
      Eventually.until(
          "the wait to be told",
          () -> listener.notices().stream().anyMatch(n -> n.contains("waits for a lock")));
      assertThat(truncate).isNotDone();
      migration.throttle(0);

      MigrationReport report = run.get(120, TimeUnit.SECONDS);
      truncate.get(60, TimeUnit.SECONDS);
      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(TwoDatabases.ask(both.target, "SELECT string_agg(id::text, ',') FROM aaa"))
          .isEqualTo("3");
    }
  }
}
