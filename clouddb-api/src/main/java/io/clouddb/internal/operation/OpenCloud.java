/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.CloudConfig;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Whether a cloud is still open, and what is said to those who ask it when it is not. */
public final class OpenCloud {
  private final CloudConfig config;
  private final Set<Awaited> awaited = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile boolean abandoned;

  /**
   * Begins as open.
   *
   * @param config names the cloud in errors
   */
  public OpenCloud(CloudConfig config) {
    this.config = config;
  }

  /** Something that somebody awaits, and that would never end if the clients' answers were lost. */
  interface Awaited {
    /**
     * Ends it, unless it has ended. The clients are closed.
     *
     * @param why that the cloud is closed
     */
    void abandon(CloudDbException why);
  }

  /** Ends it with the cloud, unless it is {@link #ended} before. */
  void await(Awaited call) {
    awaited.add(call);
    if (abandoned) {
      call.abandon(details(config + " was closed during the call").toException());
    }
  }

  void ended(Awaited call) {
    awaited.remove(call);
  }

  /** Tells everybody who still waits for a call. The clients are closed. */
  void abandonCalls() {
    abandoned = true;
    Set.copyOf(awaited)
        .forEach(
            call -> call.abandon(details(config + " was closed during the call").toException()));
  }

  /** Closes it, for good. */
  void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /**
   * Checks that the cloud can still be used.
   *
   * @throws io.clouddb.error.UnavailableException when it is closed
   */
  public void require() {
    refusal()
        .ifPresent(
            e -> {
              throw e;
            });
  }

  /**
   * What to tell whoever would send a request now.
   *
   * @return empty while it is open
   */
  public Optional<CloudDbException> refusal() {
    return closed ? Optional.of(details(config + " is closed").toException()) : Optional.empty();
  }

  /**
   * Says what a call means that failed while the cloud was closed: by what a closed client throws,
   * or by the connection that was taken from it.
   *
   * @param failure what the call threw
   * @return the same, or that the cloud was closed meanwhile
   */
  RuntimeException explained(RuntimeException failure) {
    if (!closed) {
      return failure;
    }
    if (!(failure instanceof CloudDbException ours)) {
      return details(config + " is closed").outcomeKnown(false).toException(failure);
    }
    ErrorDetails its = ours.details();
    boolean answered =
        switch (its.category()) {
          case UNAVAILABLE, OUTCOME_UNKNOWN, DEADLINE, OTHER -> false;
          default -> true;
        };
    if (answered || its.message().startsWith(config.toString())) {
      return failure;
    }
    return details(config + " was closed during the call: " + its.message())
        .outcomeKnown(its.outcomeKnown())
        .operation(its.operation().orElse(null))
        .resource(its.resource().orElse(null))
        .leftBehind(
            its.outcomeKnown()
                ? its.leftBehind().orElse(null)
                : its.leftBehind()
                    .or(() -> its.resource().map(name -> name + ", if the request has arrived"))
                    .orElse(null))
        .toException(failure);
  }

  private static ErrorDetails.Builder details(String message) {
    return ErrorDetails.of(ErrorCategory.UNAVAILABLE, message)
        .retryable(false)
        .nextStep(
            "Use it before close(), or open it again; operations go on from their tokens by"
                + " operations().resume(token, type).");
  }
}
