/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.text;

/**
 * A text of somebody's within a message: in quotes, on one line, and not longer than a person wants
 * to read. What does not print is written as an escape, so that it neither hides nor begins a line
 * in a log.
 */
public final class Quoted {
  private static final int LONGEST = 120;

  private Quoted() {}

  /**
   * Quotes.
   *
   * @param text what somebody gave
   * @return the text in single quotes, shortened where it is long
   */
  public static String of(String text) {
    StringBuilder quoted = new StringBuilder("'");
    int end = Math.min(text.length(), LONGEST);
    for (int i = 0; i < end; ) {
      int character = text.codePointAt(i);
      if (prints(character)) {
        quoted.appendCodePoint(character);
      } else {
        quoted.append("\\u%04x".formatted(character));
      }
      i += Character.charCount(character);
    }
    quoted.append('\'');
    if (end < text.length()) {
      quoted.append(" and so on, ").append(text.length()).append(" characters");
    }
    return quoted.toString();
  }

  private static boolean prints(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
