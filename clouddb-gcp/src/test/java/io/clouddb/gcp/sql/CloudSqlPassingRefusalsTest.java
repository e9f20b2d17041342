/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.spi.InstanceDriver.CREATE;
import static io.clouddb.spi.InstanceDriver.DELETE;
import static io.clouddb.spi.InstanceDriver.MODIFY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused for now, for ever, or nobody can tell. */
class CloudSqlPassingRefusalsTest {
  private static final InstanceChange TAG = InstanceChange.builder().tag("a", "b").build();
  private static final Duration MUCH = Duration.ofHours(1);

  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));
  private final SimulatedCloudSql gcp = SimulatedCloudSql.start();
  private final Stepwise steps = new Stepwise(gcp.config().clock(clock).build());
  @TempDir private Path folder;

  @BeforeEach
  void create() throws Exception {
    StepRun<Instance> run =
        steps.begin(CREATE, "orders", SimulatedCloudSql.spec("orders", folder).build());
    steps.toTheEnd(run);
  }

  @AfterEach
  void close() {
    steps.close();
    assertThat(gcp.simulator.bugs()).isEmpty();
    gcp.close();
  }

  private void refuse(String method, int times, String reason) {
    gcp.simulator.faults().on(method).times(times).refused(409, reason, "A sentence.");
  }

  @Test
  void whatWaitsForAnotherOperationWaits() {
    StepRun<Instance> run = steps.begin(MODIFY, "orders", TAG);
    refuse("instances.patch", 3, "operationInProgress");
    for (int look = 0; look < 3; look++) {
      steps.goesOn(run);
      clock.advance(MUCH);
    }
    assertThat(steps.toTheEnd(run).tags()).containsEntry("a", "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"invalidState", "aborted"})
  void aRefusalThatMayPassIsWaitedForAndEndsWithAWayToGoOn(String reason) {
    StepRun<Instance> run = steps.begin(MODIFY, "orders", TAG);
    refuse("instances.patch", 5, reason);
    for (int look = 0; look < 3; look++) {
      assertThat(steps.poll(run))
          .isInstanceOfSatisfying(
              StepRun.Outcome.Running.class,
              running ->
                  assertThat(running.message())
                      .contains("orders is RUNNABLE", "since 2026-01-01T00:00:00Z")
                      .contains("until 2026-01-01T00:15:00Z", "A sentence."));
    }
    clock.advance(DoubtfulRefusal.LIMIT.minusSeconds(1));
    steps.goesOn(run);
    clock.advance(Duration.ofSeconds(1));
    DeadlineException e = catchThrowableOfType(DeadlineException.class, () -> steps.poll(run));
    assertThat(e)
        .hasMessageContainingAll("orders", "'patch'", "2026-01-01T00:00:00Z", "RUNNABLE")
        .hasMessageContaining("A sentence.");
    assertThat(e.nextStep()).get().asString().contains("token");
    assertThat(StepRun.canGoOn(e)).as("with its token").isTrue();
    assertThat(e.details().providerCode()).contains(reason);
    // Whoever resumes it has the same time again.
    StepRun<Instance> resumed = steps.resume(MODIFY, run.state());
    assertThat(gcp.simulator.faults().pending()).isZero();
    refuse("instances.patch", 1, reason);
    steps.goesOn(resumed);
    assertThat(steps.toTheEnd(resumed).tags()).containsEntry("a", "b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"users.update", "instances.delete"})
  void theOtherRequestsDoTheSame(String method) {
    StepRun<?> run =
        method.equals("users.update")
            ? steps.begin(
                MODIFY,
                "orders",
                InstanceChange.builder().adminPassword(SecretRef.literal("another")).build())
            : steps.begin(DELETE, "orders", null);
    refuse(method, 2, "invalidState");
    steps.goesOn(run);
    clock.advance(DoubtfulRefusal.LIMIT);
    assertThat(catchThrowableOfType(DeadlineException.class, () -> steps.poll(run)))
        .hasMessageContaining("orders");
  }

  @Test
  void aSuspendedInstanceNeverTakesIt() {
    StepRun<Instance> run = steps.begin(MODIFY, "orders", TAG);
    refuse("instances.patch", 1, "invalidState");
    gcp.simulator
        .faults()
        .on("instances.get")
        .after(2)
        .intercepted(
            200,
            "application/json",
            """
            {"name": "orders", "region": "%s", "databaseVersion": "POSTGRES_16",
             "state": "SUSPENDED", "suspensionReason": ["BILLING_ISSUE"],
             "settings": {"activationPolicy": "ALWAYS", "settingsVersion": "1"}}
            """
                .formatted(SimulatedCloudSql.REGION));
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> steps.poll(run));
    assertThat(e)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContainingAll("SUSPENDED", "BILLING_ISSUE");
    assertThat(run.isOver(e)).as("with its token").isFalse();
    assertThat(e.nextStep()).get().asString().contains("billing");
  }
}
