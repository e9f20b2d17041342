/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.ResourceId;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.UnavailableException;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Specification;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.spi.workflow.Workflow;
import io.micrometer.observation.Observation;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An operation that is taken through its workflow, poll by poll. */
final class StepOperation<T> implements Operation<T>, Followed {
  private static final Logger log = LoggerFactory.getLogger(StepOperation.class);
  static final String RESUME = "Resume it by its token: cloud.operations().resume(token, type).";

  private final OperationScheduler scheduler;
  private final StepRun<T> run;
  private final UnaryOperator<T> finish;
  private final Observation observation;
  private final boolean trusted;
  private final LogEntry entry;
  private final @Nullable Specification asked;
  private final @Nullable Function<AlreadyExistsException, Operation<T>> otherwise;
  private final CompletableFuture<T> end = new CompletableFuture<>();
  private final AtomicBoolean told = new AtomicBoolean();
  private final AtomicBoolean taken = new AtomicBoolean();
  private volatile OperationState state;
  private volatile String progress = "begun";
  private volatile @Nullable Operation<T> other;
  private @Nullable CloudDbException takenOver;
  private int failures;
  private boolean abandoned;

  /** What is certain to become of it, and is told its callers. */
  private @Nullable Consumer<@Nullable Throwable> ending;

  private boolean certain;

  StepOperation(
      OperationScheduler scheduler,
      Workflow<T> workflow,
      StepContext context,
      @Nullable Specification asked,
      boolean trusted,
      LogEntry entry,
      UnaryOperator<T> finish,
      @Nullable Function<AlreadyExistsException, Operation<T>> otherwise,
      Observation observation) {
    this.scheduler = scheduler;
    this.run = new StepRun<>(workflow, context, this::writeDown, trusted);
    this.state = context.state();
    this.trusted = trusted;
    this.entry = entry;
    this.finish = finish;
    this.otherwise = otherwise;
    this.asked = asked;
    this.observation = observation;
    measure("The beginning", observation::start);
  }

  private void writeDown(OperationState next) {
    requireFollowed();
    boolean written;
    try {
      written = scheduler.journal().write(entry, next);
    } catch (RuntimeException e) {
      throw unwritten(e);
    }
    if (!written) {
      CloudDbException e = takenOver();
      takenOver = e;
      throw e;
    }
    // A log may take its time, and what is closed meanwhile sends nothing more.
    requireFollowed();
    reached(next);
  }

  private CloudDbException takenOver() {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "Another process goes on with "
                + state.kind()
                + " of "
                + state.resource().name()
                + ", or has forgotten it: the operation log holds something else of it than this"
                + " one has written, which changes nothing more")
        .resource(state.resource().toString())
        .outcomeKnown(false)
        .leftBehind(state.resource() + ", last seen: " + progress)
        .nextStep(
            "Leave it to the other one. Where none goes on, resume what operations().unfinished()"
                + " lists of it.")
        .toException();
  }

  /** From close() on, the log is of whoever goes on with it: a late entry would never leave it. */
  private synchronized void requireFollowed() {
    if (abandoned) {
      scheduler.requireOpen();
    }
  }

  /** What a poll that close() cuts off comes to is not what its callers were told. */
  private synchronized void reached(OperationState next) {
    if (!abandoned) {
      state = next;
    }
  }

  /** What goes on is not ended by its log: it is written again later, and changes nothing until. */
  private CloudDbException unwritten(RuntimeException e) {
    return OperationJournal.failedWrite(state, e).retryable(true).toException(e);
  }

  @Override
  public void poll() {
    if (end.isDone()) {
      return;
    }
    try {
      look();
    } catch (RuntimeException | Error e) {
      // Of a log, a timer or a driver, whoever waits must hear of it.
      failUnforeseen(e);
    }
  }

  private void failUnforeseen(Throwable e) {
    try {
      if (scheduler.isClosed()) {
        log.debug("{} {} was cut off by close()", state.kind(), state.resource(), e);
        abandon();
        return;
      }
      reached(run.state());
      fail(withToken(defect(e)));
    } catch (RuntimeException | Error another) {
      e.addSuppressed(another);
      fail(e);
    }
  }

  private void look() {
    try {
      StepRun.Outcome<T> outcome = run.poll(scheduler.now());
      failures = 0;
      reached(run.state());
      if (outcome instanceof StepRun.Outcome.Running<T> running) {
        progress = running.message();
        Duration asked = running.pollAfter();
        scheduler.later(this, asked == null ? scheduler.interval() : asked);
      } else if (outcome instanceof StepRun.Outcome.Done<T> done) {
        progress = "done";
        // Whoever began it has its literal password still, which the state has dropped.
        T value = finish.apply(scheduler.finished(done.value(), state.asking(asked), trusted));
        forgetAnd(stays -> succeed(value));
      }
    } catch (CloudDbException e) {
      reached(run.state());
      if (isCutOff(e)) {
        abandon();
        return;
      }
      failures++;
      if (e == takenOver) {
        // Without its token, which is older than what the other process knows.
        fail(run.unseen(e));
      } else if (e.retryable() && failures < scheduler.mostFailures()) {
        log.info("{} {}: {}; looking again", state.kind(), state.resource(), e.getMessage());
        progress = "looks again after: " + e.getMessage();
        scheduler.later(this, scheduler.pause(e, failures));
      } else if (e.retryable()) {
        fail(withToken(run.unseen(e)));
      } else if (run.isOver(e)) {
        forgetAnd(stays -> over(e, stays));
      } else {
        fail(withToken(e));
      }
    }
  }

  /** What somebody else has made meanwhile is taken where the caller wants that. */
  private void over(CloudDbException e, @Nullable Throwable stays) {
    if (otherwise == null
        || !(e instanceof AlreadyExistsException exists)
        || e.details().leftBehind().isPresent()) {
      fail(stays == null ? e : staying(e, stays));
      return;
    }
    if (!taken.compareAndSet(false, true)) {
      return;
    }
    Operation<T> taking;
    try {
      taking = otherwise.apply(exists);
    } catch (RuntimeException | Error refusal) {
      fail(refusal);
      return;
    }
    other = taking;
    tell(
        () -> {
          observation.lowCardinalityKeyValue("clouddb.outcome", RemoteCalls.outcome(e));
          observation.stop();
        });
    CompletableFuture<T> unused =
        taking
            .toCompletableFuture()
            .whenComplete(
                (value, failure) -> {
                  if (failure == null) {
                    end.complete(value);
                  } else {
                    end.completeExceptionally(failure);
                  }
                });
    scheduler.ended(this);
  }

  /** Whoever goes on with what is unfinished would begin again what its caller takes for failed. */
  private CloudDbException staying(CloudDbException e, Throwable why) {
    String left = e.details().leftBehind().map(text -> text + ", ").orElse("");
    String own = e.nextStep().map(text -> text + " ").orElse("");
    CloudDbException told =
        CloudDbException.of(
            e.details().toBuilder()
                .leftBehind(left + OperationJournal.entryOf(state))
                .nextStep(
                    own
                        + "The entry could not be removed: forget() it among"
                        + " operations().unfinished(), so that nobody begins it again.")
                .build(),
            e);
    told.addSuppressed(why);
    return told;
  }

  /**
   * Takes what is over out of the log, and says so. A close() meanwhile says the same and waits for
   * no log; after a close() it stays there, since its callers were told that it goes on.
   */
  private void forgetAnd(Consumer<@Nullable Throwable> told) {
    synchronized (this) {
      if (abandoned) {
        return;
      }
      certain = true;
      ending = told;
    }
    tellEnding(scheduler.journal().forget(entry, state));
  }

  /**
   * With why its entry stays in the log, where that is so and known. A close() says it once more
   * rather than wait for whoever is saying it.
   */
  private void tellEnding(@Nullable Throwable stays) {
    @Nullable Consumer<@Nullable Throwable> told;
    synchronized (this) {
      told = ending;
    }
    if (told != null) {
      told.accept(stays);
    }
  }

  private void succeed(T value) {
    tell(observation::stop);
    end.complete(value);
    // Last: a close() tells whoever still runs, and after it nobody does.
    scheduler.ended(this);
  }

  /** Whether a step failed because the cloud was closed, and not by an answer of the service. */
  private boolean isCutOff(CloudDbException e) {
    return scheduler.isClosed() && scheduler.explained(e) instanceof UnavailableException;
  }

  private CloudDbException defect(Throwable e) {
    CloudDbException failed =
        ErrorDetails.of(
                ErrorCategory.OTHER, "The driver failed while following " + state.kind() + ": " + e)
            .resource(state.resource().toString())
            .outcomeKnown(false)
            .toException(e);
    try {
      return run.unseen(failed);
    } catch (RuntimeException | Error another) {
      failed.addSuppressed(another);
      return failed;
    }
  }

  private CloudDbException withToken(CloudDbException e) {
    String token = tokenOrNull();
    String own = e.nextStep().map(text -> text + " ").orElse("");
    boolean told = own.contains("token");
    String next =
        token == null ? (told ? "" : own) + withoutToken() : told ? own.strip() : own + RESUME;
    return CloudDbException.of(
        e.details().toBuilder().operationToken(token).nextStep(next).build(), e);
  }

  private String withoutToken() {
    return "It has no token, since that would hold a literal password: look for "
        + state.resource().name()
        + ", and use SecretRef.environment or SecretRef.file.";
  }

  private void fail(Throwable e) {
    tell(
        () -> {
          if (e instanceof RuntimeException failure) {
            observation.lowCardinalityKeyValue("clouddb.outcome", RemoteCalls.outcome(failure));
          }
          observation.error(e);
          observation.stop();
        });
    end.completeExceptionally(e);
    scheduler.ended(this);
  }

  /**
   * Who only measures neither fails an operation nor has anybody wait for it, and hears one end: a
   * poll that close() cuts off comes to its own.
   */
  private void tell(Runnable what) {
    if (!told.compareAndSet(false, true)) {
      return;
    }
    measure("What became", what);
  }

  private void measure(String part, Runnable what) {
    try {
      what.run();
    } catch (RuntimeException | Error e) {
      log.warn("{} of {} could not be reported", part, state, e);
    }
  }

  @Override
  public void abandon() {
    boolean over;
    @Nullable String token;
    synchronized (this) {
      over = certain;
      abandoned = !over;
      token = tokenOrNull();
    }
    if (over) {
      tellEnding(null);
      return;
    }
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
            .nextStep(token == null ? withoutToken() : RESUME)
            .toException());
  }

  private @Nullable String tokenOrNull() {
    try {
      return token();
    } catch (RuntimeException e) {
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
    Operation<T> instead = other;
    return instead == null ? progress : instead.progress();
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
          .nextStep("Await it again, or resume it by its token.")
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
    return Cancellation.NOT_SUPPORTED;
  }

  @Override
  public String token() {
    Operation<T> instead = other;
    return instead == null ? scheduler.token(state) : instead.token();
  }
}
