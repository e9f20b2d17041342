/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.instance.MaintenanceWindow;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.TextStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/** Backup and maintenance windows as RDS writes them, in UTC. */
final class Windows {
  /** The shortest backup window that RDS takes. */
  static final int BACKUP_MINUTES = 30;

  static final int MAINTENANCE_MINUTES = 60;

  /** The shortest and the longest window of either kind. */
  static final int LEAST_MINUTES = 30;

  /** A window of a whole day would end where it begins, which RDS reads as none. */
  static final int MOST_MINUTES = 24 * 60 - 1;

  private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
  private static final int CLOCK_LENGTH = "03:00".length();
  private static final int DAY_MINUTES = 24 * 60;
  private static final int WEEK_MINUTES = 7 * DAY_MINUTES;
  private static final DateTimeFormatter DAY_AND_CLOCK =
      new DateTimeFormatterBuilder()
          .parseCaseInsensitive()
          .appendPattern("EEE:HH:mm")
          .toFormatter(Locale.ENGLISH);

  private Windows() {}

  /** A length as RDS can have it: whole minutes, rounded up, within its limits. */
  static int minutes(Duration length) {
    long whole =
        length.toMinutes() + (length.equals(length.truncatedTo(ChronoUnit.MINUTES)) ? 0 : 1);
    return (int) Math.max(LEAST_MINUTES, Math.min(MOST_MINUTES, whole));
  }

  static int maintenanceMinutes(MaintenanceWindow window) {
    return window.length().map(Windows::minutes).orElse(MAINTENANCE_MINUTES);
  }

  /** For example {@code 03:00-03:30}. */
  static String backup(LocalTime start, int minutes) {
    return CLOCK.format(start) + "-" + CLOCK.format(start.plusMinutes(minutes));
  }

  /** For example {@code sun:04:00-sun:05:00}. */
  static String maintenance(MaintenanceWindow window) {
    LocalTime end = window.start().plusMinutes(maintenanceMinutes(window));
    DayOfWeek endDay = end.isBefore(window.start()) ? window.day().plus(1) : window.day();
    return day(window.day())
        + ":"
        + CLOCK.format(window.start())
        + "-"
        + day(endDay)
        + ":"
        + CLOCK.format(end);
  }

  private static String day(DayOfWeek day) {
    return day.getDisplayName(TextStyle.SHORT, Locale.ENGLISH).toLowerCase(Locale.ROOT);
  }

  /**
   * Tells whether a moment is within a window as {@link #maintenance} writes it. What is none,
   * which {@link io.clouddb.Native} can put there, is for RDS to refuse.
   */
  static boolean contains(String window, Instant moment) {
    int dash = window.indexOf('-');
    try {
      int start = minuteOfWeek(DAY_AND_CLOCK.parse(window.substring(0, Math.max(dash, 0))));
      int end = minuteOfWeek(DAY_AND_CLOCK.parse(window.substring(dash + 1)));
      int now = minuteOfWeek(moment.atZone(ZoneOffset.UTC));
      return Math.floorMod(now - start, WEEK_MINUTES) < Math.floorMod(end - start, WEEK_MINUTES);
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /**
   * Tells whether two windows, of backups or of maintenance, begin at the same time.
   *
   * @param one a window as RDS writes it
   * @param other another one of the same kind
   * @return true when they do
   */
  static boolean sameStart(String one, String other) {
    return start(one).equalsIgnoreCase(start(other));
  }

  private static String start(String window) {
    return window.substring(0, Math.max(window.indexOf('-'), 0));
  }

  /**
   * How long a window is.
   *
   * @param window one of backups or of maintenance, as RDS writes it
   * @return its length; empty when it is none
   */
  static Optional<Duration> length(String window) {
    String start = start(window);
    String end = window.substring(start.length()).replaceFirst("^-", "");
    try {
      boolean daily = start.length() == CLOCK_LENGTH;
      int minutes = daily ? minuteOfDay(end) - minuteOfDay(start) : week(end) - week(start);
      return Optional.of(
          Duration.ofMinutes(Math.floorMod(minutes, daily ? DAY_MINUTES : WEEK_MINUTES)));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static int minuteOfDay(String clock) {
    return CLOCK.parse(clock).get(ChronoField.MINUTE_OF_DAY);
  }

  private static int week(String dayAndClock) {
    return minuteOfWeek(DAY_AND_CLOCK.parse(dayAndClock));
  }

  private static int minuteOfWeek(TemporalAccessor time) {
    return (time.get(ChronoField.DAY_OF_WEEK) - 1) * DAY_MINUTES
        + time.get(ChronoField.MINUTE_OF_DAY);
  }

  /** RDS counts in minutes. */
  static boolean wholeMinutes(LocalTime time) {
    return time.equals(minute(time));
  }

  static LocalTime minute(LocalTime time) {
    return time.truncatedTo(ChronoUnit.MINUTES);
  }

  /** The backup comes every day, so only the time of day counts. */
  static boolean overlap(LocalTime backup, int minutes, MaintenanceWindow maintenance) {
    int afterBackup = minutesBetween(backup, maintenance.start());
    int afterMaintenance = minutesBetween(maintenance.start(), backup);
    return afterBackup < minutes || afterMaintenance < maintenanceMinutes(maintenance);
  }

  /**
   * The same of windows as RDS writes them.
   *
   * @param backup for example {@code 03:00-03:30}
   * @param maintenance for example {@code sun:04:00-sun:05:00}
   * @return true when they overlap on some day; false also when one of them is none
   */
  static boolean overlap(String backup, String maintenance) {
    Optional<Duration> daily = length(backup);
    Optional<Duration> weekly = length(maintenance);
    if (daily.isEmpty() || weekly.isEmpty()) {
      return false;
    }
    int from = minuteOfDay(start(backup));
    int other = week(start(maintenance)) % DAY_MINUTES;
    return Math.floorMod(other - from, DAY_MINUTES) < daily.get().toMinutes()
        || Math.floorMod(from - other, DAY_MINUTES) < weekly.get().toMinutes();
  }

  private static int minutesBetween(LocalTime from, LocalTime to) {
    return Math.floorMod((int) ChronoUnit.MINUTES.between(from, to), DAY_MINUTES);
  }
}
