/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.aws.rds.RdsInstanceDriver;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
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
      RdsInstanceDriver driver = rds.driver(cloud, clock);
      ResourceId id = ResourceId.of("aws", "", RdsTestCloud.REGION, "instance", "late");
      PolledState state = PolledState.of(PolledState.CREATE, id, "settle");
      for (int look = 0; look < 30; look++) {
        state = running(driver.poll(state));
      }
      clock.advance(Duration.ofSeconds(119));
      state = running(driver.poll(state));
      clock.advance(Duration.ofSeconds(1));
      PolledState tooLate = state;
      assertThatThrownBy(() -> driver.poll(tooLate))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("vanished");
    }
  }

  private static PolledState running(Step step) {
    assertThat(step).isInstanceOf(Step.Running.class);
    return ((Step.Running) step).state();
  }
}
