/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.PermissionException;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/**
 * Sees that an instance that is gone has left no automated backups, where somebody else's request
 * may have deleted it: that one may keep them, and RDS does not tell of a deletion that is under
 * way what it keeps.
 */
final class NothingKeptStep extends InstanceStep {
  private static final Logger log = LoggerFactory.getLogger(NothingKeptStep.class);

  /** RDS may be late with what becomes of them. */
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private final AutomatedBackupCalls backups;

  NothingKeptStep(RdsCalls rds) {
    super("nothing kept", rds);
    this.backups = new AutomatedBackupCalls(rds);
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
  public boolean applies(StepContext context) {
    return context.value(Notes.DELETED).isEmpty() && context.value(Notes.RESOURCE).isPresent();
  }

  /** Who may delete instances need not be allowed to see backups. */
  @Override
  public Look look(StepContext context) {
    Optional<DBInstanceAutomatedBackup> left;
    try {
      left =
          AutomatedBackupView.of(
              backups.of(context.name()),
              context.resource(),
              context.value(Notes.RESOURCE).orElseThrow());
    } catch (PermissionException e) {
      log.warn(
          "{} is gone; whether its automated backups are kept may not be seen: {}",
          context.name(),
          e.getMessage());
      return Look.happened();
    }
    if (left.isEmpty()) {
      return Look.happened();
    }
    return AutomatedBackupView.isRetained(left.get())
        ? Look.failed(kept(context, left.get()))
        : Look.going("its automated backups are " + left.get().status());
  }

  private static CloudDbException kept(StepContext context, DBInstanceAutomatedBackup left) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            context.name()
                + " is gone by a deletion of somebody else's, which keeps its automated backups")
        .resource(context.resource().toString())
        .operation("rds.DeleteDBInstance")
        .leftBehind(
            "the automated backups "
                + left.dbInstanceAutomatedBackupsArn()
                + " until they expire"
                + context
                    .value(Notes.GROUP)
                    .map(group -> ", the DB parameter group " + group + " for a restore of them")
                    .orElse(""))
        .nextStep(
            "Leave them to whoever wants them; or delete them by"
                + " unwrap(RdsClient.class).deleteDBInstanceAutomatedBackup(...), and the DB"
                + " parameter group, if one is named, by deleteDBParameterGroup(...).")
        .toException();
  }
}
