/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.aws.rds.RdsInstanceDriver;
import io.clouddb.error.NotFoundException;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.Step;
import io.clouddb.testkit.simulator.ManualClock;
import io.clouddb.testkit.simulator.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;

/** What RDS shows late is waited for by the clock, however often it is looked at. */
class RdsWaitingTest {
  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void aNewInstanceMayShowLate() {
    try (RdsTestCloud rds = new RdsTestCloud(clock, builder -> builder);
        CloudDb cloud = rds.open()) {
      CloudConfig config = rds.config().build();
      RdsInstanceDriver driver =
          new RdsInstanceDriver(
              "aws",
              config,
              () -> cloud.unwrap(RdsClient.class),
              new RemoteCalls(
                  "aws", config.retryPolicy(), config.observations(), e -> Optional.empty()),
              SecretRef::resolve,
              clock);
      ResourceId id = ResourceId.of("aws", "", RdsTestCloud.REGION, "instance", "late");
      OperationState state = OperationState.of(OperationState.CREATE, id, "settle");
      for (int look = 0; look < 30; look++) {
        state = running(driver.poll(state));
      }
      clock.advance(Duration.ofSeconds(119));
      state = running(driver.poll(state));
      clock.advance(Duration.ofSeconds(1));
      OperationState tooLate = state;
      assertThatThrownBy(() -> driver.poll(tooLate))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("vanished");
    }
  }

  private static OperationState running(Step step) {
    assertThat(step).isInstanceOf(Step.Running.class);
    return ((Step.Running) step).state();
  }
}
