/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.util.HashSet;
import java.util.Set;

/** The attributes that the items of an index have of those of the table. */
final class Projected {
  private final boolean all;
  private final Set<String> attributes = new HashSet<>();

  Projected(GlobalTableSpec table, IndexSpec index) {
    all = index.projection().kind() == IndexProjection.Kind.ALL;
    attributes.addAll(index.projection().attributes());
    add(table.key());
    add(index.key());
  }

  private void add(Key key) {
    attributes.add(key.partition().name());
    key.sort().ifPresent(sort -> attributes.add(sort.name()));
  }

  boolean hasAll() {
    return all;
  }

  boolean has(String attribute) {
    return all || attributes.contains(attribute);
  }
}
