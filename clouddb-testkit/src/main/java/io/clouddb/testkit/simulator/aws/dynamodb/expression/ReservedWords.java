/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The words that can be the name of an attribute only behind a placeholder. */
final class ReservedWords {
  private static final String FILE = "reserved-words.txt";
  private static final Set<String> WORDS = read();

  private ReservedWords() {}

  /** Tells whether a name is one of them, in whichever case. */
  static boolean contains(String name) {
    return WORDS.contains(name.toUpperCase(Locale.ROOT));
  }

  static int count() {
    return WORDS.size();
  }

  private static Set<String> read() {
    try (InputStream in = ReservedWords.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the list of reserved words is missing: " + FILE);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.startsWith("#"))
          .flatMap(line -> Arrays.stream(line.split(" ")))
          .filter(word -> !word.isEmpty())
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
