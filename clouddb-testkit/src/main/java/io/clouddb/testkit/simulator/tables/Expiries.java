/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When items go by themselves: one entry for each, however often it is written. Whoever calls holds
 * the table's lock.
 */
final class Expiries {
  /** An item, and when it goes. */
  record Entry(Instant due, ItemKey key, Place place) {}

  private final NavigableSet<Entry> entries =
      new TreeSet<>(Comparator.comparing(Entry::due).thenComparing(Entry::place));
  private final Map<ItemKey, Entry> byKey = new HashMap<>();

  /**
   * Notes when an item goes.
   *
   * @param due null for never
   */
  void note(ItemKey key, @Nullable Instant due) {
    Entry known = byKey.get(key);
    if (known != null) {
      if (known.due().equals(due)) {
        return;
      }
      byKey.remove(key);
      entries.remove(known);
    }
    if (due != null) {
      Entry entry = new Entry(due, key, Place.of(key));
      byKey.put(key, entry);
      entries.add(entry);
    }
  }

  /** The one that goes first; null when none does. */
  @Nullable Entry first() {
    return entries.isEmpty() ? null : entries.first();
  }

  int size() {
    return entries.size();
  }

  void clear() {
    entries.clear();
    byKey.clear();
  }
}
