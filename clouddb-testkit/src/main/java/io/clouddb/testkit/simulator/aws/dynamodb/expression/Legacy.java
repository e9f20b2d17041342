/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The parameters that expressions replaced, as the same types that expressions become. */
public final class Legacy {
  private Legacy() {}

  /**
   * A member of {@code KeyConditions}, {@code QueryFilter} or {@code ScanFilter}.
   *
   * @param operator {@code ComparisonOperator}
   * @param values {@code AttributeValueList}; empty when there is none
   */
  public record Comparison(String operator, List<Value> values) {
    /** Keeps a copy. */
    public Comparison {
      values = List.copyOf(values);
    }
  }

  /**
   * A member of {@code Expected}.
   *
   * @param exists {@code Exists}; null when it is not given
   * @param value {@code Value}; null when it is not given
   * @param operator {@code ComparisonOperator}; null when it is not given
   * @param values {@code AttributeValueList}; null when it is not given
   */
  public record Expectation(
      @Nullable Boolean exists,
      @Nullable Value value,
      @Nullable String operator,
      @Nullable List<Value> values) {}

  /**
   * A member of {@code AttributeUpdates}.
   *
   * @param action {@code Action}; null when it is not given
   * @param value {@code Value}; null when it is not given
   */
  public record AttributeUpdate(@Nullable String action, @Nullable Value value) {}

  /**
   * Refuses parameters of both kinds in one request.
   *
   * @param older names of the older parameters that the request has, in the service's order
   * @param expressions names of the expressions that it has, in the service's order
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException when it has both
   */
  public static void refuseMixture(List<String> older, List<String> expressions) {
    if (!older.isEmpty() && !expressions.isEmpty()) {
      throw Refusal.of(
          "Can not use both expression and non-expression parameters in the same request:"
              + " Non-expression parameters: {"
              + String.join(", ", older)
              + "} Expression parameters: {"
              + String.join(", ", expressions)
              + "}");
    }
  }

  /**
   * Refuses placeholders in a request without expressions that could use them.
   *
   * @param names true when the request has {@code ExpressionAttributeNames}
   * @param values true when it has {@code ExpressionAttributeValues}
   * @param expressions names of the expressions that it has
   * @param withValues names of the expressions that it could have and that can use values, in the
   *     service's order
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException when nothing uses them
   */
  public static void refusePlaceholdersAlone(
      boolean names, boolean values, Set<String> expressions, List<String> withValues) {
    if (names && expressions.isEmpty()) {
      throw Refusal.of("ExpressionAttributeNames can only be specified when using expressions");
    }
    if (values && !withValues.isEmpty() && withValues.stream().noneMatch(expressions::contains)) {
      throw Refusal.of(
          "ExpressionAttributeValues can only be specified when using expressions: "
              + String.join(" and ", withValues)
              + (withValues.size() > 1 ? " are" : " is")
              + " null");
    }
  }

  /**
   * {@code Expected}.
   *
   * @param expected what is expected of each attribute
   * @param conditionalOperator {@code ConditionalOperator}; null when it is not given
   * @return the condition
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException in the service's words
   */
  public static Condition expected(
      Map<String, Expectation> expected, @Nullable String conditionalOperator) {
    Map<String, Condition> checks = new LinkedHashMap<>();
    expected.forEach((name, one) -> checks.put(name, LegacyChecks.of(name, one)));
    return joined(checks, conditionalOperator);
  }

  /**
   * {@code QueryFilter} or {@code ScanFilter}.
   *
   * @param filter the test of each attribute
   * @param conditionalOperator {@code ConditionalOperator}; null when it is not given
   * @return the condition
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException in the service's words
   */
  public static Condition filter(
      Map<String, Comparison> filter, @Nullable String conditionalOperator) {
    Map<String, Condition> checks = new LinkedHashMap<>();
    filter.forEach((name, one) -> checks.put(name, LegacyChecks.of(name, one)));
    return joined(checks, conditionalOperator);
  }

  /**
   * {@code KeyConditions}.
   *
   * @param conditions the test of each key attribute
   * @return the condition
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException in the service's words
   */
  public static KeyCondition keyConditions(Map<String, Comparison> conditions) {
    Map<String, KeyCondition.KeyTest> tests = new LinkedHashMap<>();
    conditions.forEach((name, one) -> tests.put(name, LegacyChecks.keyTest(one)));
    return new KeyCondition(tests);
  }

  /**
   * {@code AttributeUpdates}.
   *
   * @param updates what is to be done to each attribute
   * @return the update
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException in the service's words
   */
  public static Update attributeUpdates(Map<String, AttributeUpdate> updates) {
    List<Update.Action> actions = new ArrayList<>();
    updates.forEach((name, one) -> actions.add(LegacyUpdates.action(name, one)));
    return new Update(actions, new SetChange("Type mismatch for attribute to update"));
  }

  /**
   * {@code AttributesToGet}.
   *
   * @param attributes names of attributes
   * @return the projection
   * @throws io.clouddb.testkit.simulator.aws.AwsError ValidationException for a name that is there
   *     twice
   */
  public static Projection attributesToGet(List<String> attributes) {
    Set<Path> paths = new LinkedHashSet<>();
    for (String attribute : attributes) {
      if (!paths.add(Path.of(attribute))) {
        throw Refusal.values("Duplicate value in attribute name: " + attribute);
      }
    }
    return Projection.onto(paths);
  }

  private static Condition joined(
      Map<String, Condition> checks, @Nullable String conditionalOperator) {
    if (conditionalOperator != null && checks.isEmpty()) {
      throw Refusal.of("ConditionalOperator cannot be used without Filter or Expected");
    }
    if (conditionalOperator != null && checks.size() == 1) {
      throw Refusal.of(
          "ConditionalOperator can only be used when Filter or Expected has two or more elements");
    }
    Condition all = null;
    for (Condition check : checks.values()) {
      if (all == null) {
        all = check;
      } else {
        all = "OR".equals(conditionalOperator) ? all.or(check) : all.and(check);
      }
    }
    return all == null ? new Reading(List.of(), item -> true) : all;
  }
}
