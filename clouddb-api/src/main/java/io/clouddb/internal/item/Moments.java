/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

/** Times as texts whose order is that of the times. */
public final class Moments {
  private static final int LAST_YEAR = 9999;
  private static final int DIGITS = 9;
  private static final DateTimeFormatter FORMAT =
      new DateTimeFormatterBuilder().appendInstant(DIGITS).toFormatter();

  private Moments() {}

  /**
   * The text of a moment.
   *
   * @param time the moment
   * @return for example {@code 2024-05-01T10:15:30.000000000Z}, always as long as that
   * @throws DateTimeException when its year has not four digits
   */
  public static String text(Instant time) {
    year(time.atOffset(ZoneOffset.UTC).getYear());
    return FORMAT.format(time);
  }

  static String text(LocalDate day) {
    year(day.getYear());
    return day.toString();
  }

  private static void year(int year) {
    if (year < 0 || year > LAST_YEAR) {
      throw new DateTimeException("the year");
    }
  }

  /**
   * Reads a moment.
   *
   * @param text as ISO 8601 has it in UTC, with any number of digits of the second
   * @return the moment
   * @throws DateTimeException when it is none
   */
  public static Instant instant(String text) {
    return Instant.parse(text);
  }
}
