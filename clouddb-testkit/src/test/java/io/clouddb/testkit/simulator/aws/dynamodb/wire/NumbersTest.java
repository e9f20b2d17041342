/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.simulator.aws.AwsError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Numbers as requests have them. */
class NumbersTest {
  private static final int MANY = 5_000_000;

  private static void refused(String text, String reason) {
    assertThatThrownBy(() -> Numbers.read(text))
        .isInstanceOfSatisfying(
            AwsError.class, error -> assertThat(error.text()).startsWith(reason));
  }

  /** All digits that a request has room for would take minutes, and hold a thread so long. */
  @Test
  @Timeout(30)
  void manyDigitsTakeNoTime() {
    String zeros = "0".repeat(MANY);
    assertThat(Numbers.read("1" + zeros + "e-" + MANY)).isEqualByComparingTo("1");
    assertThat(Numbers.read("-" + zeros + "12.50" + zeros)).isEqualByComparingTo("-12.5");
    assertThat(Numbers.read("0." + zeros + "7E+" + (MANY + 1))).isEqualByComparingTo("7");
    assertThat(Numbers.read("+" + zeros + "." + zeros)).isEqualByComparingTo("0");
    refused("1" + zeros, "Number overflow.");
    refused("-." + zeros + "1", "Number underflow.");
    String threes = "3".repeat(MANY);
    refused("0." + threes, "Attempting to store more than 38 significant digits in a Number");
    refused(threes + "e-" + MANY, "Attempting to store more than 38 significant digits");
    refused(threes, "Number overflow.");
    refused(threes + "x", "The parameter cannot be converted to a numeric value");
  }

  @Test
  void thirtyEightDigitsAreTaken() {
    String most = "1".repeat(38);
    assertThat(Numbers.read("0".repeat(2000) + most)).isEqualByComparingTo(most);
    refused("0".repeat(2000) + most + "1", "Attempting to store more than 38 significant digits");
  }

  /** The exponent counts as it is written, also where there is nothing but zeros. */
  @Test
  void aNumberIsRefusedByItsExponent() {
    refused("0e126", "Number overflow.");
    refused("-0.0e126", "Number overflow.");
    refused("0e-131", "Number underflow.");
    refused("1e99999999999", "Number overflow.");
    refused("-1e-99999999999", "Number underflow.");
    refused("1e2147483647", "Number overflow.");
    refused("1e2147483648", "Number overflow.");
    refused(
        "1e9223372036854775808",
        "The parameter cannot be converted to a numeric value: 1e9223372036854775808");
    refused("1e" + "9".repeat(MANY), "The parameter cannot be converted to a numeric value");
    refused("", "The parameter cannot be converted to a numeric value");
    assertThat(Numbers.read("0e125")).isEqualByComparingTo("0");
    assertThat(Numbers.read("0.00e-130")).isEqualByComparingTo("0");
    assertThat(Numbers.read("1e-0000000000130")).isEqualByComparingTo("1e-130");
  }
}
