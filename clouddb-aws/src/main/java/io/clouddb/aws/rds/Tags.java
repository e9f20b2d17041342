/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.instance.InstanceField;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Which tags RDS takes. Source: <em>Tagging Amazon RDS resources</em>, Amazon RDS User Guide. */
final class Tags {
  /** RDS allows 50; one is this library's. */
  static final int MOST = 49;

  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;
  private static final String RESERVED = "aws:";
  private static final Pattern TEXT = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

  private Tags() {}

  static void plan(FieldMapping<?> fields, String member, Map<String, String> tags) {
    if (tags.size() > MOST) {
      fields.refuse(
          InstanceField.TAGS, "RDS takes " + MOST + " tags beside this library's", "fewer");
      return;
    }
    Optional<String> whyNot =
        tags.entrySet().stream()
            .flatMap(tag -> whyNot(tag.getKey(), tag.getValue()).stream())
            .findFirst();
    if (whyNot.isPresent()) {
      fields.refuse(InstanceField.TAGS, whyNot.get(), "another key or value");
    } else {
      fields.honoured(InstanceField.TAGS, member, tags);
    }
  }

  /** Why RDS does not take tags; empty when it does. */
  static Optional<String> whyNot(Map<String, String> tags) {
    return tags.size() > MOST
        ? Optional.of("RDS takes " + MOST + " tags beside this library's")
        : tags.entrySet().stream()
            .flatMap(tag -> whyNot(tag.getKey(), tag.getValue()).stream())
            .findFirst();
  }

  private static Optional<String> whyNot(String key, String value) {
    if (key.regionMatches(true, 0, RESERVED, 0, RESERVED.length())) {
      return Optional.of("the key '" + key + "' begins with aws:, which is AWS's own");
    }
    if (key.length() > LONGEST_KEY || !TEXT.matcher(key).matches()) {
      return Optional.of(
          "the key '" + key + "' has to have 1 to 128 letters, digits, spaces and + - = . _ : / @");
    }
    if (value.length() > LONGEST_VALUE || !TEXT.matcher(value).matches()) {
      return Optional.of(
          "the value of '"
              + key
              + "' has to have at most 256 letters, digits, spaces and + - = . _ : / @");
    }
    return Optional.empty();
  }
}
