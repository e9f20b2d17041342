/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A backup window (every day) or a maintenance window (once a week), in UTC.
 *
 * @param start minutes after midnight
 * @param length minutes
 */
record TimeWindow(int start, int length) {
  private static final int SHORTEST = 30;
  private static final int DAY = 24 * 60;
  private static final int WEEK = 7 * DAY;
  private static final String CLOCK = "([01][0-9]|2[0-3]):([0-5][0-9])";
  private static final Pattern BACKUP = Pattern.compile(CLOCK + "-" + CLOCK);
  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
  private static final String WEEKDAY = "(" + String.join("|", DAYS) + "):";
  private static final Pattern MAINTENANCE =
      Pattern.compile(WEEKDAY + CLOCK + "-" + WEEKDAY + CLOCK);

  static TimeWindow backup(String text) {
    Matcher matcher = BACKUP.matcher(text);
    if (!matcher.matches()) {
      throw AwsError.value("Invalid backup window format '" + text + "': hh24:mi-hh24:mi");
    }
    return of(minutes(matcher, 1), minutes(matcher, 3), DAY);
  }

  static TimeWindow maintenance(String text) {
    Matcher matcher = MAINTENANCE.matcher(text);
    if (!matcher.matches()) {
      throw AwsError.value(
          "Invalid maintenance window format '" + text + "': ddd:hh24:mi-ddd:hh24:mi");
    }
    return of(
        DAYS.indexOf(matcher.group(1)) * DAY + minutes(matcher, 2),
        DAYS.indexOf(matcher.group(4)) * DAY + minutes(matcher, 5),
        WEEK);
  }

  private static int minutes(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group)) * 60 + Integer.parseInt(matcher.group(group + 1));
  }

  private static TimeWindow of(int start, int end, int period) {
    int length = Math.floorMod(end - start, period);
    if (length < SHORTEST) {
      throw AwsError.value("A window has to be at least " + SHORTEST + " minutes long");
    }
    return new TimeWindow(start % DAY, Math.min(length, DAY));
  }

  /** The backup comes every day, so the times of day decide. */
  boolean overlaps(TimeWindow other) {
    return Math.floorMod(other.start - start, DAY) < length
        || Math.floorMod(start - other.start, DAY) < other.length;
  }
}
