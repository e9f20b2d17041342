/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.b;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.bool;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.bs;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.item;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.l;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.m;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.n;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.nil;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.ns;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.s;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.ss;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Legacy.AttributeUpdate;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Legacy.Comparison;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Legacy.Expectation;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LegacyTest {
  private static final Map<String, Value> ITEM =
      item(
          "str", s("hello"), "num", n("20"), "bin", b(1, 2), "set", ss("a", "b"), "lst", l(n("1")));

  static Stream<Arguments> filters() {
    return Stream.of(
        Arguments.of("num", "EQ", List.of(n("20.0")), true),
        Arguments.of("num", "EQ", List.of(s("20")), false),
        Arguments.of("num", "NE", List.of(n("1")), true),
        Arguments.of("gone", "NE", List.of(n("1")), true),
        Arguments.of("num", "LT", List.of(n("30")), true),
        Arguments.of("num", "LE", List.of(n("20")), true),
        Arguments.of("num", "GT", List.of(n("20")), false),
        Arguments.of("num", "GE", List.of(n("20")), true),
        Arguments.of("str", "BEGINS_WITH", List.of(s("he")), true),
        Arguments.of("bin", "BEGINS_WITH", List.of(b(2)), false),
        Arguments.of("str", "CONTAINS", List.of(s("ell")), true),
        Arguments.of("set", "CONTAINS", List.of(s("b")), true),
        Arguments.of("lst", "CONTAINS", List.of(n("1")), true),
        Arguments.of("set", "NOT_CONTAINS", List.of(s("b")), false),
        Arguments.of("str", "NOT_CONTAINS", List.of(s("x")), true),
        Arguments.of("num", "IN", List.of(n("1"), n("20")), true),
        Arguments.of("gone", "IN", List.of(n("1")), false),
        Arguments.of("num", "BETWEEN", List.of(n("1"), n("20")), true),
        Arguments.of("str", "NOT_NULL", List.of(), true),
        Arguments.of("str", "NULL", List.of(), false),
        Arguments.of("gone", "NULL", List.of(), true),
        Arguments.of("set", "EQ", List.of(ss("b", "a")), true));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void filtersCompare(String name, String operator, List<Value> values, boolean expected) {
    Map<String, Comparison> filter = Map.of(name, new Comparison(operator, values));
    Map<String, Expectation> expectations =
        Map.of(name, new Expectation(null, null, operator, values));

    assertThat(Legacy.filter(filter, null).holds(ITEM)).isEqualTo(expected);
    assertThat(Legacy.expected(expectations, null).holds(ITEM)).isEqualTo(expected);
    assertThat(Legacy.filter(filter, null).paths()).contains(Path.of(name));
  }

  @Test
  void conditionsAreJoined() {
    Map<String, Comparison> filter = new LinkedHashMap<>();
    filter.put("num", new Comparison("EQ", List.of(n("20"))));
    filter.put("str", new Comparison("EQ", List.of(s("other"))));

    assertThat(Legacy.filter(filter, null).holds(ITEM)).isFalse();
    assertThat(Legacy.filter(filter, "AND").holds(ITEM)).isFalse();
    assertThat(Legacy.filter(filter, "OR").holds(ITEM)).isTrue();
    assertThat(Legacy.filter(Map.of(), null).holds(ITEM)).isTrue();
    assertRefused(
        () -> Legacy.filter(Map.of("a", new Comparison("NULL", List.of())), "OR"),
        "ConditionalOperator can only be used when Filter or Expected has two or more elements");
    assertRefused(
        () -> Legacy.expected(Map.of(), "AND"),
        "ConditionalOperator cannot be used without Filter or Expected");
  }

  private static boolean expected(String name, @Nullable Boolean exists, @Nullable Value value) {
    return Legacy.expected(Map.of(name, new Expectation(exists, value, null, null)), null)
        .holds(ITEM);
  }

  @Test
  void expectationsWithoutOperatorAreEqualityOrAbsence() {
    assertThat(expected("gone", false, null)).isTrue();
    assertThat(expected("str", false, null)).isFalse();
    assertThat(expected("str", true, s("hello"))).isTrue();
    assertThat(expected("str", null, s("hello"))).isTrue();
    assertThat(expected("str", null, s("bye"))).isFalse();
    assertThat(
            Legacy.expected(Map.of("num", new Expectation(null, n("1"), "GT", null)), null)
                .holds(ITEM))
        .isTrue();
  }

  static Stream<Arguments> badExpectations() {
    return Stream.of(
        Arguments.of(
            new Expectation(null, null, null, null),
            "Value must be provided when Exists is null for Attribute: a"),
        Arguments.of(
            new Expectation(true, null, null, null),
            "Value must be provided when Exists is true for Attribute: a"),
        Arguments.of(
            new Expectation(false, s("a"), null, null),
            "Value cannot be used when Exists is false for Attribute: a"),
        Arguments.of(
            new Expectation(null, null, "LT", null),
            "Value or AttributeValueList must be used with ComparisonOperator: LT for Attribute: a"),
        Arguments.of(
            new Expectation(true, null, "LT", null),
            "Exists and ComparisonOperator cannot be used together for Attribute: a"),
        Arguments.of(
            new Expectation(null, s("a"), "LT", List.of(s("a"))),
            "Value and AttributeValueList cannot be used together for Attribute: a"),
        Arguments.of(
            new Expectation(true, null, null, List.of(s("a"))),
            "AttributeValueList can only be used with a ComparisonOperator for Attribute: a"),
        Arguments.of(
            new Expectation(null, null, "EQ", List.of()),
            "Invalid number of argument(s) for the EQ ComparisonOperator"),
        Arguments.of(
            new Expectation(null, s("a"), "NULL", null),
            "Invalid number of argument(s) for the NULL ComparisonOperator"),
        Arguments.of(
            new Expectation(null, s("a"), "BETWEEN", null),
            "Invalid number of argument(s) for the BETWEEN ComparisonOperator"),
        Arguments.of(
            new Expectation(null, null, "IN", List.of(s("b"), n("1"))),
            "AttributeValues inside AttributeValueList must be of same type"));
  }

  @ParameterizedTest
  @MethodSource("badExpectations")
  void expectationsHaveAForm(Expectation expectation, String message) {
    assertRefused(
        () -> Legacy.expected(Map.of("a", expectation), null),
        "One or more parameter values were invalid: " + message);
  }

  static Stream<Arguments> badComparisons() {
    Stream<Arguments> types =
        Stream.of("LT", "LE", "GT", "GE", "IN", "BEGINS_WITH", "CONTAINS", "NOT_CONTAINS")
            .flatMap(
                operator ->
                    Stream.of(ss("a"), ns("1"), bs(b(1)), m(), l())
                        .map(value -> type(operator, value, List.of(value))));
    Stream<Arguments> scalars =
        Stream.of("LT", "LE", "GT", "GE", "IN", "BEGINS_WITH")
            .flatMap(
                operator -> Stream.of(bool(true), nil()).map(v -> type(operator, v, List.of(v))));
    Stream<Arguments> others =
        Stream.of(
            type("BEGINS_WITH", n("1"), List.of(n("1"))),
            type("BETWEEN", m(), List.of(m(), m())),
            Arguments.of(
                "EQ",
                List.of(),
                "One or more parameter values were invalid: Invalid number of argument(s) for the EQ"
                    + " ComparisonOperator"),
            Arguments.of(
                "BETWEEN",
                List.of(s("b"), s("a")),
                "The BETWEEN condition was provided a range where the lower bound is greater than"
                    + " the upper bound"));
    return Stream.of(types, scalars, others).flatMap(s -> s);
  }

  private static Arguments type(String operator, Value value, List<Value> values) {
    String message =
        "One or more parameter values were invalid: ComparisonOperator "
            + operator
            + " is not valid for "
            + ValueType.of(value)
            + " AttributeValue type";
    return Arguments.of(operator, values, message);
  }

  @ParameterizedTest
  @MethodSource("badComparisons")
  void comparisonsTakeFewValues(String operator, List<Value> values, String message) {
    Map<String, Comparison> comparisons = Map.of("a", new Comparison(operator, values));

    assertRefused(() -> Legacy.filter(comparisons, null), message);
    assertRefused(() -> Legacy.keyConditions(comparisons), message);
  }

  @Test
  void keyConditionsAreOnes() {
    Map<String, Comparison> conditions = new LinkedHashMap<>();
    conditions.put("sk", new Comparison("BETWEEN", List.of(s("a"), s("c"))));
    conditions.put("pk", new Comparison("EQ", List.of(s("p"))));
    Map<String, ValueType> types = Map.of("pk", ValueType.S, "sk", ValueType.S);

    KeyRange range = Legacy.keyConditions(conditions).against("pk", "sk", types);

    assertThat(range)
        .isEqualTo(
            new KeyRange(
                s("p"), new KeyRange.Sort(KeyRange.Operator.BETWEEN, List.of(s("a"), s("c")))));
    conditions.put("sk", new Comparison("NOT_CONTAINS", List.of(s("a"))));
    KeyCondition contains = Legacy.keyConditions(conditions);
    assertRefused(
        () -> contains.against("pk", "sk", types),
        "Attempted conditional constraint is not an indexable operation");
    assertRefused(() -> Legacy.keyConditions(Map.of()), "Conditions can be of length 1 or 2 only");
  }

  @Test
  void updatesChange() {
    Map<String, AttributeUpdate> updates = new LinkedHashMap<>();
    updates.put("name", new AttributeUpdate("PUT", s("new")));
    updates.put("plain", new AttributeUpdate(null, s("put")));
    updates.put("num", new AttributeUpdate("ADD", n("9")));
    updates.put("fresh", new AttributeUpdate("ADD", n("1")));
    updates.put("lst", new AttributeUpdate("ADD", l(n("1"))));
    updates.put("tags", new AttributeUpdate("DELETE", ss("b")));
    updates.put("all", new AttributeUpdate("DELETE", ss("x")));
    updates.put("extra", new AttributeUpdate("DELETE", null));
    Map<String, Value> before =
        item(
            "name", s("old"),
            "num", n("1"),
            "lst", l(n("1")),
            "tags", ss("a", "b"),
            "all", ss("x"),
            "extra", nil());

    Update update = Legacy.attributeUpdates(updates);

    assertThat(update.apply(before))
        .isEqualTo(
            item(
                "name", s("new"),
                "num", n("10"),
                "lst", l(n("1"), n("1")),
                "tags", ss("a"),
                "plain", s("put"),
                "fresh", n("1")));
    assertThat(update.paths()).hasSize(8).allMatch(path -> !path.nested());
    assertThat(Legacy.attributeUpdates(Map.of()).apply(before)).isEqualTo(before);
  }

  @Test
  void updatesTakeFewTypes() {
    for (Value value : List.of(s("1"), b(1), nil(), bool(true), m())) {
      assertRefused(
          () -> Legacy.attributeUpdates(Map.of("a", new AttributeUpdate("ADD", value))),
          "One or more parameter values were invalid: ADD action is not supported for the type "
              + ValueType.of(value));
    }
    for (Value value : List.of(s("1"), n("1"), b(1), nil(), bool(true), m(), l())) {
      assertRefused(
          () -> Legacy.attributeUpdates(Map.of("a", new AttributeUpdate("DELETE", value))),
          "One or more parameter values were invalid: DELETE action with value is not supported for"
              + " the type "
              + ValueType.of(value));
    }
    assertRefused(
        () -> Legacy.attributeUpdates(Map.of("a", new AttributeUpdate("PUT", null))),
        "One or more parameter values were invalid: Only DELETE action is allowed when no attribute"
            + " value is specified");
  }

  @Test
  void updatesFitWhatIsThere() {
    Map<String, Value> before = item("a", ss("x"));
    for (AttributeUpdate update :
        List.of(
            new AttributeUpdate("ADD", n("1")),
            new AttributeUpdate("ADD", ns("1")),
            new AttributeUpdate("DELETE", ns("1")))) {
      assertRefused(
          () -> Legacy.attributeUpdates(Map.of("a", update)).apply(before),
          "Type mismatch for attribute to update");
    }
  }

  @Test
  void kindsOfParametersAreNotMixed() {
    Legacy.refuseMixture(List.of(), List.of("UpdateExpression"));
    Legacy.refuseMixture(List.of("Expected"), List.of());
    assertRefused(
        () ->
            Legacy.refuseMixture(
                List.of("AttributeUpdates", "Expected"),
                List.of("UpdateExpression", "ConditionExpression")),
        "Can not use both expression and non-expression parameters in the same request:"
            + " Non-expression parameters: {AttributeUpdates, Expected} Expression parameters:"
            + " {UpdateExpression, ConditionExpression}");
  }

  @Test
  void placeholdersAreNotAlone() {
    assertRefused(
        () -> Legacy.refusePlaceholdersAlone(true, true, Set.of(), List.of("ConditionExpression")),
        "ExpressionAttributeNames can only be specified when using expressions");
    assertRefused(
        () -> Legacy.refusePlaceholdersAlone(false, true, Set.of(), List.of("ConditionExpression")),
        "ExpressionAttributeValues can only be specified when using expressions:"
            + " ConditionExpression is null");
    assertRefused(
        () ->
            Legacy.refusePlaceholdersAlone(
                false, true, Set.of(), List.of("UpdateExpression", "ConditionExpression")),
        "ExpressionAttributeValues can only be specified when using expressions: UpdateExpression"
            + " and ConditionExpression are null");
    Legacy.refusePlaceholdersAlone(
        true, true, Set.of("FilterExpression"), List.of("FilterExpression"));
    Legacy.refusePlaceholdersAlone(true, false, Set.of("ProjectionExpression"), List.of());
  }
}
