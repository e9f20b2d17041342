/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.operation;

import io.clouddb.ResourceId;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Work that goes on in a cloud. It was begun when this object was made, and is followed by the
 * library's own threads: one scheduler and a small pool for any number of operations.
 *
 * @param <T> what comes of it
 */
public interface Operation<T> {
  /** Whether an operation is over. */
  enum Status {
    /** It goes on. */
    RUNNING,
    /** It ended well. */
    SUCCEEDED,
    /** It failed; awaiting it throws why. */
    FAILED
  }

  /** What became of the wish to cancel. */
  enum Cancellation {
    /** It will not take effect. */
    CANCELLED,
    /** It goes on all the same. */
    STILL_RUNNING,
    /** The cloud cannot cancel it. */
    NOT_SUPPORTED
  }

  /**
   * What it is about.
   *
   * @return the resource
   */
  ResourceId resource();

  /**
   * Whether it is over. Answers from memory, without a remote call.
   *
   * @return the status
   */
  Status status();

  /**
   * What it was doing when it was last looked at.
   *
   * @return a text for a person
   */
  String progress();

  /**
   * Waits for the end.
   *
   * @param limit how long to wait at most; not at all when it is zero or negative
   * @return what came of it
   * @throws io.clouddb.error.DeadlineException when it goes on after the limit; its token is in the
   *     details
   * @throws io.clouddb.error.CloudDbException when it failed
   */
  T await(Duration limit);

  /**
   * The end as a future. Completed on one of the library's threads: do not block in its callbacks.
   * Cancelling the future cancels nothing else.
   *
   * @return a new future
   */
  CompletableFuture<T> toCompletableFuture();

  /**
   * Asks the cloud to cancel it. Never deletes anything.
   *
   * @return what became of the wish; {@link Cancellation#NOT_SUPPORTED} also when it is over
   */
  Cancellation cancel();

  /**
   * A text by which {@link Operations#resume} goes on with it, in this process or another one.
   * Holds no secret.
   *
   * @return the token; it changes as steps are reached, and an older one stays good
   * @throws io.clouddb.error.InvalidArgumentException when a step that is still to come needs a
   *     password that was given as a literal
   */
  String token();
}
