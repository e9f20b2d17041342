/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Call;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Group;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Junction;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Negation;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.PathNode;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Step;
import java.util.Map;
import java.util.Set;

/**
 * What the service checks in an expression before it looks at its placeholders, in the order of the
 * text: reserved words, indexes of lists, names of functions and where they stand.
 */
final class Shape {
  private static final Map<String, Integer> OPERANDS =
      Map.of(
          "attribute_exists", 1,
          "attribute_not_exists", 1,
          "attribute_type", 2,
          "begins_with", 2,
          "contains", 2,
          "size", 1,
          "if_not_exists", 2,
          "list_append", 2);
  private static final Set<String> OF_UPDATES = Set.of("if_not_exists", "list_append");
  private static final String OF_OPERANDS = "size";

  private final String parameter;
  private final boolean update;

  Shape(String parameter, boolean update) {
    this.parameter = parameter;
    this.update = update;
  }

  void requireCondition(Node node) {
    if (node instanceof Junction || node instanceof Negation) {
      node.children().forEach(this::requireCondition);
    } else if (node instanceof Group group) {
      requireCondition(group.inner());
    } else if (node instanceof Call call) {
      requireCall(call, true);
    } else {
      node.children().forEach(this::requireOperand);
    }
  }

  void requireOperand(Node node) {
    if (node instanceof PathNode path) {
      path.steps().forEach(this::requireStep);
    } else if (node instanceof Call call) {
      requireCall(call, false);
    } else {
      node.children().forEach(this::requireOperand);
    }
  }

  private void requireStep(Step step) {
    if (step.kind() == Token.Kind.NUMBER) {
      index(step.text());
    } else if (step.kind() == Token.Kind.WORD && ReservedWords.contains(step.text())) {
      throw refused("Attribute name is a reserved keyword; reserved keyword: " + step.text());
    }
  }

  private void index(String digits) {
    // Ten digits fit into a long, and more than ten are too many anyhow.
    if (digits.length() > 10 || Long.parseLong(digits) > Integer.MAX_VALUE) {
      throw refused("List index is not within the allowable range; index: [" + digits + "]");
    }
  }

  private void requireCall(Call call, boolean asCondition) {
    String name = call.name();
    if (!OPERANDS.containsKey(name)) {
      throw refused("Invalid function name; function: " + name);
    }
    if (OF_UPDATES.contains(name) != update) {
      String kind = update ? "an update" : "a condition";
      throw refused("The function is not allowed in " + kind + " expression; function: " + name);
    }
    if (!update && asCondition == OF_OPERANDS.equals(name)) {
      throw refused(
          "The function is not allowed to be used this way in an expression; function: " + name);
    }
    if (!update) {
      requireCount(call);
    }
    call.arguments().forEach(this::requireOperand);
  }

  /** Updates are asked this later, with their placeholders. */
  void requireCount(Call call) {
    int count = call.arguments().size();
    if (!Integer.valueOf(count).equals(OPERANDS.get(call.name()))) {
      throw refused(
          "Incorrect number of operands for operator or function; operator or function: "
              + call.name()
              + ", number of operands: "
              + count);
    }
  }

  private AwsError refused(String text) {
    return Refusal.in(parameter, text);
  }
}
