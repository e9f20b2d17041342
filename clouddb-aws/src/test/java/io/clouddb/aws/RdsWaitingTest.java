/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.Instance;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What RDS shows late is waited for by the clock, however often it is looked at. */
class RdsWaitingTest {
  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void aNewInstanceMayShowLate() {
    try (RdsTestCloud rds = new RdsTestCloud(clock, builder -> builder);
        CloudDb cloud = rds.open()) {
      OperationState made =
          rds.begun(InstanceDriver.CREATE, "late", RdsTestCloud.spec("late").build())
              .at("available", "", clock.instant());
      StepRun<Instance> run = rds.run(cloud, InstanceDriver.CREATE, made);
      for (int look = 0; look < 30; look++) {
        assertGoesOn(run);
      }
      clock.advance(Duration.ofSeconds(119));
      assertGoesOn(run);
      clock.advance(Duration.ofSeconds(1));
      assertThatThrownBy(() -> run.poll(clock.instant()))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("'available' of late is not to be seen");
    }
  }

  private void assertGoesOn(StepRun<Instance> run) {
    assertThat(run.poll(clock.instant())).isInstanceOf(StepRun.Outcome.Running.class);
  }
}
