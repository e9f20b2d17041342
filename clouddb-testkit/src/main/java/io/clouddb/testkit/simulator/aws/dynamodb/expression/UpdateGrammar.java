/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.Arithmetic;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.PathNode;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Node.ValueNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads updates. */
final class UpdateGrammar {
  private final Tokens tokens;
  private final OperandGrammar operands;

  private UpdateGrammar(Tokens tokens) {
    this.tokens = tokens;
    this.operands = new OperandGrammar(tokens);
  }

  /** What is to be done at a path; a {@code REMOVE} has no value. */
  record Action(PathNode path, @Nullable Node value) {}

  /** {@code SET}, {@code REMOVE}, {@code ADD} or {@code DELETE} and what it is to do. */
  record Section(String keyword, List<Action> actions) {}

  static List<Section> parse(String parameter, String text) {
    Tokens tokens = new Tokens(parameter, text);
    UpdateGrammar grammar = new UpdateGrammar(tokens);
    List<Section> sections = new ArrayList<>();
    do {
      sections.add(grammar.section());
    } while (!tokens.peek().is(Token.Kind.END));
    grammar.operands.requireFew();
    return sections;
  }

  private Section section() {
    Token token = tokens.peek();
    String keyword = token.text().toUpperCase(Locale.ROOT);
    boolean known = token.is(Token.Kind.KEYWORD);
    if (!known || !List.of("SET", "REMOVE", "ADD", "DELETE").contains(keyword)) {
      throw tokens.error();
    }
    tokens.take();
    List<Action> actions = new ArrayList<>();
    do {
      actions.add(action(keyword));
    } while (tokens.takeSymbol(","));
    return new Section(keyword, actions);
  }

  private Action action(String keyword) {
    PathNode path = operands.path();
    return switch (keyword) {
      case "SET" -> {
        tokens.expectSymbol("=");
        yield new Action(path, value());
      }
      case "REMOVE" -> new Action(path, null);
      default -> new Action(path, new ValueNode(tokens.expect(Token.Kind.VALUE).text()));
    };
  }

  /** An operand or a sum of two, with parentheses around it or without. */
  private Node value() {
    int parentheses = 0;
    while (tokens.takeSymbol("(")) {
      parentheses++;
    }
    Node value = sum(operands.operand());
    for (; parentheses > 0; parentheses--) {
      tokens.expectSymbol(")");
      value = operands.group(value);
      // A sum has two operands, whatever its parentheses are.
      value = value.bare() instanceof Arithmetic ? value : sum(value);
    }
    return value;
  }

  private Node sum(Node left) {
    Token token = tokens.peek();
    if (!token.symbol("+") && !token.symbol("-")) {
      return left;
    }
    operands.operator();
    tokens.take();
    return new Arithmetic(token.text(), left, operands.operand());
  }
}
