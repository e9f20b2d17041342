/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBSnapshot;

/** Waits until the operation's snapshot can be restored. */
final class SnapshotAvailableStep extends InstanceStep {
  /** "If the snapshot is being copied, the copy operation is terminated": DeleteDBSnapshot. */
  private static final String ENDED_COPY = "RDS ends a copy whose source is deleted meanwhile";

  private final SnapshotCalls snapshots;

  SnapshotAvailableStep(RdsCalls rds) {
    super("available snapshot", rds);
    this.snapshots = new SnapshotCalls(rds);
  }

  @Override
  public boolean changes() {
    return false;
  }

  private static boolean isCopy(StepContext context) {
    return context.state().kind().equals(BackupDriver.COPY.id());
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBSnapshot> found = SnapshotStep.own(snapshots, context);
    if (found.isEmpty()) {
      return Look.missing("not visible yet" + (isCopy(context) ? "; " + ENDED_COPY : ""));
    }
    DBSnapshot snapshot = found.get();
    if (SnapshotView.isAvailable(snapshot)) {
      return Look.happened();
    }
    if (SnapshotView.isFailed(snapshot) || snapshot.status().equals(SnapshotView.DELETING)) {
      return Look.failed(
          ErrorDetails.of(
                  ErrorCategory.OTHER,
                  "The DB snapshot "
                      + snapshot.dbSnapshotIdentifier()
                      + " became "
                      + snapshot.status()
                      + " while it was made")
              .resource(context.resource().toString())
              .providerCode(snapshot.status())
              .nextStep(
                  (isCopy(context)
                          ? "See whether its source is still there: " + ENDED_COPY + ". "
                          : "")
                      + "Look at its events in the RDS console; delete it when it is of no use, and"
                      + " make another one.")
              .toException());
    }
    Integer percent = snapshot.percentProgress();
    return Look.going(
        percent == null || percent == 0
            ? snapshot.status()
            : snapshot.status() + ", " + percent + " %");
  }
}
