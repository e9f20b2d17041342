/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.util.Map;

/** How a service counts the size of an item. */
@FunctionalInterface
public interface SizeRule {
  /**
   * Counts.
   *
   * @param item the item
   * @return bytes
   */
  int sizeOf(Map<String, Value> item);
}
