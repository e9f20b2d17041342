/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

/** A piece of an expression's text, and where it stands in it. */
record Token(Kind kind, String text, int start, int end) {
  /** What a piece can be. */
  enum Kind {
    /** The name of an attribute or a function. */
    WORD,
    /** A word of the language, in whichever case. */
    KEYWORD,
    /** {@code #name}. */
    NAME,
    /** {@code :value}. */
    VALUE,
    /** Digits. */
    NUMBER,
    /** An operator or punctuation. */
    SYMBOL,
    /** What no expression has. */
    BAD,
    /** The end. */
    END
  }

  boolean symbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean keyword(String keyword) {
    return kind == Kind.KEYWORD && text.equalsIgnoreCase(keyword);
  }

  boolean is(Kind wanted) {
    return kind == wanted;
  }
}
