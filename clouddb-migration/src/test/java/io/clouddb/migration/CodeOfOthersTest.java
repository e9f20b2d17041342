/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.FindingReport;
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
 * What another role wrote (checks, domains, generated columns, indexes, materialized views) runs
 * with the rights of that role when the migration writes, and not with the migration's.
 */
@Tag("slow")
class CodeOfOthersTest {
  private static final String[] NOTES = {
    "CREATE SCHEMA notes",
    "CREATE TABLE notes.ran (what text, who text)",
    "GRANT USAGE ON SCHEMA notes TO PUBLIC",
    "GRANT ALL ON notes.ran TO PUBLIC"
  };

  private static final String[] THEIRS = {
    "GRANT ALL ON SCHEMA public TO shop_app",
    "SET ROLE shop_app",
    "CREATE FUNCTION note(what text) RETURNS boolean LANGUAGE plpgsql AS"
        + " 'BEGIN INSERT INTO notes.ran VALUES (what, current_user); RETURN true; END'",
    // What is immutable may not write; what it calls may.
    "CREATE FUNCTION pure(what text, value int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
        + " 'BEGIN PERFORM public.note(what); RETURN value; END'",
    "CREATE DOMAIN small AS int CHECK (public.pure('domain', VALUE) < 1000)",
    "CREATE TABLE theirs (id int PRIMARY KEY, s small, plain int DEFAULT public.pure('default', 1),"
        + " g int GENERATED ALWAYS AS (public.pure('generated', id)) STORED,"
        + " CHECK (public.pure('check', id) > 0))",
    "CREATE INDEX ON theirs (public.pure('index', id))",
    "CREATE MATERIALIZED VIEW seen AS SELECT public.pure('view', id) FROM theirs",
    "CREATE TABLE serial (id serial PRIMARY KEY)",
    "INSERT INTO theirs (id, s) VALUES (1, 1), (2, 2)",
    "REFRESH MATERIALIZED VIEW seen",
    "RESET ROLE",
    "CREATE TABLE ours (id int PRIMARY KEY)"
  };

  @TempDir Path folder;

  private static String ran(ConnectionDetails side) throws Exception {
    return TwoDatabases.ask(
        side,
        "SELECT string_agg(DISTINCT concat(what, ' as ', who), ', ' ORDER BY concat(what, ' as ',"
            + " who)) FROM notes.ran");
  }

  @Test
  void runsAsItsOwnerThereAndBack() throws Exception {
    runsAsItsOwnerThereAndBack(14, 15, false);
  }

  @Tag("slow")
  @Test
  void runsAsItsOwnerThereAndBackWithTheReplicaRole() throws Exception {
    runsAsItsOwnerThereAndBack(16, 16, true);
  }

  private void runsAsItsOwnerThereAndBack(int from, int to, boolean replicaRole) throws Exception {
    try (TwoDatabases both = TwoDatabases.startForBothWays(from, to, replicaRole);
        RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      // As an administrator of the role, so that the migration's is a member.
      TwoDatabases.run(both.sourceServer.superuser(), "GRANT shop_app TO source_admin");
      TwoDatabases.run(both.targetServer.superuser(), "GRANT shop_app TO target_admin");
      for (ConnectionDetails side : new ConnectionDetails[] {both.source, both.target}) {
        TwoDatabases.run(side, NOTES);
      }
      TwoDatabases.run(both.source, THEIRS);
      CountDownLatch waiting = new CountDownLatch(1);
      CountDownLatch reversing = new CountDownLatch(1);
      Migration migration =
          both.migration(folder)
              .route(route)
              .reverseReplication(Duration.ofDays(365_000))
              .cutoverOnRequest(true)
              .trustCodeOf("shop_app")
              .listener(
                  new RecordingListener(
                      step -> {
                        if (step == MigrationStep.CUTOVER) {
                          waiting.countDown();
                        } else if (step == MigrationStep.REVERSE) {
                          reversing.countDown();
                        }
                      }))
              .build();
      assertThat(both.migration(folder).build().preflight().findings())
          .filteredOn(f -> f.code().equals("source.code"))
          .allMatch(f -> f.severity().equals("ERROR") && f.message().contains("\"theirs\""))
          .extracting(FindingReport::object)
          .containsExactly("public.pure(text,integer)");
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      if (!waiting.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("No cutover; the run gave " + run.getNow(null));
      }
      assertThat(ran(both.target))
          .contains("index as", "view as", "domain as", "check as", "generated as")
          .doesNotContain("as target_admin");
      TwoDatabases.run(
          both.source,
          "SET ROLE shop_app",
          "BEGIN",
          "INSERT INTO theirs (id, s) SELECT i, i FROM generate_series(3, 40) i",
          "COMMIT",
          "UPDATE theirs SET s = 5 WHERE id = 2",
          "DELETE FROM theirs WHERE id = 1");
      migration.cutOver();
      if (!reversing.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("No reverse replication; the run gave " + run.getNow(null));
      }
      TwoDatabases.run(
          both.target,
          "SET ROLE shop_app",
          "INSERT INTO theirs (id, s) VALUES (50, 50)",
          "UPDATE theirs SET s = 6, id = 60 WHERE id = 2");
      MigrationReport report = migration.rollback();

      assertThat(report.failure().orElse("")).contains("taken back to the source");
      assertThat(TwoDatabases.ask(both.source, "SELECT string_agg(id::text, ' ') FROM theirs"))
          .contains("50", "60");
      assertThat(ran(both.target)).doesNotContain("as target_admin");
      assertThat(ran(both.source)).doesNotContain("as source_admin");
    }
  }

  /** The server works out what is constant in it when the table is made, before it has an owner. */
  @Test
  void whatIsAddedAfterPreflightIsNotMade() throws Exception {
    try (TwoDatabases both = TwoDatabases.startForBothWays(16, 16, true)) {
      TwoDatabases.run(both.sourceServer.superuser(), "GRANT shop_app TO source_admin");
      TwoDatabases.run(both.targetServer.superuser(), "GRANT shop_app TO target_admin");
      for (ConnectionDetails side : new ConnectionDetails[] {both.source, both.target}) {
        TwoDatabases.run(side, NOTES);
      }
      TwoDatabases.run(
          both.source,
          THEIRS[0],
          THEIRS[1],
          THEIRS[2],
          THEIRS[3],
          "CREATE TABLE theirs (id int PRIMARY KEY)");
      Migration migration =
          both.migration(folder)
              .listener(RecordingListener.at(MigrationStep.REPLICATE, () -> added(both.source)))
              .build();

      MigrationReport report = migration.run();

      assertThat(ran(both.target)).isEqualTo("null");
      assertThat(report.failure().orElse(""))
          .contains("function public.pure(what text, value integer) of the role shop_app");
      assertThat(TwoDatabases.ask(both.target, "SELECT to_regclass('theirs')")).isEqualTo("null");
    }
  }

  private static void added(ConnectionDetails source) {
    try {
      TwoDatabases.run(
          source,
          "SET ROLE shop_app",
          "ALTER TABLE theirs ADD COLUMN g int"
              + " GENERATED ALWAYS AS (id + public.pure('generated', 1)) STORED");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
