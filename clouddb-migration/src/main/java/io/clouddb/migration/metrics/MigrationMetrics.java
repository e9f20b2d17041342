/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.metrics;

import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationProgress;
import io.clouddb.migration.progress.MigrationStep;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what a migration tells as meters, tagged with the migration's id:
 *
 * <ul>
 *   <li>{@code clouddb.migration.step}: 1 for the step under way, 0 for the others, tagged with
 *       {@code step};
 *   <li>{@code clouddb.migration.step.time}: a timer of the steps that ended, tagged with {@code
 *       step} and {@code outcome} ({@code DONE}, {@code FAILED});
 *   <li>{@code clouddb.migration.rows.done} and {@code .rows.estimated} of the step, {@code
 *       .rows.rate} a second;
 *   <li>{@code clouddb.migration.time.left}, not a number while it cannot be told;
 *   <li>{@code clouddb.migration.changes.applied};
 *   <li>{@code clouddb.migration.lag.bytes} and {@code clouddb.migration.lag};
 *   <li>{@code clouddb.migration.wal.retained}: write-ahead log that is kept for the migration;
 *   <li>{@code clouddb.migration.notices}: a counter of what a person may want to look at.
 * </ul>
 *
 * <p>It needs {@code io.micrometer:micrometer-core}, which is optional for clouddb-migration.
 */
public final class MigrationMetrics implements MigrationListener {
  private static final String PREFIX = "clouddb.migration.";

  private final MeterRegistry registry;
  private final Tags tags;
  private final Counter notices;
  private volatile @Nullable MigrationProgress last;
  private volatile @Nullable MigrationStep step;
  private volatile long stepBegan;

  private MigrationMetrics(MeterRegistry registry, String migration) {
    this.registry = registry;
    this.tags = Tags.of("migration", migration);
    this.notices =
        Counter.builder(PREFIX + "notices")
            .description("What a person may want to look at")
            .tags(tags)
            .register(registry);
  }

  /**
   * Registers the meters of a migration.
   *
   * @param registry where
   * @param migration the migration's id
   * @return a listener, for {@code MigrationBuilder#listener}
   */
  public static MigrationMetrics register(MeterRegistry registry, String migration) {
    MigrationMetrics metrics =
        new MigrationMetrics(
            Objects.requireNonNull(registry, "registry"),
            Objects.requireNonNull(migration, "migration"));
    metrics.registerGauges();
    return metrics;
  }

  private void registerGauges() {
    for (MigrationStep each : MigrationStep.values()) {
      Gauge.builder(PREFIX + "step", this, metrics -> metrics.step == each ? 1 : 0)
          .description("1 for the step under way")
          .tags(tags.and("step", each.name()))
          .strongReference(true)
          .register(registry);
    }
    gauge("rows.done", "rows", "Rows of the step done", MigrationProgress::rowsDone);
    gauge("rows.estimated", "rows", "Rows of the step in all", MigrationProgress::rowsEstimated);
    gauge("rows.rate", "rows/s", "Rows or changes a second", MigrationProgress::rowsPerSecond);
    gauge("changes.applied", "rows", "Changes applied", MigrationProgress::changesApplied);
    gauge("lag.bytes", "bytes", "Log that is not applied", MigrationProgress::lagBytes);
    gauge("wal.retained", "bytes", "Log kept for the migration", MigrationProgress::retainedWal);
    time("lag", "How far the other side is behind", progress -> seconds(progress.lag()));
    time(
        "time.left",
        "How long the step takes yet",
        progress -> progress.timeLeft().map(MigrationMetrics::seconds).orElse(Double.NaN));
  }

  private void gauge(
      String name, String unit, String description, ToDoubleFunction<MigrationProgress> value) {
    Gauge.builder(PREFIX + name, this, metrics -> metrics.value(value))
        .description(description)
        .baseUnit(unit)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private void time(String name, String description, ToDoubleFunction<MigrationProgress> seconds) {
    TimeGauge.builder(PREFIX + name, this, TimeUnit.SECONDS, metrics -> metrics.value(seconds))
        .description(description)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private double value(ToDoubleFunction<MigrationProgress> of) {
    MigrationProgress progress = last;
    return progress == null ? Double.NaN : of.applyAsDouble(progress);
  }

  @Override
  public void stepStarted(MigrationStep started) {
    step = started;
    stepBegan = System.nanoTime();
  }

  @Override
  public void stepFinished(MigrationStep finished, Duration took, String summary) {
    timer(finished, "DONE").record(took);
  }

  @Override
  public void stepFailed(MigrationStep failed, String reason) {
    timer(failed, "FAILED").record(Duration.ofNanos(System.nanoTime() - stepBegan));
  }

  private Timer timer(MigrationStep of, String outcome) {
    return Timer.builder(PREFIX + "step.time")
        .description("How long the steps took")
        .tags(tags.and("step", of.name(), "outcome", outcome))
        .register(registry);
  }

  @Override
  public void progress(MigrationProgress progress) {
    last = progress;
  }

  @Override
  public void notice(String message) {
    notices.increment();
  }
}
