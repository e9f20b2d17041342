/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.plan.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a spec and a change say of their fields alike. */
final class TableValues {
  private TableValues() {}

  static void put(Map<Field, Object> all, Field field, @Nullable Object value) {
    if (value != null) {
      all.put(field, value);
    }
  }

  static void indexes(Map<Field, Object> all, List<IndexSpec> indexes) {
    List<IndexSpec> global = indexes.stream().filter(index -> !index.isLocal()).toList();
    List<IndexSpec> local = indexes.stream().filter(IndexSpec::isLocal).toList();
    put(all, TableField.INDEXES, global.isEmpty() ? null : global);
    put(all, TableField.LOCAL_INDEXES, local.isEmpty() ? null : local);
    details(all, indexes, Map.of());
  }

  /** What indexes have of their own, and throughputs of others that are there. */
  static void details(
      Map<Field, Object> all, List<IndexSpec> indexes, Map<String, Throughput> others) {
    Map<String, IndexProjection> projections = new LinkedHashMap<>();
    Map<String, Throughput> throughputs = new LinkedHashMap<>(others);
    for (IndexSpec index : indexes) {
      if (index.projection().kind() != IndexProjection.Kind.ALL) {
        projections.put(index.name(), index.projection());
      }
      index.throughput().ifPresent(own -> throughputs.put(index.name(), own));
    }
    put(all, TableField.INDEX_PROJECTION, projections.isEmpty() ? null : projections);
    put(all, TableField.INDEX_THROUGHPUT, throughputs.isEmpty() ? null : throughputs);
  }

  static void keys(Map<Field, Object> all, List<TableRegion> regions) {
    Map<String, String> keys = new LinkedHashMap<>();
    regions.forEach(region -> region.key().ifPresent(key -> keys.put(region.name(), key)));
    put(all, TableField.ENCRYPTION_KEY, keys.isEmpty() ? null : keys);
  }
}
