/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A secondary index: the items that have its key, in that order.
 *
 * @param name unique in the table
 * @param keys its own key, which need not be unique
 * @param reach whose partitions it has
 * @param projection which attributes are in it
 * @param included the further attributes of {@link Projection#INCLUDE}; empty otherwise
 */
public record IndexDefinition(
    String name, KeySchema keys, Reach reach, Projection projection, List<String> included) {
  /** Whose partitions an index has. */
  public enum Reach {
    /** The table's: it is changed with the table, in one. */
    LOCAL,
    /** Its own: it follows the table. */
    GLOBAL
  }

  /** Which attributes of an item are in an index. */
  public enum Projection {
    /** All. */
    ALL,
    /** Those of the table's key and of the index'. */
    KEYS_ONLY,
    /** These, and named ones. */
    INCLUDE
  }

  /** Keeps a copy. */
  public IndexDefinition {
    included = List.copyOf(included);
  }

  /**
   * Tells whether it is global.
   *
   * @return true when it has partitions of its own
   */
  public boolean global() {
    return reach == Reach.GLOBAL;
  }

  /**
   * What is in the index of an item.
   *
   * @param item the item
   * @param table the table's key
   * @return the item itself, or a part of it
   */
  public Map<String, Value> project(Map<String, Value> item, KeySchema table) {
    if (projection == Projection.ALL) {
      return item;
    }
    Map<String, Value> part = new LinkedHashMap<>();
    item.forEach(
        (attribute, value) -> {
          if (projects(attribute, table)) {
            part.put(attribute, value);
          }
        });
    return part;
  }

  /**
   * Tells whether an attribute is in the index, where an item has it.
   *
   * @param attribute its name
   * @param table the table's key
   * @return true when it is
   */
  public boolean projects(String attribute, KeySchema table) {
    return projection == Projection.ALL
        || keys.has(attribute)
        || table.has(attribute)
        || included.contains(attribute);
  }
}
