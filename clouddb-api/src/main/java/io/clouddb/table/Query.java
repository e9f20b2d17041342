/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which items of one partition are wanted, of a table or of an index of it. Immutable; each method
 * gives a new value.
 *
 * <pre>{@code
 * table.query(Query.partition("USER#1").sortBeginsWith("ORDER#").descending().limit(10));
 * table.query(Query.index("gsi1").partition("CATEGORY#Electronics"));
 * }</pre>
 */
public final class Query {
  private final @Nullable String index;
  private final Value partition;
  private final @Nullable SortRange range;
  private final @Nullable Condition filter;
  private final boolean descending;
  private final boolean consistent;
  private final int limit;
  private final int pageSize;

  private Query(
      @Nullable String index,
      Value partition,
      @Nullable SortRange range,
      @Nullable Condition filter,
      boolean descending,
      boolean consistent,
      int limit,
      int pageSize) {
    this.index = index;
    this.partition = Objects.requireNonNull(partition, "partition");
    this.range = range;
    this.filter = filter;
    this.descending = descending;
    this.consistent = consistent;
    this.limit = limit;
    this.pageSize = pageSize;
  }

  /** Begins a query of an index. */
  public static final class OfIndex {
    private final String index;

    private OfIndex(String index) {
      this.index = Objects.requireNonNull(index, "index");
    }

    /**
     * All items of a partition of the index.
     *
     * @param value the value of the index's partition attribute
     * @return the query
     */
    public Query partition(Value value) {
      return new Query(index, value, null, null, false, false, 0, 0);
    }

    /**
     * All items of a partition of the index.
     *
     * @param value the value of the index's partition attribute
     * @return the query
     */
    public Query partition(String value) {
      return partition(Value.of(value));
    }
  }

  /**
   * All items of a partition.
   *
   * @param value the value of the partition attribute
   * @return the query
   */
  public static Query partition(Value value) {
    return new Query(null, value, null, null, false, false, 0, 0);
  }

  /**
   * All items of a partition.
   *
   * @param value the value of the partition attribute
   * @return the query
   */
  public static Query partition(String value) {
    return partition(Value.of(value));
  }

  /**
   * Begins a query of an index.
   *
   * @param name the index's name
   * @return what takes the partition
   */
  public static OfIndex index(String name) {
    return new OfIndex(name);
  }

  /**
   * Only those of a range of the sort attribute.
   *
   * @param wanted the range, instead of the one so far
   * @return a new value
   */
  public Query sort(SortRange wanted) {
    return new Query(index, partition, wanted, filter, descending, consistent, limit, pageSize);
  }

  /**
   * Only the one whose sort attribute has this value; in an index there may be several.
   *
   * @param value the value
   * @return a new value
   */
  public Query sortEquals(Value value) {
    return sort(new SortRange.Compares(Condition.Comparison.EQUAL, value));
  }

  /**
   * Only those whose sort attribute begins so.
   *
   * @param prefix the beginning
   * @return a new value
   */
  public Query sortBeginsWith(String prefix) {
    return sort(new SortRange.BeginsWith(Value.of(prefix)));
  }

  /**
   * Only those whose sort attribute is in a range, both ends with it.
   *
   * @param low the first
   * @param high the last
   * @return a new value
   */
  public Query sortBetween(Value low, Value high) {
    return sort(new SortRange.Between(low, high));
  }

  /**
   * Only those whose sort attribute is on one side of a value.
   *
   * @param comparison how it compares
   * @param value with what
   * @return a new value
   */
  public Query sort(Condition.Comparison comparison, Value value) {
    return sort(new SortRange.Compares(comparison, value));
  }

  /**
   * Only those of which this holds. It is looked at after the items are read, which cost as much.
   *
   * @param condition on attributes that are no part of the key; instead of the one so far
   * @return a new value
   */
  public Query filter(Condition condition) {
    return new Query(index, partition, range, condition, descending, consistent, limit, pageSize);
  }

  /**
   * The last one first.
   *
   * @return a new value
   */
  public Query descending() {
    return new Query(index, partition, range, filter, true, consistent, limit, pageSize);
  }

  /**
   * With all writes that were acknowledged before. Refused where it cannot be had, as of an index
   * whose items come later.
   *
   * @return a new value
   */
  public Query consistent() {
    return new Query(index, partition, range, filter, descending, true, limit, pageSize);
  }

  /**
   * At most so many items, on all pages together.
   *
   * @param most at least 1
   * @return a new value
   */
  public Query limit(int most) {
    return new Query(
        index, partition, range, filter, descending, consistent, atLeastOne(most), pageSize);
  }

  /**
   * At most so many items on a page. A page may have fewer, and none, and not be the last.
   *
   * @param most at least 1
   * @return a new value
   */
  public Query pageSize(int most) {
    return new Query(
        index, partition, range, filter, descending, consistent, limit, atLeastOne(most));
  }

  private static int atLeastOne(int most) {
    if (most < 1) {
      throw Values.invalid("A query for " + most + " items is for none; ask for 1 at least");
    }
    return most;
  }

  /**
   * The index.
   *
   * @return its name; empty for the table itself
   */
  public Optional<String> index() {
    return Optional.ofNullable(index);
  }

  /**
   * The partition.
   *
   * @return the value of its attribute
   */
  public Value partition() {
    return partition;
  }

  /**
   * The range.
   *
   * @return the range; empty for all
   */
  public Optional<SortRange> range() {
    return Optional.ofNullable(range);
  }

  /**
   * What has to hold.
   *
   * @return the condition; empty for all
   */
  public Optional<Condition> filter() {
    return Optional.ofNullable(filter);
  }

  /**
   * The order.
   *
   * @return true when the last one is first
   */
  public boolean isDescending() {
    return descending;
  }

  /**
   * Whether all writes before have to be seen.
   *
   * @return true when they have to
   */
  public boolean isConsistent() {
    return consistent;
  }

  /**
   * How many at most.
   *
   * @return the number; 0 for no limit
   */
  public int limit() {
    return limit;
  }

  /**
   * How many on a page at most.
   *
   * @return the number; 0 for what the service does by itself
   */
  public int pageSize() {
    return pageSize;
  }

  private @Nullable Object[] parts() {
    return new @Nullable Object[] {
      index, partition, range, filter, descending, consistent, limit, pageSize
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Query that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  /** Names no value. */
  @Override
  public String toString() {
    return "Query of " + (index == null ? "the table" : "index " + index);
  }
}
