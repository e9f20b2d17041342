/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.item.Moments;
import io.clouddb.internal.text.Quoted;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;

/** Times as the numbers that clouds let items expire by. */
final class EpochSeconds {
  private EpochSeconds() {}

  static Value number(Class<?> type, String property, Value value) {
    if (value instanceof Value.Null) {
      return value;
    }
    Instant time = instant(type, property, value);
    if (time.getNano() != 0) {
      throw invalid(type, property, "has a part of a second, which is not kept: truncate it");
    }
    return Value.of(time.getEpochSecond());
  }

  static Value text(Class<?> type, String property, Value value) {
    if (value instanceof Value.Null) {
      return value;
    }
    BigDecimal seconds = value instanceof Value.Num number ? number.number() : null;
    try {
      if (seconds != null) {
        return Value.of(Moments.text(Instant.ofEpochSecond(seconds.longValueExact())));
      }
    } catch (ArithmeticException | DateTimeException e) {
      throw invalid(type, property, "is no number of seconds since 1970 in the years 0000 to 9999");
    }
    throw invalid(type, property, "is no number of seconds since 1970");
  }

  private static Instant instant(Class<?> type, String property, Value value) {
    if (value instanceof Value.Text text) {
      try {
        return Moments.instant(text.text());
      } catch (DateTimeException e) {
        throw invalid(type, property, "is no Instant");
      }
    }
    throw invalid(type, property, "is no Instant");
  }

  private static RuntimeException invalid(Class<?> type, String property, String what) {
    return Values.invalid(
        "%s cannot be mapped: property %s %s"
            .formatted(type.getSimpleName(), Quoted.of(property), what));
  }
}
