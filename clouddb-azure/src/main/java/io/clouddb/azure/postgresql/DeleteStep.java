/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;

/** Deletes the server with its data. */
final class DeleteStep extends OperationStep {
  private final HiddenServers hidden;

  DeleteStep(ServerCalls calls, HiddenServers hidden, Duration interval) {
    super("delete", calls, interval);
    this.hidden = hidden;
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
    Optional<ServerInner> server = server(context);
    // Azure takes a deletion also of a server that changes; once it did not, it is waited for.
    return context.state().tries() > 0
            && server.filter(found -> ServerView.isPassing(state(found))).isPresent()
        ? Look.notYet(server.map(ServerStep::is).orElse(""))
        : effect(context, false);
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    Optional<ServerInner> server = server(context);
    if (server.isEmpty()) {
      return succeeded || isGone(context) ? Look.happened() : hidden(context);
    }
    return state(server.get()) == InstanceState.DELETING
        ? Look.going("the server is being deleted")
        : Look.missing(is(server.get()));
  }

  /** Azure answers 404 for a while for what is there, which runs on and costs money. */
  private boolean isGone(StepContext context) {
    return SameServer.of(context.state(), hidden.listed(serverName(context))).isEmpty();
  }

  private Look hidden(StepContext context) {
    Look look = notShown(context);
    return look instanceof Look.Failed ? Look.failed(hidden.hidden(serverName(context))) : look;
  }
}
