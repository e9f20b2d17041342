/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Condition;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Conditions;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Legacy;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Placeholders;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Projection;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.WireItem;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The expressions of a request, and the older parameters that say the same. */
final class ExpressionParameters {
  static final String CONDITION = "ConditionExpression";
  static final String FILTER = "FilterExpression";
  static final String KEY_CONDITION = "KeyConditionExpression";
  static final String PROJECTION = "ProjectionExpression";
  static final String UPDATE = "UpdateExpression";
  static final String EXPECTED = "Expected";
  static final String ATTRIBUTES_TO_GET = "AttributesToGet";
  static final String CONDITIONAL_OPERATOR = "ConditionalOperator";
  private static final String NAMES = "ExpressionAttributeNames";
  private static final String VALUES = "ExpressionAttributeValues";

  private ExpressionParameters() {}

  /**
   * Refuses what cannot be together.
   *
   * @param members the request's
   * @param expressions the expressions that the action knows, in the service's order
   * @param older the older parameters that it knows, in the service's order
   */
  static void check(Members members, List<String> expressions, List<String> older) {
    Set<String> given = new LinkedHashSet<>(expressions);
    given.removeIf(name -> !members.has(name));
    Legacy.refuseMixture(older.stream().filter(members::has).toList(), List.copyOf(given));
    Legacy.refusePlaceholdersAlone(
        members.has(NAMES),
        members.has(VALUES),
        given,
        expressions.stream().filter(name -> !name.equals(PROJECTION)).toList());
  }

  static Placeholders placeholders(Members members) {
    if (!members.has(NAMES) && !members.has(VALUES)) {
      return Placeholders.none();
    }
    WireItem values = members.itemOrNull(VALUES);
    AwsError problem = values == null ? null : values.problem();
    if (values == null || problem == null) {
      return new Placeholders(
          members.namedTextsOrNull(NAMES), values == null ? null : values.values());
    }
    throw Validation.error(
        VALUES + " contains invalid value: " + problem.text() + " for key " + values.wrong());
  }

  static @Nullable Condition condition(
      Members members, String parameter, Placeholders placeholders) {
    String text = members.textOrNull(parameter);
    return text == null ? null : Conditions.parse(parameter, text, placeholders);
  }

  /** What is to be told of items: an expression, or names of attributes; null for all. */
  static @Nullable Projection projection(Members members, Placeholders placeholders) {
    String text = members.textOrNull(PROJECTION);
    if (text != null) {
      return Projection.parse(text, placeholders);
    }
    return members.has(ATTRIBUTES_TO_GET)
        ? Legacy.attributesToGet(members.texts(ATTRIBUTES_TO_GET))
        : null;
  }

  /** What is expected of the item, in the older way; null when nothing is. */
  static @Nullable Condition expected(Members members) {
    String operator = members.textOrNull(CONDITIONAL_OPERATOR);
    if (!members.has(EXPECTED)) {
      return operator == null ? null : Legacy.expected(Map.of(), operator);
    }
    Map<String, Legacy.Expectation> expected = new LinkedHashMap<>();
    members
        .namedStructures(EXPECTED)
        .forEach(
            (name, one) ->
                expected.put(
                    name,
                    new Legacy.Expectation(
                        one.flagOrNull("Exists"),
                        one.valueOrNull("Value"),
                        one.textOrNull("ComparisonOperator"),
                        one.has("AttributeValueList") ? one.values("AttributeValueList") : null)));
    return Legacy.expected(expected, operator);
  }

  /** The comparisons of a filter, or of keys, in the older way. */
  static Map<String, Legacy.Comparison> comparisons(Members members, String parameter) {
    Map<String, Legacy.Comparison> all = new LinkedHashMap<>();
    members
        .namedStructures(parameter)
        .forEach(
            (name, one) -> {
              List<Value> values = one.values("AttributeValueList");
              all.put(name, new Legacy.Comparison(one.text("ComparisonOperator"), values));
            });
    return all;
  }
}
