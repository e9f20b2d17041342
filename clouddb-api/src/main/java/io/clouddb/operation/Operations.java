/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.operation;

import io.clouddb.Native;
import io.clouddb.internal.operation.OperationScheduler;
import java.util.List;

/** Long-running work of one cloud, region and account, to go on with what was begun elsewhere. */
public final class Operations {
  private final OperationScheduler scheduler;

  /**
   * Made by {@link io.clouddb.CloudDb}.
   *
   * @param scheduler follows operations
   */
  public Operations(OperationScheduler scheduler) {
    this.scheduler = scheduler;
  }

  /**
   * Goes on with an operation that another process began, and follows no more. Where both have the
   * same {@link OperationLog}, one of two that follow it ends before its next request, with a
   * {@link io.clouddb.error.ConditionFailedException}; <strong>without a log nothing checks
   * that</strong>, and two may both send it. Where the log knows more of it than an older token
   * does, a request that was sent since or a failure, it goes on from there. What was begun about a
   * table, whose id is of no region, is gone on with in the region where it was begun.
   *
   * <p>A token that was sealed with this cloud's {@link io.clouddb.CloudConfig.Builder#tokenKey}
   * goes on with whatever it was made for. One that is not sealed can be written by anybody, so it
   * is only followed: a step of it that would set a password, open a network or delete something,
   * and has not begun, is refused unless {@link io.clouddb.CloudConfig.Builder#trustTokens} allows
   * it. Nor is it written into the {@link OperationLog} or removed from it, whose entries are
   * trusted: what stands there of the same operation stays, and is gone on with by {@link
   * #unfinished()}. Its result does not know where a password is.
   *
   * @param token what {@link Operation#token()} gave
   * @param type the class of what comes of it
   * @param customizations the same changes to the vendor's requests with which it was begun
   * @param <T> what comes of it
   * @return the operation
   * @throws io.clouddb.error.InvalidArgumentException when the token is malformed, was not sealed
   *     with this cloud's key, is for another provider, account, region or kind of result, or when
   *     other requests were customized
   * @throws io.clouddb.error.CloudDbException when the cloud had to be asked whose the credentials
   *     are and did not tell; it has the token. Also when the log, or what it has of the operation,
   *     cannot be read
   */
  public <T> Operation<T> resume(String token, Class<T> type, Native... customizations) {
    scheduler.requireOpen();
    return scheduler.resume(token, type, List.of(customizations));
  }

  /**
   * Lists what the log holds of this cloud, region and account, of tables what was begun in this
   * region: what a killed process left, what ended with an error that it can go on from, and what
   * another process, or this one, follows now, which need not be resumed: see {@link OperationLog}.
   *
   * @return the operations, oldest first; none where the cloud was opened without a log
   * @throws io.clouddb.error.InvalidArgumentException when the log holds what is no token, or one
   *     that was not sealed with this cloud's key
   * @throws io.clouddb.error.CloudDbException when the cloud had to be asked whose the credentials
   *     are and did not tell
   */
  public List<UnfinishedOperation> unfinished() {
    scheduler.requireOpen();
    return scheduler.journal().unfinished().stream()
        .map(logged -> new UnfinishedOperation(scheduler, logged))
        .toList();
  }
}
