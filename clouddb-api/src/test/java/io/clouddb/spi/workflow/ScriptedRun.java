/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi.workflow;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.operation.OperationKind;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A creation of two scripted steps, whose clock and log are the test's. */
final class ScriptedRun {
  static final OperationKind<String> KIND = OperationKind.of("thing.create", String.class);
  static final ResourceId ID = ResourceId.of("recording", "", "here", "thing", "orders");

  final List<String> log = new ArrayList<>();
  final ScriptedStep first = new ScriptedStep("first", log);
  final ScriptedStep second = new ScriptedStep("second", log);
  final List<OperationState> written = new ArrayList<>();
  Function<StepContext, String> result = context -> "done";
  Function<SecretRef, String> secrets = SecretRef::resolve;
  Runnable atWrite = () -> {};
  Instant now = Instant.parse("2026-01-01T00:00:00Z");

  OperationState begun() {
    return OperationState.begin(KIND.id(), ID, "op-1", now, null);
  }

  StepRun<String> run(OperationState state) {
    Workflow<String> workflow =
        Workflow.of(KIND).step(first).step(second).creates().result(c -> result.apply(c));
    StepContext context = new StepContext(state, Customizations.NONE, secrets, now);
    return new StepRun<>(
        workflow,
        context,
        next -> {
          atWrite.run();
          written.add(next);
        },
        true);
  }

  StepRun.Outcome<String> poll(StepRun<String> run) {
    return run.poll(now);
  }

  void pass(Duration time) {
    now = now.plus(time);
  }

  String finish(StepRun<String> run) {
    for (int i = 0; i < 100; i++) {
      if (poll(run) instanceof StepRun.Outcome.Done<String> done) {
        return done.value();
      }
    }
    throw new AssertionError("goes on: " + log);
  }

  CloudDbException failure(StepRun<String> run) {
    return catchThrowableOfType(CloudDbException.class, () -> finish(run));
  }

  static CloudDbException error(ErrorCategory category) {
    return ErrorDetails.of(category, "the service says " + category).toException();
  }

  /** What {@link io.clouddb.spi.RemoteCalls} throws once its cloud is closed. */
  static CloudDbException closed() {
    return ErrorDetails.of(ErrorCategory.UNAVAILABLE, "the cloud is closed")
        .retryable(false)
        .toException();
  }

  static <T> Function<StepContext, T> throwing(CloudDbException e) {
    return context -> {
      throw e;
    };
  }

  static <A, B> Function<A, B> refusing(ErrorCategory category) {
    return asked -> {
      throw error(category);
    };
  }
}
