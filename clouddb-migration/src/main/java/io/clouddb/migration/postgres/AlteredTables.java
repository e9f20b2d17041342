/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.copy.TableShape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Finds what was altered on the source while nothing ran and nothing was locked. The stream brings
 * no DDL and the target's tables were made before it, so such a copy is not gone on with.
 */
final class AlteredTables {
  private static final String NEW = "is new";
  private static final String ANEW =
      "Undo that on the source, or abort the migration, empty the target and begin anew.";

  private static final String OR_BEHIND =
      " A table that is new can also be left behind, as \"table \" and this name.";

  private AlteredTables() {}

  /** Refuses tables that were altered, dropped, made or made anew. */
  static void requireNone(Map<String, TableShape> planned, Map<TableName, TableShape> now) {
    Map<String, String> altered = changes(planned, now);
    now.keySet().stream()
        .map(TableName::quoted)
        .filter(table -> !planned.containsKey(table))
        .forEach(table -> altered.put(table, NEW));
    refuse(altered);
  }

  /**
   * The tables that were made since. To publish one whose rows nothing identifies would make the
   * application's UPDATE and DELETE fail: it is refused.
   */
  static List<Table> made(Map<String, TableShape> planned, Collection<Table> now) {
    List<Table> made =
        now.stream().filter(table -> !planned.containsKey(table.name().quoted())).toList();
    Map<String, String> withoutKey = new TreeMap<>();
    for (Table table : made) {
      if (table.kind() == Table.Kind.ORDINARY
          && table.key().isEmpty()
          && table.replicaIdentity() != 'f') {
        withoutKey.put(table.name().quoted(), NEW + " and has nothing that identifies a row");
      }
    }
    if (!withoutKey.isEmpty()) {
      throw refusal(
          withoutKey,
          "Give it a primary key or REPLICA IDENTITY FULL, drop it, or leave it behind as \"table \""
              + " and this name; then run it again.");
    }
    return made;
  }

  /** Refuses tables that were altered, dropped or made anew. */
  static void requireKnown(Map<String, TableShape> planned, Map<TableName, TableShape> now) {
    refuse(changes(planned, now));
  }

  private static Map<String, String> changes(
      Map<String, TableShape> planned, Map<TableName, TableShape> now) {
    Map<String, String> altered = alteredColumns(planned, now);
    Set<String> names = new TreeSet<>(planned.keySet());
    now.forEach(
        (table, shape) -> {
          names.remove(table.quoted());
          TableShape before = planned.get(table.quoted());
          if (before != null && before.oid() != shape.oid()) {
            altered.put(table.quoted(), "was dropped and made anew");
          }
        });
    names.forEach(name -> altered.put(name, "is gone, or has another name"));
    return altered;
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
                table.quoted(),
                "has other columns, another key or replica identity, or other labels of an enum");
          }
        });
    return altered;
  }

  private static void refuse(Map<String, String> altered) {
    if (!altered.isEmpty()) {
      throw refusal(altered, altered.containsValue(NEW) ? ANEW + OR_BEHIND : ANEW);
    }
  }

  private static CloudDbException refusal(Map<String, String> altered, String nextStep) {
    List<String> each = new ArrayList<>();
    altered.forEach((table, how) -> each.add(table + " " + how));
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "The source's tables are not what they were when the copy began: "
                + String.join("; ", each))
        .resource(altered.keySet().iterator().next())
        .nextStep(nextStep)
        .toException();
  }
}
