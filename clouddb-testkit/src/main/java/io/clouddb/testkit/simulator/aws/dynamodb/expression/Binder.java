/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Arithmetic;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Call;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.PathNode;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Step;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.ValueNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks up an expression's placeholders and checks operands' types as far as they are known. */
final class Binder {
  private static final int MAX_STEPS = 32;
  private static final Set<ValueType> WITHOUT_SIZE =
      Set.of(ValueType.N, ValueType.BOOL, ValueType.NULL);

  private final String parameter;
  private final Placeholders placeholders;

  Binder(String parameter, Placeholders placeholders) {
    this.parameter = parameter;
    this.placeholders = placeholders;
  }

  String parameter() {
    return parameter;
  }

  Path path(PathNode node) {
    List<Path.Step> steps = new ArrayList<>();
    for (Step step : node.steps()) {
      steps.add(step(step));
    }
    if (steps.size() > MAX_STEPS) {
      throw Refusal.in(
          parameter,
          "The document path has too many nesting levels; nesting levels: " + steps.size());
    }
    return new Path(steps);
  }

  private Path.Step step(Step step) {
    return switch (step.kind()) {
      case NUMBER -> new Path.Element(Integer.parseInt(step.text()));
      case NAME -> new Path.Member(placeholders.name(parameter, step.text()));
      default -> new Path.Member(step.text());
    };
  }

  Operand operand(Node node) {
    Node bare = node.bare();
    if (bare instanceof PathNode path) {
      return new Operand.Attribute(path(path));
    } else if (bare instanceof ValueNode value) {
      return new Operand.Constant(placeholders.value(parameter, value.name()));
    } else if (bare instanceof Arithmetic sum) {
      return arithmetic(sum);
    }
    Call call = (Call) bare;
    return switch (call.name()) {
      case "size" -> size(operand(call.arguments().get(0)));
      case "if_not_exists" -> otherwise(call);
      case "list_append" -> concatenation(call);
      default -> throw new IllegalStateException("not an operand: " + call.name());
    };
  }

  private Operand size(Operand operand) {
    ValueType type = operand.type();
    if (type != null && WITHOUT_SIZE.contains(type)) {
      throw Refusal.operandType(parameter, "size", type.name());
    }
    return new Operand.Size(operand);
  }

  private Operand otherwise(Call call) {
    List<Operand> operands = counted(call);
    Path path = requirePath(call.name(), operands.get(0));
    requireDistinct(call.name(), operands);
    return new UpdateOperand.Otherwise(path, operands.get(1));
  }

  private Operand concatenation(Call call) {
    List<Operand> operands = counted(call);
    requireType(call.name(), operands, Set.of(ValueType.L));
    return new UpdateOperand.Concatenation(operands.get(0), operands.get(1));
  }

  private Operand arithmetic(Arithmetic sum) {
    List<Operand> operands = List.of(operand(sum.left()), operand(sum.right()));
    requireType(sum.operator(), operands, Set.of(ValueType.N));
    return new UpdateOperand.Sum("+".equals(sum.operator()), operands.get(0), operands.get(1));
  }

  private List<Operand> counted(Call call) {
    new Shape(parameter, true).requireCount(call);
    return operands(call.arguments());
  }

  List<Operand> operands(List<Node> nodes) {
    List<Operand> operands = new ArrayList<>();
    nodes.forEach(node -> operands.add(operand(node)));
    return operands;
  }

  Path requirePath(String function, Operand operand) {
    if (operand instanceof Operand.Attribute attribute) {
      return attribute.path();
    }
    throw Refusal.in(
        parameter,
        "Operator or function requires a document path; operator or function: " + function);
  }

  /** Refuses operands whose types are known and not wanted. */
  void requireType(String operator, List<Operand> operands, Set<ValueType> wanted) {
    for (Operand operand : operands) {
      ValueType type = operand.type();
      if (type != null && !wanted.contains(type)) {
        throw Refusal.operandType(parameter, operator, type.name());
      }
    }
  }

  /** Refuses a first path that is also one of the others. */
  void requireDistinct(String operator, List<Operand> operands) {
    Path first = attribute(operands.get(0));
    for (Operand other : operands.subList(1, operands.size())) {
      if (first != null && first.equals(attribute(other))) {
        throw Refusal.in(
            parameter,
            "The first operand must be distinct from the remaining operands for this operator or"
                + " function; operator: "
                + operator
                + ", first operand: "
                + first);
      }
    }
  }

  private static @Nullable Path attribute(Operand operand) {
    return operand instanceof Operand.Attribute attribute ? attribute.path() : null;
  }
}
