/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * A virtual endpoint of the source that reads from the replica, without which Azure does not let
 * the two change places. It is removed when the promotion fails, and stays otherwise: it is needed
 * for the way back, too.
 */
final class VirtualEndpointStep extends OperationStep {
  private final ReplicaCalls replicas;

  VirtualEndpointStep(ServerCalls calls, ReplicaCalls replicas, Duration interval) {
    super("virtual endpoint", calls, interval);
    this.replicas = replicas;
  }

  @Override
  public boolean applies(StepContext context) {
    return PromotionNotes.newEndpoint(context).isPresent();
  }

  private static String name(StepContext context) {
    return PromotionNotes.newEndpoint(context).orElseThrow();
  }

  private ReplicaCalls atSource(StepContext context) {
    return replicas.inGroup(PromotionNotes.source(context).resourceGroup());
  }

  @Override
  public String makes(StepContext context) {
    return PromotionNotes.newEndpoint(context)
        .map(name -> "the virtual endpoint " + name + " of " + source(context))
        .orElse("");
  }

  private static String source(StepContext context) {
    return PromotionNotes.source(context).name();
  }

  @Override
  Accepted send(StepContext context) {
    return atSource(context).createEndpoint(source(context), name(context), context.name());
  }

  @Override
  Look unsent(StepContext context) {
    return effect(context, false);
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    Optional<VirtualEndpoint> there = atSource(context).endpoint(source(context), name(context));
    return there.filter(endpoint -> endpoint.reads(context.name())).isPresent()
        ? Look.found(Map.of())
        : Look.missing();
  }

  @Override
  public Undone undo(StepContext context) {
    if (atSource(context).endpoint(source(context), name(context)).isEmpty()) {
      return Undone.gone();
    }
    Accepted unused = atSource(context).deleteEndpoint(source(context), name(context));
    return Undone.going("is removed");
  }
}
