/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.n;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.s;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.KeyRange.Operator;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyConditionTest {
  private static final Map<String, Value> VALUES =
      Map.of(":p", s("part"), ":q", s("q"), ":r", s("r"), ":n", n("1"), ":e", s(""));
  private static final Map<String, ValueType> TYPES = Map.of("pk", ValueType.S, "sk", ValueType.S);

  private static KeyCondition parse(String text) {
    return KeyCondition.parse(text, new Placeholders(Map.of("#pk", "pk", "#sk", "sk"), VALUES));
  }

  @ParameterizedTest
  @CsvSource({
    "pk = :p AND sk = :q, EQ",
    "sk < :q AND pk = :p, LT",
    "pk = :p AND sk <= :q, LE",
    "pk = :p AND sk > :q, GT",
    "pk = :p AND sk >= :q, GE",
    ":p = pk AND :q > sk, LT",
    ":p = pk AND :q >= sk, LE",
    ":p = pk AND :q < sk, GT",
    ":p = pk AND :q <= sk, GE",
    ":p = pk AND :q = sk, EQ",
    "'pk = :p AND begins_with(sk, :q)', BEGINS_WITH",
    "(#pk = :p) AND (#sk = :q), EQ",
    "(#pk = :p AND #sk = :q), EQ",
    "(#pk = :p AND (#sk = :q)), EQ",
  })
  void sortKeysAreCompared(String text, Operator operator) {
    KeyRange range = parse(text).against("pk", "sk", TYPES);

    assertThat(range.partition()).isEqualTo(s("part"));
    assertThat(range.sort()).isEqualTo(new KeyRange.Sort(operator, List.of(s("q"))));
  }

  @Test
  void aRangeHoldsOfItsKeys() {
    KeyRange.Sort sort =
        Objects.requireNonNull(
            parse("pk = :p and sk between :q and :r").against("pk", "sk", TYPES).sort());

    assertThat(sort).isEqualTo(new KeyRange.Sort(Operator.BETWEEN, List.of(s("q"), s("r"))));
    assertThat(sort.holds(s("q"))).isTrue();
    assertThat(sort.holds(s("qq"))).isTrue();
    assertThat(sort.holds(s("r"))).isTrue();
    assertThat(sort.holds(s("ra"))).isFalse();
    assertThat(sort.holds(n("1"))).isFalse();
    assertThat(new KeyRange.Sort(Operator.BEGINS_WITH, List.of(s("q"))).holds(s("qx"))).isTrue();
    assertThat(new KeyRange.Sort(Operator.LT, List.of(s("q"))).holds(s("q"))).isFalse();
  }

  @Test
  void aPartitionIsEnough() {
    assertThat(parse("pk = :p").against("pk", "sk", TYPES).sort()).isNull();
    assertThat(parse("pk = :p").against("pk", null, TYPES).partition()).isEqualTo(s("part"));
    assertThat(parse("pk = :p AND sk = :q").attributes()).containsExactly("pk", "sk");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a > b and size(b) > c or a > c | Invalid operator used in KeyConditionExpression: OR",
        "a in (b, size(c), d) | Invalid operator used in KeyConditionExpression: IN",
        "attribute_exists(a) | Invalid operator used in KeyConditionExpression: attribute_exists",
        "attribute_not_exists(a) | Invalid operator used in KeyConditionExpression:"
            + " attribute_not_exists",
        "contains(a.d, b) | Invalid operator used in KeyConditionExpression: contains",
        "not a > b | Invalid operator used in KeyConditionExpression: NOT",
        "a <> b | Invalid operator used in KeyConditionExpression: <>",
        ":p between size(b) and size(a) and b > :p | Invalid condition in KeyConditionExpression:"
            + " BETWEEN operator must have the key attribute as its first operand",
        "begins_with(:p, b) and a > :q | Invalid condition in KeyConditionExpression: begins_with"
            + " operator must have the key attribute as its first operand",
        "size(b) > a AND a.b > b AND b > c | KeyConditionExpressions cannot contain nested"
            + " operations",
        "a > size(b.d) | KeyConditionExpressions cannot contain nested operations",
        "b > a.b | Invalid condition in KeyConditionExpression: Multiple attribute names used in one"
            + " condition",
        "b between c[1] and d | Invalid condition in KeyConditionExpression: Multiple attribute"
            + " names used in one condition",
        "begins_with(a, b) | Invalid condition in KeyConditionExpression: Multiple attribute names"
            + " used in one condition",
        "b[0] > a | KeyConditionExpressions cannot have conditions on nested attributes",
        "a.d > :p | KeyConditionExpressions cannot have conditions on nested attributes",
        ":p > :q AND a < :q | Invalid condition in KeyConditionExpression: No key attribute"
            + " specified",
        "b > :p AND b < :q and c = :p | Invalid KeyConditionExpression: KeyConditionExpressions must"
            + " only contain one condition per key",
        "pk = :missing AND begins_with(sk, :n) | Invalid KeyConditionExpression: An expression"
            + " attribute value used in expression is not defined; attribute value: :missing",
        "begins_with(sk, :n) AND pk = :missing | Invalid KeyConditionExpression: Incorrect operand"
            + " type for operator or function; operator or function: begins_with, operand type: N",
        "things are not gonna be ok | Invalid KeyConditionExpression: Syntax error; token: \"are\","
            + " near: \"things are not\"",
        "((pk = :p)) AND ((sk = :q)) | Invalid KeyConditionExpression: The expression has redundant"
            + " parentheses;",
        "begins_with(sk, :n) | Invalid KeyConditionExpression: Incorrect operand type for operator"
            + " or function; operator or function: begins_with, operand type: N",
        "sk between :r and :q | Invalid KeyConditionExpression: The BETWEEN operator requires upper"
            + " bound to be greater than or equal to lower bound; lower bound operand:"
            + " AttributeValue: {S:r}, upper bound operand: AttributeValue: {S:q}",
      })
  void otherConditionsAreRefused(String text, String message) {
    assertRefused(() -> parse(text), message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sk = :q | Query condition missed key schema element: pk",
        "attr1 = :q | Query condition missed key schema element: pk",
        "sk = :q AND attr1 = :q | Query condition missed key schema element: pk",
        "pk = :p AND attr1 = :q | Query condition missed key schema element: sk",
        "pk = :p AND sk > :q AND extra = :r | The number of query conditions (3) exceeds the number of"
            + " key attributes defined in the schema (2)",
        "pk > :p | Query key condition not supported",
        "pk > :p AND sk = :q | Query key condition not supported",
        "pk = :n | One or more parameter values were invalid: Condition parameter type does not"
            + " match schema type",
        "pk = :p AND sk > :n | One or more parameter values were invalid: Condition parameter type"
            + " does not match schema type",
        "pk = :e | One or more parameter values are not valid. The AttributeValue for a key"
            + " attribute cannot contain an empty string value. Key: pk",
      })
  void itHasToFitTheKeys(String text, String message) {
    KeyCondition condition = parse(text);

    assertRefused(() -> condition.against("pk", "sk", TYPES), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"pk = :p AND sk = :q", "pk = :p AND another = :q"})
  void aTableWithoutSortKeyTakesOneTest(String text) {
    KeyCondition condition = parse(text);

    assertRefused(
        () -> condition.against("pk", null, TYPES),
        "The number of query conditions (2) exceeds the number of key attributes defined in the"
            + " schema (1)");
  }

  @Test
  void theyAreNotEmpty() {
    assertRefused(
        () -> KeyCondition.parse("", Placeholders.none()),
        "Invalid KeyConditionExpression: The expression can not be empty;");
  }
}
