/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {
  @Test
  void aTextIsRepeatedWholeUpToALength() {
    assertThat(Quoted.of("orders")).isEqualTo("'orders'");
    assertThat(Quoted.of("")).isEqualTo("''");
    String longest = "x".repeat(120);
    assertThat(Quoted.of(longest)).isEqualTo("'" + longest + "'");
    assertThat(Quoted.of(longest + "y")).isEqualTo("'" + longest + "' and so on, 121 characters");
  }

  @Test
  void whatDoesNotPrintIsWrittenAsAnEscapeAndLettersOfAllKindsAreNot() {
    assertThat(Quoted.of("a\nb\t\u202E\u2028\uD800\u0000"))
        .isEqualTo("'a\\u000ab\\u0009\\u202e\\u2028\\ud800\\u0000'");
    assertThat(Quoted.of("größe 大きさ 😀")).isEqualTo("'größe 大きさ 😀'");
  }
}
