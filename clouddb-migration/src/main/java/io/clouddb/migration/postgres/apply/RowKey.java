/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import java.util.List;

/**
 * What identifies a row.
 *
 * @param values the text of each key column, in the order of the table's key
 */
public record RowKey(List<String> values) implements Comparable<RowKey> {
  /** Keeps the list unmodifiable. */
  public RowKey {
    values = List.copyOf(values);
  }

  @Override
  public int compareTo(RowKey other) {
    for (int i = 0; i < Math.min(values.size(), other.values.size()); i++) {
      int order = values.get(i).compareTo(other.values.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(values.size(), other.values.size());
  }

  /** For messages: {@code (4711, eu)}. */
  @Override
  public String toString() {
    return "(" + String.join(", ", values) + ")";
  }
}
