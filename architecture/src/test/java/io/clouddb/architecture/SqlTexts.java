/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The texts of a Java source: its string literals, those that are joined by {@code +} as one. What
 * is put between two of them at run time is {@link #ANYTHING}.
 */
final class SqlTexts {
  /** Stands for an expression whose value the source does not say. */
  static final char ANYTHING = '\u0001';

  /** A text, and the line on which it begins. */
  record Text(int line, String value) {}

  private static final Pattern TOKEN =
      Pattern.compile(
          "//[^\\n]*+|/\\*(?:[^*]|\\*(?!/))*+\\*/|'(?:\\\\.[^']*+|[^'\\\\])'"
              + "|\"\"\"[ \\t]*+\\n((?:\\\\.|[^\"\\\\]|\"(?!\"\"))*+)\"\"\""
              + "|\"((?:\\\\.|[^\"\\\\\\n])*+)\"",
          Pattern.DOTALL);

  /** One value: names, calls without texts in them, a field of one. */
  private static final Pattern VALUE =
      Pattern.compile("\\s*\\+(?:[\\w\\s.:>+-]|\\((?:[^()]|\\([^()]*\\))*\\))*\\+\\s*");

  private static final Pattern ESCAPED_BY_NUMBER =
      Pattern.compile("(?<!\\\\)((?:\\\\\\\\)*)\\\\u+[0-9a-fA-F]{4}");

  private static final Pattern PATTERN = Pattern.compile("Pattern\\.compile\\(\\s*$");

  private static final Pattern JOINED = Pattern.compile("\\s*\\+\\s*");

  private SqlTexts() {}

  static List<Text> of(String source) {
    List<Text> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int begun = -1;
    int end = -1;
    StringBuilder between = new StringBuilder();
    Matcher token = TOKEN.matcher(source);
    while (token.find()) {
      between.append(source, Math.max(end, 0), token.start());
      end = token.end();
      if (token.group(1) == null && token.group(2) == null) {
        continue;
      }
      if (PATTERN.matcher(between).find()) {
        between.setLength(0);
        continue;
      }
      boolean joined = JOINED.matcher(between).matches();
      boolean valued = !joined && VALUE.matcher(between).matches();
      if (begun >= 0 && valued) {
        text.append(ANYTHING);
      } else if (begun >= 0 && !joined) {
        texts.add(new Text(line(source, begun), text.toString()));
        text.setLength(0);
        begun = -1;
      }
      if (begun < 0) {
        begun = token.start();
        // What comes before may be a schema.
        text.append(between.toString().stripTrailing().endsWith("+") ? ANYTHING : ' ');
      }
      text.append(
          token.group(1) == null
              ? unescaped(token.group(2))
              : unescaped(token.group(1).stripIndent()));
      between.setLength(0);
    }
    if (begun >= 0) {
      texts.add(new Text(line(source, begun), text.toString()));
    }
    return texts;
  }

  /** Characters that are written by their numbers are in no name of ours. */
  private static String unescaped(String literal) {
    return ESCAPED_BY_NUMBER.matcher(literal).replaceAll("$1.").translateEscapes();
  }

  private static int line(String source, int position) {
    return (int) source.substring(0, position).chars().filter(c -> c == '\n').count() + 1;
  }
}
