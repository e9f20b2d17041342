/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.math.BigDecimal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which numbers an item may have: 38 digits, from 1E-130 to 9.99...E+125, and below zero the same.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html">Data
 *     types</a>
 */
public final class Numbers {
  private static final int DIGITS = 38;
  private static final int GREATEST = 125;
  private static final int LEAST = -130;

  /** What is longer is shortened first: to convert all digits takes the square of their number. */
  private static final int LONG = 1000;

  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]++\\.?+[0-9]*+|\\.[0-9]++)(?:[eE]([+-]?[0-9]++))?");

  /** Out of range whatever the digits are. */
  private static final long FAR = 999_999_999;

  private Numbers() {}

  /**
   * Reads one.
   *
   * @param text as a request has it
   * @return the number, without trailing zeros
   * @throws io.clouddb.testkit.simulator.aws.AwsError when it may not be in an item
   */
  public static BigDecimal read(String text) {
    return read(text, false);
  }

  /**
   * Reads one as the service reads the parameters of statements and what is put in a batch: by
   * Java's rules, whose exponents have 32 bits.
   *
   * @param text as a request has it
   * @return the number, without trailing zeros
   * @throws io.clouddb.testkit.simulator.aws.AwsError when it may not be in an item
   */
  static BigDecimal readByJava(String text) {
    return read(text, true);
  }

  private static BigDecimal read(String text, boolean byJava) {
    Matcher matcher = NUMBER.matcher(text);
    if (!matcher.matches()) {
      throw unreadable(text);
    }
    long exponent = exponent(text, matcher.group(2));
    if (byJava && Math.abs(exponent) > Integer.MAX_VALUE) {
      throw unreadable(text);
    }
    // A zero is as far off as it is written.
    if (isZero(matcher.group(1))) {
      requireNear(exponent);
      return BigDecimal.ZERO;
    }
    if (Math.abs(exponent) > FAR) {
      // The magnitude of the greatest one has 33 bits, and is negative in 32.
      throw exponent > 0 && !(byJava && exponent == Integer.MAX_VALUE) ? overflow() : underflow();
    }
    return check(new BigDecimal(text.length() > LONG ? shortened(text) : text));
  }

  private static AwsError unreadable(String text) {
    return Validation.error(
        "The parameter cannot be converted to a numeric value"
            + (text.isEmpty() ? "" : ": " + text));
  }

  /** One of more than 64 bits makes the number unreadable. */
  private static long exponent(String text, @Nullable String written) {
    try {
      return written == null ? 0 : Long.parseLong(written);
    } catch (NumberFormatException e) {
      throw unreadable(text);
    }
  }

  private static boolean isZero(String digits) {
    return digits.chars().allMatch(digit -> digit == '0' || digit == '.');
  }

  private static void requireNear(long exponent) {
    if (exponent > GREATEST) {
      throw overflow();
    }
    if (exponent < LEAST) {
      throw underflow();
    }
  }

  private static AwsError overflow() {
    return Validation.error(
        "Number overflow. Attempting to store a number with magnitude larger than supported range");
  }

  private static AwsError underflow() {
    return Validation.error(
        "Number underflow. Attempting to store a number with magnitude smaller than supported"
            + " range");
  }

  /** The same number in few digits, or one that is refused for the same reason. */
  private static String shortened(String text) {
    int e = Math.max(text.indexOf('e'), text.indexOf('E'));
    String mantissa = e < 0 ? text : text.substring(0, e);
    long exponent = e < 0 ? 0 : Long.parseLong(text.substring(e + 1));
    int point = mantissa.indexOf('.');
    if (point >= 0) {
      exponent -= mantissa.length() - point - 1;
    }
    String digits = mantissa.replaceAll("[+.-]", "");
    int first = 0;
    while (first < digits.length() && digits.charAt(first) == '0') {
      first++;
    }
    int end = digits.length();
    while (end > first && digits.charAt(end - 1) == '0') {
      end--;
    }
    if (first == end) {
      return "0";
    }
    exponent += digits.length() - end;
    String kept = digits.substring(first, end);
    int dropped = kept.length() - DIGITS - 1;
    if (dropped > 0) {
      // The last digit that there is is none of the zeros that do not count.
      kept = kept.substring(0, DIGITS) + "1";
      exponent += dropped;
    }
    return (mantissa.startsWith("-") ? "-" : "") + kept + "e" + exponent;
  }

  /**
   * Checks one that was computed.
   *
   * @param number the number
   * @return the same, without trailing zeros
   * @throws io.clouddb.testkit.simulator.aws.AwsError when it may not be in an item
   */
  public static BigDecimal check(BigDecimal number) {
    if (number.signum() == 0) {
      return BigDecimal.ZERO;
    }
    // Before the zeros go: of a number of a thousand digits that takes long.
    requireNear(number.precision() - number.scale() - 1);
    BigDecimal plain = number.stripTrailingZeros();
    if (plain.precision() > DIGITS) {
      throw Validation.error("Attempting to store more than 38 significant digits in a Number");
    }
    return plain;
  }

  /**
   * Writes one.
   *
   * @param number the number
   * @return without exponent, as the service does
   */
  public static String write(BigDecimal number) {
    return number.toPlainString();
  }
}
