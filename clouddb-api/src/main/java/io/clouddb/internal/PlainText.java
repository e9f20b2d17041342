/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal;

/**
 * Text that can be written down and read back. Half a character (a lone surrogate) has no form in
 * UTF-8: encoders make a question mark of it without a word, so that another name is read back. A
 * zero character ends a text for whatever is written in C, PostgreSQL included.
 */
public final class PlainText {
  private PlainText() {}

  /**
   * Tells whether a text is one.
   *
   * @param text the text
   * @return false when it has a lone surrogate or a zero character
   */
  public static boolean is(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return false;
      }
      // Most texts have no surrogates at all.
      if (Character.isSurrogate(c)) {
        if (!Character.isSurrogatePair(c, i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
