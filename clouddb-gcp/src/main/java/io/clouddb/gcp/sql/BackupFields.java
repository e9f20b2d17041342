/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.instance.InstanceField.AVAILABILITY;
import static io.clouddb.instance.InstanceField.BACKUPS;
import static io.clouddb.instance.InstanceField.BACKUP_LOCATION;
import static io.clouddb.instance.InstanceField.BACKUP_RETENTION;
import static io.clouddb.instance.InstanceField.BACKUP_WINDOW;
import static io.clouddb.instance.InstanceField.BACKUP_WINDOW_LENGTH;
import static io.clouddb.instance.InstanceField.GEO_REDUNDANT_BACKUP;
import static io.clouddb.instance.InstanceField.LOG_RETENTION;
import static io.clouddb.instance.InstanceField.NAME;
import static io.clouddb.instance.InstanceField.POINT_IN_TIME;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.BackupRetentionSettings;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.FeatureContext;
import io.clouddb.instance.Availability;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Backups and point-in-time recovery, {@code settings.backupConfiguration}, and the standby that
 * needs both. Automated backups are daily, so the number that is kept is the number of days.
 */
final class BackupFields {
  private static final int MOST_RETAINED = 365;

  /** How long a backup window is; nothing else can be asked for. */
  private static final Duration WINDOW = Duration.ofHours(4);

  private static final Tier LESSER = new Tier("", Tier.ENTERPRISE);
  private static final Tier GREATER = new Tier("", Tier.ENTERPRISE_PLUS);
  private static final String PREFIX = "settings.backupConfiguration.";
  private static final String START = PREFIX + "startTime";
  private static final String REGIONAL = "REGIONAL";
  private static final DateTimeFormatter HOUR_AND_MINUTE = DateTimeFormatter.ofPattern("HH:mm");

  private BackupFields() {}

  /** The standby is the last, since it switches on what it needs. */
  static List<FieldRow<?, SeenInstance>> rows() {
    return List.of(
        backups(),
        window(),
        length(),
        retention(),
        pointInTime(),
        logRetention(),
        location(),
        geoRedundant(),
        availability());
  }

  private static BackupConfiguration in(Settings settings) {
    if (settings.getBackupConfiguration() == null) {
      settings.setBackupConfiguration(new BackupConfiguration());
    }
    return settings.getBackupConfiguration();
  }

  private static FieldRow<Boolean, SeenInstance> backups() {
    return FieldRow.<Boolean, SeenInstance>of(BACKUPS, Boolean.class, PREFIX + "enabled")
        .shown((on, asked) -> on + kept(on, asked))
        .to(
            InsertBody.class,
            (body, on, asked) ->
                in(body.settings())
                    .setEnabled(on)
                    .setPointInTimeRecoveryEnabled(asked.has(POINT_IN_TIME)))
        .to(
            PatchBody.class,
            (body, on, asked) -> {
              BackupConfiguration backups = in(body.settings()).setEnabled(on);
              // That it is left out is no wish to lose it.
              if (!on) {
                backups.setPointInTimeRecoveryEnabled(false);
              }
            })
        .from((there, asked) -> Optional.of(Boolean.TRUE.equals(there.backups().getEnabled())))
        .build();
  }

  /** How long backups and logs are kept where the policy does not say it. */
  private static String kept(boolean on, Asked asked) {
    Tier tier = EngineFields.tier(asked).orElse(null);
    if (!on || asked.has(BACKUP_RETENTION) || tier == null) {
      return "";
    }
    return " (the edition keeps "
        + tier.usualBackups()
        + " backups"
        + (asked.has(POINT_IN_TIME) ? " and " + tier.usualLogDays() + " days of logs)" : ")");
  }

  private static FieldRow<LocalTime, SeenInstance> window() {
    return FieldRow.<LocalTime, SeenInstance>of(BACKUP_WINDOW, LocalTime.class, START)
        .nearest(
            "hours and minutes, no seconds",
            (start, asked) ->
                start.equals(start.truncatedTo(ChronoUnit.MINUTES))
                    ? Optional.empty()
                    : Optional.of("Cloud SQL knows hours and minutes only"))
        .shown((start, asked) -> HOUR_AND_MINUTE.format(start))
        .to(
            InsertBody.class,
            (body, start, asked) -> in(body.settings()).setStartTime(HOUR_AND_MINUTE.format(start)))
        .to(
            PatchBody.class,
            (body, start, asked) -> in(body.settings()).setStartTime(HOUR_AND_MINUTE.format(start)))
        .from((there, asked) -> Optional.ofNullable(there.backups().getStartTime()))
        .build();
  }

  private static FieldRow<Duration, SeenInstance> length() {
    return FieldRow.<Duration, SeenInstance>of(BACKUP_WINDOW_LENGTH, Duration.class, START)
        .nearest(
            "four hours",
            (length, asked) ->
                length.equals(WINDOW)
                    ? Optional.empty()
                    : Optional.of("Cloud SQL's backup windows last four hours"))
        .limit("window.hours", WINDOW.toHours())
        .shown((length, asked) -> "4 hours")
        .from((there, asked) -> Optional.of("4 hours"))
        .build();
  }

  private static FieldRow<Integer, SeenInstance> retention() {
    return FieldRow.<Integer, SeenInstance>of(
            BACKUP_RETENTION, Integer.class, PREFIX + "backupRetentionSettings.retainedBackups")
        .nearest(
            "at most " + MOST_RETAINED + " days, one backup a day",
            (days, asked) ->
                days > MOST_RETAINED
                    ? Optional.of("Cloud SQL keeps at most 365 daily backups")
                    : Optional.empty())
        .limit("retention.days.min", 1)
        .limit("retention.days.max", MOST_RETAINED)
        .shown((days, asked) -> Math.min(days, MOST_RETAINED))
        .to(
            InsertBody.class,
            // Logs are never kept longer than backups.
            (body, days, asked) ->
                retain(body.settings(), days)
                    .setTransactionLogRetentionDays(
                        logDays(asked).orElse(Math.min(days, mostLogDays(asked)))))
        .to(PatchBody.class, (body, days, asked) -> retain(body.settings(), days))
        .from((there, asked) -> Optional.ofNullable(retained(there.backups())))
        .build();
  }

  private static BackupConfiguration retain(Settings settings, int days) {
    return in(settings)
        .setBackupRetentionSettings(
            new BackupRetentionSettings()
                .setRetentionUnit("COUNT")
                .setRetainedBackups(Math.min(days, MOST_RETAINED)));
  }

  private static @Nullable Integer retained(BackupConfiguration backups) {
    BackupRetentionSettings retention = backups.getBackupRetentionSettings();
    return retention == null ? null : retention.getRetainedBackups();
  }

  /**
   * What is kept of the logs.
   *
   * @param on whether point-in-time recovery is on
   * @param days days that are kept; null when the cloud does not tell
   */
  private record Logs(boolean on, @Nullable Integer days) {
    @Override
    public String toString() {
      return on + (on && days != null ? ", with " + days + " days of logs" : "");
    }
  }

  private static FieldRow<Boolean, SeenInstance> pointInTime() {
    return FieldRow.<Boolean, SeenInstance>of(POINT_IN_TIME, Boolean.class, PREFIX)
        .vendorField(
            asked ->
                PREFIX
                    + (isTooLong(asked)
                        ? "transactionLogRetentionDays"
                        : "pointInTimeRecoveryEnabled"))
        .nearest(
            "only the last days of a longer retention",
            (on, asked) ->
                isTooLong(asked)
                    ? Optional.of(
                        "this edition restores to any moment of the last "
                            + mostLogDays(asked)
                            + " days only")
                    : Optional.empty())
        .limit("retention.days.max", BackupFields::mostLogDays)
        .shown((on, asked) -> logs(asked))
        .to(
            PatchBody.class,
            (body, on, asked) -> {
              BackupConfiguration backups = in(body.settings()).setPointInTimeRecoveryEnabled(true);
              wholeLogDays(asked)
                  .ifPresent(
                      days ->
                          backups.setTransactionLogRetentionDays(
                              Math.min(days, mostLogDays(asked))));
            })
        .from(
            (there, asked) ->
                Optional.of(
                    new Logs(
                        Boolean.TRUE.equals(there.backups().getPointInTimeRecoveryEnabled()),
                        there.backups().getTransactionLogRetentionDays())))
        .same(
            (on, actual, asked) ->
                actual instanceof Logs logs
                    && logs.on()
                    && wholeLogDays(asked)
                        .map(days -> Math.min(days, mostLogDays(asked)))
                        .filter(days -> logs.days() != null && !days.equals(logs.days()))
                        .isEmpty())
        .build();
  }

  private static Object logs(Asked asked) {
    if (isTooLong(asked)) {
      return mostLogDays(asked);
    }
    boolean depends =
        EngineFields.tier(asked).isEmpty()
            && wholeLogDays(asked).filter(days -> days > LESSER.mostLogDays()).isPresent();
    return depends
        ? "true, where the instance is of " + Tier.ENTERPRISE_PLUS + "; refused where it is not"
        : true;
  }

  private static Optional<Integer> days(Asked asked) {
    return asked.value(BACKUP_RETENTION, Integer.class);
  }

  /** Days of logs that make any moment of the retention one to go back to. */
  private static Optional<Integer> wholeLogDays(Asked asked) {
    return logDays(asked).isPresent() ? Optional.empty() : days(asked);
  }

  private static Optional<Integer> logDays(Asked asked) {
    return asked
        .value(LOG_RETENTION, Integer.class)
        .map(days -> Math.min(days, mostLogDays(asked)));
  }

  private static boolean isTooLong(Asked asked) {
    return wholeLogDays(asked).filter(days -> days > mostLogDays(asked)).isPresent();
  }

  /** Days of transaction logs that are kept at most; by any edition where it is not known. */
  private static int mostLogDays(Asked asked) {
    return EngineFields.tier(asked).orElse(GREATER).mostLogDays();
  }

  private static int mostLogDays(FeatureContext context) {
    boolean plus = context.edition().filter(Tier.ENTERPRISE_PLUS::equals).isPresent();
    return (plus ? GREATER : LESSER).mostLogDays();
  }

  private static FieldRow<Integer, SeenInstance> logRetention() {
    return FieldRow.<Integer, SeenInstance>of(
            LOG_RETENTION, Integer.class, PREFIX + "transactionLogRetentionDays")
        .only(
            "no longer than the backups are kept",
            (days, asked) -> {
              // "backup retention should be > transaction log retention", says the service, which
              // takes as many: github.com/terraform-google-modules/terraform-google-sql-db, 785.
              Optional<Integer> most =
                  days(asked)
                      .or(
                          () ->
                              asked.has(NAME)
                                  ? EngineFields.tier(asked).map(Tier::usualBackups)
                                  : Optional.empty());
              return most.filter(backups -> logDays(asked).orElse(days) > backups)
                  .map(
                      backups ->
                          "logs are kept no longer than backups, of which there are " + backups);
            },
            "retainDays(...) with as many days")
        .nearest(
            "at most as many days as the edition keeps",
            (days, asked) ->
                days > mostLogDays(asked)
                    ? Optional.of(
                        "this edition keeps logs for at most " + mostLogDays(asked) + " days")
                    : Optional.empty())
        .limit("retention.days.min", 1)
        .limit("retention.days.max", BackupFields::mostLogDays)
        .shown((days, asked) -> Math.min(days, mostLogDays(asked)))
        .to(
            InsertBody.class,
            (body, days, asked) ->
                in(body.settings()).setTransactionLogRetentionDays(logDays(asked).orElse(days)))
        .to(
            PatchBody.class,
            (body, days, asked) ->
                in(body.settings()).setTransactionLogRetentionDays(logDays(asked).orElse(days)))
        .from(
            (there, asked) -> Optional.ofNullable(there.backups().getTransactionLogRetentionDays()))
        .build();
  }

  private static FieldRow<String, SeenInstance> location() {
    return FieldRow.<String, SeenInstance>of(BACKUP_LOCATION, String.class, PREFIX + "location")
        .only(
            "a region or a multi-region of Google's",
            (place, asked) -> BackupPlace.whyNot(place),
            "a region such as europe-west1, or one of " + BackupPlace.MULTI_REGIONS)
        .to(InsertBody.class, (body, place, asked) -> in(body.settings()).setLocation(place))
        .to(PatchBody.class, (body, place, asked) -> in(body.settings()).setLocation(place))
        .from((there, asked) -> Optional.of(BackupPlace.of(there.instance())))
        .build();
  }

  /** A multi-region has more regions than the instance's; a region is alone. */
  private static FieldRow<Boolean, SeenInstance> geoRedundant() {
    return FieldRow.<Boolean, SeenInstance>of(
            GEO_REDUNDANT_BACKUP, Boolean.class, PREFIX + "location")
        .only(
            "the multi-region around the instance, or a place that is as it is asked for",
            (on, asked) -> whyNot(on, asked),
            "storedIn(...) with a place that is as it is asked for")
        .shown((on, asked) -> place(on, asked).orElse(""))
        .to(
            InsertBody.class,
            (body, on, asked) -> in(body.settings()).setLocation(place(on, asked).orElseThrow()))
        .to(
            PatchBody.class,
            (body, on, asked) -> in(body.settings()).setLocation(place(on, asked).orElseThrow()))
        .from((there, asked) -> Optional.of(BackupPlace.of(there.instance())))
        .same((on, actual, asked) -> BackupPlace.isMultiRegion(String.valueOf(actual)) == on)
        .build();
  }

  private static Optional<String> whyNot(boolean on, Asked asked) {
    Optional<String> place = place(on, asked);
    if (place.isEmpty()) {
      return Optional.of(
          "which multi-region is around "
              + asked.facts(Place.class).region()
              + " this release does not know");
    }
    return BackupPlace.isMultiRegion(place.get()) == on
        ? Optional.empty()
        : Optional.of(
            place.get() + (on ? " is one region" : " is more than one region") + " of Google's");
  }

  private static Optional<String> place(boolean on, Asked asked) {
    String region = asked.facts(Place.class).region();
    return asked
        .value(BACKUP_LOCATION, String.class)
        .or(() -> on ? BackupPlace.around(region) : Optional.of(region));
  }

  private static FieldRow<Availability, SeenInstance> availability() {
    return FieldRow.<Availability, SeenInstance>of(
            AVAILABILITY, Availability.class, "settings.availabilityType")
        .only(
            "REGIONAL with automated backups and point-in-time recovery, which it switches on",
            (availability, asked) ->
                availability == Availability.REGIONAL
                        && asked.value(BACKUPS, Boolean.class).filter(on -> !on).isPresent()
                    ? Optional.of(
                        "REGIONAL needs automated backups and point-in-time recovery, and backups"
                            + " are off")
                    : Optional.empty(),
            "leave the backups on, or take ZONAL")
        .shown(BackupFields::shownWithStandby)
        .to(InsertBody.class, (body, to, asked) -> write(body.settings(), to))
        .to(PatchBody.class, (body, to, asked) -> write(body.settings(), to))
        .from((there, asked) -> Optional.ofNullable(there.settings().getAvailabilityType()))
        .same((availability, actual, asked) -> availability.name().equals(actual))
        .build();
  }

  /** An availability, with all that is switched on with it. */
  static Object shownWithStandby(Availability availability, Asked asked) {
    return availability == Availability.REGIONAL && !asked.has(POINT_IN_TIME)
        ? "REGIONAL (which needs automated backups and point-in-time recovery: both are switched on)"
        : availability.name();
  }

  /** With all that a standby needs. */
  static void write(Settings settings, Availability availability) {
    settings.setAvailabilityType(availability.name());
    if (availability == Availability.REGIONAL) {
      withStandby(in(settings));
    }
  }

  /** Whether there is a standby, or will be. */
  static boolean isRegional(@Nullable String availabilityType) {
    return REGIONAL.equals(availabilityType);
  }

  /** Switches on what a standby needs. */
  static void withStandby(BackupConfiguration configuration) {
    configuration.setEnabled(true).setPointInTimeRecoveryEnabled(true);
  }
}
