/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.SQLAdmin;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.OutcomeUnknownException;
import io.clouddb.instance.InstanceState;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.Step;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Google shows late is waited for by the clock, however often it is looked at. */
class CloudSqlWaitingTest {
  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));

  private CloudSqlInstances driver(SimulatedCloudSql gcp, CloudDb cloud) {
    CloudConfig config = gcp.config().build();
    return new CloudSqlInstances(
        () -> cloud.unwrap(SQLAdmin.class),
        new RemoteCalls("gcp", config.retryPolicy(), config.observations(), e -> Optional.empty()),
        SimulatedCloudSql.PROJECT,
        SimulatedCloudSql.REGION,
        SecretRef::resolve,
        clock);
  }

  private static ResourceId id(String name) {
    return ResourceId.of(
        "gcp", SimulatedCloudSql.PROJECT, SimulatedCloudSql.REGION, "instance", name);
  }

  /** Has every look at the instance answered by these members beside its name. */
  private static void answer(SimulatedCloudSql gcp, String members) {
    gcp.simulator
        .faults()
        .on("instances.get")
        .times(100)
        .intercepted(
            200,
            "application/json",
            """
                {"kind": "sql#instance", "name": "orders", "region": "%s",
                 "databaseVersion": "POSTGRES_16", %s,
                 "settings": {"activationPolicy": "ALWAYS", "settingsVersion": "1"}}
                """
                .formatted(SimulatedCloudSql.REGION, members));
  }

  @ParameterizedTest
  @CsvSource({
    "KMS_KEY_ISSUE, key",
    "BILLING_ISSUE, billing",
    "LEGAL_ISSUE, support",
    "OPERATIONAL_ISSUE, support"
  })
  void aSuspendedInstanceIsNotWaitedFor(String reason, String way) {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        CloudDb cloud = gcp.open()) {
      answer(gcp, "\"state\": \"SUSPENDED\", \"suspensionReason\": [\"" + reason + "\"]");
      CloudSqlInstances driver = driver(gcp, cloud);
      for (PolledState state :
          List.of(
              PolledState.of(PolledState.START, id("orders"), "ensure"),
              PolledState.of(PolledState.MODIFY, id("orders"), "finish"),
              PolledState.of(PolledState.CREATE, id("orders"), OperationSteps.INSERT))) {
        assertThatThrownBy(() -> driver.poll(state))
            .as(state.kind())
            .isInstanceOfSatisfying(
                ConditionFailedException.class,
                e -> {
                  assertThat(e.details().leftBehind()).get().asString().contains("orders");
                  assertThat(e.nextStep()).get().asString().contains(way);
                  assertThat(e.nextStep()).get().asString().doesNotContain("elete");
                })
            .hasMessageContainingAll("orders", "SUSPENDED", reason);
      }
      assertThat(cloud.instances().get("orders").state()).isEqualTo(InstanceState.FAILED);
    }
  }

  @Test
  void aStateThatNobodyKnowsIsNotWaitedForForEver() {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        CloudDb cloud = gcp.open()) {
      answer(gcp, "\"state\": \"HIBERNATING\"");
      CloudSqlInstances driver = driver(gcp, cloud);
      PolledState state = PolledState.of(PolledState.START, id("orders"), "ensure");
      for (int look = 0; look < 10; look++) {
        state = running(driver.poll(state));
      }
      clock.advance(OperationSteps.UNKNOWN_STATE_LIMIT);
      PolledState tooLong = state;
      assertThatThrownBy(() -> driver.poll(tooLong))
          .isInstanceOfSatisfying(
              CloudDbException.class, e -> assertThat(e.retryable()).as("with its token").isTrue())
          .hasMessageContainingAll("orders", "HIBERNATING");
    }
  }

  @Test
  void anOperationMayShowLateAndIsNotWaitedForForEver() {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        CloudDb cloud = gcp.open()) {
      CloudSqlInstances driver = driver(gcp, cloud);
      PolledState state =
          PolledState.of(PolledState.CREATE, id("late"), OperationSteps.INSERT)
              .at(OperationSteps.INSERT, "no-such-operation");
      for (int look = 0; look < 10; look++) {
        state = running(driver.poll(state));
      }
      clock.advance(Duration.ofSeconds(119));
      state = running(driver.poll(state));
      clock.advance(Duration.ofSeconds(1));
      PolledState tooLate = state;
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

  private static PolledState running(Step step) {
    assertThat(step).isInstanceOf(Step.Running.class);
    return ((Step.Running) step).state();
  }
}
