/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.SQLAdmin;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.OutcomeUnknownException;
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

/** What Google shows late is waited for by the clock, however often it is looked at. */
class CloudSqlWaitingTest {
  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));

  @Test
  void anOperationMayShowLateAndIsNotWaitedForForEver() {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        CloudDb cloud = gcp.open()) {
      CloudConfig config = gcp.config().build();
      CloudSqlInstances driver =
          new CloudSqlInstances(
              () -> cloud.unwrap(SQLAdmin.class),
              new RemoteCalls(
                  "gcp", config.retryPolicy(), config.observations(), e -> Optional.empty()),
              SimulatedCloudSql.PROJECT,
              SimulatedCloudSql.REGION,
              SecretRef::resolve,
              clock);
      ResourceId id =
          ResourceId.of(
              "gcp", SimulatedCloudSql.PROJECT, SimulatedCloudSql.REGION, "instance", "late");
      OperationState state =
          OperationState.of(OperationState.CREATE, id, OperationSteps.INSERT)
              .at(OperationSteps.INSERT, "no-such-operation");
      for (int look = 0; look < 10; look++) {
        state = running(driver.poll(state));
      }
      clock.advance(Duration.ofSeconds(119));
      state = running(driver.poll(state));
      clock.advance(Duration.ofSeconds(1));
      OperationState tooLate = state;
      assertThatThrownBy(() -> driver.poll(tooLate))
          .isInstanceOfSatisfying(
              OutcomeUnknownException.class,
              e -> {
                assertThat(e.retryable()).as("it comes with a token then").isTrue();
                assertThat(e.details().leftBehind()).get().asString().contains("late");
              })
          .hasMessageContainingAll("accepted", "no-such-operation");
    }
  }

  private static OperationState running(Step step) {
    assertThat(step).isInstanceOf(Step.Running.class);
    return ((Step.Running) step).state();
  }
}
