/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot shows no row of a table that was truncated after it was taken. */
class TruncatedMeanwhileTest {
  private static final String COMPARES =
      "SELECT count(*) > 0 FROM pg_stat_activity"
          + " WHERE wait_event_type = 'Lock' AND query LIKE '%wanted.key_0%'";

  private static TwoDatabases both;

  @TempDir Path folder;

  @BeforeAll
  static void startServers() throws SQLException {
    both = TwoDatabases.start(16, 16, false);
  }

  @AfterAll
  static void stopServers() {
    both.close();
  }

  private static ConnectionDetails superuserOfTarget() {
    return both.targetServer.superuser().toBuilder().database("shop").build();
  }

  private static void change() {
    try {
      TwoDatabases.run(
          both.source,
          "INSERT INTO a SELECT generate_series(10, 20)",
          "INSERT INTO b SELECT generate_series(10, 20)");
      Eventually.until(
          "the changes to arrive",
          () -> TwoDatabases.ask(both.target, "SELECT count(*) FROM b").equals("20"));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** While the first table is compared the second, whose turn is next, is truncated. */
  private static void truncateWhileItCompares(Connection locker) {
    try {
      Eventually.until(
          "the comparison", () -> TwoDatabases.ask(superuserOfTarget(), COMPARES).equals("t"));
      // The applier has enough to do before it comes to the other side's truncation.
      TwoDatabases.run(
          both.source,
          "BEGIN; SET LOCAL lock_timeout = '20s'; INSERT INTO a SELECT generate_series(1000, 30000); TRUNCATE b; COMMIT");
      locker.commit();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Tag("slow")
  @Test
  void rowsThatASnapshotLostAreNoDifference() throws Exception {
    TwoDatabases.run(
        both.source,
        "CREATE TABLE a (id bigint PRIMARY KEY)",
        "CREATE TABLE b (id bigint PRIMARY KEY)",
        "INSERT INTO a SELECT generate_series(1, 9)",
        "INSERT INTO b SELECT generate_series(1, 9)");
    CompletableFuture<Void> truncated = new CompletableFuture<>();
    try (Connection locker = superuserOfTarget().connect();
        Statement lock = locker.createStatement()) {
      locker.setAutoCommit(false);
      RecordingListener listener =
          RecordingListener.at(
              MigrationStep.CUTOVER,
              () -> {
                change();
                try {
                  lock.execute("LOCK TABLE a IN ACCESS EXCLUSIVE MODE");
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
                truncated.completeAsync(
                    () -> {
                      truncateWhileItCompares(locker);
                      return null;
                    });
              });

      MigrationReport moved =
          CompletableFuture.supplyAsync(
                  () -> both.migration(folder).listener(listener).build().run())
              .get(60, TimeUnit.SECONDS);

      truncated.get(60, TimeUnit.SECONDS);
      assertThat(moved.failure()).isEmpty();
      assertThat(moved.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(TwoDatabases.ask(both.target, "SELECT count(*) FROM b")).isEqualTo("0");
    }
  }
}
