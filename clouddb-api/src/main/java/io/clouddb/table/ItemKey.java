/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The values that name one item of a table. Immutable. */
public final class ItemKey implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Value partition;
  private final @Nullable Value sort;

  private ItemKey(Value partition, @Nullable Value sort) {
    this.partition = Objects.requireNonNull(partition, "partition");
    this.sort = sort;
  }

  /**
   * The key of an item in a table whose key is a partition attribute alone.
   *
   * @param partition its value: a text, a number or bytes
   * @return the key
   */
  public static ItemKey of(Value partition) {
    return new ItemKey(partition, null);
  }

  /**
   * The key of an item in a table with a sort attribute.
   *
   * @param partition the value of the partition attribute
   * @param sort the value of the sort attribute
   * @return the key
   */
  public static ItemKey of(Value partition, Value sort) {
    return new ItemKey(partition, Objects.requireNonNull(sort, "sort"));
  }

  /**
   * The key of an item in a table whose key is a text.
   *
   * @param partition the value of the partition attribute
   * @return the key
   */
  public static ItemKey of(String partition) {
    return of(Value.of(partition));
  }

  /**
   * The key of an item in a table whose key is two texts.
   *
   * @param partition the value of the partition attribute
   * @param sort the value of the sort attribute
   * @return the key
   */
  public static ItemKey of(String partition, String sort) {
    return of(Value.of(partition), Value.of(sort));
  }

  /**
   * The key of an item in a table whose key is a text and a number.
   *
   * @param partition the value of the partition attribute
   * @param sort the value of the sort attribute
   * @return the key
   */
  public static ItemKey of(String partition, BigDecimal sort) {
    return of(Value.of(partition), Value.of(sort));
  }

  /**
   * The key of an item in a table whose key is a text and a number.
   *
   * @param partition the value of the partition attribute
   * @param sort the value of the sort attribute
   * @return the key
   */
  public static ItemKey of(String partition, long sort) {
    return of(Value.of(partition), Value.of(sort));
  }

  /**
   * The value of the partition attribute.
   *
   * @return the value
   */
  public Value partition() {
    return partition;
  }

  /**
   * The value of the sort attribute.
   *
   * @return the value; empty in a table that has none
   */
  public Optional<Value> sort() {
    return Optional.ofNullable(sort);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ItemKey that
        && partition.equals(that.partition)
        && Objects.equals(sort, that.sort);
  }

  @Override
  public int hashCode() {
    return 31 * partition.hashCode() + Objects.hashCode(sort);
  }

  /** For messages to whoever named the key, and for no log: it may be anybody's data. */
  @Override
  public String toString() {
    return sort == null ? partition.toString() : partition + ", " + sort;
  }
}
