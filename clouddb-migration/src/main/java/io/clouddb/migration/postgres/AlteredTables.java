/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.copy.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds what was altered on the source while nothing ran and nothing was locked. The stream brings
 * no DDL and the target's tables were made before it, so such a copy is not gone on with.
 */
final class AlteredTables {
  private static final String ANEW =
      "Undo that on the source, or abort the migration, empty the target and begin anew.";

  private AlteredTables() {}

  /** Refuses tables that were altered, dropped, made or made anew. */
  static void requireNone(Map<String, TableShape> planned, Map<TableName, TableShape> now) {
    Map<String, String> altered = alteredColumns(planned, now);
    Set<String> names = new TreeSet<>(planned.keySet());
    now.forEach(
        (table, shape) -> {
          names.remove(table.quoted());
          TableShape before = planned.get(table.quoted());
          if (before == null) {
            altered.put(table.quoted(), "is new");
          } else if (before.oid() != shape.oid()) {
            altered.put(table.quoted(), "was dropped and made anew");
          }
        });
    names.forEach(name -> altered.put(name, "is gone, or has another name"));
    refuse(altered);
  }

  /** Refuses tables whose columns are others than those that were made on the target. */
  static void requireSameColumns(Map<String, TableShape> planned, Map<TableName, TableShape> now) {
    refuse(alteredColumns(planned, now));
  }

  private static Map<String, String> alteredColumns(
      Map<String, TableShape> planned, Map<TableName, TableShape> now) {
    Map<String, String> altered = new TreeMap<>();
    now.forEach(
        (table, shape) -> {
          TableShape before = planned.get(table.quoted());
          if (before != null && !before.columns().equals(shape.columns())) {
            altered.put(
                table.quoted(), "has other columns, another key or another replica identity");
          }
        });
    return altered;
  }

  private static void refuse(Map<String, String> altered) {
    if (altered.isEmpty()) {
      return;
    }
    List<String> each = new ArrayList<>();
    altered.forEach((table, how) -> each.add(table + " " + how));
    throw ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "The source's tables are not what they were when the copy began: "
                + each.stream().collect(Collectors.joining("; ")))
        .resource(altered.keySet().iterator().next())
        .nextStep(ANEW)
        .toException();
  }
}
