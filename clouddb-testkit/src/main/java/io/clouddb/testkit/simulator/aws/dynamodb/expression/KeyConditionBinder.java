/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.KeyCondition.KeyTest;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Junction;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Negation;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes tests of key attributes of a condition, which may have far less than other conditions. */
final class KeyConditionBinder {
  private static final String PARAMETER = "KeyConditionExpression";
  private static final Set<Check.Kind> REFUSED =
      EnumSet.of(
          Check.Kind.NE,
          Check.Kind.IN,
          Check.Kind.NOT_NULL,
          Check.Kind.NULL,
          Check.Kind.TYPE,
          Check.Kind.CONTAINS);
  private static final Map<Check.Kind, Check.Kind> TURNED =
      Map.of(
          Check.Kind.EQ, Check.Kind.EQ,
          Check.Kind.LT, Check.Kind.GT,
          Check.Kind.LE, Check.Kind.GE,
          Check.Kind.GT, Check.Kind.LT,
          Check.Kind.GE, Check.Kind.LE);

  private final ConditionBinder binder;
  private final Map<String, KeyTest> tests = new LinkedHashMap<>();

  KeyConditionBinder(Placeholders placeholders) {
    this.binder = new ConditionBinder(PARAMETER, placeholders);
  }

  Map<String, KeyTest> tests(String text) {
    Node root = ConditionGrammar.parse(PARAMETER, text);
    new Shape(PARAMETER, false).requireCondition(root);
    // What is wrong in any condition comes first.
    binder.condition(root);
    collect(root.bare());
    return tests;
  }

  private void collect(Node node) {
    if (node instanceof Negation) {
      throw operator("NOT");
    } else if (node instanceof Junction junction) {
      if ("OR".equals(junction.operator())) {
        throw operator("OR");
      }
      collect(junction.left().bare());
      collect(junction.right().bare());
    } else {
      collect(binder.check(node));
    }
  }

  private void collect(Check check) {
    if (REFUSED.contains(check.kind())) {
      throw operator(check.kind().operator());
    }
    boolean keyFirst = check.kind() == Check.Kind.BETWEEN || check.kind() == Check.Kind.BEGINS_WITH;
    if (keyFirst && !(check.first() instanceof Operand.Attribute)) {
      throw condition(
          check.kind().operator() + " operator must have the key attribute as its first operand");
    }
    List<Value> values = new ArrayList<>();
    String name = name(check, values);
    if (name == null) {
      throw condition("No key attribute specified");
    }
    if (tests.containsKey(name)) {
      throw Refusal.in(
          PARAMETER, "KeyConditionExpressions must only contain one condition per key");
    }
    boolean turned = !(check.first() instanceof Operand.Attribute);
    Check.Kind kind = turned ? TURNED.getOrDefault(check.kind(), check.kind()) : check.kind();
    tests.put(name, new KeyTest(kind, values));
  }

  /** The one attribute of a test; its values come into a list. */
  private static @Nullable String name(Check check, List<Value> values) {
    List<Operand> operands = new ArrayList<>(List.of(check.first()));
    operands.addAll(check.others());
    String name = null;
    for (Operand operand : operands) {
      if (operand instanceof Operand.Attribute attribute) {
        if (name != null) {
          throw condition("Multiple attribute names used in one condition");
        }
        if (attribute.path().nested()) {
          throw Refusal.of("KeyConditionExpressions cannot have conditions on nested attributes");
        }
        name = attribute.path().attribute();
      } else if (operand instanceof Operand.Constant constant) {
        values.add(constant.value());
      } else {
        throw Refusal.of("KeyConditionExpressions cannot contain nested operations");
      }
    }
    return name;
  }

  private static RuntimeException operator(String operator) {
    return Refusal.of("Invalid operator used in KeyConditionExpression: " + operator);
  }

  private static RuntimeException condition(String text) {
    return Refusal.of("Invalid condition in KeyConditionExpression: " + text);
  }
}
