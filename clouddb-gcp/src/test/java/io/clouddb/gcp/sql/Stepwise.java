/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.gcp.GcpProvider;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.spi.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Takes operations through their steps poll by poll, so that a test decides when. */
final class Stepwise implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMillis(2);

  private final CloudConfig config;
  private final CloudDriver driver;

  Stepwise(CloudConfig config) {
    this.config = config;
    this.driver =
        new GcpProvider()
            .open(
                new DriverContext(
                    config,
                    new RemoteCalls(
                        "gcp",
                        config.retryPolicy(),
                        config.observations(),
                        failure -> Optional.empty())));
  }

  static ResourceId id(String name) {
    return ResourceId.of(
        "gcp", SimulatedCloudSql.PROJECT, SimulatedCloudSql.REGION, "instance", name);
  }

  @SuppressWarnings("unchecked") // A kind is its id and its class together.
  <T> Workflow<T> workflow(OperationKind<T> kind) {
    return (Workflow<T>)
        driver.workflows().stream()
            .filter(each -> each.kind().equals(kind))
            .findFirst()
            .orElseThrow();
  }

  /** A state that nothing was prepared for. */
  OperationState state(OperationKind<?> kind, String name, @Nullable Specification asked) {
    return OperationState.begin(kind.id(), id(name), "attempt-1", config.clock().instant(), asked);
  }

  /** As the facade begins an operation. */
  <T> StepRun<T> begin(OperationKind<T> kind, String name, @Nullable Specification asked) {
    Workflow<T> workflow = workflow(kind);
    return run(kind, workflow.prepare(context(state(kind, name, asked))));
  }

  /**
   * As the facade goes on with an operation: that there is a time tells that it was begun before.
   */
  <T> StepRun<T> resume(OperationKind<T> kind, OperationState state) {
    return run(kind, state.since().isPresent() ? state : state.since(config.clock().instant()));
  }

  private <T> StepRun<T> run(OperationKind<T> kind, OperationState state) {
    return new StepRun<>(workflow(kind), context(state), next -> {}, true);
  }

  /** At a step whose request was accepted; null for one without an operation that is known. */
  OperationState asked(OperationState state, String step, @Nullable String handle) {
    return state
        .at(step, "", config.clock().instant())
        .asking(config.clock().instant(), step.equals("insert") ? step : "")
        .accepted(handle);
  }

  private StepContext context(OperationState state) {
    return new StepContext(
        state, Customizations.NONE, SecretRef::resolve, config.clock().instant());
  }

  <T> StepRun.Outcome<T> poll(StepRun<T> run) {
    // The databases need the processors, too.
    LockSupport.parkNanos(PAUSE.toNanos());
    return run.poll(config.clock().instant());
  }

  /** As the facade follows it: what fails in passing is looked at again. */
  <T> T toTheEnd(StepRun<T> run) {
    while (true) {
      try {
        return toAnError(run);
      } catch (CloudDbException e) {
        if (!e.retryable()) {
          throw e;
        }
      }
    }
  }

  /** Until a poll throws, whether another one would help or not. */
  <T> T toAnError(StepRun<T> run) {
    long deadline = System.nanoTime() + SimulatedCloudSql.LIMIT.toNanos();
    while (System.nanoTime() < deadline) {
      if (poll(run) instanceof StepRun.Outcome.Done<T> done) {
        return done.value();
      }
    }
    throw new AssertionError("goes on: " + run.state());
  }

  void goesOn(StepRun<?> run) {
    assertThat(poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
  }

  @Override
  public void close() {
    driver.close();
  }
}
