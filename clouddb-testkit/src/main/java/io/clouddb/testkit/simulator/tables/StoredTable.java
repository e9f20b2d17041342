/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import io.clouddb.testkit.simulator.tables.Change.Origin;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The items of a table, in key order, and its indexes. May be used from any thread: an item is read
 * as it was at one moment, and changed in one.
 */
public final class StoredTable {
  /** Changes an item. */
  @FunctionalInterface
  public interface Changer {
    /**
     * Says what becomes of an item. What it throws leaves the table as it is.
     *
     * @param before what it is; null when there is none
     * @return its attributes, with those of the key; null when it is to go
     */
    @Nullable Map<String, Value> change(@Nullable StoredItem before);
  }

  /**
   * What a change has done.
   *
   * @param before what there was; null for nothing
   * @param after what there is; null for nothing
   */
  public record Changed(@Nullable StoredItem before, @Nullable StoredItem after) {}

  /** There is no index of a name: it may have been removed since somebody looked. */
  public static final class NoIndexException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private NoIndexException(String index) {
      super("No index " + index);
    }
  }

  private static final AtomicLong NUMBERS = new AtomicLong();

  /** In which order several tables are locked. */
  private final long number = NUMBERS.incrementAndGet();

  private final Clock clock;
  private final SizeRule sizes;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private final NavigableMap<Place, StoredItem> items = new TreeMap<>();
  private final Map<String, StoredIndex> indexes = new LinkedHashMap<>();
  private final Expiries expiries = new Expiries();
  private final List<Change.Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile TableDefinition definition;
  private volatile Duration indexLag = Duration.ZERO;

  /** When the table next changes by itself; null for never. */
  private volatile @Nullable Instant nextDue;

  private @Nullable ExpiryRule expiryRule;
  private volatile Origin expiryOrigin = Origin.EXPIRY;

  /** When the last change was, as far as it matters: nothing expires before that. */
  private Instant lastAt = Instant.MIN;

  private long bytes;
  private long changes;

  /**
   * Makes a table without items.
   *
   * @param definition what it looks like
   * @param clock its time
   * @param sizes how large an item is
   */
  public StoredTable(TableDefinition definition, Clock clock, SizeRule sizes) {
    this.definition = definition;
    this.clock = clock;
    this.sizes = sizes;
    for (IndexDefinition index : definition.indexes()) {
      indexes.put(index.name(), new StoredIndex(index, definition.keys(), sizes));
    }
  }

  /**
   * What it looks like now.
   *
   * @return the definition
   */
  public TableDefinition definition() {
    return definition;
  }

  /**
   * Has someone hear of every change from now on.
   *
   * @param listener who
   */
  public void addListener(Change.Listener listener) {
    settle();
    listeners.add(listener);
  }

  /**
   * Tells someone no more, but for what is due already.
   *
   * @param listener who
   */
  public void removeListener(Change.Listener listener) {
    settle();
    listeners.remove(listener);
  }

  /**
   * Says by how much global indexes are behind the table, for changes from now on.
   *
   * @param lag in the table's time; zero for not at all
   */
  public void setIndexLag(Duration lag) {
    this.indexLag = lag;
  }

  /**
   * Says when the time of items is over, of those that are there, too.
   *
   * @param rule null for never
   */
  public void setExpiry(@Nullable ExpiryRule rule) {
    changing(
        () -> {
          expiryRule = rule;
          lastAt = clock.instant();
          expiries.clear();
          if (rule != null) {
            items
                .values()
                .forEach(item -> noteExpiry(definition.keys().keyOf(item.attributes()), item));
          }
          noteDue();
          return null;
        });
  }

  /**
   * Says as whose change items go when their time is over.
   *
   * @param origin {@link Origin#EXPIRY} at first; {@link Origin#REPLICATION} where another copy of
   *     the table says so to all of them
   */
  public void setExpiryOrigin(Origin origin) {
    changing(
        () -> {
          expiryOrigin = origin;
          return null;
        });
  }

  private void noteExpiry(ItemKey key, @Nullable StoredItem item) {
    ExpiryRule rule = expiryRule;
    if (rule != null) {
      expiries.note(key, item == null ? null : rule.expiryOf(item.attributes()));
    }
  }

  /** Does what time has brought: items that go, and changes that indexes now show. */
  public void settle() {
    Instant due = nextDue;
    if (due != null && !due.isAfter(clock.instant())) {
      changing(() -> null);
    }
  }

  /** Whoever calls holds the lock. */
  private void settleLocked() {
    Instant due = nextDue;
    if (due == null) {
      return;
    }
    Instant now = clock.instant();
    if (due.isAfter(now)) {
      return;
    }
    for (Expiries.Entry next = expiries.first();
        next != null && !next.due().isAfter(now);
        next = expiries.first()) {
      // Whenever somebody looks: it has been gone since it was due.
      Instant at = next.due().isBefore(lastAt) ? lastAt : next.due();
      store(next.key(), items.get(next.place()), null, expiryOrigin, at);
    }
    indexes.values().forEach(index -> index.showUntil(now));
    noteDue();
  }

  private void noteDue() {
    Expiries.Entry first = expiries.first();
    Instant due = first == null ? null : first.due();
    for (StoredIndex index : indexes.values()) {
      Instant late = index.nextDue();
      if (late != null && (due == null || late.isBefore(due))) {
        due = late;
      }
    }
    nextDue = due;
  }

  /**
   * Does something while nobody else reads or changes some tables.
   *
   * @param tables which
   * @param work what is done
   * @param <T> its result
   * @return its result
   */
  public static <T extends @Nullable Object> T holding(
      Collection<StoredTable> tables, Supplier<T> work) {
    List<StoredTable> ordered =
        tables.stream().distinct().sorted(Comparator.comparingLong(table -> table.number)).toList();
    int locked = 0;
    try {
      for (StoredTable table : ordered) {
        table.lock.writeLock().lock();
        locked++;
        table.settleLocked();
      }
      return work.get();
    } finally {
      while (locked > 0) {
        locked--;
        ordered.get(locked).lock.writeLock().unlock();
      }
    }
  }

  private <T extends @Nullable Object> T changing(Supplier<T> work) {
    Lock writing = lock.writeLock();
    writing.lock();
    try {
      settleLocked();
      return work.get();
    } finally {
      writing.unlock();
    }
  }

  private <T extends @Nullable Object> T reading(Supplier<T> work) {
    settle();
    Lock reading = lock.readLock();
    reading.lock();
    try {
      return work.get();
    } finally {
      reading.unlock();
    }
  }

  /**
   * Reads an item.
   *
   * @param key its key
   * @return null when there is none
   */
  public @Nullable StoredItem get(ItemKey key) {
    return reading(() -> items.get(Place.of(key)));
  }

  /**
   * Changes an item.
   *
   * @param key its key
   * @param changer what is done with it
   * @return what has been done
   */
  public Changed change(ItemKey key, Changer changer) {
    return change(key, Origin.USER, changer);
  }

  /**
   * Changes an item, as somebody other than its users.
   *
   * @param key its key
   * @param origin who
   * @param changer what is done with it
   * @return what has been done
   */
  public Changed change(ItemKey key, Origin origin, Changer changer) {
    return changing(
        () -> {
          StoredItem before = items.get(Place.of(key));
          Map<String, Value> attributes = changer.change(before);
          StoredItem after =
              attributes == null ? null : new StoredItem(attributes, sizes.sizeOf(attributes));
          store(key, before, after, origin, null);
          return new Changed(before, after);
        });
  }

  /**
   * @param at when it was; null for now
   */
  private void store(
      ItemKey key,
      @Nullable StoredItem before,
      @Nullable StoredItem after,
      Origin origin,
      @Nullable Instant at) {
    if (before == null && after == null) {
      return;
    }
    Place place = Place.of(key);
    if (after == null) {
      items.remove(place);
    } else {
      items.put(place, after);
    }
    bytes += (after == null ? 0 : after.size()) - (before == null ? 0 : before.size());
    Duration lag = indexes.isEmpty() ? Duration.ZERO : indexLag;
    Instant when = at == null ? clock.instant() : at;
    lastAt = when;
    for (StoredIndex index : indexes.values()) {
      Instant due = lag.isZero() || !index.definition().global() ? null : when.plus(lag);
      index.change(due, place, before, after);
    }
    noteExpiry(key, after);
    if (!lag.isZero() || expiryRule != null) {
      noteDue();
    }
    changes++;
    if (!listeners.isEmpty()) {
      Change change = new Change(changes, when, key, before, after, origin);
      listeners.forEach(listener -> listener.changed(change));
    }
  }

  /**
   * Reads items in order.
   *
   * @param request which
   * @return them
   * @throws NoIndexException when there is no such index
   */
  public Page page(PageRequest request) {
    return reading(
        () -> {
          NavigableMap<Place, StoredItem> all = itemsOf(request.index());
          List<StoredItem> page = new ArrayList<>(Math.min(request.limit(), 64));
          long size = 0;
          for (StoredItem item : part(all, request).values()) {
            page.add(item);
            size += item.size();
            if (page.size() >= request.limit() || size >= request.bytes()) {
              return new Page(page, false, size);
            }
          }
          return new Page(page, true, size);
        });
  }

  private NavigableMap<Place, StoredItem> itemsOf(@Nullable String index) {
    if (index == null) {
      return items;
    }
    StoredIndex stored = indexes.get(index);
    if (stored == null) {
      throw new NoIndexException(index);
    }
    return stored.items();
  }

  private static NavigableMap<Place, StoredItem> part(
      NavigableMap<Place, StoredItem> all, PageRequest request) {
    Place low;
    Place high;
    if (request.span() instanceof PageRequest.Partition partition) {
      low = Place.below(partition.value(), partition.range());
      high = Place.above(partition.value(), partition.range());
    } else if (request.span() instanceof PageRequest.Segment segment) {
      low = Place.hashBegin((int) segment.begin());
      high = segment.end() > 0xffff_ffffL ? null : Place.hashBegin((int) segment.end());
    } else {
      throw new IllegalStateException("A span of another kind: " + request.span());
    }
    if (high != null && low.compareTo(high) >= 0) {
      return new TreeMap<>();
    }
    NavigableMap<Place, StoredItem> part =
        high == null ? all.tailMap(low, true) : all.subMap(low, true, high, false);
    PageRequest.Position after = request.after();
    if (after == null) {
      return request.forward() ? part : part.descendingMap();
    }
    Place start = after.place();
    if (request.forward()) {
      if (high != null && start.compareTo(high) >= 0) {
        return new TreeMap<>();
      }
      return start.compareTo(low) < 0 ? part : part.tailMap(start, false);
    }
    if (start.compareTo(low) <= 0) {
      return new TreeMap<>();
    }
    return (high != null && start.compareTo(high) >= 0 ? part : part.headMap(start, false))
        .descendingMap();
  }

  /**
   * Adds an index, with the items that there are.
   *
   * @param index what it looks like
   */
  public void addIndex(IndexDefinition index) {
    changing(
        () -> {
          definition = definition.with(index);
          StoredIndex added = new StoredIndex(index, definition.keys(), sizes);
          items.forEach((place, item) -> added.change(null, place, null, item));
          indexes.put(index.name(), added);
          return null;
        });
  }

  /**
   * Removes an index.
   *
   * @param index its name
   */
  public void removeIndex(String index) {
    changing(
        () -> {
          definition = definition.without(index);
          indexes.remove(index);
          noteDue();
          return null;
        });
  }

  /**
   * How many items there are.
   *
   * @param index in which index; null for the table
   * @return the number
   */
  public long count(@Nullable String index) {
    return reading(
        () -> {
          StoredIndex stored = index == null ? null : indexes.get(index);
          return index == null ? (long) items.size() : stored == null ? 0 : stored.items().size();
        });
  }

  /** How many items it knows to go by themselves. */
  int expiring() {
    return reading(expiries::size);
  }

  /**
   * How large all items are.
   *
   * @param index in which index; null for the table
   * @return by the table's {@link SizeRule}
   */
  public long bytes(@Nullable String index) {
    return reading(
        () -> {
          if (index == null) {
            return bytes;
          }
          StoredIndex stored = indexes.get(index);
          return stored == null ? 0 : stored.bytes();
        });
  }

  /**
   * How large the items of one partition are, in the table and its local indexes.
   *
   * @param partition the partition's value
   * @return by the table's {@link SizeRule}
   */
  public long collectionBytes(Value partition) {
    return reading(
        () -> {
          long size = partitionBytes(items, partition);
          for (StoredIndex index : indexes.values()) {
            if (!index.definition().global()) {
              size += partitionBytes(index.items(), partition);
            }
          }
          return size;
        });
  }

  private static long partitionBytes(NavigableMap<Place, StoredItem> items, Value partition) {
    long size = 0;
    Place low = Place.below(partition, SortRange.ALL);
    Place high = Place.above(partition, SortRange.ALL);
    for (StoredItem item : items.subMap(low, true, high, false).values()) {
      size += item.size();
    }
    return size;
  }
}
