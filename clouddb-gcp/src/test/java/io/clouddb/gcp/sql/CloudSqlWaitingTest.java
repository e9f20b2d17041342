/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.spi.InstanceDriver.CREATE;
import static io.clouddb.spi.InstanceDriver.MODIFY;
import static io.clouddb.spi.InstanceDriver.START;
import static io.clouddb.spi.InstanceDriver.STOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.OperationKind;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Google shows late is waited for by the clock, however often it is looked at. */
class CloudSqlWaitingTest {
  private final ManualClock clock = SimulatedClock.manual(Instant.parse("2026-01-01T00:00:00Z"));

  @TempDir private Path folder;

  private InstanceSpec spec(String name) throws IOException {
    return SimulatedCloudSql.spec(name, folder).build();
  }

  private Instant now() {
    return clock.instant();
  }

  private Stepwise stepwise(SimulatedCloudSql gcp) {
    return new Stepwise(gcp.config().clock(clock).build());
  }

  /** Has every look at the instance answered by these members beside its name. */
  private static void answer(SimulatedCloudSql gcp, String members) {
    gcp.simulator
        .faults()
        .on("instances.get")
        .named("orders")
        .times(100)
        .intercepted(
            200,
            "application/json",
            """
                {"kind": "sql#instance", "name": "orders", "region": "%s",
                 "databaseVersion": "POSTGRES_16", %s,
                 "settings": {"activationPolicy": "ALWAYS", "settingsVersion": "1",
                              "userLabels": {"clouddb-attempt": "attempt-1"}}}
                """
                .formatted(SimulatedCloudSql.REGION, members));
  }

  /** A creation that has made the instance. */
  private OperationState made(Stepwise steps) throws IOException {
    return steps.state(CREATE, "orders", spec("orders")).at("insert", "", now()).making("insert");
  }

  @ParameterizedTest
  @CsvSource({
    "KMS_KEY_ISSUE, key",
    "BILLING_ISSUE, billing",
    "LEGAL_ISSUE, support",
    "OPERATIONAL_ISSUE, support"
  })
  void aSuspendedInstanceIsNotWaitedFor(String reason, String way) throws IOException {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        CloudDb cloud = gcp.open();
        Stepwise steps = stepwise(gcp)) {
      answer(gcp, "\"state\": \"SUSPENDED\", \"suspensionReason\": [\"" + reason + "\"]");
      gcp.simulator.faults().on("users.list").refused(400, "failedPrecondition", "A sentence.");
      for (StepRun<Instance> run :
          List.of(
              steps.resume(START, steps.state(START, "orders", null).at("ready", "", now())),
              steps.resume(
                  MODIFY,
                  steps
                      .state(MODIFY, "orders", InstanceChange.builder().tag("a", "b").build())
                      .at("ready", "", now())),
              steps.resume(
                  CREATE,
                  steps.asked(steps.state(CREATE, "orders", spec("orders")), "insert", null)),
              steps.resume(CREATE, made(steps).at("user", "", now())),
              steps.resume(CREATE, made(steps).at("ready", "", now())))) {
        assertThatThrownBy(() -> steps.poll(run))
            .as(run.state().kind())
            .isInstanceOfSatisfying(
                UnavailableException.class,
                e -> {
                  assertThat(e.retryable()).as("nobody waits").isFalse();
                  assertThat(run.isOver(e)).as("with its token").isFalse();
                  assertThat(e.details().leftBehind().orElse("").contains("the instance orders"))
                      .as("a creation alone has made it")
                      .isEqualTo(run.state().kind().equals(CREATE.id()));
                  assertThat(e.nextStep()).get().asString().contains(way, "token");
                  assertThat(e.nextStep())
                      .get()
                      .asString()
                      .doesNotContain("elete")
                      .doesNotContain("emove");
                })
            .hasMessageContainingAll("orders", "SUSPENDED", reason);
      }
      assertThat(cloud.instances().get("orders").state()).isEqualTo(InstanceState.FAILED);
    }
  }

  @Test
  void aStateThatNobodyKnowsIsNotWaitedForForEver() {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        Stepwise steps = stepwise(gcp)) {
      answer(gcp, "\"state\": \"HIBERNATING\"");
      StepRun<Instance> run =
          steps.resume(START, steps.state(START, "orders", null).at("ready", "", now()));
      for (int look = 0; look < 10; look++) {
        steps.goesOn(run);
      }
      clock.advance(StateChecks.UNKNOWN_STATE_LIMIT);
      assertThatThrownBy(() -> steps.poll(run))
          .isInstanceOfSatisfying(
              DeadlineException.class,
              e -> {
                assertThat(StepRun.canGoOn(e)).as("with its token").isTrue();
                assertThat(e.details().leftBehind())
                    .as("it was there before")
                    .contains("done: start; not done: ready");
              })
          .hasMessageContainingAll("orders", "HIBERNATING");
      // Whoever resumes it has the same time again.
      StepRun<Instance> resumed = steps.resume(START, run.state());
      steps.goesOn(resumed);
      clock.advance(StateChecks.UNKNOWN_STATE_LIMIT.minusSeconds(1));
      steps.goesOn(resumed);
      clock.advance(Duration.ofSeconds(1));
      assertThatThrownBy(() -> steps.poll(resumed)).isInstanceOf(DeadlineException.class);
    }
  }

  /** What somebody has to look after is what a creation has made, and nothing else. */
  @Test
  void aStateThatNobodyKnowsLeavesBehindWhatWasMadeAlone() throws IOException {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        Stepwise steps = stepwise(gcp)) {
      answer(gcp, "\"state\": \"HIBERNATING\"");
      StepRun<Instance> creation = steps.resume(CREATE, made(steps).at("ready", "", now()));
      StepRun<Instance> change =
          steps.resume(
              MODIFY,
              steps
                  .state(MODIFY, "orders", InstanceChange.builder().tag("a", "b").build())
                  .at("ready", "", now()));
      steps.goesOn(creation);
      steps.goesOn(change);
      clock.advance(StateChecks.UNKNOWN_STATE_LIMIT);
      assertThat(leftBehind(steps, creation)).contains("the instance orders");
      assertThat(leftBehind(steps, change)).doesNotContain("the instance orders");
    }
  }

  private static String leftBehind(Stepwise steps, StepRun<?> run) {
    DeadlineException e = catchThrowableOfType(DeadlineException.class, () -> steps.poll(run));
    assertThat(e.nextStep()).get().asString().contains("resume it by its token");
    return e.details().leftBehind().orElse("");
  }

  @Test
  void anOperationMayShowLateAndIsNotWaitedForForEver() throws IOException {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        Stepwise steps = stepwise(gcp)) {
      StepRun<Instance> run =
          steps.resume(
              CREATE,
              steps.asked(
                  steps.state(CREATE, "late", spec("late")), "insert", "no-such-operation"));
      for (int look = 0; look < 10; look++) {
        assertThat(steps.poll(run))
            .isInstanceOfSatisfying(
                StepRun.Outcome.Running.class,
                running -> assertThat(running.message()).contains("accepted", "no-such-operation"));
      }
      clock.advance(OwnOperation.UNSEEN_LIMIT.minusSeconds(1));
      steps.goesOn(run);
      assertThat(gcp.simulator.requests("instances.insert")).isEmpty();
      clock.advance(Duration.ofSeconds(1));
      steps.goesOn(run);
      assertThat(gcp.simulator.requests("instances.insert"))
          .as("there is no such instance, so it is sent again")
          .hasSize(1);
    }
  }

  @Test
  void aFailedInstanceIsNeitherStartedNorStopped() {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        Stepwise steps = stepwise(gcp)) {
      answer(gcp, "\"state\": \"FAILED\"");
      for (OperationKind<Instance> kind : List.of(START, STOP)) {
        StepRun<Instance> run =
            steps.resume(kind, steps.state(kind, "orders", null).at(word(kind), "", now()));
        assertThatThrownBy(() -> steps.poll(run))
            .isInstanceOfSatisfying(
                CloudDbException.class,
                e -> {
                  assertThat(run.isOver(e)).isTrue();
                  assertThat(e.details().leftBehind()).isEmpty();
                  assertThat(e.nextStep()).get().asString().doesNotContain("delete");
                })
            .hasMessageContaining("orders has failed");
      }
      assertThat(gcp.simulator.requests("instances.patch")).isEmpty();
    }
  }

  private static String word(OperationKind<?> kind) {
    return kind.id().substring(kind.id().indexOf('.') + 1);
  }

  @Test
  void aReplicasSourceIsNotLeftBehind() {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        Stepwise steps = stepwise(gcp)) {
      answer(gcp, "\"state\": \"FAILED\"");
      gcp.simulator.faults().on("instances.insert").refused(409, "invalidState", "A sentence.");
      StepRun<Instance> run =
          steps.resume(
              ReplicaDriver.CREATE,
              steps
                  .state(
                      ReplicaDriver.CREATE,
                      "reader",
                      ReplicaSpec.named("reader").of(Stepwise.id("orders")))
                  .at("insert", "", now()));
      assertThatThrownBy(() -> steps.toTheEnd(run))
          .isInstanceOfSatisfying(
              CloudDbException.class,
              e -> {
                assertThat(e.details().leftBehind()).isEmpty();
                assertThat(e.nextStep()).get().asString().doesNotContain("delete");
              })
          .hasMessageContaining("orders has failed");
    }
  }
}
