/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;

/** Deletes the server with its data. */
final class DeleteStep extends OperationStep {
  DeleteStep(ServerCalls calls, Duration interval) {
    super("delete", calls, interval);
  }

  /** It takes the server away. */
  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  @Override
  Accepted send(StepContext context) {
    return calls().delete(context.name());
  }

  @Override
  Look unsent(StepContext context) {
    Optional<Server> server = server(context);
    // Azure takes a deletion also of a server that changes; once it did not, it is waited for.
    return context.state().tries() > 0
            && server.filter(found -> ServerView.isPassing(state(found))).isPresent()
        ? Look.notYet(server.map(ServerStep::is).orElse(""))
        : effect(context, false);
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    Optional<Server> server = server(context);
    if (server.isEmpty()) {
      return Look.happened();
    }
    return state(server.get()) == InstanceState.DELETING
        ? Look.going("the server is being deleted")
        : Look.missing(is(server.get()));
  }
}
