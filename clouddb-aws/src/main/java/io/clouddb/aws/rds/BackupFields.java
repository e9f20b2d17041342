/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static io.clouddb.aws.rds.RdsFields.CREATE;
import static io.clouddb.aws.rds.RdsFields.MODIFY;
import static io.clouddb.instance.InstanceField.BACKUPS;
import static io.clouddb.instance.InstanceField.BACKUP_LOCATION;
import static io.clouddb.instance.InstanceField.BACKUP_RETENTION;
import static io.clouddb.instance.InstanceField.BACKUP_WINDOW;
import static io.clouddb.instance.InstanceField.BACKUP_WINDOW_LENGTH;
import static io.clouddb.instance.InstanceField.GEO_REDUNDANT_BACKUP;
import static io.clouddb.instance.InstanceField.LOG_RETENTION;
import static io.clouddb.instance.InstanceField.MAINTENANCE_WINDOW;
import static io.clouddb.instance.InstanceField.MAINTENANCE_WINDOW_LENGTH;
import static io.clouddb.instance.InstanceField.POINT_IN_TIME;

import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Backups, and when an instance may be restarted. */
final class BackupFields {
  /** What RDS takes when {@code BackupRetentionPeriod} is left out of a creation. */
  static final int DEFAULT_RETENTION_DAYS = 1;

  private static final int MOST_RETENTION_DAYS = 35;
  private static final String RETENTION = "BackupRetentionPeriod";
  private static final String BACKUP = "PreferredBackupWindow";
  private static final String MAINTENANCE = "PreferredMaintenanceWindow";
  private static final String BY_RDS = "chosen by RDS";
  private static final String WHOLE_MINUTES = "Whole minutes";
  private static final String APART = "Outside the maintenance window";
  private static final String ELSEWHERE =
      "cloud.in(region).backups().replicate(...) of the instance, in the other region";

  private BackupFields() {}

  static List<FieldRow<?, InstanceAsItIs>> rows() {
    // The retention is written after the row that only says whether there are backups.
    return List.of(
        backups(),
        retention(),
        pointInTime(),
        logRetention(),
        location(),
        geoRedundant(),
        window(),
        windowLength(),
        maintenance(),
        maintenanceLength());
  }

  private static FieldRow<Boolean, InstanceAsItIs> backups() {
    return FieldRow.<Boolean, InstanceAsItIs>of(BACKUPS, Boolean.class, RETENTION)
        .shown(BackupFields::shownBackups)
        .to(
            CREATE,
            (request, on, asked) -> request.backupRetentionPeriod(on ? DEFAULT_RETENTION_DAYS : 0))
        .to(
            MODIFY,
            (request, on, asked) -> {
              // When they are to go on, what is there stays as it is.
              if (!on) {
                request.backupRetentionPeriod(0);
              }
            })
        .from((there, asked) -> Optional.ofNullable(there.instance().backupRetentionPeriod()))
        .same((on, actual, asked) -> on == ((int) actual > 0))
        .build();
  }

  private static Object shownBackups(boolean on, Asked asked) {
    if (!on) {
      return 0;
    }
    return asked
        .value(BACKUP_RETENTION, Integer.class)
        .<Object>map(days -> days)
        .orElse(
            asked.specification() instanceof InstanceChange
                ? "as it is, but not 0"
                : (Object) DEFAULT_RETENTION_DAYS);
  }

  private static FieldRow<Integer, InstanceAsItIs> retention() {
    return FieldRow.<Integer, InstanceAsItIs>of(BACKUP_RETENTION, Integer.class, RETENTION)
        .nearest(
            "At most " + MOST_RETENTION_DAYS + " days",
            (days, asked) ->
                days <= MOST_RETENTION_DAYS
                    ? Optional.empty()
                    : Optional.of(
                        "RDS keeps automated backups for at most " + MOST_RETENTION_DAYS + " days"))
        .limit("retention.days.max", MOST_RETENTION_DAYS)
        .shown((days, asked) -> kept(days))
        .to(CREATE, (request, days, asked) -> request.backupRetentionPeriod(kept(days)))
        .to(MODIFY, (request, days, asked) -> request.backupRetentionPeriod(kept(days)))
        .from((there, asked) -> Optional.ofNullable(there.instance().backupRetentionPeriod()))
        .build();
  }

  /** As many days as RDS can. */
  static int kept(int days) {
    return Math.min(days, MOST_RETENTION_DAYS);
  }

  private static FieldRow<Boolean, InstanceAsItIs> pointInTime() {
    return FieldRow.<Boolean, InstanceAsItIs>of(POINT_IN_TIME, Boolean.class, RETENTION)
        .shown((on, asked) -> "every positive retention")
        // "Point-in-time recovery (PITR) isn't supported for read replicas."
        .from(
            (there, asked) ->
                ReplicaView.isReplica(there.instance())
                    ? Optional.of("that of a replica, which has no points in time")
                    : Optional.ofNullable(there.instance().backupRetentionPeriod()))
        .same((on, actual, asked) -> on == (actual instanceof Integer days && days > 0))
        .build();
  }

  /** <em>Restoring a DB instance to a specified time</em>: there is one retention for both. */
  private static FieldRow<Integer, InstanceAsItIs> logRetention() {
    return FieldRow.<Integer, InstanceAsItIs>of(LOG_RETENTION, Integer.class, RETENTION)
        .nearest(
            "As many days as backups are kept",
            (days, asked) ->
                asked.value(BACKUP_RETENTION, Integer.class).filter(days::equals).isPresent()
                    ? Optional.empty()
                    : Optional.of(
                        "RDS keeps the log as long as the backups: \"You can restore to any point in"
                            + " time within your backup retention period\""))
        .shown(
            (days, asked) ->
                asked
                    .value(BACKUP_RETENTION, Integer.class)
                    .<Object>map(BackupFields::kept)
                    .orElse("as backups are kept"))
        .from((there, asked) -> Optional.ofNullable(there.instance().backupRetentionPeriod()))
        .same(
            (days, actual, asked) ->
                asked
                    .value(BACKUP_RETENTION, Integer.class)
                    .map(kept -> actual.equals(kept(kept)))
                    .orElse(true))
        .build();
  }

  private static FieldRow<String, InstanceAsItIs> location() {
    return FieldRow.<String, InstanceAsItIs>of(BACKUP_LOCATION, String.class, "")
        .lacking(
            "RDS keeps backups in the region of their instance: \"Your Amazon RDS backup storage for"
                + " each AWS Region is composed of the automated backups and manual DB snapshots for"
                + " that Region\""
                + " (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ManagingAutomatedBackups.html)",
            ELSEWHERE);
  }

  private static FieldRow<Boolean, InstanceAsItIs> geoRedundant() {
    return FieldRow.<Boolean, InstanceAsItIs>of(GEO_REDUNDANT_BACKUP, Boolean.class, RETENTION)
        .without(false)
        .shown((on, asked) -> "in the region of the instance only")
        .lacking(
            "RDS has no paired regions: \"you can configure your Amazon RDS database instance to"
                + " replicate snapshots and transaction logs to a destination AWS Region of your"
                + " choice\", for which a policy names none"
                + " (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html)",
            ELSEWHERE);
  }

  private static FieldRow<LocalTime, InstanceAsItIs> window() {
    return FieldRow.<LocalTime, InstanceAsItIs>of(BACKUP_WINDOW, LocalTime.class, BACKUP)
        .nearest(APART, (start, asked) -> overlap(asked))
        .nearest(
            WHOLE_MINUTES,
            (start, asked) ->
                Windows.wholeMinutes(start)
                    ? Optional.empty()
                    : Optional.of("RDS counts in minutes"))
        .shown((start, asked) -> overlap(asked).isPresent() ? BY_RDS : backup(start, asked))
        .to(
            CREATE,
            (request, start, asked) -> {
              if (overlap(asked).isEmpty()) {
                request.preferredBackupWindow(backup(start, asked));
              }
            })
        .to(
            MODIFY,
            (request, start, asked) -> {
              if (overlap(asked).isEmpty()) {
                request.preferredBackupWindow(backup(start, asked));
              }
            })
        .from((there, asked) -> Optional.ofNullable(there.instance().preferredBackupWindow()))
        .same(
            (start, actual, asked) ->
                overlap(asked).isPresent()
                    || Windows.sameStart(backup(start, asked), actual.toString()))
        .build();
  }

  private static String backup(LocalTime start, Asked asked) {
    return Windows.backup(Windows.minute(start), backupMinutes(asked));
  }

  private static int backupMinutes(Asked asked) {
    return asked
        .value(BACKUP_WINDOW_LENGTH, Duration.class)
        .map(Windows::minutes)
        .orElse(Windows.BACKUP_MINUTES);
  }

  /** Why the backup window that is asked for is none; empty when it is one. */
  private static Optional<String> overlap(Asked asked) {
    LocalTime start = asked.value(BACKUP_WINDOW, LocalTime.class).orElse(null);
    MaintenanceWindow maintenance =
        asked.value(MAINTENANCE_WINDOW, MaintenanceWindow.class).orElse(null);
    int minutes = backupMinutes(asked);
    return start == null || maintenance == null || !Windows.overlap(start, minutes, maintenance)
        ? Optional.empty()
        : Optional.of(
            "RDS refuses a backup window of "
                + minutes
                + " minutes that overlaps the maintenance window "
                + Windows.maintenance(maintenance));
  }

  private static FieldRow<Duration, InstanceAsItIs> windowLength() {
    return FieldRow.<Duration, InstanceAsItIs>of(BACKUP_WINDOW_LENGTH, Duration.class, BACKUP)
        .nearest(APART, (length, asked) -> overlap(asked))
        .nearest(WHOLE_MINUTES, (length, asked) -> whyNoLength(length))
        .limit("window.minutes.min", Windows.LEAST_MINUTES)
        .limit("window.minutes.max", Windows.MOST_MINUTES)
        .shown((length, asked) -> overlap(asked).isPresent() ? BY_RDS : minutes(length))
        .from((there, asked) -> length(there.instance().preferredBackupWindow()))
        .same(
            (length, actual, asked) -> overlap(asked).isPresent() || minutes(length).equals(actual))
        .build();
  }

  private static Optional<String> whyNoLength(Duration length) {
    return length.equals(Duration.ofMinutes(Windows.minutes(length)))
        ? Optional.empty()
        : Optional.of(
            "RDS takes windows of "
                + Windows.LEAST_MINUTES
                + " to "
                + Windows.MOST_MINUTES
                + " whole minutes");
  }

  private static String minutes(Duration length) {
    return Windows.minutes(length) + " minutes";
  }

  private static Optional<String> length(@Nullable String window) {
    return Optional.ofNullable(window)
        .flatMap(Windows::length)
        .map(length -> length.toMinutes() + " minutes");
  }

  private static FieldRow<MaintenanceWindow, InstanceAsItIs> maintenance() {
    return FieldRow.<MaintenanceWindow, InstanceAsItIs>of(
            MAINTENANCE_WINDOW, MaintenanceWindow.class, MAINTENANCE)
        .nearest(
            WHOLE_MINUTES,
            (window, asked) ->
                Windows.wholeMinutes(window.start())
                    ? Optional.empty()
                    : Optional.of("RDS counts in minutes"))
        .shown((window, asked) -> Windows.maintenance(window))
        .to(
            CREATE,
            (request, window, asked) ->
                request.preferredMaintenanceWindow(Windows.maintenance(window)))
        .to(
            MODIFY,
            (request, window, asked) ->
                request.preferredMaintenanceWindow(Windows.maintenance(window)))
        .from((there, asked) -> Optional.ofNullable(there.instance().preferredMaintenanceWindow()))
        .same(
            (window, actual, asked) ->
                Windows.sameStart(Windows.maintenance(window), actual.toString()))
        .build();
  }

  private static FieldRow<Duration, InstanceAsItIs> maintenanceLength() {
    return FieldRow.<Duration, InstanceAsItIs>of(
            MAINTENANCE_WINDOW_LENGTH, Duration.class, MAINTENANCE)
        .nearest(WHOLE_MINUTES, (length, asked) -> whyNoLength(length))
        .limit("window.minutes.min", Windows.LEAST_MINUTES)
        .limit("window.minutes.max", Windows.MOST_MINUTES)
        .shown((length, asked) -> minutes(length))
        .from((there, asked) -> length(there.instance().preferredMaintenanceWindow()))
        .build();
  }
}
