/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.UnavailableException;
import io.clouddb.operation.Operation;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An operation that is followed by polling. */
final class PolledOperation<T> implements Operation<T>, Followed {
  private static final Logger log = LoggerFactory.getLogger(PolledOperation.class);

  /** So many failed looks in a row, each already retried, end the waiting; the token stays good. */
  private static final int MOST_FAILURES = 5;

  private final OperationScheduler scheduler;
  private final Function<Step.Done, T> result;
  private final CompletableFuture<T> end = new CompletableFuture<>();
  private volatile PolledState state;
  private volatile String progress = "started";
  private int failures;

  PolledOperation(OperationScheduler scheduler, PolledState state, Function<Step.Done, T> result) {
    this.scheduler = scheduler;
    this.state = state;
    this.result = result;
  }

  @Override
  public void poll() {
    try {
      Step step = scheduler.poll(state);
      failures = 0;
      if (step instanceof Step.Running running) {
        state = running.state();
        progress = running.message();
        Duration asked = running.pollAfter();
        scheduler.later(this, asked == null ? scheduler.interval() : asked);
      } else if (step instanceof Step.Done done) {
        progress = "done";
        T value = result.apply(done);
        scheduler.ended(this);
        end.complete(value);
      }
    } catch (CloudDbException e) {
      if (isCutOff(e)) {
        abandon();
        return;
      }
      failures++;
      if (e.retryable() && failures < MOST_FAILURES) {
        log.info("{} {}: {}; looking again", state.kind(), state.resource(), e.getMessage());
        scheduler.later(this, scheduler.interval());
      } else {
        fail(e.retryable() ? withToken(e) : e);
      }
    } catch (RuntimeException | Error e) {
      if (scheduler.isClosed()) {
        log.debug("{} {} was cut off by close()", state.kind(), state.resource(), e);
        abandon();
        return;
      }
      // Anything else is a defect of the driver: whoever waits must hear of it.
      fail(e);
    }
  }

  /** Whether a step failed because the cloud was closed, and not by an answer of the service. */
  private boolean isCutOff(CloudDbException e) {
    return scheduler.isClosed() && scheduler.explained(e) instanceof UnavailableException;
  }

  private CloudDbException withToken(CloudDbException e) {
    return CloudDbException.of(
        e.details().toBuilder()
            .operationToken(tokenOrNull())
            .nextStep("Resume it by its token: cloud.operations().resume(token, type).")
            .build(),
        e);
  }

  private void fail(Throwable e) {
    scheduler.ended(this);
    end.completeExceptionally(e);
  }

  @Override
  public void abandon() {
    String token = tokenOrNull();
    fail(
        ErrorDetails.of(
                ErrorCategory.UNAVAILABLE,
                "The cloud was closed while "
                    + state.kind()
                    + " went on; remote work goes on without it")
            .retryable(false)
            .outcomeKnown(false)
            .resource(state.resource().toString())
            .leftBehind(state.resource() + ", last seen: " + progress)
            .operationToken(token)
            .nextStep(
                token == null
                    ? "It has no token, since that would hold a literal password: look for "
                        + state.resource().name()
                        + ", and use SecretRef.environment or SecretRef.file."
                    : "Resume it by its token: cloud.operations().resume(token, type).")
            .toException());
  }

  private @org.jspecify.annotations.Nullable String tokenOrNull() {
    try {
      return token();
    } catch (CloudDbException e) {
      log.debug("No token for {}: {}", state.resource(), e.getMessage());
      return null;
    }
  }

  @Override
  public ResourceId resource() {
    return state.resource();
  }

  @Override
  public Status status() {
    if (!end.isDone()) {
      return Status.RUNNING;
    }
    return end.isCompletedExceptionally() ? Status.FAILED : Status.SUCCEEDED;
  }

  @Override
  public String progress() {
    return progress;
  }

  @Override
  public T await(Duration limit) {
    try {
      // What is longer than a number holds is as long as one holds, some 292 years.
      return end.get(TimeUnit.NANOSECONDS.convert(limit), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw ErrorDetails.of(
              ErrorCategory.DEADLINE,
              state.kind() + " goes on after " + limit + "; last seen: " + progress)
          .resource(state.resource().toString())
          .operationToken(tokenOrNull())
          .nextStep("Await it again, or resume it by its token.")
          .toException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorDetails.of(ErrorCategory.DEADLINE, "Interrupted while waiting for " + state.kind())
          .resource(state.resource().toString())
          .operationToken(tokenOrNull())
          .toException(e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof CloudDbException ours) {
        // A new object, so that the stack shows who waited; the first one is its cause.
        throw CloudDbException.of(ours.details(), ours);
      }
      throw new IllegalStateException("The driver failed while following " + state.kind(), cause);
    }
  }

  @Override
  public CompletableFuture<T> toCompletableFuture() {
    return end.copy();
  }

  @Override
  public Cancellation cancel() {
    // None of the clouds can take back a control-plane change that it has accepted.
    return end.isDone() ? Cancellation.STILL_RUNNING : Cancellation.NOT_SUPPORTED;
  }

  @Override
  public String token() {
    return scheduler.token(state);
  }
}
