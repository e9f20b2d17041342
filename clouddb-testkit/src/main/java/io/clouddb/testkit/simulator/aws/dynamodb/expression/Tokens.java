/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An expression's tokens as they are read, one after another. */
final class Tokens {
  private static final int MAX_BYTES = 4096;

  private final String parameter;
  private final String text;
  private final List<Token> all;
  private int at;

  Tokens(String parameter, String text) {
    this.parameter = parameter;
    this.text = text;
    if (text.isEmpty()) {
      throw Refusal.in(parameter, "The expression can not be empty;");
    }
    int size = text.getBytes(StandardCharsets.UTF_8).length;
    if (size > MAX_BYTES) {
      throw Refusal.in(
          parameter,
          "Expression size has exceeded the maximum allowed size; expression size: " + size);
    }
    this.all = Lexer.tokens(text);
  }

  String parameter() {
    return parameter;
  }

  Token peek() {
    return all.get(at);
  }

  Token peekNext() {
    return all.get(Math.min(at + 1, all.size() - 1));
  }

  Token take() {
    Token token = all.get(at);
    at = Math.min(at + 1, all.size() - 1);
    return token;
  }

  boolean takeSymbol(String symbol) {
    boolean there = peek().symbol(symbol);
    if (there) {
      take();
    }
    return there;
  }

  boolean takeKeyword(String keyword) {
    boolean there = peek().keyword(keyword);
    if (there) {
      take();
    }
    return there;
  }

  void expectSymbol(String symbol) {
    if (!takeSymbol(symbol)) {
      throw error();
    }
  }

  Token expect(Token.Kind kind) {
    if (!peek().is(kind)) {
      throw error();
    }
    return take();
  }

  void expectEnd() {
    if (!peek().is(Token.Kind.END)) {
      throw error();
    }
  }

  /** The error at the token that is next: the service shows the one before and the one after. */
  AwsError error() {
    Token token = all.get(at);
    int from = at > 0 ? all.get(at - 1).start() : token.start();
    int to = at + 1 < all.size() ? all.get(at + 1).end() : token.end();
    return Refusal.in(
        parameter,
        "Syntax error; token: \""
            + token.text()
            + "\", near: \""
            + text.substring(from, to)
            + "\"");
  }
}
