/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.backup.Protection;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceField;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.PendingModifiedValues;

/**
 * Waits until RDS shows the retention of a policy that it has accepted, in force or as to come: a
 * change that came to nothing is in no state of the instance, and nobody would hear of it.
 */
final class PolicyShownStep extends InstanceStep {
  private static final Duration SHOWN_WITHIN = Duration.ofMinutes(10);

  PolicyShownStep(RdsCalls rds) {
    super("policy shown", rds);
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    DBInstance instance = get(context);
    Integer coming = coming(instance);
    Protection asked = context.specification(Protection.class);
    if (isShown(asked, instance)) {
      return Look.happened();
    }
    if (context.isWithin(SHOWN_WITHIN)) {
      return going(context, instance.dbInstanceStatus());
    }
    return Look.failed(
        ErrorDetails.of(
                ErrorCategory.OTHER,
                "RDS has accepted the backup policy of "
                    + context.name()
                    + ", and shows it neither in force nor as to come: it keeps backups for "
                    + instance.backupRetentionPeriod()
                    + " days"
                    + (coming == null ? "" : ", and is to keep them for " + coming + " days"))
            .operation("rds.ModifyDBInstance")
            .resource(context.resource().toString())
            .nextStep(
                "Look at the instance's events, and set the policy by"
                    + " instances().modify(...).backups(...). The backup was taken.")
            .toException());
  }

  private static @Nullable Integer coming(DBInstance instance) {
    PendingModifiedValues pending = instance.pendingModifiedValues();
    return pending == null ? null : pending.backupRetentionPeriod();
  }

  /**
   * Whether RDS shows the retention that was asked for, in force or as to come. What somebody else
   * has asked for can be to come, too, and takes the place of what is in force.
   */
  static boolean isShown(Protection asked, DBInstance instance) {
    Integer coming = coming(instance);
    return isAsked(asked, coming == null ? instance.backupRetentionPeriod() : coming);
  }

  private static boolean isAsked(Protection asked, @Nullable Integer shown) {
    if (shown == null) {
      return false;
    }
    if (!asked.policy().enabled()) {
      return shown == 0;
    }
    return Optional.ofNullable(asked.values().get(InstanceField.BACKUP_RETENTION))
        .map(days -> BackupFields.kept((Integer) days) == shown)
        .orElse(shown > 0);
  }
}
