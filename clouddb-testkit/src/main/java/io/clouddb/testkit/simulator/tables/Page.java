/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.util.List;

/**
 * What was read at once.
 *
 * @param items in their order
 * @param complete false when it ended by its limit or its size, whether or not there is more
 * @param bytes what the items count for
 */
public record Page(List<StoredItem> items, boolean complete, long bytes) {
  /** Keeps a copy. */
  public Page {
    items = List.copyOf(items);
  }
}
