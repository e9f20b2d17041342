/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;
import java.util.Set;

/** Whether what Azure refused, or ended as failed, is worth another try. */
final class Refusals {
  private static final Set<String> ALSO_WHILE_STOPPED =
      Set.of(InstanceDriver.START.id(), InstanceDriver.STOP.id(), InstanceDriver.DELETE.id());

  private Refusals() {}

  /** Whether the reason passes, as far as its words tell. */
  static boolean pass(ErrorDetails failure) {
    return switch (failure.category()) {
      case BUSY, THROTTLED, UNAVAILABLE -> true;
      default -> false;
    };
  }

  /**
   * Why another try does not help although the reason sounds as if it passed.
   *
   * @param server the operation's server as it is now
   * @return the error; empty where it may help
   */
  static Optional<CloudDbException> forEver(
      StepContext context, ErrorDetails failure, ServerInner server) {
    InstanceState now = ServerStep.state(server);
    String kind = context.state().kind();
    if (now == InstanceState.STOPPED && !ALSO_WHILE_STOPPED.contains(kind)) {
      return Optional.of(
          takesNoChange(context, "stopped", failure, "Start it: instances().start(id)."));
    }
    if ((now == InstanceState.FAILED || now == InstanceState.DELETING)
        && !kind.equals(InstanceDriver.DELETE.id())) {
      return Optional.of(
          failure.category() == ErrorCategory.BUSY
              ? takesNoChange(
                  context, ServerView.nativeState(server), failure, "Look at it in Azure.")
              : CloudDbException.of(failure, null));
    }
    return Optional.empty();
  }

  private static CloudDbException takesNoChange(
      StepContext context, String state, ErrorDetails failure, String nextStep) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "%s is %s, so it takes no change. Azure says: %s"
                .formatted(ServerStep.serverName(context), state, failure.message()))
        .resource(context.resource().toString())
        .providerCode(failure.providerCode().orElse(null))
        .requestId(failure.requestId().orElse(null))
        .nextStep(nextStep)
        .toException();
  }

  static CloudDbException exhausted(ErrorDetails failure, int tries) {
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
}
