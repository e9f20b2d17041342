/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.snippets;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;

/**
 * What tables call the features of one part, in {@code features/PART.properties}: by their ids, or
 * by the last part of these.
 */
final class FeatureWords {
  private final String part;
  private final Properties words = new Properties();

  /**
   * Reads the words.
   *
   * @param part for example {@code replicas}
   * @throws IOException when they cannot be read
   */
  FeatureWords(String part) throws IOException {
    this.part = part;
    String name = "/features/" + part + ".properties";
    try (InputStream in = FeatureWords.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("There is no " + name);
      }
      try (Reader text = new InputStreamReader(in, StandardCharsets.UTF_8)) {
        words.load(text);
      }
    }
  }

  String of(String id) {
    String field = id.substring(id.lastIndexOf('.') + 1);
    String word = words.getProperty(id, words.getProperty(field));
    if (word == null) {
      throw new IllegalStateException("There are no words for " + id + " of " + part);
    }
    return word;
  }
}
