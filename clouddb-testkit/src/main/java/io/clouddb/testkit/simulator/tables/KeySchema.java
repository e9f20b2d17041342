/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the key of a table or an index is made of.
 *
 * @param partition by which items are spread
 * @param sort by which those of one partition are in order; null for a key of one attribute
 */
public record KeySchema(KeyAttribute partition, @Nullable KeyAttribute sort) {
  /**
   * The attributes, the one of the partition first.
   *
   * @return one or two
   */
  public List<KeyAttribute> attributes() {
    return sort == null ? List.of(partition) : List.of(partition, sort);
  }

  /**
   * Tells whether an attribute is part of the key.
   *
   * @param name its name
   * @return true when it is
   */
  public boolean has(String name) {
    return partition.name().equals(name) || (sort != null && sort.name().equals(name));
  }

  /**
   * Tells whether an item has all attributes of the key, each of its type.
   *
   * @param item the item
   * @return true when it has
   */
  public boolean fits(Map<String, Value> item) {
    return fits(item, partition) && (sort == null || fits(item, sort));
  }

  private static boolean fits(Map<String, Value> item, KeyAttribute attribute) {
    Value value = item.get(attribute.name());
    return value != null && attribute.type().holds(value);
  }

  /**
   * The key of an item, which has one.
   *
   * @param item the item, which {@link #fits}
   * @return its key
   */
  public ItemKey keyOf(Map<String, Value> item) {
    Value first = item.get(partition.name());
    Value second = sort == null ? null : item.get(sort.name());
    if (first == null || (sort != null && second == null)) {
      throw new IllegalArgumentException("The item lacks an attribute of the key " + this);
    }
    return new ItemKey(first, second);
  }
}
