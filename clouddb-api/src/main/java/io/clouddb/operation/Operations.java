/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.operation;

import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Instance;
import io.clouddb.internal.operation.OperationScheduler;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.internal.text.Quoted;
import io.clouddb.spi.OperationState;

/** Goes on with operations that were begun elsewhere. Made by {@link io.clouddb.CloudDb}. */
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
   * Goes on with an operation.
   *
   * @param token what {@link Operation#token()} gave
   * @param type what comes of it: {@code Instance.class}, or {@code ResourceId.class} for a delete
   * @param <T> what comes of it
   * @return the operation
   * @throws io.clouddb.error.InvalidArgumentException when the token is malformed, was made for
   *     another cloud, region or account, or another type comes of it
   * @throws io.clouddb.error.UnavailableException when this cloud is closed
   */
  public <T> Operation<T> resume(String token, Class<T> type) {
    scheduler.requireOpen();
    OperationState state = OperationToken.parse(token, scheduler.provider(), scheduler.location());
    Class<?> result =
        state.kind().equals(OperationState.DELETE) ? ResourceId.class : Instance.class;
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
