/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import org.jspecify.annotations.Nullable;

/**
 * Which items are read at once, and in which order.
 *
 * @param index of which index; null for the table
 * @param span which of them
 * @param forward in order, or against it
 * @param after the item after which it begins, which need not be there; null for the first
 * @param limit how many at most
 * @param bytes it ends with the item by which this size is reached
 */
public record PageRequest(
    @Nullable String index,
    Span span,
    boolean forward,
    @Nullable Position after,
    int limit,
    long bytes) {
  /** Which items are meant. */
  public sealed interface Span {}

  /**
   * Those of one partition.
   *
   * @param value the partition's
   * @param range which of them
   */
  public record Partition(Value value, SortRange range) implements Span {}

  /**
   * An equal part of all partitions.
   *
   * @param number from zero
   * @param of how many there are
   */
  public record Segment(int number, int of) implements Span {
    /** All items. */
    public static final Segment ALL = new Segment(0, 1);

    private static final int BITS = 32;

    /** Refuses what is no segment. */
    public Segment {
      if (of < 1 || number < 0 || number >= of) {
        throw new IllegalArgumentException("No segment " + number + " of " + of);
      }
    }

    /**
     * Tells whether it has a partition.
     *
     * @param partition the partition's value
     * @return true when it has
     */
    public boolean has(Value partition) {
      long hash = Integer.toUnsignedLong(Place.hash(partition));
      return hash >= begin() && hash < end();
    }

    long begin() {
      return ((long) number << BITS) / of;
    }

    long end() {
      return ((number + 1L) << BITS) / of;
    }
  }

  /**
   * The keys of an item.
   *
   * @param table that in the table
   * @param index that in the index; null when it is the table that is read
   */
  public record Position(ItemKey table, @Nullable ItemKey index) {
    Place place() {
      Place base = Place.of(table);
      return index == null ? base : Place.of(index, base);
    }
  }
}
