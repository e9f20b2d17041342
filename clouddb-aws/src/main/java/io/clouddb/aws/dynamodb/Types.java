/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.table.IndexProjection;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableRegion;
import io.clouddb.table.Throughput;
import java.util.List;
import java.util.Map;

/** The classes of the lists and maps that fields of tables hold. */
final class Types {
  static final Class<List<IndexSpec>> INDEXES = list();
  static final Class<List<TableRegion>> REGIONS = list();
  static final Class<List<String>> NAMES = list();
  static final Class<Map<String, String>> TEXTS = map();
  static final Class<Map<String, IndexProjection>> PROJECTIONS = map();
  static final Class<Map<String, Throughput>> THROUGHPUTS = map();

  private Types() {}

  @SuppressWarnings("unchecked") // A field has lists of one class only.
  private static <T> Class<List<T>> list() {
    return (Class<List<T>>) (Class<?>) List.class;
  }

  @SuppressWarnings("unchecked") // A field has maps of one class only.
  private static <T> Class<Map<String, T>> map() {
    return (Class<Map<String, T>>) (Class<?>) Map.class;
  }
}
