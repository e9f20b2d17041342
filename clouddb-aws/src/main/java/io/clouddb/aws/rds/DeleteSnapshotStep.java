/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/** Deletes a snapshot that was taken by hand, and waits until it is gone. */
final class DeleteSnapshotStep extends InstanceStep {
  private static final Duration LIMIT = Duration.ofHours(1);

  private final SnapshotCalls snapshots;

  DeleteSnapshotStep(RdsCalls rds) {
    super("delete", rds);
    this.snapshots = new SnapshotCalls(rds);
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  /**
   * Refuses what RDS keeps, before anything is sent.
   *
   * @param checks the calls of what is looked at while the caller waits
   * @param context the operation
   * @return the state with which snapshot it is
   */
  static OperationState prepare(SnapshotCalls checks, StepContext context) {
    DBSnapshot snapshot = checks.get(context.name());
    Optional<CloudDbException> refusal = refusal(snapshot);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    return context.state().with(Notes.snapshot(snapshot));
  }

  private static Optional<CloudDbException> refusal(DBSnapshot snapshot) {
    String name = snapshot.dbSnapshotIdentifier();
    if (SnapshotView.isAutomated(snapshot)) {
      return refused(
          snapshot,
          name + " was taken by RDS itself, and RDS lets nobody delete it: it goes by the policy",
          "Keep fewer days by modify(...).backups(...retainDays(n).discarding()).");
    }
    if (SnapshotView.AWS_BACKUP.equals(snapshot.snapshotType())) {
      return refused(
          snapshot,
          name + " is AWS Backup's, and RDS lets nobody else delete it",
          "Delete the recovery point in AWS Backup.");
    }
    return SnapshotView.isComing(snapshot)
        ? refused(
            snapshot,
            name + " is " + snapshot.status() + ", and RDS deletes it when it is made only",
            "Wait until it is AVAILABLE.")
        : Optional.empty();
  }

  private static Optional<CloudDbException> refused(
      DBSnapshot snapshot, String message, String nextStep) {
    return Optional.of(
        ErrorDetails.of(ErrorCategory.CONDITION_FAILED, message)
            .operation("rds.DeleteDBSnapshot")
            .resource(snapshot.dbSnapshotArn())
            .nextStep(nextStep)
            .toException());
  }

  @Override
  public Look look(StepContext context) {
    // A later snapshot of the same name is not the one that is to be deleted.
    Optional<DBSnapshot> found =
        snapshots.find(context.name()).filter(one -> Notes.isNoted(context, one));
    if (found.isEmpty()) {
      return Look.happened();
    }
    Optional<CloudDbException> refusal = refusal(found.get());
    if (refusal.isPresent()) {
      return Look.failed(refusal.get());
    }
    String status = found.get().status();
    return status.equals(SnapshotView.DELETING) ? Look.going(status) : Look.missing(status);
  }

  @Override
  public Begun begin(StepContext context) {
    try {
      snapshots.delete(context.name());
    } catch (NotFoundException e) {
      // It was there a moment ago: an earlier attempt of this request, or somebody else, did it.
      return Begun.done("gone");
    }
    return Begun.accepted(SnapshotView.DELETING);
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
