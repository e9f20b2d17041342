/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Call;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Group;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.PathNode;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Step;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.ValueNode;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Reads what all expressions have: paths, values, functions, parentheses around them. */
final class OperandGrammar {
  private static final int MAX_OPERATORS = 300;

  private final Tokens tokens;
  private int operators;
  private int calls;

  OperandGrammar(Tokens tokens) {
    this.tokens = tokens;
  }

  Node operand() {
    int parentheses = 0;
    while (tokens.takeSymbol("(")) {
      parentheses++;
    }
    Node operand = bareOperand();
    for (; parentheses > 0; parentheses--) {
      tokens.expectSymbol(")");
      operand = group(operand);
    }
    return operand;
  }

  private Node bareOperand() {
    if (tokens.peek().is(Kind.VALUE)) {
      return new ValueNode(tokens.take().text());
    }
    return function() ? call() : path();
  }

  /** Tells whether a function is next. */
  boolean function() {
    return tokens.peek().is(Kind.WORD) && tokens.peekNext().symbol("(");
  }

  Node call() {
    // Each call in a call is an operator, so no deeper one is ever taken: the reader's stack is
    // kept small.
    if (++calls > MAX_OPERATORS) {
      throw tooMany(calls);
    }
    operator();
    String name = tokens.take().text();
    tokens.expectSymbol("(");
    List<Node> arguments = operands();
    tokens.expectSymbol(")");
    calls--;
    return new Call(name, arguments);
  }

  List<Node> operands() {
    List<Node> list = new ArrayList<>();
    do {
      list.add(operand());
    } while (tokens.takeSymbol(","));
    return list;
  }

  PathNode path() {
    List<Step> steps = new ArrayList<>();
    steps.add(name());
    while (true) {
      if (tokens.takeSymbol(".")) {
        steps.add(name());
      } else if (tokens.takeSymbol("[")) {
        steps.add(new Step(Kind.NUMBER, tokens.expect(Kind.NUMBER).text()));
        tokens.expectSymbol("]");
      } else {
        return new PathNode(List.copyOf(steps));
      }
    }
  }

  private Step name() {
    Token token = tokens.peek();
    if (!token.is(Kind.WORD) && !token.is(Kind.NAME)) {
      throw tokens.error();
    }
    return new Step(token.kind(), tokens.take().text());
  }

  /** Parentheses around something, which the service refuses to see twice. */
  Node group(Node inner) {
    if (inner instanceof Group) {
      throw Refusal.in(tokens.parameter(), "The expression has redundant parentheses;");
    }
    return new Group(inner);
  }

  /** Counts an operator or a function. */
  void operator() {
    operators++;
  }

  /** Refuses more operators than an expression may have; to be asked at its end. */
  void requireFew() {
    if (operators > MAX_OPERATORS) {
      throw tooMany(operators);
    }
  }

  private RuntimeException tooMany(int count) {
    return Refusal.in(
        tokens.parameter(), "The expression contains too many operators; operator count: " + count);
  }
}
