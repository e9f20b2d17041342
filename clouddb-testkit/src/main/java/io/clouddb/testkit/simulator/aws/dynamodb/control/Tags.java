/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads and checks the tags of a request. */
final class Tags {
  private static final int MOST = 50;
  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;
  private static final Pattern LETTERS = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

  private Tags() {}

  static Map<String, String> of(List<Members> sent) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (Members tag : sent) {
      String key = tag.text("Key");
      String value = tag.text("Value");
      requireKey(key);
      if (value.length() > LONGEST_VALUE || !LETTERS.matcher(value).matches()) {
        throw Validation.error("The Tag Value provided is invalid, Value: " + value);
      }
      if (tags.put(key, value) != null) {
        throw Validation.error(
            "Duplicate Tag Keys provided as input: Duplicate Tag Key found " + key);
      }
    }
    requireFew(tags);
    return tags;
  }

  static void requireKey(String key) {
    if (key.startsWith("aws:")) {
      throw Validation.error("Tag Key cannot be prefixed with aws:, Key: " + key);
    }
    if (key.isEmpty() || key.length() > LONGEST_KEY || !LETTERS.matcher(key).matches()) {
      throw Validation.error("The Tag Key provided is invalid, Key: " + key);
    }
  }

  static void requireFew(Map<String, String> tags) {
    if (tags.size() > MOST) {
      throw Validation.error(
          "Number of Tags exceed the current limit for the provided ResourceArn");
    }
  }
}
