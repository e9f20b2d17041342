/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import org.jspecify.annotations.Nullable;

/**
 * A part of the items of one partition, by the attribute that they are in order by.
 *
 * @param low the end below; null for none
 * @param high the end above; null for none
 */
public record SortRange(@Nullable End low, @Nullable End high) {
  /** All of them. */
  public static final SortRange ALL = new SortRange(null, null);

  /**
   * An end of a range.
   *
   * @param value of the attribute
   * @param side on which side of the items with that value it is
   */
  public record End(Value value, Side side) {}

  /** Where an end is, beside a value. */
  public enum Side {
    /** Before all that has the value. */
    BEFORE,
    /** After all that has the value. */
    AFTER,
    /** After all whose value begins with the value. */
    AFTER_PREFIX
  }

  private static SortRange of(
      @Nullable Value low, Side lowSide, @Nullable Value high, Side highSide) {
    return new SortRange(
        low == null ? null : new End(low, lowSide), high == null ? null : new End(high, highSide));
  }

  /**
   * Those with a value.
   *
   * @param value the value
   * @return the range
   */
  public static SortRange equalTo(Value value) {
    return between(value, value);
  }

  /**
   * Those with a smaller one.
   *
   * @param value the value
   * @return the range
   */
  public static SortRange lessThan(Value value) {
    return of(null, Side.BEFORE, value, Side.BEFORE);
  }

  /**
   * Those with a smaller one or this.
   *
   * @param value the value
   * @return the range
   */
  public static SortRange atMost(Value value) {
    return of(null, Side.BEFORE, value, Side.AFTER);
  }

  /**
   * Those with a greater one.
   *
   * @param value the value
   * @return the range
   */
  public static SortRange greaterThan(Value value) {
    return of(value, Side.AFTER, null, Side.AFTER);
  }

  /**
   * Those with a greater one or this.
   *
   * @param value the value
   * @return the range
   */
  public static SortRange atLeast(Value value) {
    return of(value, Side.BEFORE, null, Side.AFTER);
  }

  /**
   * Those from one to another, both with them.
   *
   * @param low the smaller one
   * @param high the greater one
   * @return the range, which is empty when they are not so
   */
  public static SortRange between(Value low, Value high) {
    return of(low, Side.BEFORE, high, Side.AFTER);
  }

  /**
   * Those that begin with a text, or with bytes.
   *
   * @param prefix the begin
   * @return the range
   */
  public static SortRange beginningWith(Value prefix) {
    return of(prefix, Side.BEFORE, prefix, Side.AFTER_PREFIX);
  }

  /**
   * Tells whether a value is in it.
   *
   * @param value of the attribute
   * @return true when it is
   */
  public boolean contains(Value value) {
    return (low == null || Place.compare(low, value) < 0)
        && (high == null || Place.compare(high, value) > 0);
  }
}
