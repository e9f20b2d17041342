/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.backup;

import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.PageRequest;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.StoredTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All items of a table at one moment. They are shared with it, since no item ever changes. */
public final class Contents {
  private static final PageRequest ALL =
      new PageRequest(null, PageRequest.Segment.ALL, true, null, Integer.MAX_VALUE, Long.MAX_VALUE);

  private final Map<ItemKey, StoredItem> items;

  Contents(Map<ItemKey, StoredItem> items) {
    this.items = items;
  }

  /**
   * What a table has now.
   *
   * @param table the table
   * @return its items
   */
  public static Contents of(StoredTable table) {
    return StoredTable.holding(
        List.of(table),
        () -> {
          Map<ItemKey, StoredItem> items = new HashMap<>();
          for (StoredItem item : table.page(ALL).items()) {
            items.put(table.definition().keys().keyOf(item.attributes()), item);
          }
          return new Contents(items);
        });
  }

  Map<ItemKey, StoredItem> items() {
    return items;
  }

  /**
   * Puts them into an empty table that nobody uses yet.
   *
   * @param table the table
   */
  public void fill(StoredTable table) {
    items.forEach((key, item) -> table.change(key, before -> item.attributes()));
  }
}
