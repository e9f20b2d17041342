/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.s;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Refused.assertRefused;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlaceholdersTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "#", "#a-b", "", ":a", "##a", "#a "})
  void namesHaveAForm(String key) {
    assertRefused(
        () -> new Placeholders(Map.of(key, "a"), null),
        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"" + key + "\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"b", ":", ":a.b", "#a"})
  void valuesHaveAForm(String key) {
    assertRefused(
        () -> new Placeholders(null, Map.of(key, s("a"))),
        "ExpressionAttributeValues contains invalid key: Syntax error; key: \"" + key + "\"");
  }

  @Test
  void thereIsAtLeastOne() {
    assertRefused(
        () -> new Placeholders(Map.of(), Map.of()), "ExpressionAttributeNames must not be empty");
    assertRefused(
        () -> new Placeholders(null, Map.of()), "ExpressionAttributeValues must not be empty");
    assertRefused(
        () -> new Placeholders(Map.of("#a", ""), null),
        "ExpressionAttributeNames contains invalid value: Empty attribute name for key #a");
  }

  @Test
  void keysHaveALargestSize() {
    new Placeholders(Map.of("#" + "a".repeat(254), "a"), Map.of(":" + "a".repeat(254), s("a")));
    assertRefused(
        () -> new Placeholders(Map.of("#" + "a".repeat(255), "a"), null),
        "ExpressionAttributeNames contains invalid key: The expression attribute map contains a key"
            + " that is too long; size of key: 256");
    assertRefused(
        () -> new Placeholders(null, Map.of(":" + "a".repeat(255), s("a"))),
        "ExpressionAttributeValues contains invalid key: The expression attribute map contains a"
            + " key that is too long;");
  }

  @Test
  void allAreUsed() {
    Placeholders placeholders =
        new Placeholders(Map.of("#a", "a", "#unused", "b"), Map.of(":v", s("a")));
    Update.parse("SET #a = :v", placeholders);

    assertRefused(
        placeholders::requireAllUsed,
        "Value provided in ExpressionAttributeNames unused in expressions: keys: {#unused}");
  }

  @Test
  void expressionsOfARequestShareThem() {
    Placeholders placeholders =
        new Placeholders(
            Map.of("#a", "a", "#b", "b"), Map.of(":v", s("a"), ":w", s("b"), ":unused", s("c")));
    Update.parse("SET #a = :v", placeholders);
    Conditions.parse("ConditionExpression", "#b = :w", placeholders);

    assertRefused(
        placeholders::requireAllUsed,
        "Value provided in ExpressionAttributeValues unused in expressions: keys: {:unused}");
  }
}
