/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.aws.internal.StrangeAnswerException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.table.Item;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Values as DynamoDB has them, and how large they are there. */
class AttributeValuesTest {
  @Test
  void valuesByChanceComeBack() {
    RandomConditions random = new RandomConditions(42);
    for (int i = 0; i < 500; i++) {
      Item item = random.item("p", "s");
      assertThat(AttributeValues.item(AttributeValues.of(item))).isEqualTo(item);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "100, 100",
    "1.50, 1.5",
    "-0.001, -0.001",
    "1E-7, 1E-7",
    "1E+40, 1" + ZEROS,
    "1E+41, 1E+41",
    "-9.9E+125, -9.9E+125"
  })
  void numbersAreWrittenWithAllTheirDigits(BigDecimal number, String text) {
    assertThat(AttributeValues.of(Value.of(number)).n()).isEqualTo(text);
  }

  private static final String ZEROS = "0000000000000000000000000000000000000000";

  @Test
  @SuppressWarnings("NullAway") // What callers without that check can do.
  void aNullOfJavaIsNoneOfTheService() {
    Value none = null;
    assertThat(AttributeValues.of(Value.ofNull()).nul()).isTrue();
    assertThatThrownBy(() -> AttributeValues.of(none)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatIsDeeperThanTheServiceTakesIsRefused() {
    Value value = Value.of(1);
    for (int i = 0; i < 31; i++) {
      value = i % 2 == 0 ? Value.list(value) : Value.map(Map.of("a", value));
    }
    assertThat(AttributeValues.value(AttributeValues.of(value))).isEqualTo(value);
    Value deeper = Value.list(value);
    assertThatThrownBy(() -> AttributeValues.of(deeper))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("31");
  }

  @Test
  void whatIsNoValueIsAStrangeAnswer() {
    assertThatThrownBy(() -> AttributeValues.value(AttributeValue.builder().build()))
        .isInstanceOf(StrangeAnswerException.class);
    assertThatThrownBy(() -> AttributeValues.value(AttributeValue.fromN("many")))
        .isInstanceOf(StrangeAnswerException.class)
        .hasMessageNotContaining("many");
  }

  /** By the examples and rules of "DynamoDB item sizes and formats". */
  @Test
  void sizesAreTheServices() {
    assertThat(size("a", Value.of("x"))).isEqualTo(2);
    assertThat(size("ä", Value.of("grün🙂"))).isEqualTo(2 + 9);
    assertThat(size("a", Value.of(""))).isEqualTo(1);
    assertThat(size("a", Value.of(true))).isEqualTo(2);
    assertThat(size("a", Value.ofNull())).isEqualTo(2);
    assertThat(size("a", Value.of(new byte[5]))).isEqualTo(6);
    assertThat(size("a", Value.list())).isEqualTo(4);
    assertThat(size("a", Value.list(Value.of("x"), Value.of("yz")))).isEqualTo(1 + 3 + 2 + 3);
    assertThat(size("a", Value.map(Map.of("bc", Value.of("x"))))).isEqualTo(1 + 3 + 1 + 2 + 1);
    assertThat(size("a", Value.of(0))).isEqualTo(2);
    assertThat(size("a", Value.of(1))).isEqualTo(1 + 2);
    assertThat(size("a", Value.of(-1))).isEqualTo(1 + 3);
    assertThat(size("a", Value.of(new BigDecimal("12345678901234567890123456789012345678"))))
        .isEqualTo(1 + 20);
    assertThat(size("a", Value.textSet(List.of("x", "yz")))).isEqualTo(1 + 3);
  }

  private static long size(String name, Value value) {
    return ItemSize.of(Item.builder().set(name, value).build());
  }
}
