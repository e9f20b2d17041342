/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Names with values as one text, as it stands in the state of an operation. */
final class NotedMap {
  private NotedMap() {}

  static String written(Map<String, String> map) {
    return new TreeMap<>(map)
        .entrySet().stream()
            .map(entry -> encoded(entry.getKey()) + "=" + encoded(entry.getValue()))
            .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /**
   * Reads it.
   *
   * @throws io.clouddb.error.InvalidArgumentException when it was rewritten, and is none
   */
  static Map<String, String> read(String written) {
    Map<String, String> map = new TreeMap<>();
    for (String entry : written.isEmpty() ? new String[0] : written.split("&", -1)) {
      int equals = entry.indexOf('=');
      if (equals < 0) {
        throw malformed();
      }
      map.put(decoded(entry.substring(0, equals)), decoded(entry.substring(equals + 1)));
    }
    return map;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw malformed();
    }
  }

  /** Of a token that was rewritten. */
  static RuntimeException malformed() {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, "The token's notes are malformed")
        .toException();
  }
}
