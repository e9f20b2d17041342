/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.operation;

import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.internal.operation.OperationScheduler;
import io.clouddb.internal.operation.PolledToken;
import io.clouddb.internal.text.Quoted;
import io.clouddb.spi.PolledState;
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
   * Goes on with an operation that another process began.
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
   */
  public <T> Operation<T> resume(String token, Class<T> type, Native... customizations) {
    scheduler.requireOpen();
    if (token.strip().startsWith("clouddb-op-1")) {
      return resumePolled(token, type);
    }
    return scheduler.resume(
        scheduler.read(token), type, List.of(customizations), scheduler.trustsTokens());
  }

  /**
   * Lists what the log holds of this cloud, region and account: what a killed process left, what
   * ended with an error that it can go on from, and what another process follows now.
   *
   * @return the operations, oldest first; none where the cloud was opened without a log
   * @throws io.clouddb.error.InvalidArgumentException when the log holds what is no token, or one
   *     that was not sealed with this cloud's key
   */
  public List<UnfinishedOperation> unfinished() {
    scheduler.requireOpen();
    return scheduler.unfinished().stream()
        .map(state -> new UnfinishedOperation(scheduler, state))
        .toList();
  }

  private <T> Operation<T> resumePolled(String token, Class<T> type) {
    PolledState state = PolledToken.parse(token, scheduler.provider(), scheduler.location());
    Class<?> result = state.kind().equals(PolledState.DELETE) ? ResourceId.class : Instance.class;
    if (result != type) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "A "
                  + result.getSimpleName()
                  + " comes of "
                  + Quoted.of(state.kind())
                  + ", no "
                  + type.getName())
          .toException();
    }
    if (!state.resource().account().equals(scheduler.account())) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "The token is for the account "
                  + Quoted.of(state.resource().account())
                  + ", this cloud is open for "
                  + scheduler.account())
          .toException();
    }
    if (result == ResourceId.class) {
      return scheduler.follow(state, done -> type.cast(state.resource()));
    }
    return scheduler.follow(state, done -> type.cast(scheduler.instance(done, state)));
  }
}
