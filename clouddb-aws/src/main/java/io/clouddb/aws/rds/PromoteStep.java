/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.PromoteReadReplicaRequest;

/**
 * Makes a replica an instance of its own. It asks its own region only, so that it is promoted also
 * when its source's region is gone. RDS shows that it is done by naming no source any more.
 */
final class PromoteStep extends InstanceStep {
  PromoteStep(RdsCalls rds) {
    super("promote", rds);
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstance> found = rds.find(context.name());
    if (found.isEmpty()) {
      return Look.failed(
          ErrorDetails.of(
                  ErrorCategory.NOT_FOUND,
                  "The replica " + context.name() + " is not there any more")
              .resource(context.resource().toString())
              .toException());
    }
    String status = found.get().dbInstanceStatus();
    if (!ReplicaView.isReplica(found.get())) {
      return RdsStates.usable(status) ? Look.happened() : going(context, status);
    }
    if (RdsStates.failed(status) || status.equals(RdsStates.DELETING)) {
      return Look.failed(
          ErrorDetails.of(
                  ErrorCategory.OTHER,
                  context.name() + " is " + status + ", and cannot be promoted")
              .resource(context.resource().toString())
              .providerCode(status)
              .nextStep(RdsStates.remedy(status))
              .toException());
    }
    return RdsStates.usable(status) ? missing(context, status) : going(context, status);
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
