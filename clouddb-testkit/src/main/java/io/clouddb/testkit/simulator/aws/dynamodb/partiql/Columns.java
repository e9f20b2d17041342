/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a SELECT gives of each item. */
final class Columns {
  private Columns() {}

  /**
   * The columns of an item. Each is called after the last step of its path, and one that the item
   * has not is left out.
   *
   * @param projection what to give; empty for everything
   * @param item the item
   * @return the columns, of which there may be none
   */
  static Map<String, Value> of(List<Term.Path> projection, Map<String, Value> item) {
    if (projection.isEmpty()) {
      return item;
    }
    Map<String, Value> columns = new LinkedHashMap<>();
    for (Term.Path path : projection) {
      Value value = item.get(path.attribute());
      StringBuilder name = new StringBuilder(path.attribute());
      for (Term.Step step : path.steps()) {
        value = value == null ? null : into(value, step);
        if (step instanceof Term.Step.Member member) {
          name.setLength(0);
          name.append(member.name());
        } else if (step instanceof Term.Step.Index index) {
          name.append('[').append(index.index()).append(']');
        }
      }
      if (value != null) {
        columns.put(name.toString(), value);
      }
    }
    return columns;
  }

  private static @Nullable Value into(Value value, Term.Step step) {
    if (step instanceof Term.Step.Member member) {
      return value instanceof Value.Document document
          ? document.members().get(member.name())
          : null;
    }
    int index = ((Term.Step.Index) step).index();
    return value instanceof Value.Array array && index < array.values().size()
        ? array.values().get(index)
        : null;
  }
}
