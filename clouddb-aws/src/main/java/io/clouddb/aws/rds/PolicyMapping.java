/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.MaintenanceWindow;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Backups and maintenance, which creation and modification have in common.
 *
 * @param <B> the request's builder
 */
final class PolicyMapping<B> {
  static final int MOST_RETENTION_DAYS = 35;

  /** What RDS takes when {@code BackupRetentionPeriod} is left out of a creation. */
  static final int DEFAULT_RETENTION_DAYS = 1;

  private static final String RETENTION = "BackupRetentionPeriod";

  private final FieldMapping<B> fields;
  private final BiFunction<B, Integer, B> retention;
  private final BiFunction<B, String, B> backupWindow;
  private final BiFunction<B, String, B> maintenanceWindow;

  PolicyMapping(
      FieldMapping<B> fields,
      BiFunction<B, Integer, B> retention,
      BiFunction<B, String, B> backupWindow,
      BiFunction<B, String, B> maintenanceWindow) {
    this.fields = fields;
    this.retention = retention;
    this.backupWindow = backupWindow;
    this.maintenanceWindow = maintenanceWindow;
  }

  /** Maps the policy; when it names no retention, {@code unset} days are sent, or nothing. */
  void backups(
      BackupPolicy policy, @Nullable MaintenanceWindow maintenance, @Nullable Integer unset) {
    if (!policy.enabled()) {
      fields.honour(InstanceField.BACKUPS, RETENTION, 0, retention);
      return;
    }
    Integer days = policy.retentionDays().orElse(null);
    if (days == null && unset != null) {
      fields.honour(InstanceField.BACKUPS, RETENTION, unset, retention);
    } else {
      fields.honoured(
          InstanceField.BACKUPS, RETENTION, days == null ? "as it is, but not 0" : days);
    }
    if (days != null && days <= MOST_RETENTION_DAYS) {
      fields.honour(InstanceField.BACKUP_RETENTION, RETENTION, days, retention);
    } else if (days != null) {
      fields.adjust(
          InstanceField.BACKUP_RETENTION,
          RETENTION,
          MOST_RETENTION_DAYS,
          "RDS keeps automated backups for at most " + MOST_RETENTION_DAYS + " days",
          retention);
    }
    fields.honoured(InstanceField.POINT_IN_TIME, RETENTION, "every positive retention");
    policy.start().ifPresent(start -> window(start, policy.length(), maintenance));
  }

  private void window(
      LocalTime start, Optional<Duration> length, @Nullable MaintenanceWindow maintenance) {
    String member = "PreferredBackupWindow";
    int minutes = length.map(Windows::minutes).orElse(Windows.BACKUP_MINUTES);
    if (maintenance != null && Windows.overlap(start, minutes, maintenance)) {
      String why =
          "RDS refuses a backup window of "
              + minutes
              + " minutes that overlaps the maintenance window "
              + Windows.maintenance(maintenance);
      fields.left(InstanceField.BACKUP_WINDOW, member, "chosen by RDS", why);
      fields.left(InstanceField.BACKUP_WINDOW_LENGTH, member, "chosen by RDS", why);
      return;
    }
    length(InstanceField.BACKUP_WINDOW_LENGTH, member, length, minutes);
    if (Windows.wholeMinutes(start)) {
      fields.honour(
          InstanceField.BACKUP_WINDOW, member, Windows.backup(start, minutes), backupWindow);
    } else {
      fields.adjust(
          InstanceField.BACKUP_WINDOW,
          member,
          Windows.backup(Windows.minute(start), minutes),
          "RDS counts in minutes",
          backupWindow);
    }
  }

  private void length(InstanceField field, String member, Optional<Duration> asked, int minutes) {
    Duration sent = Duration.ofMinutes(minutes);
    if (asked.isEmpty() || asked.get().equals(sent)) {
      fields.honoured(field, member, minutes + " minutes");
    } else {
      fields.left(
          field,
          member,
          minutes + " minutes",
          "RDS takes windows of "
              + Windows.LEAST_MINUTES
              + " to "
              + Windows.MOST_MINUTES
              + " whole minutes");
    }
  }

  void maintenance(MaintenanceWindow window) {
    String member = "PreferredMaintenanceWindow";
    length(
        InstanceField.MAINTENANCE_WINDOW_LENGTH,
        member,
        window.length(),
        Windows.maintenanceMinutes(window));
    if (Windows.wholeMinutes(window.start())) {
      fields.honour(
          InstanceField.MAINTENANCE_WINDOW, member, Windows.maintenance(window), maintenanceWindow);
    } else {
      fields.adjust(
          InstanceField.MAINTENANCE_WINDOW,
          member,
          Windows.maintenance(window),
          "RDS counts in minutes",
          maintenanceWindow);
    }
  }
}
