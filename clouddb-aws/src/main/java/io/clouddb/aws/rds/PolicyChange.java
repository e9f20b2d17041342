/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceChange;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * What only a look at an instance can tell of another backup policy for it: what RDS would delete,
 * without a word, and windows that overlap.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html">
 *     Introduction to backups</a>: RDS deletes automated snapshots "at the end of their retention
 *     period" and "when you disable automated snapshots for a DB instance"; "the backup window
 *     can't overlap with the weekly maintenance window"
 */
final class PolicyChange {
  private PolicyChange() {}

  /**
   * Says why a change of the policy is not made.
   *
   * @param change what is asked for
   * @param request what is to be sent
   * @param instance the instance as it is
   * @return the reason; empty when it can be made
   */
  static Optional<CloudDbException> refusal(
      InstanceChange change, ModifyDbInstanceRequest request, DBInstance instance) {
    return change
        .backups()
        .filter(policy -> !policy.isDiscarding())
        .flatMap(policy -> discarded(policy, instance))
        .or(() -> overlap(request, instance));
  }

  private static Optional<CloudDbException> discarded(BackupPolicy policy, DBInstance instance) {
    int now = instance.backupRetentionPeriod() == null ? 0 : instance.backupRetentionPeriod();
    String name = instance.dbInstanceIdentifier();
    if (now == 0) {
      return Optional.empty();
    }
    if (!policy.enabled()) {
      return refused(
          instance,
          "RDS would delete the automated backups of "
              + name
              + ", of "
              + now
              + " days, and no moment of them could be restored any more");
    }
    return policy
        .retentionDays()
        .filter(days -> days < now)
        .flatMap(
            days ->
                refused(
                    instance,
                    "RDS keeps automated backups of "
                        + name
                        + " for "
                        + now
                        + " days now, and would delete those that are older than "
                        + days
                        + ", with the moments to which it can be restored"));
  }

  private static Optional<CloudDbException> refused(DBInstance instance, String message) {
    return Optional.of(
        details(instance, message)
            .nextStep(
                "Copy the snapshots that are to stay by backups().copy(...); then consent by"
                    + " BackupPolicy.discarding(). Nothing has happened.")
            .toException());
  }

  private static ErrorDetails.Builder details(DBInstance instance, String message) {
    return ErrorDetails.of(ErrorCategory.CONDITION_FAILED, message)
        .operation("rds.ModifyDBInstance")
        .resource(instance.dbInstanceArn());
  }

  /** Of the two that there will be: a change may name one of them only. */
  private static Optional<CloudDbException> overlap(
      ModifyDbInstanceRequest request, DBInstance instance) {
    String backup = either(request.preferredBackupWindow(), instance.preferredBackupWindow());
    String maintenance =
        either(request.preferredMaintenanceWindow(), instance.preferredMaintenanceWindow());
    boolean changed =
        request.preferredBackupWindow() != null || request.preferredMaintenanceWindow() != null;
    if (!changed
        || backup == null
        || maintenance == null
        || !Windows.overlap(backup, maintenance)) {
      return Optional.empty();
    }
    return Optional.of(
        details(
                instance,
                "The backup window "
                    + backup
                    + " of "
                    + instance.dbInstanceIdentifier()
                    + " would overlap its maintenance window "
                    + maintenance)
            .nextStep(
                "Choose another start or length, or move the other window with the same change.")
            .toException());
  }

  private static @Nullable String either(@Nullable String asked, @Nullable String there) {
    return asked == null ? there : asked;
  }
}
