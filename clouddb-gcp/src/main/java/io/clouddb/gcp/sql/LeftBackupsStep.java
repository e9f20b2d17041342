/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;

/**
 * Waits until Cloud SQL shows what a deleted instance has left. It may have left nothing: {@code
 * instances.delete} says nothing of backups, so that somebody can have turned {@code
 * retainBackupsOnDelete} off after the last look.
 */
final class LeftBackupsStep implements StepAction {
  static final Duration SHOWN_WITHIN = Duration.ofMinutes(10);

  private final BackupFinder backups;

  LeftBackupsStep(BackupFinder backups) {
    this.backups = backups;
  }

  @Override
  public String name() {
    return "left backups";
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    if (KeptBackups.isLeft(backups.of(context.name()), context)) {
      return Look.happened();
    }
    if (context.isWithin(SHOWN_WITHIN)) {
      return Look.going("Cloud SQL does not show its backups yet");
    }
    return Look.failed(
        ErrorDetails.of(
                ErrorCategory.NOT_FOUND,
                context.name()
                    + " is deleted, and Cloud SQL shows no backup of it that was kept: somebody has"
                    + " turned retainBackupsOnDelete off, or deleted its backups, meanwhile")
            .resource(context.resource().toString())
            .operation("sqladmin.backups.listBackups")
            .nextStep("Ask Google's support at once whether they can be had back.")
            .toException());
  }
}
