/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.PromoteReadReplicaRequest;

/**
 * Makes a replica an instance of its own. It asks its own region only, so that it is promoted also
 * when its source's region is gone. RDS shows that it is done by naming no source any more.
 *
 * <p>The API Reference, {@code PromoteReadReplica}: "a read replica cannot be promoted to a
 * standalone instance when it is in the backing-up status". That passes, and is waited for, as
 * {@code creating} is. In any other state RDS is asked, which knows by itself whether it can.
 */
final class PromoteStep extends InstanceStep {
  private static final String BACKING_UP = "backing-up";

  /** A backup is of what has changed since the last one. */
  private static final Duration LIMIT = Duration.ofHours(6);

  PromoteStep(RdsCalls rds) {
    super("promote", rds);
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  @Override
  public Look look(StepContext context) {
    DBInstance found = get(context);
    if (!ReplicaView.isReplica(found)) {
      // The next step waits for its state, and says what is to be done about one that it stays in.
      return Look.happened();
    }
    String status = found.dbInstanceStatus();
    if (RdsStates.failed(status) || status.equals(RdsStates.DELETING)) {
      return Look.failed(
          ErrorDetails.of(
                  ErrorCategory.OTHER,
                  context.name() + " is " + status + ", and cannot be promoted")
              .resource(context.resource().toString())
              .providerCode(status)
              .nextStep(RdsStates.remedyOfPromoted(status))
              .toException());
    }
    if (status.equals(BACKING_UP)) {
      return new Look.Going(
          "it is backing-up, and RDS promotes it after that", null, Refusals.seen(context, status));
    }
    // After the request, being on its way to another state is the promotion itself.
    boolean promoting = context.asked() && !RdsStates.resting(status);
    return promoting || status.equals(RdsStates.CREATING)
        ? going(context, status)
        : missing(context, status);
  }

  @Override
  public Begun begin(StepContext context) {
    PromoteReadReplicaRequest.Builder request =
        PromoteReadReplicaRequest.builder().dbInstanceIdentifier(context.name());
    // RDS sets one day where none is named, also when the replica had more.
    Notes.number(context, Notes.RETENTION, request::backupRetentionPeriod);
    context.customizations().apply(PromoteReadReplicaRequest.Builder.class, request);
    PromoteReadReplicaRequest built = request.dbInstanceIdentifier(context.name()).build();
    send(context, () -> rds.promote(built));
    return Begun.accepted("promotion has begun");
  }

  /** What it took writes from is cut off. */
  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
