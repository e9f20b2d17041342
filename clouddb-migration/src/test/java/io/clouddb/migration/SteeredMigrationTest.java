/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.NotFoundException;
import io.clouddb.migration.metrics.MigrationMetrics;
import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationProgress;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run is slowed down, stopped for a while, watched and bounded by other threads. */
class SteeredMigrationTest {
  private static final int CUSTOMERS = 2000;
  private static final int SLOW = 20_000;

  @TempDir Path folder;

  private MigrationBuilder migration(TwoDatabases both) {
    return both.migration(folder);
  }

  /** Throttles the copy as soon as it begins, by the run's own thread, so that none is too late. */
  private static MigrationListener slowing(CompletableFuture<Migration> migration) {
    return new MigrationListener() {
      @Override
      public void stepStarted(MigrationStep step) {
        if (step == MigrationStep.SYNC) {
          migration.join().throttle(SLOW);
        }
      }
    };
  }

  private static void await(RecordingListener listener, Predicate<MigrationProgress> moment) {
    Eventually.until("the moment", () -> listener.progress().stream().anyMatch(moment));
  }

  @Tag("slow")
  @Test
  void standsStillWhilePausedAndGoesOnWhenResumed() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true)) {
      ShopSchema.create(both.source, CUSTOMERS);
      RecordingListener listener = new RecordingListener();
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      CompletableFuture<Migration> made = new CompletableFuture<>();
      Migration migration =
          migration(both)
              .listener(
                  listener
                      .andThen(MigrationMetrics.register(registry, "shop"))
                      .andThen(slowing(made)))
              .build();
      made.complete(migration);
      assertThatThrownBy(migration::pause).isInstanceOf(NotFoundException.class);
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      await(listener, p -> p.step() == MigrationStep.SYNC && p.rowsDone() > 0 && p.chunks() > 0);

      migration.pause();

      // What was on its way arrives; then nothing moves.
      int seen = listener.progress().size();
      Eventually.until("more moments", () -> listener.progress().size() > seen + 3);
      List<MigrationProgress> moments = List.copyOf(listener.progress());
      long still = moments.get(moments.size() - 1).rowsDone();
      int from = listener.progress().size();
      Eventually.until("more moments", () -> listener.progress().size() > from + 4);
      assertThat(listener.progress().subList(from, from + 4))
          .extracting(MigrationProgress::rowsDone)
          .containsOnly(still);
      assertThat(run).isNotDone();

      TwoDatabases.run(
          both.source,
          "INSERT INTO audit (what) SELECT repeat('x', 100) FROM generate_series(1, 5000)");
      await(listener, p -> p.retainedWal() > 500_000);
      migration.throttle(0);
      migration.resume();

      MigrationReport report = run.get(120, TimeUnit.SECONDS);
      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(listener.progress()).anyMatch(p -> p.chunksDone() == p.chunks() && p.chunks() > 5);
      assertThat(
              registry
                  .get("clouddb.migration.step.time")
                  .tags("step", "CUTOVER", "outcome", "DONE")
                  .timer()
                  .count())
          .isEqualTo(1);
      assertThat(registry.get("clouddb.migration.changes.applied").gauge().value())
          .isGreaterThanOrEqualTo(5000);
      assertThat(TwoDatabases.ask(both.target, "SELECT count(*) FROM audit"))
          .isEqualTo(TwoDatabases.ask(both.source, "SELECT count(*) FROM audit"));
    }
  }

  @Tag("slow")
  @Test
  void givesWayWhenTheSourceKeepsTooMuchLog() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true)) {
      ShopSchema.create(both.source, CUSTOMERS);
      RecordingListener listener = new RecordingListener();
      CompletableFuture<Migration> made = new CompletableFuture<>();
      Migration migration =
          migration(both)
              .retainedWal(WalPolicy.stop(1_000_000))
              .listener(listener.andThen(slowing(made)))
              .build();
      made.complete(migration);
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      await(listener, p -> p.step() == MigrationStep.SYNC);
      TwoDatabases.run(
          both.source,
          "INSERT INTO audit (what) SELECT repeat('x', 100) FROM generate_series(1, 20000)");

      MigrationReport report = run.get(60, TimeUnit.SECONDS);

      assertThat(report.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
      assertThat(report.failure().orElse("")).contains("more than the limit of 1,000,000");
      assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_replication_slots"))
          .isEqualTo("0");
      TwoDatabases.run(both.source, "INSERT INTO audit (what) VALUES ('on')");
    }
  }
}
