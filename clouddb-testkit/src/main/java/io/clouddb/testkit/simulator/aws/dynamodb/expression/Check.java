/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A test of an operand's value, with those of others. What is missing equals nothing. */
record Check(Kind kind, Operand first, List<Operand> others) implements Condition {
  /** What is tested; the names are those of the service's older parameters. */
  enum Kind {
    EQ("="),
    NE("<>"),
    LT("<"),
    LE("<="),
    GT(">"),
    GE(">="),
    BETWEEN("BETWEEN"),
    IN("IN"),
    NOT_NULL("attribute_exists"),
    NULL("attribute_not_exists"),
    TYPE("attribute_type"),
    BEGINS_WITH("begins_with"),
    CONTAINS("contains");

    private final String operator;

    Kind(String operator) {
      this.operator = operator;
    }

    /** As expressions write it. */
    String operator() {
      return operator;
    }

    static Kind of(String operator) {
      for (Kind kind : values()) {
        if (kind.operator.equals(operator)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no operator of conditions: " + operator);
    }
  }

  Check {
    others = List.copyOf(others);
  }

  @Override
  public boolean holds(Map<String, Value> item) {
    Value value = first.of(item);
    return switch (kind) {
      case NOT_NULL -> value != null;
      case NULL -> value == null;
      case NE -> value == null || !value.equals(other(item, 0));
      default -> value != null && holds(value, item);
    };
  }

  private boolean holds(Value value, Map<String, Value> item) {
    if (kind == Kind.IN) {
      return others.stream().anyMatch(other -> value.equals(other.of(item)));
    }
    Value other = other(item, 0);
    if (other == null) {
      return false;
    }
    return switch (kind) {
      case EQ -> value.equals(other);
      case LT -> ordered(value, other, order -> order < 0);
      case LE -> ordered(value, other, order -> order <= 0);
      case GT -> ordered(value, other, order -> order > 0);
      case GE -> ordered(value, other, order -> order >= 0);
      case BETWEEN ->
          ordered(value, other, order -> order >= 0)
              && ordered(value, other(item, 1), order -> order <= 0);
      case TYPE ->
          other instanceof Value.Text text && ValueType.of(value).name().equals(text.text());
      case BEGINS_WITH -> ValueOrder.beginsWith(value, other);
      case CONTAINS -> ValueOrder.contains(value, other);
      default -> throw new IllegalStateException("not a test of two values: " + kind);
    };
  }

  private @Nullable Value other(Map<String, Value> item, int index) {
    return others.get(index).of(item);
  }

  private static boolean ordered(Value left, @Nullable Value right, IntPredicate wanted) {
    OptionalInt order = right == null ? OptionalInt.empty() : ValueOrder.compare(left, right);
    return order.isPresent() && wanted.test(order.getAsInt());
  }

  @Override
  public List<Path> paths() {
    List<Path> all = new ArrayList<>(first.paths());
    others.forEach(other -> all.addAll(other.paths()));
    return all;
  }
}
