/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param items what is on the page, in the service's order
 * @param nextToken opaque; fetches the next page, null on the last one
 * @param <T> what is listed
 */
public record Page<T>(List<T> items, @Nullable String nextToken) {
  /** Keeps the items unmodifiable. */
  public Page {
    items = List.copyOf(items);
  }

  /**
   * The token of the next page.
   *
   * @return the token, empty on the last page
   */
  public Optional<String> next() {
    return Optional.ofNullable(nextToken);
  }
}
