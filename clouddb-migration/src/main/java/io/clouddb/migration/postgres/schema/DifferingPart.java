/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Where two definitions differ: what is left of each when the words are taken away that they share
 * at the beginning and at the end.
 *
 * @param onSource the part of the source's; empty when the target's only has more
 * @param onTarget the part of the target's; empty when the source's only has more
 */
record DifferingPart(String onSource, String onTarget) {
  private static final Pattern WORD = Pattern.compile("\\s+|[^\\s(),;]+|[(),;]");

  static DifferingPart of(String source, String target) {
    List<String> left = words(source);
    List<String> right = words(target);
    int shorter = Math.min(left.size(), right.size());
    int start = 0;
    while (start < shorter && left.get(start).equals(right.get(start))) {
      start++;
    }
    int end = 0;
    while (end < shorter - start
        && left.get(left.size() - 1 - end).equals(right.get(right.size() - 1 - end))) {
      end++;
    }
    return new DifferingPart(part(left, start, end), part(right, start, end));
  }

  private static String part(List<String> words, int start, int end) {
    return String.join("", words.subList(start, words.size() - end)).strip();
  }

  /** With the spaces and signs between them, so that they can be joined again. */
  private static List<String> words(String definition) {
    return WORD.matcher(definition).results().map(MatchResult::group).toList();
  }
}
