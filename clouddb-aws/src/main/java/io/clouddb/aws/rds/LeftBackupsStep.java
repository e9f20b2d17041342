/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/**
 * Waits until RDS shows what a deleted instance has left, with what a restore of it needs. It may
 * have left nothing: RDS takes no condition with a deletion, so that backups can be turned off
 * after the last look, and somebody else may have deleted the instance without them. Or with them
 * alone, before its settings were written onto them.
 */
final class LeftBackupsStep extends InstanceStep {
  private static final Duration SHOWN_WITHIN = Duration.ofMinutes(10);

  /** RDS may be late with what becomes of what it shows. */
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private final LastingBackups backups;

  LeftBackupsStep(RdsCalls rds) {
    super("left backups", rds);
    this.backups = new LastingBackups(rds);
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstanceAutomatedBackup> left = backups.left(context);
    if (left.isPresent() && !AutomatedBackupView.isRetained(left.get())) {
      return Look.going("its automated backups are " + left.get().status());
    }
    if (left.filter(LeftBackupsStep::tellsSettings).isPresent()) {
      return Look.happened();
    }
    if (context.isWithin(SHOWN_WITHIN)) {
      return Look.going("RDS does not show its automated backups yet");
    }
    return Look.failed(
        left.map(backup -> withoutSettings(context, backup)).orElseGet(() -> nothing(context)));
  }

  private static boolean tellsSettings(DBInstanceAutomatedBackup left) {
    return !KeptSettings.notes(RdsCalls.tags(left.tagList())).isEmpty();
  }

  private static CloudDbException nothing(StepContext context) {
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            context.name()
                + " is deleted, and RDS shows no automated backups of it: somebody has turned"
                + " them off or deleted it without them meanwhile, or they have expired since")
        .resource(context.resource().toString())
        .operation("rds.DescribeDBInstanceAutomatedBackups")
        .leftBehind(group(context).map(group -> group + ", for no restore any more").orElse(null))
        .nextStep("Look for a snapshot of it: backups().list(BackupQuery.of(instance)).")
        .toException();
  }

  private static CloudDbException withoutSettings(
      StepContext context, DBInstanceAutomatedBackup left) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            context.name()
                + " is deleted, and its automated backups are kept, but do not tell its settings:"
                + " somebody else has deleted it before they were written, or has removed them")
        .resource(context.resource().toString())
        .operation("rds.DescribeDBInstanceAutomatedBackups")
        .leftBehind(
            "the automated backups "
                + left.dbInstanceAutomatedBackupsArn()
                + " until they expire"
                + group(context).map(group -> ", " + group).orElse(""))
        .nextStep(
            "A restore of it has all data, and RDS' defaults where RestoreSpec names no"
                + " parameters, network, availability, protection and tags: name them.")
        .toException();
  }

  private static Optional<String> group(StepContext context) {
    return context.value(Notes.GROUP).map(group -> "the DB parameter group " + group);
  }
}
