/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.models.Server;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.instance.InstanceState;
import io.clouddb.replica.Promotion;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;

/**
 * The promotion itself. It is seen by what the replica follows and not by its role, for which Azure
 * has two words: when it follows nobody it is promoted, and a request is sent only while it follows
 * its source.
 */
final class PromoteStep extends OperationStep {
  private final ReplicaCalls replicas;

  PromoteStep(ServerCalls calls, ReplicaCalls replicas, Duration interval) {
    super("promote", calls, interval);
    this.replicas = replicas;
  }

  /** What replicates it cannot be had back. */
  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  @Override
  Accepted send(StepContext context) {
    return replicas.promote(context.name(), context.specification(Promotion.class));
  }

  @Override
  Look unsent(StepContext context) {
    Look look = effect(context, false);
    // Nothing is to be waited for but what somebody else does with it.
    return look instanceof Look.Going going ? Look.notYet(going.message()) : look;
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    Optional<Server> server = server(context);
    if (server.isEmpty()) {
      return succeeded
          ? Look.missing()
          : notShown(context, context.state().since().orElse(context.now()));
    }
    InstanceState now = state(server.get());
    if (ServerView.isPassing(now)) {
      return Look.going(is(server.get()));
    }
    if (now != InstanceState.AVAILABLE) {
      return Look.failed(instead(context, server.get(), InstanceState.AVAILABLE));
    }
    if (follows(server.get())) {
      return Look.missing("it still follows " + PromotionNotes.source(context).name());
    }
    return isExchanged(context)
        ? Look.happened()
        : Look.going(PromotionNotes.source(context).name() + " does not follow it yet");
  }

  static boolean follows(Server server) {
    String source = server.sourceServerResourceId();
    return source != null && !source.isBlank();
  }

  /** Whether the source, which a forced promotion does not ask, follows it. */
  private boolean isExchanged(StepContext context) {
    if (!PromotionNotes.isSwitchover(context)
        || context.specification(Promotion.class).isForced()) {
      return true;
    }
    ServerArmId source = PromotionNotes.source(context);
    return calls()
        .inGroup(source.resourceGroup())
        .find(source.name())
        .filter(
            former ->
                ServerArmId.of(context.resource()).isSame(former.sourceServerResourceId())
                    && state(former) == InstanceState.AVAILABLE)
        .isPresent();
  }
}
