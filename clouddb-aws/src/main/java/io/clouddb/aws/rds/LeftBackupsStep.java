/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;

/**
 * Waits until RDS shows what a deleted instance has left. It may have left nothing: RDS takes no
 * condition with a deletion, so that backups can be turned off after the last look, and somebody
 * else may have deleted the instance without them.
 */
final class LeftBackupsStep extends InstanceStep {
  private static final Duration SHOWN_WITHIN = Duration.ofMinutes(10);

  private final LastingBackups backups;

  LeftBackupsStep(RdsCalls rds) {
    super("left backups", rds);
    this.backups = new LastingBackups(rds);
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    if (backups.isLeft(context)) {
      return Look.happened();
    }
    if (context.isWithin(SHOWN_WITHIN)) {
      return Look.going("RDS does not show its automated backups yet");
    }
    return Look.failed(
        ErrorDetails.of(
                ErrorCategory.NOT_FOUND,
                context.name()
                    + " is deleted, and RDS shows no automated backups of it: somebody has turned"
                    + " them off or deleted it without them meanwhile")
            .resource(context.resource().toString())
            .operation("rds.DescribeDBInstanceAutomatedBackups")
            .leftBehind(
                context
                    .value(Notes.GROUP)
                    .map(group -> "the DB parameter group " + group + ", for no restore any more")
                    .orElse(null))
            .nextStep("Look for a snapshot of it: backups().list(BackupQuery.of(instance)).")
            .toException());
  }
}
