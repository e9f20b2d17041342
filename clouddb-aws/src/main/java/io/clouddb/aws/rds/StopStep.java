/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Stops an instance once it is available. */
final class StopStep extends InstanceStep {
  static final String NAME = "stop";

  StopStep(RdsCalls rds) {
    super(NAME, rds);
  }

  @Override
  public Duration shownWithin() {
    return StartStep.SHOWN_WITHIN;
  }

  @Override
  public Look look(StepContext context) {
    return look(context, get(context));
  }

  static Look look(StepContext context, DBInstance instance) {
    String status = instance.dbInstanceStatus();
    if (status.equals(RdsStates.STOPPED)) {
      return Look.happened();
    }
    if (!RdsStates.usable(status)) {
      return StartStep.onTheWay(context, status);
    }
    List<String> replicas = replicas(instance);
    return replicas.isEmpty() ? missing(context, status) : Look.failed(refused(context, replicas));
  }

  /**
   * The user guide, <em>Stopping an Amazon RDS DB instance temporarily</em>: one that has a read
   * replica, or is one, cannot be stopped. RDS refuses it by the code of what passes.
   */
  private static List<String> replicas(DBInstance instance) {
    List<String> names = new ArrayList<>(instance.readReplicaDBInstanceIdentifiers());
    if (instance.readReplicaSourceDBInstanceIdentifier() != null) {
      names.add(instance.readReplicaSourceDBInstanceIdentifier());
    }
    return names;
  }

  private static CloudDbException refused(StepContext context, List<String> replicas) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            context.name()
                + " is replicated ("
                + String.join(", ", replicas)
                + "), and RDS stops no instance that has a read replica or is one")
        .operation("rds.StopDBInstance")
        .resource(context.resource().toString())
        .nextStep("Promote or delete the replicas first.")
        .toException();
  }

  @Override
  public Begun begin(StepContext context) {
    send(context, () -> rds.stop(context.name()));
    return Begun.accepted("stopping");
  }

  /** It takes the instance away from whom it serves. */
  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
