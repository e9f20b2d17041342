/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;

/** Waits until the server is available. */
final class ReadyStep extends ServerStep {
  ReadyStep(ServerCalls calls) {
    super("ready", calls);
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  Look see(StepContext context) {
    Optional<ServerInner> server = server(context);
    if (server.isEmpty()) {
      return notShown(context);
    }
    InstanceState now = state(server.get());
    if (now == InstanceState.AVAILABLE) {
      return Look.happened();
    }
    return ServerView.isPassing(now)
        ? Look.going(is(server.get()))
        : Look.failed(instead(context, server.get(), InstanceState.AVAILABLE));
  }
}
