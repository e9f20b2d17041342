/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.ResourceId;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;
import java.util.Optional;

/** Waits until Azure shows that a new replica follows its source. */
final class FollowingStep extends ServerStep {
  private final ReplicaCalls replicas;

  FollowingStep(ServerCalls calls, ReplicaCalls replicas) {
    super("following", calls);
    this.replicas = replicas;
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
    if (now != InstanceState.AVAILABLE) {
      return ServerView.isPassing(now)
          ? Look.going(is(server.get()))
          : Look.failed(instead(context, server.get(), InstanceState.AVAILABLE));
    }
    ResourceId source = context.specification(ReplicaSpec.class).source().orElseThrow();
    if (!ServerArmId.of(source).isSame(server.get().sourceServerResourceId())) {
      return Look.failed(
          ErrorDetails.of(
                  ErrorCategory.CONDITION_FAILED,
                  "%s does not follow %s: somebody has promoted it since"
                      .formatted(context.name(), source.name()))
              .resource(context.resource().toString())
              .toException());
    }
    return replication(context, source);
  }

  private Look replication(StepContext context, ResourceId source) {
    List<ListedReplica> all;
    try {
      all = replicas.replicas(source.name());
    } catch (NotFoundException e) {
      if (!isNotShown(e)) {
        throw e;
      }
      return notShown(context, source.name());
    }
    String word =
        all.stream()
            .filter(replica -> ServerArmId.of(context.resource()).isSame(replica.id().toString()))
            .findFirst()
            .map(ListedReplica::replication)
            .orElse("not listed");
    return switch (ListedReplica.state(word)) {
      case REPLICATING -> Look.happened();
      case BROKEN ->
          Look.failed(
              ErrorDetails.of(
                      ErrorCategory.UNAVAILABLE,
                      "The replication of "
                          + source.name()
                          + " to "
                          + context.name()
                          + " is broken")
                  .resource(context.resource().toString())
                  .nextStep(
                      "Delete the replica, and create it again, as Azure advises: nothing repairs"
                          + " it.")
                  .toException());
      default -> Look.going("the replication is " + word);
    };
  }
}
