/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
    return replicas.at(PromotionNotes.source(context));
  }

  @Override
  public String makes(StepContext context) {
    return PromotionNotes.newEndpoint(context)
        .map(name -> "the virtual endpoint " + name + " of " + source(context))
        .orElse("");
  }

  /** A PUT of one that is there takes its readers to another server. */
  @Override
  public boolean guarded(StepContext context) {
    return true;
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

  /**
   * Where the replica follows nobody any more, the two may have changed places: then the endpoint
   * is the replica's. If there is none, none is needed, and the promotion itself says what has
   * become of the replica. Azure makes one for a server at most, so that one of somebody else's
   * that reads from the replica does as well.
   */
  @Override
  Look effect(StepContext context, boolean succeeded) {
    Optional<ServerInner> replica = server(context);
    if (replica.isEmpty()) {
      return notShown(context);
    }
    if (follows(context, replica.get())) {
      return endpoint(atSource(context), source(context), context, context.name())
          .orElseGet(Look::missing);
    }
    if (ServerView.isPassing(state(replica.get()))) {
      // Not before the exchange is over can it be told whose the endpoint is.
      return Look.going(is(replica.get()));
    }
    return isPrimary(replica.get())
        ? endpoint(replicas, context.name(), context, source(context))
            .orElseGet(VirtualEndpointStep::none)
        : none();
  }

  private static Look none() {
    return Look.happened(PromotionNotes.noEndpoint());
  }

  /** Of two that were asked for at the same time Azure makes one. */
  @Override
  Look failed(StepContext context, ErrorDetails failure, @Nullable Duration asked) {
    Look look = effect(context, false);
    return look instanceof Look.Missing ? super.failed(context, failure, asked) : look;
  }

  private static Optional<Look> endpoint(
      ReplicaCalls calls, String primary, StepContext context, String reader) {
    return calls.endpoints(primary).stream()
        .filter(endpoint -> endpoint.reads(reader))
        .findFirst()
        .map(
            endpoint ->
                endpoint.name().equals(name(context))
                    ? Look.found(PromotionNotes.hosts(endpoint))
                    : Look.happened(PromotionNotes.anotherEndpoint(endpoint)));
  }

  /** A replica has no virtual endpoints, and Azure refuses to be asked for them. */
  private static boolean isPrimary(ServerInner server) {
    String source = server.sourceServerResourceId();
    return source == null || source.isBlank();
  }

  private static boolean follows(StepContext context, ServerInner replica) {
    return PromotionNotes.source(context).isSame(replica.sourceServerResourceId());
  }

  /**
   * Removed only while the replica follows the source. Where the servers have changed places after
   * all, it belongs to the replica, and is used.
   */
  @Override
  public Undone undo(StepContext context) {
    Optional<ServerInner> replica = server(context);
    if (replica.isEmpty()) {
      return Undone.going("stays until Azure shows " + context.name());
    }
    boolean follows = follows(context, replica.get());
    if (!follows
        && isPrimary(replica.get())
        && replicas.endpoint(context.name(), name(context)).isPresent()) {
      return Undone.stays(
          "the virtual endpoint " + name(context) + " of " + context.name() + ", the primary now");
    }
    if (atSource(context).endpoint(source(context), name(context)).isEmpty()) {
      // Of a server that is hidden no endpoint is shown either.
      return calls().at(PromotionNotes.source(context)).find(source(context)).isPresent()
          ? Undone.gone()
          : Undone.going("stays until Azure shows " + source(context));
    }
    if (!follows) {
      return Undone.stays(makes(context));
    }
    Accepted unused = atSource(context).deleteEndpoint(source(context), name(context));
    return Undone.going("is removed");
  }
}
