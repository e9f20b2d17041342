/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.BackupRetentionSettings;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a policy takes away of what there is: "automated backups get pruned regularly based on the
 * retention value configured", and with point-in-time recovery off "any existing logs are deleted"
 * (<a href="https://cloud.google.com/sql/docs/postgres/backup-recovery/backups">backups</a> and <a
 * href="https://cloud.google.com/sql/docs/postgres/backup-recovery/restore">restores</a> of Cloud
 * SQL).
 */
final class DiscardedBackups {
  private DiscardedBackups() {}

  /**
   * Refuses a policy that takes something away without the caller's consent.
   *
   * @param policy the policy
   * @param patch what of the settings is to change
   * @param instance the instance as it is
   * @param resource the instance
   */
  static void requireConsent(
      BackupPolicy policy, DatabaseInstance patch, DatabaseInstance instance, ResourceId resource) {
    if (policy.isDiscarding()) {
      return;
    }
    List<String> lost = lost(of(instance), of(WholePatch.of(patch, instance)));
    if (!lost.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The policy takes backups away from "
                  + instance.getName()
                  + ": "
                  + String.join("; ", lost))
          .resource(resource.toString())
          .nextStep(
              "Ask for a policy that keeps as much, or consent by BackupPolicy.discarding(). A"
                  + " backup that you take by hand stays.")
          .toException();
    }
  }

  private static BackupConfiguration of(DatabaseInstance instance) {
    return instance.getSettings() == null || instance.getSettings().getBackupConfiguration() == null
        ? new BackupConfiguration()
        : instance.getSettings().getBackupConfiguration();
  }

  private static List<String> lost(BackupConfiguration before, BackupConfiguration after) {
    List<String> lost = new ArrayList<>();
    if (!isOn(before.getEnabled())) {
      return lost;
    }
    Integer kept = retained(before);
    if (!isOn(after.getEnabled())) {
      lost.add(
          "automated backups are turned off" + (kept == null ? "" : ", of which it has " + kept));
    } else if (isLess(retained(after), kept)) {
      lost.add("it keeps " + retained(after) + " automated backups in place of " + kept);
    }
    if (isOn(before.getPointInTimeRecoveryEnabled())) {
      Integer days = before.getTransactionLogRetentionDays();
      if (!isOn(after.getPointInTimeRecoveryEnabled())) {
        lost.add("no moment can be restored any more, since its logs are deleted");
      } else if (isLess(after.getTransactionLogRetentionDays(), days)) {
        lost.add(
            "it can be restored to a moment of the last "
                + after.getTransactionLogRetentionDays()
                + " days, and not of "
                + days);
      }
    }
    return lost;
  }

  private static boolean isOn(@Nullable Boolean value) {
    return Boolean.TRUE.equals(value);
  }

  private static boolean isLess(@Nullable Integer after, @Nullable Integer before) {
    return after != null && before != null && after < before;
  }

  private static @Nullable Integer retained(BackupConfiguration configuration) {
    BackupRetentionSettings retention = configuration.getBackupRetentionSettings();
    return retention == null ? null : retention.getRetainedBackups();
  }
}
