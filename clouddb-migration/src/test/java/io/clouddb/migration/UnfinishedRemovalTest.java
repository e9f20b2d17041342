/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.JournalEntry;
import io.clouddb.migration.state.StateStore;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slot that is forgotten fills the source's disk: what could not be removed is removed later. */
@Tag("slow")
class UnfinishedRemovalTest {
  private static TwoDatabases both;

  @TempDir Path folder;

  @BeforeAll
  static void startServers() throws SQLException {
    both = TwoDatabases.start(16, 16, true);
  }

  @AfterAll
  static void stopServers() {
    both.close();
  }

  @BeforeEach
  void makeShop() throws SQLException {
    both.recreate();
    ShopSchema.create(both.source, 20);
  }

  /** A role may not drop a publication that belongs to another. */
  private static void publicationBelongsTo(String role) throws SQLException {
    TwoDatabases.run(
        both.sourceServer.superuser().toBuilder().database("shop").build(),
        "ALTER PUBLICATION clouddb_shop OWNER TO " + role);
  }

  private static void nothingIsLeftButTheFence(String triggers) throws SQLException {
    assertThat(
            TwoDatabases.ask(
                both.source,
                "SELECT concat((SELECT count(*) FROM pg_replication_slots), ' ',"
                    + " (SELECT count(*) FROM pg_publication), ' ',"
                    + " (SELECT count(DISTINCT tgrelid) FROM pg_trigger WHERE tgname LIKE 'clouddb%'))"))
        .isEqualTo("0 0 " + triggers);
    assertThat(
            TwoDatabases.ask(
                both.target,
                "SELECT count(*) FROM pg_namespace WHERE nspname = 'clouddb_migration'"))
        .isEqualTo("0");
  }

  @Test
  void aMigrationIsNotCompleteBeforeAllOfItIsRemoved() throws Exception {
    AtomicReference<SQLException> refused = new AtomicReference<>();
    MigrationReport failed =
        both.migration(folder)
            .listener(
                RecordingListener.at(
                    MigrationStep.CLEANUP,
                    () -> {
                      try {
                        publicationBelongsTo("postgres");
                      } catch (SQLException e) {
                        refused.set(e);
                      }
                    }))
            .build()
            .run();

    assertThat(refused).hasNullValue();
    assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
    assertThat(failed.failure().orElseThrow())
        .contains("could not all be removed", "publication clouddb_shop");
    assertThat(failed.nextStep().orElseThrow()).contains("belongs on the target", "again");

    publicationBelongsTo("source_admin");
    MigrationReport completed = both.migration(folder).build().run();

    assertThat(completed.failure()).isEmpty();
    assertThat(completed.status()).isEqualTo(MigrationReport.Status.COMPLETED);
    nothingIsLeftButTheFence("8");
  }

  @Test
  void anAbortThatCouldNotRemoveAllIsDoneOnceMore() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    Migration migration =
        both.migration(folder)
            .cutoverOnRequest(true)
            .listener(RecordingListener.at(MigrationStep.CUTOVER, ready::countDown))
            .build();
    CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
    assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();
    publicationBelongsTo("postgres");

    MigrationReport first = migration.abort();

    assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo(first);
    assertThat(first.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
    assertThat(first.leftBehind()).anyMatch(left -> left.contains("publication clouddb_shop"));
    assertThat(first.nextStep().orElseThrow()).contains("abort it again");

    publicationBelongsTo("source_admin");
    MigrationReport second = both.migration(folder).build().abort();

    assertThat(second.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
    assertThat(second.leftBehind()).singleElement().asString().startsWith("On the target");
    nothingIsLeftButTheFence("0");
  }

  @Test
  void aServerThatComesBackIsWaitedFor() throws Exception {
    CountDownLatch ready = new CountDownLatch(1);
    AtomicReference<CompletableFuture<EmbeddedPostgres>> restart = new AtomicReference<>();
    Migration migration =
        both.migration(folder)
            .cutoverOnRequest(true)
            .state(
                before(
                    "run.removing",
                    () -> {
                      both.sourceServer.kill();
                      restart.set(CompletableFuture.supplyAsync(both.sourceServer::start));
                    }))
            .listener(RecordingListener.at(MigrationStep.CUTOVER, ready::countDown))
            .build();
    CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
    assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();

    MigrationReport aborted = migration.abort();

    assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo(aborted);
    assertThat(restart.get()).succeedsWithin(1, TimeUnit.MINUTES);
    assertThat(aborted.leftBehind()).singleElement().asString().startsWith("On the target");
    nothingIsLeftButTheFence("0");
  }

  /** Does something once, before the first entry of a kind. */
  private StateStore before(String kind, Runnable act) {
    StateStore store = StateStore.directory(folder.resolve("state"));
    AtomicReference<Runnable> once = new AtomicReference<>(act);
    return id -> {
      Journal journal = store.open(id);
      return new Journal() {
        @Override
        public List<JournalEntry> entries() {
          return journal.entries();
        }

        @Override
        public JournalEntry append(String entry, Map<String, String> data) {
          Runnable first = entry.equals(kind) ? once.getAndSet(null) : null;
          if (first != null) {
            first.run();
          }
          return journal.append(entry, data);
        }

        @Override
        public void close() {
          journal.close();
        }
      };
    };
  }
}
