/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.terminal;

import java.time.Duration;
import java.util.Locale;

/** Numbers as a person reads them. */
public final class Amounts {
  private static final int KILO = 1024;
  private static final String UNITS = "KMGT";

  private Amounts() {}

  /** For example {@code 1,234,567}. */
  public static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** For example {@code 12 kB}, by powers of 1024. */
  public static String bytes(long number) {
    if (number < KILO) {
      return number + " B";
    }
    double amount = number;
    int unit = -1;
    while (amount >= KILO && unit + 1 < UNITS.length()) {
      amount /= KILO;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %siB", amount, UNITS.charAt(unit));
  }

  /** For example {@code 350 ms}, {@code 2.4 s} or {@code 2:05 min}. */
  public static String duration(Duration duration) {
    long millis = duration.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    return String.format(
        Locale.ROOT, "%d:%02d min", duration.toMinutes(), duration.toSecondsPart());
  }
}
