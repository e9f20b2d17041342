/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;

/**
 * A restart, where a parameter waits for one. Twice would interrupt twice, so it is made only as
 * long as one does.
 */
final class RestartStep extends OperationStep {
  RestartStep(ServerCalls calls, Duration interval) {
    super("restart", calls, interval);
  }

  @Override
  public boolean applies(StepContext context) {
    return context.value(ParameterStep.RESTART).isPresent();
  }

  @Override
  Accepted send(StepContext context) {
    return calls().restart(context.name());
  }

  @Override
  Look unsent(StepContext context) {
    return effect(context, false);
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    Optional<ServerInner> server = server(context);
    if (server.isEmpty()) {
      return succeeded ? Look.missing() : notShown(context);
    }
    if (ServerView.isPassing(state(server.get()))) {
      return Look.going(is(server.get()));
    }
    return succeeded || !isPending(context) ? Look.happened() : Look.missing();
  }

  private boolean isPending(StepContext context) {
    return ParameterStep.parameters(context).keySet().stream()
        .anyMatch(
            name ->
                calls()
                    .configuration(context.name(), name)
                    // One that is not shown yet may be the one that waits.
                    .map(shown -> Boolean.TRUE.equals(shown.isConfigPendingRestart()))
                    .orElse(true));
  }
}
