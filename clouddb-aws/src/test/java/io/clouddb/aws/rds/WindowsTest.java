/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.instance.MaintenanceWindow;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Backup and maintenance windows, as RDS writes them and as it takes them. */
class WindowsTest {
  @ParameterizedTest
  @CsvSource({
    "PT30M, 30",
    "PT45M, 45",
    "PT44M1S, 45",
    "PT44M0.001S, 45",
    "PT1M, 30",
    "PT29M59S, 30",
    "PT23H59M, 1439",
    "PT24H, 1439",
    "PT100H, 1439"
  })
  void lengthsAreWholeMinutesWithinTheLimits(Duration length, int minutes) {
    assertThat(Windows.minutes(length)).isEqualTo(minutes);
  }

  @ParameterizedTest
  @CsvSource({"03:00, 30, 03:00-03:30", "23:45, 30, 23:45-00:15", "00:00, 1439, 00:00-23:59"})
  void aBackupWindowIsWrittenAsTwoTimes(LocalTime start, int minutes, String text) {
    assertThat(Windows.backup(start, minutes)).isEqualTo(text);
  }

  private static MaintenanceWindow weekly(
      DayOfWeek day, LocalTime start, @Nullable Duration length) {
    MaintenanceWindow window = MaintenanceWindow.weekly(day, start);
    return length == null ? window : window.lasting(length);
  }

  @ParameterizedTest
  @CsvSource({
    "SUNDAY, 04:00, , sun:04:00-sun:05:00",
    "SUNDAY, 23:30, , sun:23:30-mon:00:30",
    "SATURDAY, 23:00, , sat:23:00-sun:00:00",
    "WEDNESDAY, 00:00, PT30M, wed:00:00-wed:00:30",
    "FRIDAY, 12:00, PT23H59M, fri:12:00-sat:11:59"
  })
  void aMaintenanceWindowEndsOnTheDayThatItEnds(
      DayOfWeek day, LocalTime start, @Nullable Duration length, String text) {
    assertThat(Windows.maintenance(weekly(day, start, length))).isEqualTo(text);
    assertThat(Windows.length(text)).hasValue(length == null ? Duration.ofHours(1) : length);
  }

  /** The 1st of January 2026 is a Thursday. */
  @ParameterizedTest
  @CsvSource({
    "thu:10:00-thu:11:00, 2026-01-01T10:00:00Z, true",
    "thu:10:00-thu:11:00, 2026-01-01T10:59:59Z, true",
    "thu:10:00-thu:11:00, 2026-01-01T11:00:00Z, false",
    "thu:10:00-thu:11:00, 2026-01-01T09:59:59Z, false",
    "thu:10:00-thu:11:00, 2026-01-02T10:30:00Z, false",
    "THU:10:00-Thu:11:00, 2026-01-01T10:30:00Z, true",
    "wed:23:30-thu:00:30, 2026-01-01T00:10:00Z, true",
    "wed:23:30-thu:00:30, 2025-12-31T23:45:00Z, true",
    "sun:23:30-mon:00:30, 2026-01-05T00:10:00Z, true",
    "sun:23:30-mon:00:30, 2026-01-04T23:20:00Z, false",
    "10:00-11:00, 2026-01-01T10:30:00Z, false",
    "sometime, 2026-01-01T10:30:00Z, false",
    "-thu:11:00, 2026-01-01T10:30:00Z, false"
  })
  void aMomentIsWithinOneOrNot(String window, Instant moment, boolean within) {
    assertThat(Windows.contains(window, moment)).isEqualTo(within);
  }

  @ParameterizedTest
  @CsvSource({
    "03:00-03:30, 03:00-04:00, true",
    "03:00-03:30, 03:01-03:30, false",
    "Sun:04:00-Sun:05:00, sun:04:00-sun:06:00, true",
    "sun:04:00-sun:05:00, mon:04:00-mon:05:00, false"
  })
  void twoBeginAtTheSameTimeOrNot(String one, String other, boolean same) {
    assertThat(Windows.sameStart(one, other)).isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource({
    "03:00-03:30, 30",
    "23:45-00:15, 30",
    "00:00-23:59, 1439",
    "sun:04:30-sun:06:30, 120",
    "sun:23:30-mon:00:30, 60",
    "sat:23:30-sun:00:30, 60",
    "mon:00:00-sun:23:59, 10079"
  })
  void oneHasALength(String window, long minutes) {
    assertThat(Windows.length(window)).hasValue(Duration.ofMinutes(minutes));
  }

  @ParameterizedTest
  @CsvSource({"sometime", "03:00", "03:00-", "-03:00", "sun:04:00-05:00", "25:00-26:00"})
  void whatIsNoneHasNoLength(String window) {
    assertThat(Windows.length(window)).isEmpty();
  }

  @Test
  void secondsAreLeftOut() {
    assertThat(Windows.wholeMinutes(LocalTime.of(3, 15))).isTrue();
    assertThat(Windows.wholeMinutes(LocalTime.of(3, 15, 1))).isFalse();
    assertThat(Windows.minute(LocalTime.of(3, 15, 59, 999))).isEqualTo(LocalTime.of(3, 15));
  }

  /** The backup comes every day: the day of the maintenance makes no difference. */
  @ParameterizedTest
  @CsvSource({
    "03:30, 30, 04:00, , false",
    "03:30, 31, 04:00, , true",
    "03:31, 30, 04:00, , true",
    "04:00, 30, 04:00, , true",
    "04:59, 30, 04:00, , true",
    "05:00, 30, 04:00, , false",
    "05:30, 30, 04:00, PT2H, true",
    "23:50, 30, 00:15, , true",
    "23:45, 30, 00:15, , false",
    "00:10, 30, 23:30, , true",
    "00:30, 30, 23:30, , false"
  })
  void windowsThatShareAMinuteOverlap(
      LocalTime backup,
      int minutes,
      LocalTime maintenance,
      @Nullable Duration length,
      boolean overlap) {
    for (DayOfWeek day : DayOfWeek.values()) {
      assertThat(Windows.overlap(backup, minutes, weekly(day, maintenance, length)))
          .as("%s", day)
          .isEqualTo(overlap);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "03:00-03:30, sun:03:15-sun:04:00, true",
    "03:00-03:30, sun:03:30-sun:04:00, false",
    "03:00-03:30, sun:02:00-sun:03:01, true",
    "23:45-00:15, mon:00:00-mon:00:30, true",
    "23:45-00:15, sun:23:00-mon:00:00, true",
    "03:00-03:30, sun:04:00-sun:05:00, false",
    "none, sun:04:00-sun:05:00, false",
    "03:00-03:30, none, false"
  })
  void windowsAsRdsWritesThemOverlap(String backup, String maintenance, boolean overlap) {
    assertThat(Windows.overlap(backup, maintenance)).isEqualTo(overlap);
  }
}
