/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A PATCH of the server. The operation can be over a moment before the server takes the next
 * request, and Azure can end it as succeeded and leave out a part of it.
 */
abstract class PatchStep extends OperationStep {
  PatchStep(String name, ServerCalls calls, Duration interval) {
    super(name, calls, interval);
  }

  /**
   * The request.
   *
   * @param tags the server's tags, all of which a PATCH replaces
   */
  abstract ServerForUpdate request(StepContext context, @Nullable Map<String, String> tags);

  /** What the server has to show afterwards; empty where that is not known. */
  abstract Optional<ServerForUpdate> shown(StepContext context);

  /** Whether all that was asked for can be seen at the server. */
  abstract boolean tells(StepContext context);

  @Override
  Accepted send(StepContext context) {
    // Without a look at its tags a request would take them away.
    Map<String, String> tags =
        server(context).orElseThrow(() -> calls().notShown(context.name())).tags();
    return calls().update(context.name(), request(context, tags));
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    Optional<ServerInner> server = server(context);
    if (server.isEmpty()) {
      return Look.missing();
    }
    if (ServerView.isPassing(state(server.get()))) {
      return Look.going(is(server.get()));
    }
    Optional<String> difference =
        shown(context).flatMap(asked -> Shown.difference(asked, server.get()));
    if (difference.isPresent()) {
      return Look.missing(difference.get());
    }
    return succeeded || tells(context)
        ? Look.happened(SameServer.notes(server.get()))
        : Look.missing("the server does not tell whether it was done");
  }
}
