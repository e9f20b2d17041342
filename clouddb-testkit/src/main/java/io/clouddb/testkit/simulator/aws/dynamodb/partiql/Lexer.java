/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Token.Kind;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Token.Position;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a statement into its pieces; what is none is refused without a reason, as the service does.
 */
final class Lexer {
  /** The long ones before their beginnings. */
  private static final List<String> SYMBOLS =
      List.of(
          "<<", ">>", "<>", "<=", ">=", "!=", "||", "=", "<", ">", "+", "-", "*", "/", "%", "(",
          ")", "[", "]", "{", "}", ",", ".", ":", ";", "?");

  private final String statement;
  private final List<Token> tokens = new ArrayList<>();
  private int next;
  private int line = 1;
  private int lineStart;

  private Lexer(String statement) {
    this.statement = statement;
  }

  /**
   * Cuts a statement.
   *
   * @param statement the statement
   * @return its pieces, of which the last is the end
   */
  static List<Token> cut(String statement) {
    return new Lexer(statement).cut();
  }

  private List<Token> cut() {
    while (skipBlanks()) {
      char c = statement.charAt(next);
      if (c == '\'') {
        quoted(Kind.STRING);
      } else if (c == '"') {
        quoted(Kind.QUOTED);
      } else if (isDigit(c) || (c == '.' && next + 1 < statement.length() && isDigit(peek(1)))) {
        number();
      } else if (isWordStart(c)) {
        word();
      } else {
        symbol();
      }
    }
    tokens.add(new Token(Kind.END, "", at(next, 0)));
    return List.copyOf(tokens);
  }

  private char peek(int ahead) {
    return statement.charAt(next + ahead);
  }

  private Position at(int start, int length) {
    return new Position(line, start - lineStart + 1, length);
  }

  /** Goes to the next piece, if there is one. */
  private boolean skipBlanks() {
    while (next < statement.length()) {
      if (Character.isWhitespace(peek(0))) {
        newLine(next);
        next++;
      } else if (statement.startsWith("--", next)) {
        while (next < statement.length() && peek(0) != '\n' && peek(0) != '\r') {
          next++;
        }
      } else if (statement.startsWith("/*", next)) {
        int end = statement.indexOf("*/", next + 2);
        if (end < 0) {
          throw unreadable();
        }
        for (; next < end + 2; next++) {
          newLine(next);
        }
      } else {
        return true;
      }
    }
    return false;
  }

  private void newLine(int index) {
    if (statement.charAt(index) == '\n') {
      line++;
      lineStart = index + 1;
    }
  }

  private void quoted(Kind kind) {
    char quote = peek(0);
    int start = next;
    Position from = at(start, 0);
    StringBuilder text = new StringBuilder();
    for (next++; next < statement.length(); next++) {
      char c = peek(0);
      if (c == quote && next + 1 < statement.length() && peek(1) == quote) {
        next++;
      } else if (c == quote) {
        next++;
        Position whole = new Position(from.line(), from.column(), next - start);
        tokens.add(new Token(kind, text.toString(), whole));
        return;
      }
      newLine(next);
      text.append(c);
    }
    throw unreadable();
  }

  private void number() {
    int start = next;
    digits();
    if (next < statement.length() && peek(0) == '.') {
      next++;
      digits();
    }
    if (next < statement.length() && (peek(0) == 'e' || peek(0) == 'E')) {
      next++;
      if (next < statement.length() && (peek(0) == '+' || peek(0) == '-')) {
        next++;
      }
      int exponent = next;
      digits();
      if (next == exponent) {
        throw unreadable();
      }
    }
    if (next < statement.length() && isWordPart(peek(0))) {
      throw unreadable();
    }
    String text = statement.substring(start, next);
    try {
      BigDecimal number = new BigDecimal(text);
      tokens.add(new Token(Kind.NUMBER, number.toString(), at(start, next - start)));
    } catch (NumberFormatException e) {
      // Its exponent, or its scale, is none of 32 bits.
      throw unreadable();
    }
  }

  private void digits() {
    while (next < statement.length() && isDigit(peek(0))) {
      next++;
    }
  }

  private void word() {
    int start = next;
    while (next < statement.length() && isWordPart(peek(0))) {
      next++;
    }
    tokens.add(Token.word(statement.substring(start, next), at(start, next - start)));
  }

  private void symbol() {
    for (String symbol : SYMBOLS) {
      if (statement.startsWith(symbol, next)) {
        tokens.add(new Token(Kind.SYMBOL, symbol, at(next, symbol.length())));
        next += symbol.length();
        return;
      }
    }
    throw unreadable();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isWordStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
  }

  private static boolean isWordPart(char c) {
    return isWordStart(c) || isDigit(c);
  }

  private static AwsError unreadable() {
    return Malformed.statement("");
  }
}
