/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.spi.OperationState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.dynamodb.model.Tag;

/** Which tags DynamoDB takes: <em>Tagging restrictions in DynamoDB</em>, developer guide. */
final class TableTags {
  /** DynamoDB allows 50; one is this library's. */
  static final int MOST = 49;

  private static final int LONGEST_KEY = 128;
  private static final int LONGEST_VALUE = 256;
  private static final String RESERVED = "aws:";
  private static final Pattern TEXT = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

  private TableTags() {}

  /** As the SDK has them. */
  static List<Tag> of(Map<String, String> tags) {
    return tags.entrySet().stream()
        .map(entry -> Tag.builder().key(entry.getKey()).value(entry.getValue()).build())
        .toList();
  }

  /** Why DynamoDB does not take tags; empty when it does. */
  static Optional<String> whyNot(Map<String, String> tags) {
    return tags.size() > MOST
        ? Optional.of("DynamoDB takes " + MOST + " tags beside this library's")
        : tags.entrySet().stream()
            .flatMap(tag -> whyNot(tag.getKey(), tag.getValue()).stream())
            .findFirst();
  }

  private static Optional<String> whyNot(String key, String value) {
    if (key.regionMatches(true, 0, RESERVED, 0, RESERVED.length())) {
      return Optional.of("the key '" + key + "' begins with aws:, which is AWS's own");
    }
    if (key.equals(OperationState.CREATION_TAG)) {
      return Optional.of("the key '" + key + "' is this library's own");
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
