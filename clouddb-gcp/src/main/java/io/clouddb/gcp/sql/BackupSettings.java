/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.BackupRetentionSettings;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.Availability;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.plan.Plan;
import java.time.Duration;
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

  /** How long a backup window is; nothing else can be asked for. */
  private static final Duration WINDOW = Duration.ofHours(4);

  private static final Tier LESSER = new Tier("", Tier.ENTERPRISE);
  private static final Tier GREATER = new Tier("", Tier.ENTERPRISE_PLUS);
  private static final String PREFIX = "settings.backupConfiguration.";
  private static final DateTimeFormatter HOUR_AND_MINUTE = DateTimeFormatter.ofPattern("HH:mm");

  private BackupSettings() {}

  /**
   * Plans a policy.
   *
   * @param plan where to say it
   * @param policy the policy, null when none is asked for
   * @param tier what says the edition; null when only the instance itself can tell
   */
  static void plan(Plan.Builder plan, @Nullable BackupPolicy policy, @Nullable Tier tier) {
    if (policy == null) {
      return;
    }
    plan.honour(InstanceField.BACKUPS, PREFIX + "enabled", policy.enabled() + kept(policy, tier));
    LocalTime start = policy.start().orElse(null);
    planLength(plan, policy);
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
    Integer days = policy.retentionDays().orElse(null);
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
    planLogs(plan, days, tier);
  }

  private static void planLength(Plan.Builder plan, BackupPolicy policy) {
    if (policy.length().orElse(WINDOW).equals(WINDOW)) {
      plan.honour(InstanceField.BACKUP_WINDOW_LENGTH, PREFIX + "startTime", "4 hours");
    } else {
      plan.adjust(
          InstanceField.BACKUP_WINDOW_LENGTH,
          PREFIX + "startTime",
          "4 hours",
          "Cloud SQL's backup windows last four hours");
    }
  }

  /** How long backups and logs are kept where the policy does not say it. */
  private static String kept(BackupPolicy policy, @Nullable Tier tier) {
    if (!policy.enabled() || policy.retentionDays().isPresent() || tier == null) {
      return "";
    }
    return " (the edition keeps "
        + tier.usualBackups()
        + " backups"
        + (policy.pointInTime() ? " and " + tier.usualLogDays() + " days of logs)" : ")");
  }

  private static void planLogs(Plan.Builder plan, @Nullable Integer days, @Nullable Tier tier) {
    String enabled = PREFIX + "pointInTimeRecoveryEnabled";
    int most = mostLogDays(tier);
    if (days != null && days > most) {
      plan.adjust(
          InstanceField.POINT_IN_TIME,
          PREFIX + "transactionLogRetentionDays",
          most,
          "this edition restores to any moment of the last " + most + " days only");
    } else if (days != null && tier == null && days > LESSER.mostLogDays()) {
      plan.honour(
          InstanceField.POINT_IN_TIME,
          enabled,
          "true, where the instance is of " + Tier.ENTERPRISE_PLUS + "; refused where it is not");
    } else {
      plan.honour(InstanceField.POINT_IN_TIME, enabled, true);
    }
  }

  /** Days of transaction logs that are kept at most; by any edition where it is not known. */
  static int mostLogDays(@Nullable Tier tier) {
    return tier == null ? GREATER.mostLogDays() : tier.mostLogDays();
  }

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
                + " days, accept them by preferring("
                + InstanceField.POINT_IN_TIME
                + "), or change the size to one of "
                + Tier.ENTERPRISE_PLUS
                + " with it.")
        .toException();
  }

  /**
   * Plans the availability, which goes with backups.
   *
   * @param plan where to say it
   * @param availability what is asked for
   * @param policy the policy, null when none is asked for
   */
  static void planAvailability(
      Plan.Builder plan, Availability availability, @Nullable BackupPolicy policy) {
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
    policy.start().ifPresent(start -> configuration.setStartTime(startTime(start)));
    policy
        .retentionDays()
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

  private static BackupConfiguration withLogsWithinBackups(BackupConfiguration configuration) {
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
