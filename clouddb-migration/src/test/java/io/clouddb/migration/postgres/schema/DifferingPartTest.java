/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferingPartTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a b c         | a x c        | b            | x",
        "a b c         | a c          | b            | ``",
        "a c           | a b c        | ``           | b",
        "a b           | a b c        | ``           | c",
        "a a           | a a a        | ``           | a",
        "a b c d       | a x c y      | b c d        | x c y",
        "a             | b            | a            | b",
        "t (a, b)      | t (a, b); u  | ``           | ; u",
        "t (a, b)      | t (a, b, c)  | ``           | , c",
        "t (n='1', m)  | t (n='3', m) | n='1'        | n='3'"
      })
  void isWhatIsLeftBetweenWhatBothShare(
      String source, String target, String onSource, String onTarget) {
    assertThat(DifferingPart.of(source, target)).isEqualTo(new DifferingPart(onSource, onTarget));
  }
}
