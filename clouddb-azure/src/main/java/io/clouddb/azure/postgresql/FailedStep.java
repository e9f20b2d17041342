/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.PolledState;
import java.util.Optional;

/** Whether a step whose operation Azure has ended as failed is worth another try. */
final class FailedStep {
  private static final String FAILURE = "failure";

  private FailedStep() {}

  /** The state, with the reason where a creation must not be taken for done later. */
  static PolledState noted(PolledState state, ErrorDetails failure) {
    return isCreation(state) && failure.category() == ErrorCategory.UNAVAILABLE
        ? state.with(FAILURE, failure.message())
        : state;
  }

  /** Throws where a creation failed, and its server is shown only now. */
  static void requireThatNoneFailed(PolledState state) {
    Optional<String> failure = state.value(FAILURE);
    if (isCreation(state) && failure.isPresent()) {
      throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, failure.get())
          .retryable(false)
          .resource(state.resource().toString())
          .toException();
    }
  }

  private static boolean isCreation(PolledState state) {
    return state.kind().equals(PolledState.CREATE) && state.step().equals(StepOrder.SERVER);
  }

  /**
   * Throws where another try does not help.
   *
   * @param server the operation's server as it is now; empty when it is not there
   */
  static void requireThatItHelps(
      PolledState state, ErrorDetails failure, Optional<Server> server) {
    if (!passes(failure)) {
      throw CloudDbException.of(failure, null);
    }
    Attempts attempts = Attempts.of(state);
    if (!attempts.mayBeRepeated()) {
      throw exhausted(failure, attempts.repeated() + 1);
    }
    boolean own = state.step().equals(StepOrder.SERVER);
    boolean creation = isCreation(state);
    if (server.isEmpty()) {
      if (creation && !KeptRequest.isKept(state)) {
        throw CloudDbException.of(failure.toBuilder().nextStep("Create it again.").build(), null);
      }
      return;
    }
    if (own && !KeptRequest.isKept(state)) {
      throw CloudDbException.of(failure, null);
    }
    if (creation && failure.category() == ErrorCategory.UNAVAILABLE) {
      // The server is there, ready or still on its way, and its creation failed: what it lacks is
      // not known. Of a busy one another request of this creation is being made.
      throw CloudDbException.of(failure, null);
    }
    InstanceState now = ServerView.state(ServerView.nativeState(server.get().innerModel()));
    // Azure calls a server busy also while it is stopped, which no repetition changes.
    if (now == InstanceState.STOPPED && !isSwitch(state.kind())) {
      throw stopped(state, failure.message());
    }
    if ((now == InstanceState.FAILED || now == InstanceState.DELETING)
        && !state.kind().equals(PolledState.DELETE)) {
      throw CloudDbException.of(failure, null);
    }
  }

  private static boolean passes(ErrorDetails failure) {
    return switch (failure.category()) {
      case BUSY, THROTTLED, UNAVAILABLE -> true;
      default -> false;
    };
  }

  private static boolean isSwitch(String kind) {
    return switch (kind) {
      case PolledState.START, PolledState.STOP, PolledState.DELETE -> true;
      default -> false;
    };
  }

  private static CloudDbException exhausted(ErrorDetails failure, int tries) {
    return ErrorDetails.of(
            failure.category(), failure.message() + " (the same after " + tries + " tries)")
        .retryable(false)
        .operation(failure.operation().orElse(null))
        .resource(failure.resource().orElse(null))
        .providerCode(failure.providerCode().orElse(null))
        .requestId(failure.requestId().orElse(null))
        .nextStep(failure.nextStep().orElse(null))
        .toException();
  }

  private static CloudDbException stopped(PolledState state, String said) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            state.resource().name() + " is stopped, so it takes no change. Azure says: " + said)
        .resource(state.resource().toString())
        .nextStep("Start it: instances().start(id).")
        .toException();
  }
}
