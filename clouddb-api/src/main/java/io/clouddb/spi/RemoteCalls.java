/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Through here goes every remote call of a driver: one request at a time, observed, its error
 * translated, and repeated where that is safe. The vendors' own retries are off, so that this is
 * the only layer that retries; it never repeats a method made of several calls.
 */
public final class RemoteCalls {
  /** What an observation says of a call that did not fail. */
  public static final String SUCCESS = "SUCCESS";

  private static final Logger log = LoggerFactory.getLogger(RemoteCalls.class);
  private static final double BACKOFF = 2;
  private static final double JITTER = 0.5;

  /** So soon a pause ends once nothing may be sent any more. */
  private static final Duration PART_OF_A_PAUSE = Duration.ofMillis(500);

  private final String provider;
  private final ErrorTranslator translator;
  private final RetryPolicy policy;
  private final ObservationRegistry observations;
  private final Supplier<Optional<CloudDbException>> refusal;

  /**
   * Makes a layer.
   *
   * @param provider the provider's id
   * @param policy how often and after what pause a request is repeated
   * @param observations where calls are reported
   * @param translator says what the vendor's exceptions mean
   */
  public RemoteCalls(
      String provider,
      RetryPolicy policy,
      ObservationRegistry observations,
      ErrorTranslator translator) {
    this(provider, policy, observations, translator, Optional::empty);
  }

  private RemoteCalls(
      String provider,
      RetryPolicy policy,
      ObservationRegistry observations,
      ErrorTranslator translator,
      Supplier<Optional<CloudDbException>> refusal) {
    this.provider = provider;
    this.policy = policy;
    this.observations = observations;
    this.translator = translator;
    this.refusal = refusal;
  }

  /**
   * The same layer with a driver's own translator.
   *
   * @param driverTranslator says what the vendor's exceptions mean
   * @return a new layer
   */
  public RemoteCalls translating(ErrorTranslator driverTranslator) {
    return new RemoteCalls(provider, policy, observations, driverTranslator, refusal);
  }

  /**
   * The same layer, which sends nothing more once that is refused. It is asked before each request,
   * also before one that is repeated.
   *
   * @param ended why no request may be sent, of the kind that is not to be repeated; empty as long
   *     as one may
   * @return a new layer
   */
  public RemoteCalls until(Supplier<Optional<CloudDbException>> ended) {
    return new RemoteCalls(provider, policy, observations, translator, ended);
  }

  /**
   * The same without repetition, for the steps of a long operation: what fails in passing is asked
   * again with the operation's next poll, and no thread sleeps.
   *
   * @return calls that make each request once
   */
  public RemoteCalls singly() {
    return new RemoteCalls(provider, RetryPolicy.NONE, observations, translator, refusal);
  }

  /**
   * Makes a call that may be repeated whatever happened: a read, or a change that does the same
   * when it is made twice.
   *
   * @param operation the vendor's name of it, for example {@code rds.DescribeDBInstances}
   * @param resource what it is about
   * @param call the request
   * @param <T> what it answers
   * @return the answer
   * @throws CloudDbException when it failed for good
   */
  public <T> T repeatable(String operation, String resource, Callable<T> call) {
    return retrying(operation, resource, call, e -> e.retryable() || !e.details().outcomeKnown());
  }

  /**
   * Makes a call that must not take effect twice. It is repeated only after an error that tells
   * that it had no effect.
   *
   * @param operation the vendor's name of it
   * @param resource what it is about
   * @param call the request
   * @param <T> what it answers
   * @return the answer
   * @throws CloudDbException when it failed for good, or its outcome is unknown
   */
  public <T> T once(String operation, String resource, Callable<T> call) {
    return retrying(operation, resource, call, e -> e.retryable() && e.details().outcomeKnown());
  }

  private IntervalFunction backoff() {
    return IntervalFunction.ofExponentialRandomBackoff(policy.firstPause(), BACKOFF, JITTER);
  }

  /** Nothing is made for a call that succeeds; what repeats it is made after the first failure. */
  private <T> T retrying(
      String operation, String resource, Callable<T> call, Predicate<CloudDbException> repeatable) {
    Optional<CloudDbException> ended = refusal.get();
    if (ended.isPresent()) {
      throw refused(operation, resource, ended.get(), false);
    }
    try {
      return observed(operation, resource, call);
    } catch (CloudDbException e) {
      if (policy.maxAttempts() == 1 || !repeatable.test(e)) {
        throw e;
      }
      return repeated(operation, resource, call, repeatable, e);
    }
  }

  private <T> T repeated(
      String operation,
      String resource,
      Callable<T> call,
      Predicate<CloudDbException> repeatable,
      CloudDbException first) {
    Attempts attempts = new Attempts(operation, resource, first);
    return retry(operation, resource, repeatable)
        .executeSupplier(
            () -> {
              attempts.next();
              try {
                return observed(operation, resource, call);
              } catch (CloudDbException e) {
                attempts.failed(e);
                throw e;
              }
            });
  }

  /** What the service asked for, where that is longer than our own pause. */
  private Duration pause(long ownMillis, @Nullable Throwable failure) {
    Duration own = Duration.ofMillis(ownMillis);
    Duration asked =
        failure instanceof CloudDbException e
            ? e.details().retryAfter().orElse(Duration.ZERO)
            : Duration.ZERO;
    Duration longer = own.compareTo(asked) > 0 ? own : asked;
    // Compared before it is counted: a service may ask for more than fits.
    return longer.compareTo(policy.longestPause()) < 0 ? longer : policy.longestPause();
  }

  private Retry retry(String operation, String resource, Predicate<CloudDbException> repeatable) {
    IntervalFunction backoff = backoff();
    RetryConfig config =
        RetryConfig.custom()
            .maxAttempts(policy.maxAttempts())
            .intervalBiFunction(
                (attempt, result) ->
                    pause(backoff.apply(attempt), result.isLeft() ? result.getLeft() : null)
                        .toMillis())
            .retryOnException(e -> e instanceof CloudDbException ours && repeatable.test(ours))
            .build();
    Retry retry = Retry.of(operation, config);
    retry
        .getEventPublisher()
        .onRetry(
            event ->
                log.debug(
                    "{} {}: attempt {} failed, repeated in {}",
                    operation,
                    resource,
                    event.getNumberOfRetryAttempts(),
                    event.getWaitInterval()));
    return retry;
  }

  /** The attempts of one call after the first, which has failed and is counted with them. */
  private final class Attempts {
    private final String operation;
    private final String resource;
    private @Nullable CloudDbException first;
    private boolean lost;

    Attempts(String operation, String resource, CloudDbException first) {
      this.operation = operation;
      this.resource = resource;
      this.first = first;
      this.lost = !first.details().outcomeKnown();
    }

    /** Throws what the first attempt threw, so that the pause after it is the usual one. */
    void next() {
      CloudDbException failure = first;
      if (failure != null) {
        first = null;
        throw failure;
      }
      Optional<CloudDbException> ended = refusal.get();
      if (ended.isPresent()) {
        throw refused(operation, resource, ended.get(), lost);
      }
    }

    void failed(CloudDbException e) {
      lost |= !e.details().outcomeKnown();
    }
  }

  /**
   * Makes a call that may be repeated whatever happened, without a thread that waits for it. What
   * it answers ends when the last attempt ends, so that the vendor's client has to have a limit of
   * its own; where nothing may be sent any more ({@link #until}), a pause between two attempts ends
   * within half a second, with that error.
   *
   * @param operation the vendor's name of it
   * @param resource what it is about
   * @param call sends the request, once for each attempt, without blocking
   * @param <T> what it answers
   * @return the answer, or the {@link CloudDbException} with which it failed for good
   */
  public <T> CompletionStage<T> repeatableAsync(
      String operation, String resource, Supplier<? extends CompletionStage<T>> call) {
    return new AsyncCall<>(
            operation, resource, call, e -> e.retryable() || !e.details().outcomeKnown())
        .attempt(1, false);
  }

  /**
   * Makes a call that must not take effect twice, without a thread that waits for it. It is
   * repeated only after an error that tells that it had no effect. It ends as {@link
   * #repeatableAsync} does.
   *
   * @param operation the vendor's name of it
   * @param resource what it is about
   * @param call sends the request, once for each attempt, without blocking
   * @param <T> what it answers
   * @return the answer, or the {@link CloudDbException} with which it failed for good or its
   *     outcome is unknown
   */
  public <T> CompletionStage<T> onceAsync(
      String operation, String resource, Supplier<? extends CompletionStage<T>> call) {
    return new AsyncCall<>(
            operation, resource, call, e -> e.retryable() && e.details().outcomeKnown())
        .attempt(1, false);
  }

  /**
   * A call that no thread waits for. Its pauses are made by the JDK's own timer, which nobody can
   * shut down: a pause in an executor that is shut down would not end.
   */
  private final class AsyncCall<T> {
    private final String operation;
    private final String resource;
    private final Supplier<? extends CompletionStage<T>> call;
    private final Predicate<CloudDbException> repeatable;
    private final IntervalFunction backoff = backoff();

    AsyncCall(
        String operation,
        String resource,
        Supplier<? extends CompletionStage<T>> call,
        Predicate<CloudDbException> repeatable) {
      this.operation = operation;
      this.resource = resource;
      this.call = call;
      this.repeatable = repeatable;
    }

    CompletionStage<T> attempt(int number, boolean lost) {
      Optional<CloudDbException> ended = refusal.get();
      if (ended.isPresent()) {
        return CompletableFuture.failedFuture(refused(operation, resource, ended.get(), lost));
      }
      return observedAsync(operation, resource, call)
          .exceptionallyCompose(
              e -> {
                Throwable failure = unwrapped(e);
                if (number >= policy.maxAttempts()
                    || !(failure instanceof CloudDbException ours)
                    || !repeatable.test(ours)) {
                  return CompletableFuture.failedFuture(failure);
                }
                Duration pause = pause(backoff.apply(number), ours);
                log.debug(
                    "{} {}: attempt {} failed, repeated in {}", operation, resource, number, pause);
                boolean mayHaveEffect = lost || !ours.details().outcomeKnown();
                CompletableFuture<Duration> over = new CompletableFuture<>();
                rest(pause, over);
                return over.thenCompose(unused -> attempt(number + 1, mayHaveEffect));
              });
    }

    /** In parts, since nobody tells it that nothing may be sent any more. */
    private void rest(Duration pause, CompletableFuture<Duration> over) {
      Duration part = pause.compareTo(PART_OF_A_PAUSE) < 0 ? pause : PART_OF_A_PAUSE;
      Duration left = pause.minus(part);
      CompletableFuture.delayedExecutor(part.toNanos(), TimeUnit.NANOSECONDS)
          .execute(
              () -> {
                try {
                  if (left.isZero() || refusal.get().isPresent()) {
                    over.complete(left);
                  } else {
                    rest(left, over);
                  }
                } catch (RuntimeException | Error e) {
                  over.completeExceptionally(e);
                }
              });
    }
  }

  private <T> CompletionStage<T> observedAsync(
      String operation, String resource, Supplier<? extends CompletionStage<T>> call) {
    Observation observation = observation(operation, resource).start();
    CompletionStage<T> sent;
    Observation.Scope scope = observation.openScope();
    try {
      sent = Objects.requireNonNull(call.get(), "what the call answers");
    } catch (Exception | Error e) {
      sent = CompletableFuture.failedFuture(e);
    } finally {
      tell(scope::close);
    }
    return sent.handle(
            (answer, failure) -> {
              try {
                return failure == null
                    ? CompletableFuture.completedFuture(answer)
                    : CompletableFuture.<T>failedFuture(
                        meaning(observation, operation, resource, unwrapped(failure)));
              } finally {
                ended(observation);
              }
            })
        .thenCompose(Function.identity());
  }

  private Throwable meaning(
      Observation observation, String operation, String resource, Throwable failure) {
    if (failure instanceof CloudDbException ours) {
      return failed(observation, ours);
    }
    if (failure instanceof RuntimeException e) {
      return failed(observation, translated(operation, resource, e));
    }
    return failure instanceof Exception e
        ? failed(observation, checked(operation, resource, e))
        : failure;
  }

  private static Throwable unwrapped(Throwable e) {
    return e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
  }

  private static CloudDbException refused(
      String operation, String resource, CloudDbException why, boolean lost) {
    return why.details().toBuilder()
        .operation(operation)
        .resource(resource)
        .outcomeKnown(!lost)
        .leftBehind(lost ? resource + ", if an attempt whose answer was lost has changed it" : null)
        .toException();
  }

  private <T> T observed(String operation, String resource, Callable<T> call) {
    if (observations.isNoop()) {
      try {
        return call.call();
      } catch (CloudDbException e) {
        throw e;
      } catch (RuntimeException e) {
        throw translated(operation, resource, e);
      } catch (Exception e) {
        throw checked(operation, resource, e);
      }
    }
    Observation observation = observation(operation, resource).start();
    Observation.Scope scope = observation.openScope();
    try {
      return call.call();
    } catch (CloudDbException e) {
      throw failed(observation, e);
    } catch (RuntimeException e) {
      throw failed(observation, translated(operation, resource, e));
    } catch (Exception e) {
      throw failed(observation, checked(operation, resource, e));
    } finally {
      tell(scope::close);
      ended(observation);
    }
  }

  private Observation observation(String operation, String resource) {
    return Observation.createNotStarted("clouddb.remote.call", observations)
        .lowCardinalityKeyValue("clouddb.provider", provider)
        .lowCardinalityKeyValue("clouddb.operation", operation)
        .lowCardinalityKeyValue("clouddb.outcome", SUCCESS)
        .highCardinalityKeyValue("clouddb.resource", resource);
  }

  private RuntimeException translated(String operation, String resource, RuntimeException e) {
    return translator
        .translate(e)
        .<RuntimeException>map(
            details -> details.operation(operation).resource(resource).toException(e))
        .orElse(e);
  }

  private static RuntimeException failed(Observation observation, RuntimeException e) {
    tell(
        () -> {
          observation.lowCardinalityKeyValue("clouddb.outcome", outcome(e));
          observation.error(e);
        });
    return e;
  }

  private static void ended(Observation observation) {
    tell(observation::stop);
  }

  /** Who only measures takes no answer from whoever asked: the request has had its effect. */
  private static void tell(Runnable told) {
    try {
      told.run();
    } catch (RuntimeException e) {
      log.warn("What became of a remote call could not be reported", e);
    }
  }

  /**
   * What an observation says of a failure.
   *
   * @param failure the exception
   * @return the name of its category, {@code OTHER} for what is none of the library's
   */
  public static String outcome(RuntimeException failure) {
    return failure instanceof CloudDbException ours
        ? ours.category().name()
        : ErrorCategory.OTHER.name();
  }

  private RuntimeException checked(String operation, String resource, Exception e) {
    if (e instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    // Some SDKs (Google's) throw checked exceptions, which a translator sees wrapped.
    return translator
        .translate(new CheckedFailure(e))
        .map(details -> details.operation(operation).resource(resource).toException(e))
        .orElseGet(
            () ->
                ErrorDetails.of(ErrorCategory.OTHER, String.valueOf(e.getMessage()))
                    .operation(operation)
                    .resource(resource)
                    .toException(e));
  }

  /** Carries a checked exception to an {@link ErrorTranslator}, as its cause. */
  public static final class CheckedFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CheckedFailure(Exception cause) {
      super(cause);
    }
  }
}
