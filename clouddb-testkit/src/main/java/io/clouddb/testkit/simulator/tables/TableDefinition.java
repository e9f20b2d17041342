/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a table looks like.
 *
 * @param name its name
 * @param keys the key of its items
 * @param indexes its secondary indexes
 */
public record TableDefinition(String name, KeySchema keys, List<IndexDefinition> indexes) {
  /** Keeps a copy. */
  public TableDefinition {
    indexes = List.copyOf(indexes);
  }

  /**
   * An index.
   *
   * @param index its name
   * @return empty when there is none of that name
   */
  public Optional<IndexDefinition> index(String index) {
    return indexes.stream().filter(one -> one.name().equals(index)).findFirst();
  }

  /**
   * The same with one index more.
   *
   * @param index the index
   * @return a new definition
   */
  public TableDefinition with(IndexDefinition index) {
    List<IndexDefinition> more = new ArrayList<>(indexes);
    more.add(index);
    return new TableDefinition(name, keys, more);
  }

  /**
   * The same without an index.
   *
   * @param index its name
   * @return a new definition
   */
  public TableDefinition without(String index) {
    return new TableDefinition(
        name, keys, indexes.stream().filter(one -> !one.name().equals(index)).toList());
  }
}
