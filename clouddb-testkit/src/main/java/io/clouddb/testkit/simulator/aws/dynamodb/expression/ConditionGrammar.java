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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads conditions. {@code NOT} binds stronger than {@code AND}, {@code AND} stronger than {@code
 * OR}.
 *
 * <p>A parenthesis can hold a condition or an operand, and only its end tells which: what it holds
 * is read as either, and one that has to be a condition is looked at afterwards.
 *
 * <p>Levels are kept in a list of their own: an expression of 4 KB can have 4,096 parentheses, and
 * no depth of it may end the stack of the thread that reads it.
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
    Deque<Level> levels = new ArrayDeque<>(List.of(new Level()));
    while (true) {
      while (tokens.takeKeyword("NOT")) {
        operands.operator();
        levels.element().negations++;
      }
      if (tokens.takeSymbol("(")) {
        levels.push(new Level());
        continue;
      }
      Node whole = join(levels, operands.operand());
      if (whole != null) {
        return required(whole);
      }
    }
  }

  /**
   * Takes what was read into its level, and into those around it which end there: the whole, or
   * {@code null} where a further condition has to come.
   */
  private @Nullable Node join(Deque<Level> levels, Node read) {
    Node node = read;
    while (true) {
      Level level = levels.element();
      node = negated(level, test(node));
      if (level.and != null) {
        node = new Junction("AND", level.and, required(node));
        level.and = null;
      }
      if (tokens.peek().keyword("AND")) {
        level.and = before(node);
        return null;
      }
      if (level.or != null) {
        node = new Junction("OR", level.or, required(node));
        level.or = null;
      }
      if (tokens.peek().keyword("OR")) {
        level.or = before(node);
        return null;
      }
      if (levels.size() == 1) {
        return node;
      }
      tokens.expectSymbol(")");
      levels.pop();
      node = operands.group(node);
    }
  }

  private Node negated(Level level, Node test) {
    Node node = test;
    for (; level.negations > 0; level.negations--) {
      node = new Negation(required(node));
    }
    return node;
  }

  /** What is left of an {@code AND} or {@code OR}, which is taken. */
  private Node before(Node left) {
    Node first = required(left);
    tokens.take();
    operands.operator();
    return first;
  }

  private Node test(Node left) {
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

  /** What waits for its right side, of the whole or of one pair of parentheses. */
  private static final class Level {
    private int negations;
    private @Nullable Node and;
    private @Nullable Node or;
  }
}
