/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What every value has to be. Messages name no content: it may be anybody's data. */
final class Values {
  private static final int MOST_DIGITS = 38;
  private static final int DIGITS_OF_A_LONG = 18;
  private static final int SMALLEST_EXPONENT = -130;
  private static final int LARGEST_EXPONENT = 125;

  private Values() {}

  /** Not {@code PlainText}: a zero character is one that an item can hold. */
  static void plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      // One comparison for nearly all texts: an item of an answer is no faster than its texts.
      if (text.charAt(i) >= Character.MIN_SURROGATE && Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          throw invalid("A text of an item has half a character (a lone surrogate)");
        }
        i++;
      }
    }
  }

  static BigDecimal number(BigDecimal number) {
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    BigDecimal plain =
        number.scale() == 0
                && number.precision() <= DIGITS_OF_A_LONG
                && number.longValue() % 10 != 0
            ? number
            : number.stripTrailingZeros();
    if (plain.precision() > MOST_DIGITS) {
      throw invalid(
          "A number of an item has "
              + plain.precision()
              + " significant digits; "
              + MOST_DIGITS
              + " can be kept exactly");
    }
    long exponent = (long) plain.precision() - plain.scale() - 1;
    if (exponent < SMALLEST_EXPONENT || exponent > LARGEST_EXPONENT) {
      throw invalid(
          "A number of an item is of the size 1E"
              + exponent
              + "; sizes from 1E"
              + SMALLEST_EXPONENT
              + " to 1E"
              + LARGEST_EXPONENT
              + " can be kept");
    }
    return plain;
  }

  static Map<String, Value> members(Map<String, Value> members) {
    Map<String, Value> copy = new LinkedHashMap<>(members);
    copy.forEach(
        (name, value) -> {
          plain(name);
          Objects.requireNonNull(value, name);
        });
    return Collections.unmodifiableMap(copy);
  }

  static void requireSome(Collection<?> values) {
    if (values.isEmpty()) {
      throw invalid("A set of an item is empty; leave the attribute out instead");
    }
  }

  static void requireSet(Value elements) {
    if (!(elements instanceof Value.TextSet)
        && !(elements instanceof Value.NumSet)
        && !(elements instanceof Value.BinarySet)) {
      throw invalid("What is added to a set, or taken from it, has to be a set");
    }
  }

  static void requireOperands(Collection<?> conditions) {
    if (conditions.isEmpty()) {
      throw invalid("A condition of several needs at least one");
    }
  }

  static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }
}
