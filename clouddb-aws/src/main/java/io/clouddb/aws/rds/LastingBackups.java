/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.StepContext;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/**
 * What RDS keeps of an instance that is deleted with {@code DeleteAutomatedBackups} off. It takes
 * that of an instance without any, too, and keeps nothing without a word.
 */
final class LastingBackups {
  private final RdsCalls rds;
  private final AutomatedBackupCalls backups;

  LastingBackups(RdsCalls rds) {
    this.rds = rds;
    this.backups = new AutomatedBackupCalls(rds);
  }

  /**
   * The operation's instance, as long as nobody deletes it: a later one of its name is not the one
   * that is to be deleted.
   */
  Optional<DBInstance> instance(StepContext context) {
    return rds.find(context.name())
        .filter(one -> InstanceStep.isThatOne(context, one))
        .filter(one -> !RdsStates.DELETING.equals(one.dbInstanceStatus()));
  }

  /** The automated backups of an instance that is there. */
  Optional<DBInstanceAutomatedBackup> of(StepContext context, DBInstance instance) {
    return AutomatedBackupView.of(
            backups.of(context.name()), context.resource(), instance.dbiResourceId())
        .filter(backup -> !AutomatedBackupView.isRetained(backup));
  }

  /**
   * The tags with which they keep what a restore of the instance needs.
   *
   * @throws CloudDbException when they are too many
   */
  Map<String, String> settings(StepContext context, DBInstance instance) {
    return KeptSettings.tags(
        instance,
        context.resource(),
        of(context, instance).map(backup -> RdsCalls.tags(backup.tagList())).orElseGet(Map::of));
  }

  /** What there is of the operation's instance, which is gone: RDS may be late with its state. */
  Optional<DBInstanceAutomatedBackup> left(StepContext context) {
    return AutomatedBackupView.of(
        backups.of(context.name()), context.resource(), context.value(Notes.RESOURCE).orElse(null));
  }

  /**
   * Says why nothing would be kept of an instance. {@code creating} are "automated backups that are
   * waiting for the first automated snapshot to be available" (API Reference, {@code
   * DBInstanceAutomatedBackup}).
   *
   * @param context the operation
   * @param instance the instance as it is
   * @return the reason; empty when something is kept
   */
  Optional<CloudDbException> refusal(StepContext context, DBInstance instance) {
    Integer days = instance.backupRetentionPeriod();
    if (days == null || days == 0) {
      return nothing(context, "The automated backups of " + context.name() + " are off", "");
    }
    if (ReplicaView.isReplica(instance)) {
      // "Point-in-time recovery (PITR) isn't supported for read replicas."
      return nothing(context, context.name() + " is a replica, which has no points in time", "");
    }
    return of(context, instance)
            .filter(backup -> AutomatedBackupView.latest(backup) != null)
            .isPresent()
        ? Optional.empty()
        : nothing(
            context,
            "There is no automated backup of " + context.name() + " yet",
            " Or wait until backups().window(...) tells a latest moment.");
  }

  private static Optional<CloudDbException> nothing(StepContext context, String why, String more) {
    return Optional.of(
        ErrorDetails.of(ErrorCategory.CONDITION_FAILED, why + ": RDS would keep nothing of it")
            .resource(context.resource().toString())
            .operation("rds.DeleteDBInstance")
            .nextStep("Take one by hand by backups().take(...), and delete(...) it." + more)
            .toException());
  }
}
