/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.table.AttributePath;
import io.clouddb.table.Condition;
import io.clouddb.table.Condition.Comparison;
import io.clouddb.table.Condition.ValueType;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.Query;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Each condition, range and update with the exact expression that it becomes. */
class ExpressionTest {
  private static final Condition A = Condition.attribute("a").exists();
  private static final Condition B = Condition.attribute("b").notExists();

  private final Expression expression = new Expression("pk");

  static Stream<Arguments> conditions() {
    Condition.Operand a = Condition.attribute("a");
    return Stream.of(
        Arguments.of(Condition.exists(), "attribute_exists(#0)"),
        Arguments.of(Condition.notExists(), "attribute_not_exists(#0)"),
        Arguments.of(A, "attribute_exists(#0)"),
        Arguments.of(B, "attribute_not_exists(#0)"),
        Arguments.of(a.isOfType(ValueType.TEXT), "attribute_type(#0, :0)"),
        Arguments.of(a.equalTo("x"), "#0 = :0"),
        Arguments.of(a.notEqualTo(Value.of(true)), "#0 <> :0"),
        Arguments.of(a.lessThan(Value.of(1)), "#0 < :0"),
        Arguments.of(a.atMost(Value.of(1)), "#0 <= :0"),
        Arguments.of(a.greaterThan(Value.of(1)), "#0 > :0"),
        Arguments.of(a.atLeast(Value.of(1)), "#0 >= :0"),
        Arguments.of(a.between(Value.of(1), Value.of(2)), "(#0 >= :0) AND (#0 <= :1)"),
        Arguments.of(a.beginsWith("x"), "begins_with(#0, :0)"),
        Arguments.of(a.contains(Value.of("x")), "contains(#0, :0)"),
        Arguments.of(a.in(Value.of(1)), "#0 IN (:0)"),
        Arguments.of(a.in(Value.of(1), Value.of("x"), Value.ofNull()), "#0 IN (:0, :1, :2)"),
        Arguments.of(
            Condition.all(A, B, A),
            "(attribute_exists(#0)) AND (attribute_not_exists(#1)) AND (attribute_exists(#0))"),
        Arguments.of(
            Condition.any(A, Condition.all(A, B)),
            "(attribute_exists(#0)) OR ((attribute_exists(#0)) AND (attribute_not_exists(#1)))"),
        Arguments.of(Condition.not(A), "NOT (attribute_exists(#0))"),
        Arguments.of(Condition.not(Condition.not(A)), "NOT (NOT (attribute_exists(#0)))"),
        // One of one needs no parentheses, which would be refused around others.
        Arguments.of(Condition.all(Condition.any(A)), "attribute_exists(#0)"),
        Arguments.of(
            Condition.not(Condition.all(Condition.any(A, B))),
            "NOT ((attribute_exists(#0)) OR (attribute_not_exists(#1)))"),
        Arguments.of(
            Condition.at(AttributePath.of("a").member("a.b").element(3).member("a")).exists(),
            "attribute_exists(#0.#1[3].#0)"));
  }

  @ParameterizedTest
  @MethodSource("conditions")
  void aConditionBecomesAnExpression(Condition condition, String text) {
    assertThat(expression.condition(condition)).isEqualTo(text);
  }

  @Test
  void namesAndValuesAreNoPartOfTheText() {
    String text =
        expression.condition(
            Condition.all(
                Condition.attribute("size").equalTo("a OR b"),
                Condition.at(AttributePath.of("a.b").member(":x")).equalTo(new BigDecimal("1.50")),
                Condition.exists()));
    assertThat(text).isEqualTo("(#0 = :0) AND (#1.#2 = :1) AND (attribute_exists(#3))");
    assertThat(expression.names())
        .isEqualTo(Map.of("#0", "size", "#1", "a.b", "#2", ":x", "#3", "pk"));
    assertThat(expression.values())
        .isEqualTo(Map.of(":0", AttributeValue.fromS("a OR b"), ":1", AttributeValue.fromN("1.5")));
  }

  @Test
  void nothingIsNull() {
    assertThat(expression.names()).isNull();
    assertThat(expression.values()).isNull();
    expression.condition(Condition.exists());
    assertThat(expression.values()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void eachTypeHasItsName(ValueType type) {
    expression.condition(Condition.attribute("a").isOfType(type));
    Map<ValueType, String> names =
        Map.of(
            ValueType.TEXT, "S",
            ValueType.NUMBER, "N",
            ValueType.BINARY, "B",
            ValueType.BOOLEAN, "BOOL",
            ValueType.NULL, "NULL",
            ValueType.LIST, "L",
            ValueType.MAP, "M",
            ValueType.TEXT_SET, "SS",
            ValueType.NUMBER_SET, "NS",
            ValueType.BINARY_SET, "BS");
    assertThat(expression.values()).isEqualTo(Map.of(":0", AttributeValue.fromS(names.get(type))));
  }

  static Stream<Arguments> queries() {
    Query all = Query.partition("p");
    return Stream.of(
        Arguments.of(all, "#0 = :0"),
        Arguments.of(all.sortEquals(Value.of("s")), "#0 = :0 AND #1 = :1"),
        Arguments.of(all.sort(Comparison.LESS, Value.of("s")), "#0 = :0 AND #1 < :1"),
        Arguments.of(all.sort(Comparison.LESS_OR_EQUAL, Value.of("s")), "#0 = :0 AND #1 <= :1"),
        Arguments.of(all.sort(Comparison.GREATER, Value.of("s")), "#0 = :0 AND #1 > :1"),
        Arguments.of(all.sort(Comparison.GREATER_OR_EQUAL, Value.of("s")), "#0 = :0 AND #1 >= :1"),
        Arguments.of(
            all.sortBetween(Value.of("a"), Value.of("b")), "#0 = :0 AND #1 BETWEEN :1 AND :2"),
        Arguments.of(all.sortBeginsWith("s"), "#0 = :0 AND begins_with(#1, :1)"));
  }

  @ParameterizedTest
  @MethodSource("queries")
  void aRangeBecomesAnExpression(Query query, String text) {
    Key key = Key.partition("partition", KeyType.STRING).sort("sort", KeyType.STRING);
    assertThat(expression.key(key, query)).isEqualTo(text);
    assertThat(expression.names()).containsEntry("#0", "partition");
    assertThat(expression.values()).containsEntry(":0", AttributeValue.fromS("p"));
  }

  @Test
  void aRangeNeedsASortAttribute() {
    assertThatThrownBy(
            () ->
                expression.key(
                    Key.partition("pk", KeyType.STRING), Query.partition("p").sortBeginsWith("a")))
        .isInstanceOf(InvalidArgumentException.class);
  }

  static Stream<Arguments> updates() {
    Value set = Value.textSet(List.of("x"));
    AttributePath part = AttributePath.of("a").member("b");
    return Stream.of(
        Arguments.of(Update.of().set("a", Value.of(1)), "SET #0 = :0"),
        Arguments.of(Update.of().set(part, Value.of(1)), "SET #0.#1 = :0"),
        Arguments.of(Update.of().remove("a"), "REMOVE #0"),
        Arguments.of(Update.of().add("a", 1), "ADD #0 :0"),
        Arguments.of(Update.of().addToSet("a", set), "ADD #0 :0"),
        Arguments.of(Update.of().removeFromSet("a", set), "DELETE #0 :0"),
        Arguments.of(
            Update.of(List.of(new Update.AddNumber(part, new Value.Num(BigDecimal.TEN)))),
            "SET #0.#1 = if_not_exists(#0.#1, :0) + :1"),
        Arguments.of(
            Update.of()
                .remove("a")
                .add("b", 1)
                .set("c", Value.of(1))
                .removeFromSet("d", set)
                .set("e", Value.of(2))
                .remove("f")
                .addToSet("g", set),
            "SET #2 = :1, #4 = :3 REMOVE #0, #5 ADD #1 :0, #6 :4 DELETE #3 :2"));
  }

  @ParameterizedTest
  @MethodSource("updates")
  void anUpdateBecomesAnExpression(Update update, String text) {
    assertThat(UpdateExpression.of(update, expression)).isEqualTo(text);
  }

  @Test
  void aSetThatIsAPartIsRefused() {
    Update update =
        Update.of(
            List.of(
                new Update.AddToSet(
                    AttributePath.of("a").element(0), Value.textSet(List.of("x")))));
    assertThatThrownBy(() -> UpdateExpression.of(update, expression))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("a[0]");
  }

  @Test
  void whatIsTooLongOrTooDeepIsRefused() {
    List<Condition> many = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      many.add(Condition.attribute("a" + i).exists());
    }
    assertThatThrownBy(() -> expression.condition(new Condition.Or(many)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("4096");
    Condition deep = A;
    for (int i = 0; i < 50_000; i++) {
      deep = Condition.not(deep);
    }
    Condition deepest = deep;
    assertThatThrownBy(() -> expression.condition(deepest))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("in each other");
  }
}
