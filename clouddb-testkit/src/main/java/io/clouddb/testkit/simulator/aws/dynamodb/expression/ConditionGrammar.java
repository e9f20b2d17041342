/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Between;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Call;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Comparison;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.In;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Junction;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Negation;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.PathNode;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.ValueNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Reads conditions. {@code NOT} binds stronger than {@code AND}, {@code AND} stronger than {@code
 * OR}.
 *
 * <p>A parenthesis can hold a condition or an operand, and only its end tells which: what it holds
 * is read as either, and one that has to be a condition is looked at afterwards.
 */
final class ConditionGrammar {
  private static final Set<String> COMPARATORS = Set.of("=", "<>", "<", "<=", ">", ">=");

  private final Tokens tokens;
  private final OperandGrammar operands;

  private ConditionGrammar(Tokens tokens) {
    this.tokens = tokens;
    this.operands = new OperandGrammar(tokens);
  }

  static Node parse(String parameter, String text) {
    Tokens tokens = new Tokens(parameter, text);
    ConditionGrammar grammar = new ConditionGrammar(tokens);
    Node root = grammar.condition();
    tokens.expectEnd();
    grammar.operands.requireFew();
    return root;
  }

  private Node condition() {
    return required(either());
  }

  private Node either() {
    Node left = both();
    while (tokens.peek().keyword("OR")) {
      left = junction("OR", left, this::both);
    }
    return left;
  }

  private Node both() {
    Node left = negation();
    while (tokens.peek().keyword("AND")) {
      left = junction("AND", left, this::negation);
    }
    return left;
  }

  private Node junction(String operator, Node left, Supplier<Node> rest) {
    Node first = required(left);
    tokens.take();
    operands.operator();
    return new Junction(operator, first, required(rest.get()));
  }

  private Node negation() {
    if (!tokens.takeKeyword("NOT")) {
      return test();
    }
    operands.enter();
    operands.operator();
    Node inner = required(negation());
    operands.leave();
    return new Negation(inner);
  }

  private Node test() {
    Node left = parenthesisOrOperand();
    if (isCondition(left)) {
      return left;
    }
    Token token = tokens.peek();
    if (COMPARATORS.contains(token.text())) {
      operands.operator();
      tokens.take();
      return new Comparison(token.text(), left, operands.operand());
    }
    if (tokens.takeKeyword("BETWEEN")) {
      operands.operator();
      Node low = operands.operand();
      if (!tokens.takeKeyword("AND")) {
        throw tokens.error();
      }
      return new Between(left, low, operands.operand());
    }
    if (tokens.takeKeyword("IN")) {
      operands.operator();
      tokens.expectSymbol("(");
      List<Node> children = new ArrayList<>(List.of(left));
      children.addAll(operands.operands());
      tokens.expectSymbol(")");
      return new In(children);
    }
    return left;
  }

  private Node parenthesisOrOperand() {
    if (!tokens.peek().symbol("(")) {
      return operands.operand();
    }
    operands.enter();
    tokens.take();
    Node inner = either();
    tokens.expectSymbol(")");
    operands.leave();
    return operands.group(inner);
  }

  /** A path or a value alone is no condition: something is missing behind it. */
  private Node required(Node node) {
    Node bare = node.bare();
    if (bare instanceof PathNode || bare instanceof ValueNode) {
      throw tokens.error();
    }
    return node;
  }

  private static boolean isCondition(Node node) {
    Node bare = node.bare();
    return !(bare instanceof PathNode || bare instanceof ValueNode || bare instanceof Call);
  }
}
