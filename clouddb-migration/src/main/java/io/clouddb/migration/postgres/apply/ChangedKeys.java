/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.catalog.TableName;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which rows changed since a moment. A table of which too many changed, that has no key, or that
 * was truncated counts as a whole. Not safe for several threads.
 */
public final class ChangedKeys {
  private final int perTable;
  private final Map<TableName, Set<RowKey>> keys = new HashMap<>();
  private final Set<TableName> whole = new HashSet<>();

  /**
   * Starts with none.
   *
   * @param perTable how many keys of one table are kept before it counts as a whole
   */
  public ChangedKeys(int perTable) {
    this.perTable = perTable;
  }

  void add(TableName table, RowKey key) {
    if (whole.contains(table)) {
      return;
    }
    Set<RowKey> ofTable = keys.computeIfAbsent(table, t -> new HashSet<>());
    ofTable.add(key);
    if (ofTable.size() > perTable) {
      addWhole(table);
    }
  }

  void addWhole(TableName table) {
    whole.add(table);
    keys.remove(table);
  }

  void addAll(ChangedKeys other) {
    other.whole.forEach(this::addWhole);
    other.keys.forEach((table, set) -> set.forEach(key -> add(table, key)));
  }

  /**
   * What is left without some tables.
   *
   * @param compared tables of which nothing is wanted
   * @return the keys of the others
   */
  public ChangedKeys except(Set<TableName> compared) {
    ChangedKeys rest = new ChangedKeys(perTable);
    rest.addAll(this);
    rest.keys.keySet().removeAll(compared);
    rest.whole.removeAll(compared);
    return rest;
  }

  void clear() {
    keys.clear();
    whole.clear();
  }

  /**
   * The tables of which single rows are known.
   *
   * @return table to keys of its changed rows
   */
  public Map<TableName, Set<RowKey>> keys() {
    return Collections.unmodifiableMap(keys);
  }

  /**
   * The tables that are to be compared as a whole.
   *
   * @return their names in order
   */
  public Collection<TableName> wholeTables() {
    return Collections.unmodifiableSet(new TreeSet<>(whole));
  }

  /**
   * Whether nothing changed.
   *
   * @return true when there is neither a key nor a table
   */
  public boolean isEmpty() {
    return keys.isEmpty() && whole.isEmpty();
  }

  /** Numbers only. */
  @Override
  public String toString() {
    return keys.values().stream().mapToInt(Set::size).sum()
        + " keys in "
        + keys.size()
        + " tables, "
        + whole.size()
        + " whole tables";
  }
}
