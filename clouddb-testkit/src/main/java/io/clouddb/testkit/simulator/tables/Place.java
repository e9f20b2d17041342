/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import io.clouddb.testkit.simulator.tables.SortRange.End;
import io.clouddb.testkit.simulator.tables.SortRange.Side;
import org.jspecify.annotations.Nullable;

/**
 * Where an item stands in a table or an index: partitions by the hash of their value, the items of
 * one in order, and those of an index that have one key in the order of the table. Or a place
 * between items, where a range ends.
 */
final class Place implements Comparable<Place> {
  private static final int MIX_ONE = 0x85ebca6b;
  private static final int MIX_TWO = 0xc2b2ae35;
  private static final int SHIFT_ONE = 16;
  private static final int SHIFT_TWO = 13;

  private enum Kind {
    ITEM,
    /** Before the partitions whose hash is this one. */
    HASH_BEGIN,
    PARTITION_BEGIN,
    PARTITION_END,
    RANGE_END
  }

  private final Kind kind;
  private final int hash;
  private final @Nullable Value partition;
  private final @Nullable Value sort;
  private final @Nullable Place base;
  private final @Nullable End end;

  private Place(
      Kind kind,
      int hash,
      @Nullable Value partition,
      @Nullable Value sort,
      @Nullable Place base,
      @Nullable End end) {
    this.kind = kind;
    this.hash = hash;
    this.partition = partition;
    this.sort = sort;
    this.base = base;
    this.end = end;
  }

  /** The place of a key in a table. */
  static Place of(ItemKey key) {
    return new Place(Kind.ITEM, hash(key.partition()), key.partition(), key.sort(), null, null);
  }

  /** The place of a key in an index, of the item that has another place in the table. */
  static Place of(ItemKey key, Place base) {
    return new Place(Kind.ITEM, hash(key.partition()), key.partition(), key.sort(), base, null);
  }

  /** Before all partitions with this hash or a greater one, as unsigned numbers. */
  static Place hashBegin(int hash) {
    return new Place(Kind.HASH_BEGIN, hash, null, null, null, null);
  }

  /** The end below of a range, or the partition's. */
  static Place below(Value partition, SortRange range) {
    return end(Kind.PARTITION_BEGIN, partition, range.low());
  }

  /** The end above of a range, or the partition's. */
  static Place above(Value partition, SortRange range) {
    return end(Kind.PARTITION_END, partition, range.high());
  }

  private static Place end(Kind kind, Value partition, @Nullable End end) {
    return new Place(
        end == null ? kind : Kind.RANGE_END, hash(partition), partition, null, null, end);
  }

  /** The same for equal values, and spread over all of the numbers. */
  static int hash(Value value) {
    int h = value.hashCode();
    h ^= h >>> SHIFT_ONE;
    h *= MIX_ONE;
    h ^= h >>> SHIFT_TWO;
    h *= MIX_TWO;
    return h ^ (h >>> SHIFT_ONE);
  }

  int hash() {
    return hash;
  }

  @Override
  public int compareTo(Place other) {
    int order = Integer.compareUnsigned(hash, other.hash);
    if (order != 0) {
      return order;
    }
    if (partition == null || other.partition == null) {
      // The begin of a hash is before all that has it.
      return Boolean.compare(partition != null, other.partition != null);
    }
    order = compare(partition, other.partition);
    if (order != 0) {
      return order;
    }
    if (kind != Kind.ITEM) {
      return side(this, other);
    }
    if (other.kind != Kind.ITEM) {
      return -side(other, this);
    }
    if (sort != null && other.sort != null) {
      order = compare(sort, other.sort);
      if (order != 0) {
        return order;
      }
    }
    return base == null || other.base == null ? 0 : base.compareTo(other.base);
  }

  /** On which side of a place of its partition an end is. */
  private static int side(Place edge, Place other) {
    if (edge.kind == Kind.PARTITION_BEGIN) {
      return other.kind == Kind.PARTITION_BEGIN ? 0 : -1;
    }
    if (edge.kind == Kind.PARTITION_END) {
      return other.kind == Kind.PARTITION_END ? 0 : 1;
    }
    if (other.kind == Kind.PARTITION_BEGIN) {
      return 1;
    }
    if (other.kind == Kind.PARTITION_END) {
      return -1;
    }
    End end = edge.end;
    if (end == null) {
      throw new IllegalStateException("A range that ends nowhere");
    }
    End otherEnd = other.end;
    if (otherEnd != null) {
      int order = compare(end.value(), otherEnd.value());
      return order != 0 ? order : end.side().compareTo(otherEnd.side());
    }
    Value sort = other.sort;
    if (sort == null) {
      throw new IllegalStateException("A range of a key without a second attribute");
    }
    return compare(end, sort);
  }

  /** Below zero when an end is before what has a value. Never zero. */
  static int compare(End end, Value value) {
    if (end.side() == Side.AFTER_PREFIX && startsWith(value, end.value())) {
      return 1;
    }
    int order = compare(end.value(), value);
    return order != 0 ? order : end.side() == Side.BEFORE ? -1 : 1;
  }

  private static boolean startsWith(Value value, Value prefix) {
    if (value instanceof Value.Text text && prefix instanceof Value.Text begin) {
      return text.text().startsWith(begin.text());
    }
    return value instanceof Value.Bytes bytes
        && prefix instanceof Value.Bytes begin
        && bytes.startsWith(begin);
  }

  /** The order of two values of a type that keys may have. */
  static int compare(Value one, Value other) {
    if (one instanceof Value.Text a && other instanceof Value.Text b) {
      return compare(a.text(), b.text());
    }
    if (one instanceof Value.Num a && other instanceof Value.Num b) {
      return a.number().compareTo(b.number());
    }
    if (one instanceof Value.Bytes a && other instanceof Value.Bytes b) {
      return a.compareTo(b);
    }
    // A bound of another type than the key's has been refused by then.
    throw new IllegalArgumentException("No order between " + one + " and " + other);
  }

  /** By code points, which a surrogate is a part of only: one begins those above all others. */
  static int compare(String one, String other) {
    int length = Math.min(one.length(), other.length());
    for (int i = 0; i < length; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        boolean high = Character.isSurrogate(a);
        return high == Character.isSurrogate(b) ? Character.compare(a, b) : high ? 1 : -1;
      }
    }
    return Integer.compare(one.length(), other.length());
  }
}
