/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A definition in the parts that it was put together of. A text that holds names of the user's is
 * not taken apart again: whatever one looks for in it, a name may contain.
 *
 * @param rest what every server writes alike
 * @param parts what servers of two versions may write in other words, by what it is called in the
 *     definition: a query, expressions, properties, or the whole
 */
record Wording(List<String> rest, Map<String, String> parts) {
  Wording {
    rest = List.copyOf(rest);
    parts = new LinkedHashMap<>(parts);
  }

  static Wording of(String name, String part, String... rest) {
    return new Wording(List.of(rest), Map.of(name, part));
  }

  /** The only part. */
  String part() {
    return parts.values().iterator().next();
  }
}
