/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.QuotaException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Deletes an instance, with its automated backups or without them, and waits until it is gone. */
final class DeleteStep extends InstanceStep {
  static final String NAME = "delete";

  private final boolean keepsBackups;
  private final LastingBackups backups;

  /**
   * A step.
   *
   * @param rds the calls
   * @param keepsBackups whether the automated backups stay until they expire
   */
  DeleteStep(RdsCalls rds, boolean keepsBackups) {
    super(NAME, rds);
    this.keepsBackups = keepsBackups;
    this.backups = new LastingBackups(rds);
  }

  @Override
  public Look look(StepContext context) {
    // A later instance of the same name is not the one that is to be deleted.
    Optional<DBInstance> found = rds.find(context.name()).filter(i -> isThatOne(context, i));
    if (found.isEmpty()) {
      return Look.happened();
    }
    String status = found.get().dbInstanceStatus();
    if (!status.equals(RdsStates.DELETING)
        && !found.get().readReplicaDBInstanceIdentifiers().isEmpty()) {
      return Look.failed(hasReplicas(context, found.get()));
    }
    if (keepsBackups && !status.equals(RdsStates.DELETING)) {
      Optional<CloudDbException> nothing = backups.refusal(context, found.get());
      if (nothing.isPresent()) {
        return Look.failed(nothing.get());
      }
    }
    // Some states cannot be deleted from, creating for one, and RDS itself knows which.
    return status.equals(RdsStates.DELETING) ? going(context, status) : missing(context, status);
  }

  /** RDS itself would promote those of its region without a word, and leave the others behind. */
  static CloudDbException hasReplicas(StepContext context, DBInstance instance) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            context.name()
                + " has replicas, which would lose their source: "
                + String.join(", ", instance.readReplicaDBInstanceIdentifiers()))
        .resource(context.resource().toString())
        .operation("rds.DeleteDBInstance")
        .nextStep("Promote or delete them first, each through the cloud of its region.")
        .toException();
  }

  @Override
  public Begun begin(StepContext context) {
    try {
      send(context, () -> rds.delete(context.name(), keepsBackups));
    } catch (NotFoundException e) {
      // It was there a moment ago: an earlier attempt of this request, or somebody else, did it.
      return Begun.done("gone");
    } catch (QuotaException e) {
      // Only what is kept has a quota.
      throw Refusals.advising(e, "Or take a backup, and delete(...) the instance.");
    }
    return Begun.accepted(RdsStates.DELETING).noting(Map.of(Notes.DELETED, Notes.YES));
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
