/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.replica.Replica;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Waits until the replica follows its source. */
final class ReplicatingStep extends InstanceStep {
  /** RDS counts it as available before it has caught up with what it needs to follow. */
  private static final Duration LIMIT = Duration.ofHours(6);

  ReplicatingStep(RdsCalls rds) {
    super("replicating", rds);
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstance> found = rds.find(context.name());
    if (found.isEmpty()) {
      return Look.missing("not visible");
    }
    Replica.State state = ReplicaView.state(found.get());
    String status = ReplicaView.status(found.get());
    if (state == Replica.State.TERMINATED || !ReplicaView.isReplica(found.get())) {
      return Look.failed(
          ErrorDetails.of(
                  ErrorCategory.OTHER,
                  context.name()
                      + " does not follow its source any more: "
                      + (ReplicaView.isReplica(found.get()) ? status : "it was promoted"))
              .resource(context.resource().toString())
              .providerCode(status)
              .nextStep("Look whether its source is there; delete it when it is of no use.")
              .toException());
    }
    return state == Replica.State.REPLICATING ? Look.happened() : Look.going(status);
  }
}
