/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.StoredTable;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How many items a table has, and how large it is, as the service says it: some hours ago. */
final class Statistics {
  /**
   * Of a table or an index.
   *
   * @param items how many
   * @param bytes how large all of them are
   */
  record Counts(long items, long bytes) {
    static final Counts NONE = new Counts(0, 0);
  }

  private final Map<String, Counts> counts = new HashMap<>();
  private @Nullable Instant due;

  /** Counts when the last count is old. */
  void refresh(StoredTable items, Instant created, Instant now) {
    Instant next = due == null ? created.plus(Timing.STATISTICS) : due;
    if (now.isBefore(next)) {
      return;
    }
    counts.clear();
    counts.put("", new Counts(items.count(null), items.bytes(null)));
    for (IndexDefinition index : items.definition().indexes()) {
      counts.put(index.name(), new Counts(items.count(index.name()), items.bytes(index.name())));
    }
    due = now.plus(Timing.STATISTICS);
  }

  Counts ofTable() {
    return counts.getOrDefault("", Counts.NONE);
  }

  Counts ofIndex(String name) {
    return counts.getOrDefault(name, Counts.NONE);
  }
}
