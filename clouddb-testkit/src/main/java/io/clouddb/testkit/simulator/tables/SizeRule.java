/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.util.Map;

/** How a service counts the size of an item, and what is too large for an index. */
@FunctionalInterface
public interface SizeRule {
  /**
   * Counts.
   *
   * @param item the item
   * @return bytes
   */
  int sizeOf(Map<String, Value> item);

  /**
   * Tells whether an item can be in an index, which leaves out the others.
   *
   * @param index the key of the index
   * @param item the item
   * @return true when it has the key; a service may have further limits
   */
  default boolean fits(KeySchema index, Map<String, Value> item) {
    return index.fits(item);
  }
}
