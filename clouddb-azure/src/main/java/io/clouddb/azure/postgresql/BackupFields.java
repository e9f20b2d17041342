/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

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

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Backup;
import com.azure.resourcemanager.postgresqlflexibleserver.models.GeoRedundantBackupEnum;
import com.azure.resourcemanager.postgresqlflexibleserver.models.MaintenanceWindow;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Backups, and when the server may be restarted. */
final class BackupFields {
  private static final String BACKUP = "properties.backup";
  private static final String WINDOW = "properties.maintenanceWindow";
  private static final int LEAST_DAYS = 7;
  private static final int MOST_DAYS = 35;
  private static final int WEEK = 7;

  /** How long a maintenance window is; nothing else can be asked for. */
  private static final Duration LENGTH = Duration.ofHours(1);

  private BackupFields() {}

  static List<FieldRow<?, ServerAsItIs>> rows() {
    return List.of(
        backups(),
        FieldRow.<LocalTime, ServerAsItIs>of(BACKUP_WINDOW, LocalTime.class, BACKUP)
            .adjusted("flexible servers have no backup window", "a time that Azure chooses"),
        FieldRow.<Duration, ServerAsItIs>of(BACKUP_WINDOW_LENGTH, Duration.class, BACKUP)
            .adjusted("flexible servers have no backup window", "a time that Azure chooses"),
        retention(),
        FieldRow.<Boolean, ServerAsItIs>of(POINT_IN_TIME, Boolean.class, BACKUP)
            .shown((on, asked) -> "always")
            .from((there, asked) -> Optional.of(true))
            .build(),
        location(),
        logRetention(),
        geoRedundant(),
        window(),
        windowLength());
  }

  private static FieldRow<Boolean, ServerAsItIs> backups() {
    return FieldRow.<Boolean, ServerAsItIs>of(BACKUPS, Boolean.class, BACKUP)
        .only(
            "Always backed up",
            (on, asked) ->
                on ? Optional.empty() : Optional.of("flexible servers are always backed up"),
            "BackupPolicy.daily()")
        .shown((on, asked) -> on ? "daily" : "none")
        .from((there, asked) -> Optional.of("daily"))
        .build();
  }

  private static FieldRow<Integer, ServerAsItIs> retention() {
    return FieldRow.<Integer, ServerAsItIs>of(
            BACKUP_RETENTION, Integer.class, "properties.backup.backupRetentionDays")
        .nearest(
            "7 to 35 days",
            (days, asked) ->
                kept(days) == days
                    ? Optional.empty()
                    : Optional.of("backups are kept for 7 to 35 days"))
        .limit("retention.days.min", LEAST_DAYS)
        .limit("retention.days.max", MOST_DAYS)
        .shown((days, asked) -> kept(days))
        .to(
            ServerInner.class,
            (server, days, asked) ->
                server.withBackup(backup(server).withBackupRetentionDays(kept(days))))
        .to(
            ServerForUpdate.class,
            (update, days, asked) ->
                update.withBackup(new Backup().withBackupRetentionDays(kept(days))))
        .from(
            (there, asked) ->
                Optional.ofNullable(there.server().backup()).map(Backup::backupRetentionDays))
        .build();
  }

  static int kept(int days) {
    return Math.max(LEAST_DAYS, Math.min(MOST_DAYS, days));
  }

  private static Backup backup(ServerInner server) {
    return server.backup() == null ? new Backup() : server.backup();
  }

  private static FieldRow<String, ServerAsItIs> location() {
    return FieldRow.<String, ServerAsItIs>of(BACKUP_LOCATION, String.class, "")
        .lacking(
            "Azure stores backups in the server's region; which other one it can be beside is the"
                + " region's pair",
            "geoRedundant(true)");
  }

  private static FieldRow<Integer, ServerAsItIs> logRetention() {
    return FieldRow.<Integer, ServerAsItIs>of(
            LOG_RETENTION, Integer.class, "properties.backup.backupRetentionDays")
        .nearest(
            "As long as the backups",
            (days, asked) ->
                withBackups(asked).filter(kept -> !kept.equals(days)).isPresent()
                    ? Optional.of("the log is kept as long as the backups are")
                    : Optional.empty())
        .shown((days, asked) -> withBackups(asked).orElse(days))
        .from(
            (there, asked) ->
                Optional.ofNullable(there.server().backup()).map(Backup::backupRetentionDays))
        .build();
  }

  /**
   * What the same specification asks of the backups; else what a server that is changed has, and of
   * a new one Azure's default. Empty where only a look at the server can tell.
   */
  private static Optional<Integer> withBackups(Asked asked) {
    return asked
        .value(BACKUP_RETENTION, Integer.class)
        .map(BackupFields::kept)
        .or(
            () ->
                asked.specification() instanceof InstanceSpec
                    ? Optional.of(LEAST_DAYS)
                    : Optional.ofNullable(ServerFacts.of(asked).before().retentionDays()));
  }

  private static FieldRow<Boolean, ServerAsItIs> geoRedundant() {
    return FieldRow.<Boolean, ServerAsItIs>of(
            GEO_REDUNDANT_BACKUP, Boolean.class, "properties.backup.geoRedundantBackup")
        .only(
            "At creation only, in a region that has a pair",
            (on, asked) ->
                asked.specification() instanceof InstanceSpec
                        || on.equals(ServerFacts.of(asked).before().geoRedundant())
                    ? Optional.empty()
                    : Optional.of(
                        "\"Geo-redundant backup can be configured only at the time of server"
                            + " creation.\" ("
                            + BackupTable.PAGE
                            + ")"),
            "a new server with it, and a migration")
        .shown((on, asked) -> word(on))
        .to(
            ServerInner.class,
            (server, on, asked) ->
                server.withBackup(backup(server).withGeoRedundantBackup(word(on))))
        .from(
            (there, asked) ->
                Optional.ofNullable(there.server().backup()).map(Backup::geoRedundantBackup))
        .build();
  }

  private static GeoRedundantBackupEnum word(boolean on) {
    return on ? GeoRedundantBackupEnum.ENABLED : GeoRedundantBackupEnum.DISABLED;
  }

  private static FieldRow<io.clouddb.instance.MaintenanceWindow, ServerAsItIs> window() {
    return FieldRow.<io.clouddb.instance.MaintenanceWindow, ServerAsItIs>of(
            MAINTENANCE_WINDOW, io.clouddb.instance.MaintenanceWindow.class, WINDOW)
        .nearest(
            "Beginning at a whole minute",
            (window, asked) ->
                window.start().equals(window.start().truncatedTo(ChronoUnit.MINUTES))
                    ? Optional.empty()
                    : Optional.of("windows begin at a minute"))
        .shown((window, asked) -> text(window.day(), window.start()))
        // Azure does not take it with the creation: a new server gets it by a PATCH of its own.
        .to(MaintenanceWindow.class, (request, window, asked) -> fill(request, window))
        .to(
            ServerForUpdate.class,
            (update, window, asked) ->
                update.withMaintenanceWindow(fill(new MaintenanceWindow(), window)))
        .from((there, asked) -> shown(there.server().maintenanceWindow()))
        .build();
  }

  private static MaintenanceWindow fill(
      MaintenanceWindow request, io.clouddb.instance.MaintenanceWindow window) {
    return request
        .withCustomWindow("Enabled")
        // Azure counts from Sunday, 0.
        .withDayOfWeek(window.day().getValue() % WEEK)
        .withStartHour(window.start().getHour())
        .withStartMinute(window.start().getMinute());
  }

  private static Optional<String> shown(@Nullable MaintenanceWindow window) {
    if (window == null) {
      return Optional.empty();
    }
    if (!"enabled".equalsIgnoreCase(window.customWindow())) {
      return Optional.of("a time that Azure chooses");
    }
    int day = number(window.dayOfWeek());
    return Optional.of(
        text(
            DayOfWeek.of(day == 0 ? WEEK : day),
            LocalTime.of(number(window.startHour()), number(window.startMinute()))));
  }

  private static int number(@Nullable Integer value) {
    return value == null ? 0 : value;
  }

  private static String text(DayOfWeek day, LocalTime start) {
    return day + " " + start.truncatedTo(ChronoUnit.MINUTES) + " UTC";
  }

  private static FieldRow<Duration, ServerAsItIs> windowLength() {
    return FieldRow.<Duration, ServerAsItIs>of(MAINTENANCE_WINDOW_LENGTH, Duration.class, WINDOW)
        .nearest(
            "An hour",
            (length, asked) ->
                length.equals(LENGTH)
                    ? Optional.empty()
                    : Optional.of("Azure's maintenance windows last an hour"))
        .limit("window.hours", LENGTH.toHours())
        .shown((length, asked) -> "1 hour")
        .from((there, asked) -> Optional.of("1 hour"))
        .build();
  }
}
