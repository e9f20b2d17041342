/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Legacy.Comparison;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Legacy.Expectation;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tests of {@code Expected}, {@code KeyConditions} and the filters. */
final class LegacyChecks {
  private static final Set<ValueType> ORDERED = EnumSet.of(ValueType.S, ValueType.N, ValueType.B);
  private static final Set<ValueType> WITH_PREFIX = EnumSet.of(ValueType.S, ValueType.B);
  private static final Set<ValueType> CONTAINED =
      EnumSet.of(ValueType.S, ValueType.N, ValueType.B, ValueType.BOOL, ValueType.NULL);
  private static final String NOT_CONTAINS = "NOT_CONTAINS";

  private LegacyChecks() {}

  static Condition of(String name, Comparison comparison) {
    requireArguments(comparison.operator(), comparison.values());
    return check(name, comparison.operator(), comparison.values());
  }

  static KeyCondition.KeyTest keyTest(Comparison comparison) {
    requireArguments(comparison.operator(), comparison.values());
    // No key condition has NOT_CONTAINS either: which of the two it was does not matter then.
    return new KeyCondition.KeyTest(kind(comparison.operator()), comparison.values());
  }

  static Condition of(String name, Expectation expected) {
    Value value = expected.value();
    List<Value> values = expected.values();
    if (values != null && value != null) {
      throw attribute("Value and AttributeValueList cannot be used together", name);
    }
    String operator = expected.operator();
    if (operator == null) {
      return existing(name, expected);
    }
    if (expected.exists() != null) {
      throw attribute("Exists and ComparisonOperator cannot be used together", name);
    }
    if (values == null && value == null && arguments(operator) != 0) {
      throw attribute(
          "Value or AttributeValueList must be used with ComparisonOperator: " + operator, name);
    }
    List<Value> all = values != null ? values : value != null ? List.of(value) : List.of();
    requireArguments(operator, all);
    return check(name, operator, all);
  }

  private static Condition existing(String name, Expectation expected) {
    if (expected.values() != null) {
      throw attribute("AttributeValueList can only be used with a ComparisonOperator", name);
    }
    Value value = expected.value();
    if (Boolean.FALSE.equals(expected.exists())) {
      if (value != null) {
        throw attribute("Value cannot be used when Exists is false", name);
      }
      return check(name, "NULL", List.of());
    }
    if (value == null) {
      throw attribute("Value must be provided when Exists is " + expected.exists(), name);
    }
    return check(name, "EQ", List.of(value));
  }

  private static Condition check(String name, String operator, List<Value> values) {
    List<Operand> operands = values.stream().<Operand>map(Operand.Constant::new).toList();
    Check check = new Check(kind(operator), new Operand.Attribute(Path.of(name)), operands);
    return NOT_CONTAINS.equals(operator) ? check.not() : check;
  }

  private static Check.Kind kind(String operator) {
    return NOT_CONTAINS.equals(operator) ? Check.Kind.CONTAINS : Check.Kind.valueOf(operator);
  }

  private static void requireArguments(String operator, List<Value> values) {
    int wanted = arguments(operator);
    if (wanted < 0 ? values.isEmpty() : values.size() != wanted) {
      throw Refusal.values(
          "Invalid number of argument(s) for the " + operator + " ComparisonOperator");
    }
    if (values.stream().map(ValueType::of).distinct().count() > 1) {
      throw Refusal.values("AttributeValues inside AttributeValueList must be of same type");
    }
    Set<ValueType> allowed = allowed(kind(operator));
    for (Value value : values) {
      if (allowed != null && !allowed.contains(ValueType.of(value))) {
        throw Refusal.values(
            "ComparisonOperator "
                + operator
                + " is not valid for "
                + ValueType.of(value)
                + " AttributeValue type");
      }
    }
    if (kind(operator) == Check.Kind.BETWEEN) {
      OptionalInt order = ValueOrder.compare(values.get(0), values.get(1));
      if (order.isPresent() && order.getAsInt() > 0) {
        throw Refusal.of(
            "The BETWEEN condition was provided a range where the lower bound is greater than the"
                + " upper bound");
      }
    }
  }

  /** How many values there have to be; negative for any number but none. */
  private static int arguments(String operator) {
    return switch (kind(operator)) {
      case NOT_NULL, NULL -> 0;
      case BETWEEN -> 2;
      case IN -> -1;
      default -> 1;
    };
  }

  private static @Nullable Set<ValueType> allowed(Check.Kind kind) {
    return switch (kind) {
      case LT, LE, GT, GE, IN, BETWEEN -> ORDERED;
      case CONTAINS -> CONTAINED;
      case BEGINS_WITH -> WITH_PREFIX;
      default -> null;
    };
  }

  private static RuntimeException attribute(String text, String name) {
    return Refusal.values(text + " for Attribute: " + name);
  }
}
