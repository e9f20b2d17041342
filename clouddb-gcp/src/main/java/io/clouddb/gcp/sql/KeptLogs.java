/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.BackupRetentionSettings;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import org.jspecify.annotations.Nullable;

/**
 * How many days of logs a change of what is there can leave: the edition and the backups decide.
 */
final class KeptLogs {
  private static final Tier LESSER = new Tier("", Tier.ENTERPRISE);

  private KeptLogs() {}

  /**
   * Holds a change against the edition of the instance, which a plan does not know.
   *
   * @param change the change
   * @param patch what is to be sent
   * @param instance the instance as it is
   */
  static void checkEdition(
      InstanceChange change, DatabaseInstance patch, DatabaseInstance instance) {
    Settings settings = patch.getSettings();
    BackupConfiguration backups = settings == null ? null : settings.getBackupConfiguration();
    Integer days = backups == null ? null : backups.getTransactionLogRetentionDays();
    int most = LESSER.mostLogDays();
    if (backups == null || days == null || days <= most || settings.getEdition() != null) {
      return;
    }
    Settings now = instance.getSettings();
    if (now != null && Tier.ENTERPRISE_PLUS.equals(now.getEdition())) {
      return;
    }
    if (change.preferring().contains(InstanceField.POINT_IN_TIME)) {
      backups.setTransactionLogRetentionDays(most);
      return;
    }
    throw ErrorDetails.of(
            ErrorCategory.UNSUPPORTED_FEATURE,
            instance.getName()
                + " is of the edition "
                + Tier.ENTERPRISE
                + ", which restores to any moment of the last "
                + most
                + " days only; "
                + days
                + " are asked for ("
                + InstanceField.POINT_IN_TIME
                + ")")
        .resource(instance.getName())
        .nextStep(
            "Ask for "
                + most
                + " days by retainLogDays("
                + most
                + "), accept them by preferring("
                + InstanceField.POINT_IN_TIME
                + ") of a change of the instance, or change its size to one of "
                + Tier.ENTERPRISE_PLUS
                + ".")
        .toException();
  }

  /**
   * Holds a change against the number of backups that the instance keeps, which a plan does not
   * know: of days of logs that somebody asks for, none is left out.
   *
   * @param change the change
   * @param patch what is to be sent
   * @param instance the instance as it is
   */
  static void checkBackups(
      InstanceChange change, DatabaseInstance patch, DatabaseInstance instance) {
    Settings settings = patch.getSettings();
    BackupConfiguration asked = settings == null ? null : settings.getBackupConfiguration();
    Integer days = asked == null ? null : asked.getTransactionLogRetentionDays();
    if (days == null || change.backups().flatMap(BackupPolicy::logRetentionDays).isEmpty()) {
      return;
    }
    Settings merged = WholePatch.of(patch, instance).getSettings();
    Integer left = merged.getBackupConfiguration().getTransactionLogRetentionDays();
    if (!days.equals(left)) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              instance.getName()
                  + " keeps "
                  + left
                  + " automated backups, and logs no longer than these; "
                  + days
                  + " days of logs are asked for")
          .resource(instance.getName())
          .nextStep("Ask for as many backups too, by retainDays(" + days + ").")
          .toException();
    }
  }

  /**
   * Completes a changed configuration by what stays, and shortens the logs where the service would
   * refuse them: where a change keeps fewer backups than there are days of logs, or goes to the
   * edition that keeps fewer days.
   *
   * @param change the settings that change
   * @param now the settings as they are
   * @return the whole configuration; null when nothing of it changes
   */
  static @Nullable BackupConfiguration merge(Settings change, Settings now) {
    BackupConfiguration changed = change.getBackupConfiguration();
    BackupConfiguration before = now.getBackupConfiguration();
    if (before == null) {
      return changed;
    }
    boolean isLowered =
        Tier.ENTERPRISE.equals(change.getEdition())
            && Tier.ENTERPRISE_PLUS.equals(now.getEdition());
    Integer logs = before.getTransactionLogRetentionDays();
    boolean isTooLong = isLowered && logs != null && logs > LESSER.mostLogDays();
    if (changed == null && !isTooLong) {
      return null;
    }
    BackupConfiguration all = before.clone();
    if (isTooLong) {
      all.setTransactionLogRetentionDays(LESSER.mostLogDays());
    }
    if (changed != null) {
      all.putAll(changed);
    }
    return withLogsWithinBackups(all);
  }

  /** Shortens the logs of a new instance to what its edition keeps. */
  static void limit(Settings settings) {
    BackupConfiguration backups = settings.getBackupConfiguration();
    Integer days = backups == null ? null : backups.getTransactionLogRetentionDays();
    if (days != null
        && days > LESSER.mostLogDays()
        && Tier.ENTERPRISE.equals(settings.getEdition())) {
      settings.setBackupConfiguration(
          backups.clone().setTransactionLogRetentionDays(LESSER.mostLogDays()));
    }
  }

  private static BackupConfiguration withLogsWithinBackups(BackupConfiguration configuration) {
    BackupRetentionSettings retention = configuration.getBackupRetentionSettings();
    Integer backups = retention == null ? null : retention.getRetainedBackups();
    Integer logs = configuration.getTransactionLogRetentionDays();
    return backups == null || logs == null || logs <= backups
        ? configuration
        : configuration.setTransactionLogRetentionDays(backups);
  }
}
