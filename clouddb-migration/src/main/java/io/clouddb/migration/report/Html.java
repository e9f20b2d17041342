/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.time.Duration;
import java.util.Locale;

/** Text and numbers as the page shows them. */
final class Html {
  private Html() {}

  /** Text for an element or a quoted attribute. */
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c < ' ' && c != '\n' && c != '\t' ? '\uFFFD' : c);
      }
    }
    return out.toString();
  }

  /** A pattern with its places filled, whatever the locale of the process is. */
  static String fill(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }

  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Two to three digits, then the unit's prefix: 950, 1.2k, 34k, 5.6M. */
  static String shorten(double number) {
    String[] prefixes = {"", "k", "M", "G", "T"};
    double scaled = number;
    int prefix = 0;
    while (scaled >= 1000 && prefix < prefixes.length - 1) {
      scaled /= 1000;
      prefix++;
    }
    String pattern = scaled == Math.rint(scaled) || scaled >= 100 ? "%.0f%s" : "%.1f%s";
    return String.format(Locale.ROOT, pattern, scaled, prefixes[prefix]);
  }

  /** Decimal units, as rates of networks and disks are given in. */
  static String bytes(long number) {
    String shortened = shorten((double) number);
    char last = shortened.charAt(shortened.length() - 1);
    return Character.isLetter(last)
        ? shortened.substring(0, shortened.length() - 1) + " " + last + "B"
        : shortened + " B";
  }

  /** Bytes a second; of what took less than a millisecond nothing can be said. */
  static String rate(long bytes, Duration time) {
    long millis = millis(time);
    return millis == 0 ? "\u2013" : bytes(Math.round((double) bytes * 1000 / millis)) + "/s";
  }

  static String duration(Duration time) {
    long millis = millis(time);
    if (millis < 1000) {
      return millis + " ms";
    }
    if (millis < 60_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
    }
    if (millis < 3_600_000) {
      return time.toMinutes() + " min " + time.toSecondsPart() + " s";
    }
    return time.toHours() + " h " + time.toMinutesPart() + " min";
  }

  private static long millis(Duration time) {
    return time.toSeconds() > Long.MAX_VALUE / 1000 - 1 ? Long.MAX_VALUE : time.toMillis();
  }

  static String coordinate(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
