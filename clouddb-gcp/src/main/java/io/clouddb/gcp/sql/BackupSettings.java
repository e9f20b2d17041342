/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.BackupRetentionSettings;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstancePlan;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * Backups and point-in-time recovery: {@code settings.backupConfiguration}. Automated backups are
 * daily, so the number that is kept is the number of days.
 */
final class BackupSettings {
  static final int MOST_RETAINED = 365;
  private static final String PREFIX = "settings.backupConfiguration.";
  private static final DateTimeFormatter HOUR_AND_MINUTE = DateTimeFormatter.ofPattern("HH:mm");

  private BackupSettings() {}

  /**
   * Plans a policy.
   *
   * @param plan where to say it
   * @param policy the policy, null when none is asked for
   * @param mostLogDays days of transaction logs that the edition keeps at most
   */
  static void plan(InstancePlan.Builder plan, @Nullable BackupPolicy policy, int mostLogDays) {
    if (policy == null) {
      return;
    }
    plan.honour(InstanceField.BACKUPS, PREFIX + "enabled", policy.enabled());
    LocalTime start = policy.start();
    if (start != null) {
      if (start.equals(start.truncatedTo(ChronoUnit.MINUTES))) {
        plan.honour(InstanceField.BACKUP_WINDOW, PREFIX + "startTime", startTime(start));
      } else {
        plan.adjust(
            InstanceField.BACKUP_WINDOW,
            PREFIX + "startTime",
            startTime(start),
            "Cloud SQL knows hours and minutes only");
      }
    }
    Integer days = policy.retentionDays();
    String retained = PREFIX + "backupRetentionSettings.retainedBackups";
    if (days != null && days > MOST_RETAINED) {
      plan.adjust(
          InstanceField.BACKUP_RETENTION,
          retained,
          MOST_RETAINED,
          "Cloud SQL keeps at most 365 daily backups");
    } else {
      plan.honour(InstanceField.BACKUP_RETENTION, retained, String.valueOf(days));
    }
    String logs = PREFIX + "transactionLogRetentionDays";
    if (days != null && days > mostLogDays) {
      plan.adjust(
          InstanceField.POINT_IN_TIME,
          logs,
          mostLogDays,
          "this edition restores to any moment of the last " + mostLogDays + " days only");
    } else {
      plan.honour(InstanceField.POINT_IN_TIME, PREFIX + "pointInTimeRecoveryEnabled", true);
    }
  }

  /**
   * Plans the availability, which goes with backups.
   *
   * @param plan where to say it
   * @param availability what is asked for
   * @param policy the policy, null when none is asked for
   */
  static void planAvailability(
      InstancePlan.Builder plan, Availability availability, @Nullable BackupPolicy policy) {
    String field = "settings.availabilityType";
    if (availability == Availability.ZONAL) {
      plan.honour(InstanceField.AVAILABILITY, field, "ZONAL");
    } else if (policy != null && !policy.enabled()) {
      plan.refuse(
          InstanceField.AVAILABILITY,
          "REGIONAL needs automated backups and point-in-time recovery, and backups are off",
          "leave the backups on, or take ZONAL");
    } else if (policy != null && policy.pointInTime()) {
      plan.honour(InstanceField.AVAILABILITY, field, "REGIONAL");
    } else {
      plan.honour(
          InstanceField.AVAILABILITY,
          field,
          "REGIONAL (which needs automated backups and point-in-time recovery: both are switched"
              + " on)");
    }
  }

  /**
   * Makes the configuration.
   *
   * @param policy the policy, null when none is asked for
   * @param regional whether a standby is asked for
   * @param mostLogDays days of transaction logs that the edition keeps at most
   * @return the configuration; null when Cloud SQL's default stays
   */
  static @Nullable BackupConfiguration of(
      @Nullable BackupPolicy policy, boolean regional, int mostLogDays) {
    if (policy == null) {
      return regional ? withStandby(new BackupConfiguration()) : null;
    }
    BackupConfiguration configuration = new BackupConfiguration().setEnabled(policy.enabled());
    if (!policy.enabled()) {
      return configuration.setPointInTimeRecoveryEnabled(false);
    }
    policy.startUtc().ifPresent(start -> configuration.setStartTime(startTime(start)));
    policy
        .retention()
        .ifPresent(
            days -> {
              configuration.setBackupRetentionSettings(
                  new BackupRetentionSettings()
                      .setRetentionUnit("COUNT")
                      .setRetainedBackups(Math.min(days, MOST_RETAINED)));
              // Logs are never kept longer than backups.
              configuration.setTransactionLogRetentionDays(Math.min(days, mostLogDays));
            });
    configuration.setPointInTimeRecoveryEnabled(policy.pointInTime());
    return regional ? withStandby(configuration) : configuration;
  }

  /**
   * Makes what a change of the configuration sets. Point-in-time recovery that is not asked for
   * stays as it is, with the days of its logs: that it is left out is no wish to lose it.
   *
   * @param policy the policy, null when it stays
   * @param regional whether a standby is asked for
   * @param mostLogDays days of transaction logs that the edition keeps at most
   * @return the fields that change; null when none does
   */
  static @Nullable BackupConfiguration ofChange(
      @Nullable BackupPolicy policy, boolean regional, int mostLogDays) {
    BackupConfiguration configuration = of(policy, regional, mostLogDays);
    if (configuration == null || policy == null || !policy.enabled() || policy.pointInTime()) {
      return configuration;
    }
    configuration.setTransactionLogRetentionDays(null);
    return regional ? configuration : configuration.setPointInTimeRecoveryEnabled(null);
  }

  /**
   * Shortens the logs where a change keeps fewer backups than there are days of logs, which the
   * service refuses.
   *
   * @param configuration the whole configuration
   * @return the same one
   */
  static BackupConfiguration withLogsWithinBackups(BackupConfiguration configuration) {
    BackupRetentionSettings retention = configuration.getBackupRetentionSettings();
    Integer backups = retention == null ? null : retention.getRetainedBackups();
    Integer logs = configuration.getTransactionLogRetentionDays();
    return backups == null || logs == null || logs <= backups
        ? configuration
        : configuration.setTransactionLogRetentionDays(backups);
  }

  /**
   * Switches on what a standby needs.
   *
   * @param configuration a configuration
   * @return the same one
   */
  static BackupConfiguration withStandby(BackupConfiguration configuration) {
    return configuration.setEnabled(true).setPointInTimeRecoveryEnabled(true);
  }

  private static String startTime(LocalTime start) {
    return HOUR_AND_MINUTE.format(start);
  }
}
