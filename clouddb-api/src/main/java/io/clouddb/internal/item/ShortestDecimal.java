/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The decimal number with the fewest digits of which a binary one is the nearest: {@code 0.1} of
 * what is 0.1000000000000000055. {@code Double.toString} has more digits than needed of some
 * numbers before Java 19, so that items would differ by who wrote them.
 */
final class ShortestDecimal {
  // So many digits always come back from a binary number, and so many always suffice to name it.
  private static final int SAFE_DOUBLE = 15;
  private static final int MOST_DOUBLE = 17;
  private static final int SAFE_FLOAT = 6;
  private static final int MOST_FLOAT = 9;

  private ShortestDecimal() {}

  static BigDecimal of(double number) {
    BigDecimal exact = new BigDecimal(number);
    for (int digits = SAFE_DOUBLE; digits < MOST_DOUBLE; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (nearest(rounded) == number) {
        return rounded;
      }
    }
    return exact.round(new MathContext(MOST_DOUBLE));
  }

  static BigDecimal of(float number) {
    BigDecimal exact = new BigDecimal(number);
    for (int digits = SAFE_FLOAT; digits < MOST_FLOAT; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (nearestFloat(rounded) == number) {
        return rounded;
      }
    }
    return exact.round(new MathContext(MOST_FLOAT));
  }

  /** Its own {@code doubleValue} misses the nearest one where it multiplies by a power of ten. */
  static double nearest(BigDecimal number) {
    return Double.parseDouble(number.toString());
  }

  static float nearestFloat(BigDecimal number) {
    return Float.parseFloat(number.toString());
  }
}
