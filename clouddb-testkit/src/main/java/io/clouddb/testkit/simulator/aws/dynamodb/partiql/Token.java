/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import java.util.Locale;

/**
 * A piece of a statement.
 *
 * @param kind what it is
 * @param text what it says: a name or a string without its quotes, a keyword in lower case
 * @param at where it stands
 */
record Token(Kind kind, String text, Position at) {
  enum Kind {
    /** A name without quotes that is no keyword. */
    NAME,
    /** A name in double quotes. */
    QUOTED,
    /** A name without quotes that the language keeps for itself. */
    KEYWORD,
    /** A text in single quotes. */
    STRING,
    /** A number without its sign. */
    NUMBER,
    /** Anything of punctuation. */
    SYMBOL,
    /** What follows the last piece. */
    END
  }

  /**
   * Where a piece stands.
   *
   * @param line from 1
   * @param column from 1, in characters
   * @param length in characters, quotes included
   */
  record Position(int line, int column, int length) {
    @Override
    public String toString() {
      return line + ":" + column + ":" + length;
    }
  }

  static Token word(String text, Position at) {
    String lower = text.toLowerCase(Locale.ROOT);
    return Keywords.contains(lower)
        ? new Token(Kind.KEYWORD, lower, at)
        : new Token(Kind.NAME, text, at);
  }

  boolean is(String symbolOrKeyword) {
    return (kind == Kind.SYMBOL || kind == Kind.KEYWORD) && text.equals(symbolOrKeyword);
  }

  boolean isName() {
    return kind == Kind.NAME || kind == Kind.QUOTED;
  }

  /** Tells whether nothing of the statement is left: its end, or the semicolon before it. */
  boolean isEnd() {
    return kind == Kind.END || is(";");
  }
}
