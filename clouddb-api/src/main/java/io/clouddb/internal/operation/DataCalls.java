/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.CloudConfig;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.RemoteCalls;
import io.micrometer.observation.Observation;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls about the data of one resource, which no thread waits for: each is observed, its failure
 * explained, and none outlives the cloud. One that succeeds costs one object, and those of its
 * observation where there is one.
 */
public final class DataCalls {
  private static final Logger log = LoggerFactory.getLogger(DataCalls.class);
  private static final String INTERRUPTED = "Interrupted while waiting for an answer";

  private final CloudConfig config;
  private final OpenCloud open;
  private final String feature;
  private final String resource;

  DataCalls(CloudConfig config, OpenCloud open, String feature, ResourceId resource) {
    this.config = config;
    this.open = open;
    this.feature = feature;
    this.resource = resource.toString();
  }

  /**
   * What the calls are about.
   *
   * @return the text of its id, without the account, which only the cloud may know
   */
  public String resource() {
    return resource;
  }

  /**
   * Makes a call that changes nothing.
   *
   * @param call the facade's method
   * @param body sends what is to be sent
   * @param mapping makes the result of the answer
   * @param <R> the answer
   * @param <T> the result
   * @return ends with the result, or an exception of this library
   */
  public <R, T> CompletableFuture<T> read(
      String call, Supplier<? extends CompletionStage<R>> body, Function<R, T> mapping) {
    return observed(call, Kind.READ, body, mapping, null);
  }

  /**
   * Makes a call that may change something: when the cloud is closed meanwhile, whether it did is
   * unknown.
   *
   * @param call the facade's method
   * @param body sends what is to be sent
   * @param mapping makes the result of the answer
   * @param <R> the answer
   * @param <T> the result
   * @return ends with the result, or an exception of this library
   */
  public <R, T> CompletableFuture<T> write(
      String call, Supplier<? extends CompletionStage<R>> body, Function<R, T> mapping) {
    return observed(call, Kind.WRITE, body, mapping, null);
  }

  /**
   * What a call of several requests is, while it goes on.
   *
   * @param <T> the result
   */
  public interface Whole<T extends @Nullable Object> {
    /**
     * Sends the first requests.
     *
     * @return ends when all have
     */
    CompletionStage<T> begin();

    /**
     * Sends no further request, and ends without waiting for those under way, unless it is over.
     *
     * @param why the reason, which its failure gives
     */
    void stop(CloudDbException why);
  }

  /**
   * Makes a call of several requests, each of which is a {@link #part}: it ends when they have. It
   * is stopped when its thread is interrupted in {@link #await}, and when whoever has the future
   * ends it.
   *
   * @param call the facade's method
   * @param whole the requests
   * @param <T> the result
   * @return ends with the result, or an exception of this library
   */
  public <T extends @Nullable Object> CompletableFuture<T> whole(String call, Whole<T> whole) {
    CompletableFuture<T> made =
        observed(call, Kind.WHOLE, whole::begin, Function.identity(), whole);
    CompletionStage<T> unused =
        made.whenComplete(
            (result, failure) -> {
              if (failure != null) {
                whole.stop(
                    ErrorDetails.of(ErrorCategory.DEADLINE, "Ended by whoever has asked for it")
                        .resource(resource)
                        .toException(unwrapped(failure)));
              }
            });
    return made;
  }

  /**
   * Makes one request of several, which is not observed by itself.
   *
   * @param writes whether it may change something
   * @param body sends what is to be sent
   * @param <T> the answer
   * @return ends with the answer, or an exception of this library; with that, too, when the cloud
   *     is closed already
   */
  public <T> CompletableFuture<T> part(
      boolean writes, Supplier<? extends CompletionStage<T>> body) {
    Optional<CloudDbException> closed = open.refusal();
    if (closed.isPresent()) {
      return CompletableFuture.failedFuture(closed.get());
    }
    // Nobody could tell of one that answers null what it has done.
    Call<T, T> made =
        new Call<>(
            writes ? Kind.WRITE : Kind.READ,
            answer -> Objects.requireNonNull(answer, "what the driver answers"),
            null,
            null);
    made.follow(body);
    return made;
  }

  /**
   * Does something after a pause, or when the cloud is closed. No thread waits for it.
   *
   * @param pause how long
   * @param task what is done then, by a thread of the JDK's
   */
  public void later(Duration pause, Runnable task) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    OpenCloud.Awaited until = why -> over.complete(null);
    CompletionStage<Void> unused =
        over.thenRun(
            () -> {
              open.ended(until);
              task.run();
            });
    open.await(until);
    CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS)
        .execute(() -> over.complete(null));
  }

  private <R, T> CompletableFuture<T> observed(
      String call,
      Kind kind,
      Supplier<? extends CompletionStage<R>> body,
      Function<R, T> mapping,
      @Nullable Whole<?> whole) {
    open.require();
    if (config.observations().isNoop()) {
      Call<R, T> made = new Call<>(kind, mapping, null, whole);
      made.follow(body);
      return made;
    }
    Observation observation =
        Observation.createNotStarted(feature, config.observations())
            .lowCardinalityKeyValue("clouddb.provider", config.provider())
            .lowCardinalityKeyValue("clouddb.call", call)
            .lowCardinalityKeyValue("clouddb.outcome", RemoteCalls.SUCCESS)
            .highCardinalityKeyValue("clouddb.resource", resource)
            .start();
    Call<R, T> made = new Call<>(kind, mapping, observation, whole);
    Observation.Scope scope = observation.openScope();
    try {
      made.follow(body);
    } finally {
      tell(scope::close);
    }
    return made;
  }

  /**
   * Who only measures takes no answer from whoever asked: the request has had its effect. It is the
   * code of an application that is called here, so that whatever it throws is written down and goes
   * no further; an error of the machine does.
   */
  private static void tell(Runnable told) {
    try {
      told.run();
    } catch (RuntimeException e) {
      log.warn("What became of a call could not be reported", e);
    }
  }

  /**
   * Waits for what was called. A call of several requests is stopped when the thread is
   * interrupted, and tells what is done.
   *
   * @param future what a call gave
   * @param writes whether it may change something
   * @param <T> the result
   * @return the result
   * @throws CloudDbException with which it ended; when the thread is interrupted, in which case a
   *     change may happen all the same
   */
  public <T> T await(CompletableFuture<T> future, boolean writes) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (future instanceof Call<?, ?> call && call.whole != null) {
        return stopped(future, call.whole, e);
      }
      throw ErrorDetails.of(
              writes ? ErrorCategory.OUTCOME_UNKNOWN : ErrorCategory.DEADLINE, INTERRUPTED)
          .resource(resource)
          .leftBehind(writes ? "what the request changes, if it takes effect" : null)
          .nextStep(writes ? "Read what is there before it is written again." : null)
          .toException(e);
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    }
  }

  /** It ends at once: nobody waits for a cloud any more. */
  private <T> T stopped(CompletableFuture<T> future, Whole<?> whole, InterruptedException why) {
    whole.stop(
        ErrorDetails.of(ErrorCategory.DEADLINE, INTERRUPTED).resource(resource).toException(why));
    try {
      return future.join();
    } catch (CompletionException e) {
      throw rethrown(unwrapped(e));
    }
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("A call failed with a checked exception", cause);
  }

  /**
   * The exception itself, out of what futures put around it.
   *
   * @param failure what a stage ended with
   * @return the innermost that is no {@link CompletionException}
   */
  public static Throwable unwrapped(Throwable failure) {
    Throwable its = failure;
    while (its instanceof CompletionException && its.getCause() != null) {
      its = its.getCause();
    }
    return its;
  }

  private enum Kind {
    READ,
    WRITE,
    WHOLE
  }

  /** One call: what is returned, what the driver tells, and what is ended with the cloud. */
  private final class Call<R, T> extends CompletableFuture<T>
      implements BiConsumer<R, @Nullable Throwable>, OpenCloud.Awaited {
    private final Kind kind;
    private final Function<R, T> mapping;
    private final @Nullable Whole<?> whole;
    private @Nullable Observation observation;

    Call(
        Kind kind,
        Function<R, T> mapping,
        @Nullable Observation observation,
        @Nullable Whole<?> whole) {
      this.kind = kind;
      this.mapping = mapping;
      this.observation = observation;
      this.whole = whole;
    }

    void follow(Supplier<? extends CompletionStage<R>> body) {
      if (kind != Kind.WHOLE) {
        open.await(this);
      }
      CompletionStage<R> sent;
      try {
        sent = Objects.requireNonNull(body.get(), "what the driver answers");
      } catch (RuntimeException | Error e) {
        // Whatever it is, also a defect or an error of the machine: who has the future already
        // would wait for ever. It is told as it is, and rethrown by whoever asks for the result.
        fail(e);
        return;
      }
      CompletionStage<R> unused = sent.whenComplete(this);
    }

    @Override
    public void accept(R answer, @Nullable Throwable failure) {
      if (failure != null) {
        fail(unwrapped(failure));
        return;
      }
      T result;
      try {
        result = mapping.apply(answer);
      } catch (RuntimeException | Error e) {
        // A thread of the vendor's client has called: nobody but the future is told of it.
        fail(e);
        return;
      }
      open.ended(this);
      try {
        stop(null);
      } finally {
        complete(result);
      }
    }

    private void fail(Throwable failure) {
      open.ended(this);
      // The parts of a whole have been explained, each by itself.
      Throwable meaning =
          failure instanceof RuntimeException runtime && kind != Kind.WHOLE
              ? open.explained(runtime)
              : failure;
      try {
        stop(meaning);
      } finally {
        completeExceptionally(meaning);
      }
    }

    @Override
    public void abandon(CloudDbException why) {
      boolean writes = kind == Kind.WRITE;
      fail(
          why.details().toBuilder()
              .resource(resource)
              .outcomeKnown(!writes)
              .leftBehind(writes ? resource + ", if the request has arrived" : null)
              .toException());
    }

    /** Once: whoever closes the cloud may come at the same time as the answer. */
    private void stop(@Nullable Throwable failure) {
      if (observation == null) {
        return;
      }
      Observation its;
      synchronized (this) {
        its = observation;
        observation = null;
      }
      if (its != null) {
        tell(() -> stop(its, failure));
      }
    }

    private static void stop(Observation its, @Nullable Throwable failure) {
      if (failure != null) {
        its.lowCardinalityKeyValue(
            "clouddb.outcome",
            failure instanceof RuntimeException runtime
                ? RemoteCalls.outcome(runtime)
                : ErrorCategory.OTHER.name());
        its.error(failure);
      }
      its.stop();
    }
  }
}
