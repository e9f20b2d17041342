/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a sorted list. The marker is the last name, so that what comes and goes meanwhile
 * disturbs nothing.
 *
 * @param items what is on the page
 * @param nextMarker null on the last page
 * @param <T> what is listed
 */
record Page<T>(List<T> items, @Nullable String nextMarker) {
  static <T> Page<T> of(List<T> all, Optional<String> marker, int size, Function<T, String> name) {
    Optional<String> after = marker.map(Page::decode);
    List<T> rest =
        all.stream()
            .filter(item -> after.isEmpty() || name.apply(item).compareTo(after.get()) > 0)
            .toList();
    if (rest.size() <= size) {
      return new Page<>(rest, null);
    }
    List<T> items = rest.subList(0, size);
    return new Page<>(items, encode(name.apply(items.get(size - 1))));
  }

  private static String encode(String name) {
    return Base64.getEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String marker) {
    try {
      return new String(Base64.getDecoder().decode(marker), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw AwsError.value("The request marker is invalid");
    }
  }
}
