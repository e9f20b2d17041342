/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;

/** Starts or stops the server, unless it is as it is to be. */
final class PowerStep extends OperationStep {
  private final boolean on;

  PowerStep(boolean on, ServerCalls calls, Duration interval) {
    super(on ? "start" : "stop", calls, interval);
    this.on = on;
  }

  /** A stop takes the server away from whom it serves. */
  @Override
  public boolean guarded(StepContext context) {
    return !on;
  }

  private InstanceState wanted() {
    return on ? InstanceState.AVAILABLE : InstanceState.STOPPED;
  }

  @Override
  Accepted send(StepContext context) {
    return on ? calls().start(context.name()) : calls().stop(context.name());
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
    InstanceState now = state(server.get());
    if (now == wanted()) {
      return Look.happened();
    }
    if (ServerView.isPassing(now)) {
      return Look.going(is(server.get()));
    }
    return (on && now == InstanceState.FAILED) || now == InstanceState.DELETING
        ? Look.failed(instead(context, server.get(), wanted()))
        : Look.missing(is(server.get()));
  }
}
