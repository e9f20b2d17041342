/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Between;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Call;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Comparison;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.In;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Junction;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Negation;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Makes a condition of what was read, with the service's checks of its operands. */
final class ConditionBinder {
  private static final int MAX_CANDIDATES = 100;
  private static final Set<ValueType> ORDERED = EnumSet.of(ValueType.S, ValueType.N, ValueType.B);
  private static final Set<ValueType> WITH_PREFIX = EnumSet.of(ValueType.S, ValueType.B);

  /** How the service shows the type of a path where it wants a value; it knows some more types. */
  private static final String ANY_TYPE =
      "{SS,M,DECIMAL,DOUBLESET,HDS,N,B,DICT,INTSET,BOOL,HD,BS,INT,DECIMALSET,NULL,FLOAT,FS,S,L,NS,"
          + "DOUBLE}";

  private static final String TYPE_NAMES = "{N,BS,L,B,NULL,M,S,SS,NS,BOOL}";

  private final String parameter;
  private final Binder binder;

  ConditionBinder(String parameter, Placeholders placeholders) {
    this.parameter = parameter;
    this.binder = new Binder(parameter, placeholders);
  }

  Condition condition(Node node) {
    Node bare = node.bare();
    if (bare instanceof Junction junction) {
      Condition left = condition(junction.left());
      Condition right = condition(junction.right());
      return "AND".equals(junction.operator()) ? left.and(right) : left.or(right);
    } else if (bare instanceof Negation negation) {
      return condition(negation.inner()).not();
    }
    return check(bare);
  }

  /** A condition that is neither a negation nor made of others. */
  Check check(Node bare) {
    if (bare instanceof Comparison comparison) {
      return comparison(comparison);
    } else if (bare instanceof Between between) {
      return between(between);
    } else if (bare instanceof In in) {
      return in(in);
    }
    return call((Call) bare);
  }

  private Check comparison(Comparison comparison) {
    String operator = comparison.operator();
    List<Operand> operands = binder.operands(comparison.children());
    binder.requireDistinct(operator, operands);
    if (!"=".equals(operator) && !"<>".equals(operator)) {
      binder.requireType(operator, operands, ORDERED);
    }
    return made(Check.Kind.of(operator), operands);
  }

  private Check between(Between between) {
    List<Operand> operands = binder.operands(between.children());
    binder.requireDistinct("BETWEEN", operands);
    binder.requireType("BETWEEN", operands, ORDERED);
    if (operands.get(1) instanceof Operand.Constant low
        && operands.get(2) instanceof Operand.Constant high) {
      requireRange(low.value(), high.value());
    }
    return made(Check.Kind.BETWEEN, operands);
  }

  private void requireRange(Value low, Value high) {
    OptionalInt order = ValueOrder.compare(low, high);
    if (order.isEmpty()) {
      throw range("same data type for lower and upper bounds", low, high);
    }
    if (order.getAsInt() > 0) {
      throw range("upper bound to be greater than or equal to lower bound", low, high);
    }
  }

  private RuntimeException range(String wanted, Value low, Value high) {
    return Refusal.in(
        parameter,
        "The BETWEEN operator requires "
            + wanted
            + "; lower bound operand: "
            + shown(low)
            + ", upper bound operand: "
            + shown(high));
  }

  private static String shown(Value value) {
    String text;
    if (value instanceof Value.Num number) {
      text = number.number().toPlainString();
    } else if (value instanceof Value.Bytes bytes) {
      int size = bytes.length();
      text = "java.nio.HeapByteBuffer[pos=0 lim=" + size + " cap=" + size + "]";
    } else {
      text = ((Value.Text) value).text();
    }
    return "AttributeValue: {" + ValueType.of(value) + ":" + text + "}";
  }

  private Check in(In in) {
    List<Operand> operands = binder.operands(in.children());
    int candidates = operands.size() - 1;
    if (candidates > MAX_CANDIDATES) {
      throw Refusal.in(
          parameter,
          "The IN operator is provided with too many operands; number of operands: " + candidates);
    }
    binder.requireDistinct("IN", operands);
    return made(Check.Kind.IN, operands);
  }

  private Check call(Call call) {
    List<Operand> operands = binder.operands(call.arguments());
    Check.Kind kind = Check.Kind.of(call.name());
    if (kind == Check.Kind.NOT_NULL || kind == Check.Kind.NULL || kind == Check.Kind.TYPE) {
      binder.requirePath(call.name(), operands.get(0));
    }
    binder.requireDistinct(call.name(), operands);
    if (kind == Check.Kind.BEGINS_WITH) {
      binder.requireType(call.name(), operands, WITH_PREFIX);
    } else if (kind == Check.Kind.TYPE) {
      requireTypeName(operands.get(1));
    }
    return made(kind, operands);
  }

  private void requireTypeName(Operand operand) {
    ValueType type = operand.type();
    if (type != ValueType.S) {
      String shown = type == null ? ANY_TYPE : type.name();
      throw Refusal.operandType(parameter, Check.Kind.TYPE.operator(), shown);
    }
    if (operand instanceof Operand.Constant constant
        && constant.value() instanceof Value.Text text
        && Arrays.stream(ValueType.values()).noneMatch(t -> t.name().equals(text.text()))) {
      throw Refusal.in(
          parameter,
          "Invalid attribute type name found; type: "
              + text.text()
              + ", valid types: "
              + TYPE_NAMES);
    }
  }

  private static Check made(Check.Kind kind, List<Operand> operands) {
    return new Check(kind, operands.get(0), operands.subList(1, operands.size()));
  }
}
