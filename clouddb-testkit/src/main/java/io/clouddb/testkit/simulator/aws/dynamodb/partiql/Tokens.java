/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Token.Kind;
import java.util.List;
import java.util.Locale;

/** The pieces of a statement, read one after another. */
final class Tokens {
  private final List<Token> tokens;
  private int next;

  Tokens(List<Token> tokens) {
    this.tokens = tokens;
  }

  Token peek() {
    return tokens.get(next);
  }

  Token peekAfter() {
    return tokens.get(Math.min(next + 1, tokens.size() - 1));
  }

  Token take() {
    Token token = peek();
    if (token.kind() != Kind.END) {
      next++;
    }
    return token;
  }

  boolean at(String symbolOrKeyword) {
    return peek().is(symbolOrKeyword);
  }

  /** Takes the piece that is asked for, if it is the next one. */
  boolean takeIf(String symbolOrKeyword) {
    if (at(symbolOrKeyword)) {
      next++;
      return true;
    }
    return false;
  }

  /** Takes the piece that has to come here. */
  Token expect(String symbolOrKeyword) {
    if (!at(symbolOrKeyword)) {
      throw Malformed.statement("Expected " + named(symbolOrKeyword));
    }
    return take();
  }

  private static String named(String symbolOrKeyword) {
    return switch (symbolOrKeyword) {
      case "(" -> "LEFT_PAREN";
      case ")" -> "RIGHT_PAREN";
      case "]" -> "RIGHT_BRACKET";
      case "}" -> "RIGHT_CURLY";
      case ">>" -> "RIGHT_DOUBLE_ANGLE_BRACKET";
      case ":" -> "COLON";
      case "*" -> "STAR";
      default -> symbolOrKeyword.toUpperCase(Locale.ROOT);
    };
  }
}
