/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.Eventually;
import io.clouddb.migration.Migration;
import io.clouddb.migration.MigrationBuilder;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.state.StateStore;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The log that the target still needs is gone, or that of another server: the migration stops and
 * says so, and the application goes on with the source.
 */
class LostSourceTest {
  @TempDir Path folder;

  private TwoDatabases both;

  @BeforeEach
  void migrateUpToTheSwitch() throws Exception {
    both = TwoDatabases.start(16, 16, true);
    TwoDatabases.run(
        both.source,
        "CREATE TABLE t (id bigint PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, 'v' FROM generate_series(1, 100) i");
    MigrationReport failed =
        migration().pauseLimit(Duration.ofNanos(1)).cutoverAttempts(1).build().run();
    assertThat(failed.failure().orElseThrow()).contains("pause's limit");
  }

  @AfterEach
  void stop() {
    both.close();
  }

  private MigrationBuilder migration() {
    return Migration.builder()
        .id("edge")
        .from(both.source)
        .to(both.target)
        .state(StateStore.directory(folder.resolve("state")));
  }

  /** The next run stops while the application writes, which goes on, and can be undone. */
  private void stopsAndSays(String... messages) throws Exception {
    try (FreeWriters writers = new FreeWriters(both.source, "t", 2)) {
      writers.await(5);

      MigrationReport report = migration().build().run();

      assertThat(report.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(report.failure().orElseThrow()).contains(messages);
      assertThat(report.nextStep().orElseThrow()).contains("anew");
      assertThat(report.changesApplied()).isZero();
      writers.await(5);
      assertThat(writers.lost(both.source)).isEmpty();
    }
    assertThat(migration().build().abort().status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
    assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_replication_slots"))
        .isEqualTo("0");
  }

  @Test
  @DisplayName("A slot that was dropped is an error, not a gap")
  void aSlotThatWasDroppedIsAnError() throws Exception {
    TwoDatabases.dropSlots(both.source);

    stopsAndSays("no replication slot clouddb_edge");
  }

  @Tag("slow")
  @Test
  @DisplayName("Log that was removed before it was read is an error, not a gap")
  void logThatWasRemovedIsAnError() throws Exception {
    both.sourceServer.setting("max_slot_wal_keep_size", "1MB").reload();
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
              .equals(TwoDatabases.ask(both.source, "SELECT wal_status FROM pg_replication_slots"));
        });

    stopsAndSays("wal_status lost");
  }

  @Test
  @DisplayName("A source that failed over, with its slot, is not taken for the one that it was")
  void aSourceThatFailedOverIsAnError() throws Exception {
    String server = TwoDatabases.ask(both.sourceServer.superuser(), "SHOW data_directory");
    both.sourceServer.stop();
    Files.createFile(Path.of(server, "standby.signal"));
    both.sourceServer.start();
    assertThat(TwoDatabases.ask(both.sourceServer.superuser(), "SELECT pg_promote(true, 60)"))
        .isEqualTo("t");

    stopsAndSays("failed over or was restored", "timeline 2 instead of 1");
  }

  @Tag("slow")
  @Test
  @DisplayName("Another server at the source's address is not taken for the source")
  void anotherServerAtTheSourcesAddressIsAnError() throws Exception {
    // All servers of the test kit have one system identifier, so the other one is noted.
    TwoDatabases.run(
        both.target, "UPDATE clouddb_migration.position SET system_identifier = '4711'");

    stopsAndSays("The source is another server than before", "instead of 4711");
  }

  @Tag("slow")
  @Test
  @DisplayName(
      "A source that was set back to an earlier state is not taken for the one that it was")
  void aSourceThatWasSetBackIsAnError() throws Exception {
    TwoDatabases.run(
        both.sourceServer.superuser(),
        "SELECT pg_logical_emit_message(false, 'filler', repeat('x', 1000000))"
            + " FROM generate_series(1, 64)");
    assertThat(
            migration().pauseLimit(Duration.ofNanos(1)).cutoverAttempts(1).build().run().status())
        .isEqualTo(MigrationReport.Status.FAILED);
    int port = both.sourceServer.port();
    both.sourceServer.stop();
    try (EmbeddedPostgres earlier =
        EmbeddedPostgres.builder()
            .version(16)
            .port(port)
            .durable(false)
            .setting("wal_level", "logical")
            .start()) {
      TwoDatabases.run(
          earlier.superuser(),
          "CREATE ROLE source_admin LOGIN REPLICATION PASSWORD 'secret'",
          // The database has the oid that it had, as in an earlier copy of the disk.
          "CREATE ROLE shop_app",
          "CREATE DATABASE shop OWNER source_admin");
      TwoDatabases.run(
          both.source,
          "CREATE TABLE t (id bigint PRIMARY KEY, v text)",
          "CREATE PUBLICATION clouddb_edge FOR TABLE t",
          "SELECT pg_create_logical_replication_slot('clouddb_edge', 'pgoutput')");

      stopsAndSays("The source was set back to an earlier state");
    }
  }
}
