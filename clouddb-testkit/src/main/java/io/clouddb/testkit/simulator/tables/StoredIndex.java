/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The items of a table in the order of an index. Whoever calls holds the table's lock. */
final class StoredIndex {
  /** A change that the index does not show yet. */
  private record Late(
      Instant due, Place base, @Nullable StoredItem before, @Nullable StoredItem after) {}

  private final IndexDefinition definition;
  private final KeySchema table;
  private final SizeRule sizes;
  private final NavigableMap<Place, StoredItem> items = new TreeMap<>();
  private final Deque<Late> late = new ArrayDeque<>();
  private long bytes;

  StoredIndex(IndexDefinition definition, KeySchema table, SizeRule sizes) {
    this.definition = definition;
    this.table = table;
    this.sizes = sizes;
  }

  IndexDefinition definition() {
    return definition;
  }

  NavigableMap<Place, StoredItem> items() {
    return items;
  }

  long bytes() {
    return bytes;
  }

  /** When the next change is due; null when it shows all of them. */
  @Nullable Instant nextDue() {
    Late first = late.peek();
    return first == null ? null : first.due();
  }

  /**
   * Follows a change of the table.
   *
   * @param due when the index shows it; null for at once
   */
  void change(
      @Nullable Instant due, Place base, @Nullable StoredItem before, @Nullable StoredItem after) {
    if (due == null && late.isEmpty()) {
      show(base, before, after);
    } else {
      Late last = late.peekLast();
      // In their order, also where the lag has just become shorter.
      Instant when = last != null && (due == null || due.isBefore(last.due())) ? last.due() : due;
      if (when == null) {
        throw new IllegalStateException("Nothing is late, and this is");
      }
      late.add(new Late(when, base, before, after));
    }
  }

  /** Shows what is due. */
  void showUntil(Instant now) {
    for (Late next = late.peek(); next != null && !next.due().isAfter(now); next = late.peek()) {
      late.remove();
      show(next.base(), next.before(), next.after());
    }
  }

  private void show(Place base, @Nullable StoredItem before, @Nullable StoredItem after) {
    Place old = before == null ? null : place(before.attributes(), base);
    if (old != null) {
      StoredItem gone = items.remove(old);
      bytes -= gone == null ? 0 : gone.size();
    }
    Place place = after == null ? null : place(after.attributes(), base);
    if (place != null && after != null) {
      Map<String, Value> part = definition.project(after.attributes(), table);
      StoredItem shown =
          part == after.attributes() ? after : new StoredItem(part, sizes.sizeOf(part));
      items.put(place, shown);
      bytes += shown.size();
    }
  }

  private @Nullable Place place(Map<String, Value> item, Place base) {
    return sizes.fits(definition.keys(), item)
        ? Place.of(definition.keys().keyOf(item), base)
        : null;
  }
}
