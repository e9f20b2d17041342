/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.progress.MigrationProgress;
import io.clouddb.migration.progress.MigrationStep;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MigrationMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final MigrationMetrics metrics = MigrationMetrics.register(registry, "shop");

  private double gauge(String name) {
    return registry.get("clouddb.migration." + name).tag("migration", "shop").gauge().value();
  }

  private double underWay(MigrationStep step) {
    return registry.get("clouddb.migration.step").tag("step", step.name()).gauge().value();
  }

  @Test
  void showsTheLastProgress() {
    metrics.progress(
        new MigrationProgress(
            Instant.EPOCH,
            MigrationStep.SYNC,
            "copying public.orders",
            250,
            1000,
            50,
            Optional.of(Duration.ofSeconds(15)),
            7,
            4096,
            Duration.ofMillis(1500),
            65536,
            3,
            12,
            Optional.empty()));

    assertThat(gauge("rows.done")).isEqualTo(250);
    assertThat(gauge("rows.estimated")).isEqualTo(1000);
    assertThat(gauge("rows.rate")).isEqualTo(50);
    assertThat(gauge("changes.applied")).isEqualTo(7);
    assertThat(gauge("lag.bytes")).isEqualTo(4096);
    assertThat(gauge("wal.retained")).isEqualTo(65536);
    assertThat(registry.get("clouddb.migration.lag").timeGauge().value(TimeUnit.MILLISECONDS))
        .isEqualTo(1500);
    assertThat(registry.get("clouddb.migration.time.left").timeGauge().value(TimeUnit.SECONDS))
        .isEqualTo(15);
  }

  @Test
  void timesTheStepsByTheirOutcome() {
    assertThat(underWay(MigrationStep.SYNC)).isZero();
    metrics.stepStarted(MigrationStep.SYNC);
    assertThat(underWay(MigrationStep.SYNC)).isEqualTo(1);
    assertThat(underWay(MigrationStep.CDC)).isZero();
    metrics.stepFinished(MigrationStep.SYNC, Duration.ofSeconds(3), "copied");
    metrics.stepStarted(MigrationStep.CDC);
    metrics.stepFailed(MigrationStep.CDC, "the slot is gone");
    metrics.notice("look here");

    assertThat(
            registry
                .get("clouddb.migration.step.time")
                .tags("step", "SYNC", "outcome", "DONE")
                .timer()
                .totalTime(TimeUnit.SECONDS))
        .isEqualTo(3);
    assertThat(
            registry
                .get("clouddb.migration.step.time")
                .tags("step", "CDC", "outcome", "FAILED")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(registry.get("clouddb.migration.notices").counter().count()).isEqualTo(1);
  }
}
