/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.engine.Tasks;
import io.clouddb.testkit.simulator.tables.Change;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.StoredTable;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings what is written in one region to the others, a little later; of two writes of an item the
 * later one stays, everywhere. For any thread.
 */
final class Replication {
  /**
   * Which write an item is of. Of two at one moment, that of the region later in the alphabet; of
   * two of one region, the later one.
   */
  private record Stamp(Instant at, String region, long sequence) {
    private static final Comparator<Stamp> ORDER =
        Comparator.comparing(Stamp::at)
            .thenComparing(Stamp::region)
            .thenComparingLong(Stamp::sequence);

    boolean isBefore(Stamp other) {
      return ORDER.compare(this, other) < 0;
    }
  }

  /** A write that not all copies have yet. */
  private static final class Flight {
    private final Change change;
    private final Stamp stamp;

    /** How many copies it is on its way to, and one while it is sent. */
    private final AtomicInteger expected = new AtomicInteger(1);

    Flight(Change change, Stamp stamp) {
      this.change = change;
      this.stamp = stamp;
    }
  }

  /** One region's copy. */
  private final class Copy implements Change.Listener {
    private final String region;
    private final StoredTable items;

    /** Used only while the table is locked. */
    private final Map<ItemKey, Stamp> stamps = new ConcurrentHashMap<>();

    Copy(String region, StoredTable items) {
      this.region = region;
      this.items = items;
    }

    @Override
    public void changed(Change change) {
      if (change.origin() == Change.Origin.REPLICATION) {
        return;
      }
      Stamp known = stamps.get(change.key());
      Stamp stamp = new Stamp(change.at(), region, change.sequence());
      if (known != null && stamp.isBefore(known)) {
        // Whoever writes here has seen the other region's write, of the same moment.
        stamp = new Stamp(known.at().plusNanos(1), region, change.sequence());
      }
      stamps.put(change.key(), stamp);
      Flight flight = new Flight(change, stamp);
      // Before anything is sent: a copy that is added meanwhile hears of it in any case.
      flying.add(flight);
      for (Copy other : copies.values()) {
        if (other != this) {
          send(flight, other);
        }
      }
      land(flight);
    }

    void receive(Change change, Stamp stamp) {
      if (copies.get(region) != this) {
        return;
      }
      items.change(
          change.key(),
          Change.Origin.REPLICATION,
          before -> {
            Stamp known = stamps.get(change.key());
            if (known != null && stamp.isBefore(known)) {
              return before == null ? null : before.attributes();
            }
            stamps.put(change.key(), stamp);
            StoredItem after = change.after();
            return after == null ? null : after.attributes();
          });
    }
  }

  /** Whose items expire for all; the others', which do so by themselves, at the same time. */
  private volatile @Nullable String expiring;

  /** After so many writes it looks for those of which nothing needs to be known any more. */
  private static final int BETWEEN_LOOKS = 1000;

  /** How many have come to all copies since it last looked. */
  private final AtomicInteger landed = new AtomicInteger();

  /** The writes that not all copies have yet. */
  private final Set<Flight> flying = ConcurrentHashMap.newKeySet();

  private final Map<String, Copy> copies = new ConcurrentHashMap<>();
  private final Tasks tasks;
  private final Supplier<Duration> lag;

  /**
   * Makes it without copies.
   *
   * @param tasks what is done later
   * @param lag by how much a copy is behind, at each write
   */
  Replication(Tasks tasks, Supplier<Duration> lag) {
    this.tasks = tasks;
    this.lag = lag;
  }

  /** Adds the first copy, which has all items. */
  void begin(String region, StoredTable items) {
    Copy copy = new Copy(region, items);
    copies.put(region, copy);
    items.addListener(copy);
    expiring = region;
  }

  /**
   * Adds a copy that is empty, and fills it from another one.
   *
   * @param from the region that it is filled from
   * @param to its region
   * @param items its table
   * @param fill puts what there is into it
   */
  void add(String from, String to, StoredTable items, Runnable fill) {
    Copy source = copies.get(from);
    if (source == null) {
      throw new IllegalStateException("No copy in " + from);
    }
    Copy copy = new Copy(to, items);
    // Nothing is written there meanwhile: each write is in what it is filled with, or comes after
    // it, or is on its way from another region.
    StoredTable.holding(
        List.of(source.items),
        () -> {
          fill.run();
          copy.stamps.putAll(source.stamps);
          items.setExpiryOrigin(Change.Origin.REPLICATION);
          items.addListener(copy);
          copies.put(to, copy);
          flying.forEach(flight -> send(flight, copy));
          return null;
        });
  }

  private void send(Flight flight, Copy copy) {
    flight.expected.incrementAndGet();
    // By a clock that ran slower for each of them, a busy table would be ever further behind.
    tasks.laterAtOnce(
        lag.get(),
        () -> {
          copy.receive(flight.change, flight.stamp);
          land(flight);
          if (landed.get() >= BETWEEN_LOOKS) {
            forget();
          }
        });
  }

  private void land(Flight flight) {
    if (flight.expected.decrementAndGet() == 0) {
      flying.remove(flight);
      landed.incrementAndGet();
    }
  }

  /**
   * Forgets the writes of items of which none is on its way: there is no older one that could come,
   * and all copies are alike. At once in all of them, else one would refuse what another takes.
   */
  private void forget() {
    landed.set(0);
    List<Copy> all = List.copyOf(copies.values());
    StoredTable.holding(
        all.stream().map(copy -> copy.items).toList(),
        () -> {
          Set<ItemKey> needed = new HashSet<>();
          flying.forEach(flight -> needed.add(flight.change.key()));
          if (all.equals(List.copyOf(copies.values()))) {
            all.forEach(copy -> copy.stamps.keySet().retainAll(needed));
          }
          return null;
        });
  }

  /** Of how many items it knows which write is the last, in all copies. */
  int known() {
    return copies.values().stream().mapToInt(copy -> copy.stamps.size()).sum();
  }

  void remove(String region) {
    Copy copy = copies.remove(region);
    if (copy != null) {
      copy.items.removeListener(copy);
      copy.items.setExpiryOrigin(Change.Origin.EXPIRY);
      if (region.equals(expiring)) {
        passOnExpiry();
      }
    }
  }

  private void passOnExpiry() {
    String next = copies.keySet().stream().min(Comparator.naturalOrder()).orElse(null);
    expiring = next;
    Copy copy = next == null ? null : copies.get(next);
    if (copy != null) {
      copy.items.setExpiryOrigin(Change.Origin.EXPIRY);
    }
  }
}
