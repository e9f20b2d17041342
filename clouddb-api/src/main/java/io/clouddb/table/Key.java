/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.json.Part;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The attributes that make up the key of a table or of an index: one that says in which partition
 * an item is, and maybe one that orders the items of a partition. Immutable.
 */
public final class Key {
  private final KeyAttribute partition;
  private final @Nullable KeyAttribute sort;

  private Key(
      @Part("partition") KeyAttribute partition, @Part("sort") @Nullable KeyAttribute sort) {
    this.partition = Objects.requireNonNull(partition, "partition");
    this.sort = sort;
  }

  /**
   * A key of a partition attribute alone.
   *
   * @param name the attribute's name
   * @param type its type
   * @return the key
   */
  public static Key partition(String name, KeyType type) {
    return new Key(new KeyAttribute(name, type), null);
  }

  /**
   * With an attribute that orders the items of a partition.
   *
   * @param name the attribute's name, another one than the partition's
   * @param type its type
   * @return a new value
   */
  public Key sort(String name, KeyType type) {
    return new Key(partition, new KeyAttribute(name, type));
  }

  /**
   * The attribute that says in which partition an item is.
   *
   * @return the attribute
   */
  public KeyAttribute partition() {
    return partition;
  }

  /**
   * The attribute that orders the items of a partition.
   *
   * @return the attribute; empty when a partition has one item at most (in an index: no order)
   */
  public Optional<KeyAttribute> sort() {
    return Optional.ofNullable(sort);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Key that
        && partition.equals(that.partition)
        && Objects.equals(sort, that.sort);
  }

  @Override
  public int hashCode() {
    return Objects.hash(partition, sort);
  }

  @Override
  public String toString() {
    return sort == null ? partition.toString() : partition + ", " + sort;
  }
}
