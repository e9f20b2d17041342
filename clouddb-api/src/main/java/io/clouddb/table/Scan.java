/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All items of a table or of an index, in no order, maybe in parallel. Immutable; each method gives
 * a new value.
 */
public final class Scan {
  private static final int MOST_SEGMENTS = 1_000_000;

  private final @Nullable String index;
  private final @Nullable Condition filter;
  private final boolean consistent;
  private final int segments;
  private final int pageSize;

  private Scan(
      @Nullable String index,
      @Nullable Condition filter,
      boolean consistent,
      int segments,
      int pageSize) {
    this.index = index;
    this.filter = filter;
    this.consistent = consistent;
    this.segments = segments;
    this.pageSize = pageSize;
  }

  /**
   * All items of the table.
   *
   * @return the scan
   */
  public static Scan all() {
    return new Scan(null, null, false, 1, 0);
  }

  /**
   * All items of an index, in place of those of the table.
   *
   * @param name the index's name
   * @return a new value
   */
  public Scan index(String name) {
    return new Scan(Objects.requireNonNull(name, "name"), filter, consistent, segments, pageSize);
  }

  /**
   * Only those of which this holds. It is looked at after the items are read, which cost as much.
   *
   * @param condition instead of the one so far
   * @return a new value
   */
  public Scan filter(Condition condition) {
    return new Scan(index, condition, consistent, segments, pageSize);
  }

  /**
   * With all writes that were acknowledged before it began. Refused where it cannot be had.
   *
   * @return a new value
   */
  public Scan consistent() {
    return new Scan(index, filter, true, segments, pageSize);
  }

  /**
   * In parts, which are read side by side.
   *
   * @param count 1 to 1,000,000
   * @return a new value
   */
  public Scan segments(int count) {
    if (count < 1 || count > MOST_SEGMENTS) {
      throw Values.invalid("A scan has 1 to " + MOST_SEGMENTS + " segments, not " + count);
    }
    return new Scan(index, filter, consistent, count, pageSize);
  }

  /**
   * At most so many items on a page.
   *
   * @param most at least 1
   * @return a new value
   */
  public Scan pageSize(int most) {
    if (most < 1) {
      throw Values.invalid("A page of " + most + " items has none; ask for 1 at least");
    }
    return new Scan(index, filter, consistent, segments, most);
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
   * What has to hold.
   *
   * @return the condition; empty for all
   */
  public Optional<Condition> filter() {
    return Optional.ofNullable(filter);
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
   * How many parts are read side by side.
   *
   * @return at least 1
   */
  public int segments() {
    return segments;
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
    return new @Nullable Object[] {index, filter, consistent, segments, pageSize};
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Scan that && Arrays.equals(parts(), that.parts());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(parts());
  }

  /** Names no value. */
  @Override
  public String toString() {
    return "Scan of " + (index == null ? "the table" : "index " + index);
  }
}
