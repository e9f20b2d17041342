/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Foreign keys are validated when the owners of the tables are at work on the target already. The
 * server plans that query as the migration's role, with what is constant in the indexes of both
 * tables.
 */
class ForeignKeyCodeTest {
  @TempDir Path folder;

  private MigrationBuilder migration(TwoDatabases both, RouteStore route) {
    return both.migration(folder).route(route).reverseReplication(Duration.ofDays(365_000));
  }

  @Tag("slow")
  @Test
  void whatAnOwnerAddedAfterTheSwitchIsNotRun() throws Exception {
    try (TwoDatabases both = TwoDatabases.startForBothWays(16, 16, true);
        RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      TwoDatabases.run(both.sourceServer.superuser(), "GRANT shop_app TO source_admin");
      TwoDatabases.run(both.targetServer.superuser(), "GRANT shop_app TO target_admin");
      for (ConnectionDetails side : new ConnectionDetails[] {both.source, both.target}) {
        TwoDatabases.run(
            side,
            "CREATE SCHEMA notes",
            "CREATE TABLE notes.ran (who text)",
            "GRANT USAGE ON SCHEMA notes TO PUBLIC",
            "GRANT ALL ON notes.ran TO PUBLIC");
      }
      TwoDatabases.run(
          both.source,
          "GRANT ALL ON SCHEMA public TO shop_app",
          "SET ROLE shop_app",
          "CREATE TABLE parent (id int PRIMARY KEY)",
          "CREATE TABLE child (id int PRIMARY KEY, up int REFERENCES parent)",
          "INSERT INTO parent VALUES (1)",
          "INSERT INTO child VALUES (1, 1)");
      CountDownLatch reversing = new CountDownLatch(1);
      Migration migration =
          migration(both, route)
              .listener(
                  new RecordingListener(
                      step -> {
                        if (step == MigrationStep.REVERSE) {
                          reversing.countDown();
                        }
                      }))
              .build();
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      if (!reversing.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("No reverse replication; the run gave " + run.getNow(null));
      }
      // Not validated, as where there was no time for it yet.
      Eventually.until(
          "the foreign key to be there",
          () ->
              TwoDatabases.ask(
                      both.target, "SELECT count(*) FROM pg_constraint WHERE contype = 'f'")
                  .equals("1"));
      TwoDatabases.run(
          both.target,
          "SET ROLE shop_app",
          "ALTER TABLE child DROP CONSTRAINT child_up_fkey",
          "ALTER TABLE child ADD FOREIGN KEY (up) REFERENCES parent NOT VALID",
          "CREATE FUNCTION later() RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS"
              + " 'BEGIN RETURN true; END'",
          "CREATE INDEX later ON child (id) WHERE public.later()",
          "CREATE FUNCTION note() RETURNS boolean LANGUAGE plpgsql AS"
              + " 'BEGIN INSERT INTO notes.ran VALUES (current_user); RETURN true; END'",
          "CREATE OR REPLACE FUNCTION later() RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS"
              + " 'BEGIN RETURN public.note(); END'");

      MigrationReport refused = migration.finish();

      assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo(refused);
      assertThat(refused.failure().orElse("")).contains("public.later()", "not trusted");
      assertThat(TwoDatabases.ask(both.target, "SELECT count(*) FROM notes.ran")).isEqualTo("0");

      TwoDatabases.run(both.target, "DROP INDEX later");
      MigrationReport report = migration(both, route).build().finish();

      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(
              TwoDatabases.ask(
                  both.target, "SELECT convalidated FROM pg_constraint WHERE contype = 'f'"))
          .isEqualTo("t");
    }
  }
}
