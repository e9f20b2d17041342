/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Cuts an expression into tokens. It refuses nothing: a character of no expression is a token. */
final class Lexer {
  private static final Set<String> KEYWORDS =
      Set.of("AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE");
  private static final String SINGLE = "=<>()[],.+-";
  private static final String SPACE = " \t\r\n";

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;

  private Lexer(String text) {
    this.text = text;
  }

  /** All tokens, an {@link Kind#END} at last. */
  static List<Token> tokens(String text) {
    Lexer lexer = new Lexer(text);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (at < text.length()) {
      if (SPACE.indexOf(text.charAt(at)) >= 0) {
        at++;
      } else {
        int start = at;
        Kind kind = scan();
        tokens.add(new Token(kind, text.substring(start, at), start, at));
      }
    }
    int end = tokens.isEmpty() ? 0 : tokens.get(tokens.size() - 1).end();
    tokens.add(new Token(Kind.END, "<EOF>", end, end));
  }

  private Kind scan() {
    int start = at;
    char first = text.charAt(at++);
    if (letter(first)) {
      words();
      String word = text.substring(start, at).toUpperCase(Locale.ROOT);
      return KEYWORDS.contains(word) ? Kind.KEYWORD : Kind.WORD;
    }
    if (first == '#' || first == ':') {
      words();
      if (at == start + 1) {
        return Kind.BAD;
      }
      return first == '#' ? Kind.NAME : Kind.VALUE;
    }
    if (digit(first)) {
      // A number has no leading zeros: "01" is two of them.
      while (first != '0' && at < text.length() && digit(text.charAt(at))) {
        at++;
      }
      return Kind.NUMBER;
    }
    if (SINGLE.indexOf(first) >= 0) {
      boolean pair = (first == '<' && (next('>') || next('='))) || (first == '>' && next('='));
      at += pair ? 1 : 0;
      return Kind.SYMBOL;
    }
    if (Character.isHighSurrogate(first) && at < text.length()) {
      at++;
    }
    return Kind.BAD;
  }

  private void words() {
    while (at < text.length() && part(text.charAt(at))) {
      at++;
    }
  }

  private boolean next(char wanted) {
    return at < text.length() && text.charAt(at) == wanted;
  }

  private static boolean part(char c) {
    return letter(c) || digit(c) || c == '_';
  }

  private static boolean letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean digit(char c) {
    return c >= '0' && c <= '9';
  }
}
