/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Column;
import io.clouddb.migration.postgres.catalog.KeyType;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.stream.ChangeMessage;
import io.clouddb.migration.postgres.stream.ChangeMessage.Relation;
import io.clouddb.migration.postgres.stream.ChangeMessage.RelationColumn;
import io.clouddb.migration.postgres.stream.TupleData;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A table as the stream carries it, checked against the table that was copied. The stream brings no
 * DDL, but the first change after one brings the table's new shape, and that is where it is seen.
 */
final class AppliedTable {
  final Table table;
  final List<Column> columns;

  /** Places of the key's columns in a row of the stream, in the key's order. */
  final int[] key;

  /** The source sends whole old rows; the key may still be known from the target. */
  final boolean fullIdentity;

  /** By column. */
  final List<KeyType> types;

  /** By column, for changes that travel as arrays; null when a type does not allow it. */
  final @Nullable List<String> castTypes;

  private AppliedTable(
      Table table,
      List<Column> columns,
      int[] key,
      boolean fullIdentity,
      List<KeyType> types,
      @Nullable List<String> castTypes) {
    this.table = table;
    this.columns = columns;
    this.key = key;
    this.fullIdentity = fullIdentity;
    this.types = types;
    this.castTypes = castTypes;
  }

  /** Whether changes of different rows may be written in another order than they came in. */
  boolean mayRearrange() {
    return key.length > 0 && !fullIdentity;
  }

  /**
   * The update with its whole key. A value of the key that is kept out of line and stays as it was
   * is left out of the new row; the old key, which comes beside it then, has it.
   */
  ChangeMessage.Update withKey(ChangeMessage.Update update) {
    TupleData row = update.row();
    if (row.size() != columns.size() || !leavesOutKey(row)) {
      return update;
    }
    TupleData old = update.oldKey() != null ? update.oldKey() : update.oldRow();
    if (old == null || old.size() != row.size()) {
      throw ErrorDetails.of(
              ErrorCategory.DATA,
              "An update of "
                  + table.name()
                  + " came without a value of its key, which is kept out of line")
          .resource(table.name().toString())
          .nextStep(
              "Minor releases of PostgreSQL before May 2022 leave it out: update the source's"
                  + " server, then start anew")
          .toException();
    }
    return new ChangeMessage.Update(
        update.relation(), update.oldKey(), update.oldRow(), row.knowing(old, key));
  }

  private boolean leavesOutKey(TupleData row) {
    for (int column : key) {
      if (row.isUnchanged(column)) {
        return true;
      }
    }
    return false;
  }

  static AppliedTable check(Table table, Relation relation, Connection target) throws SQLException {
    if (!relation.table().equals(table.name())) {
      throw changed(table, "it is now called " + relation.table());
    }
    List<Column> expected = table.dataColumns();
    requireSameColumns(table, expected, relation.columns());
    if (relation.replicaIdentity() != table.replicaIdentity()) {
      throw changed(
          table,
          "its replica identity went from '"
              + table.replicaIdentity()
              + "' to '"
              + relation.replicaIdentity()
              + "'");
    }
    List<String> names = relation.columns().stream().map(RelationColumn::name).toList();
    boolean full = table.replicaIdentity() == 'f';
    List<String> keyNames = table.key();
    if (full && keyNames.isEmpty()) {
      keyNames = primaryKeyOf(table, target);
    } else if (!full) {
      Set<String> flagged =
          relation.columns().stream()
              .filter(RelationColumn::key)
              .map(RelationColumn::name)
              .collect(Collectors.toSet());
      if (!flagged.equals(new HashSet<>(keyNames))) {
        throw changed(table, "its key went from " + keyNames + " to " + flagged);
      }
    }
    Map<String, KeyType> types = KeyType.read(target, table.name());
    if (!types.keySet().containsAll(names)) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The target's table " + table.name() + " has not all columns of the source's")
          .resource(table.name().toString())
          .nextStep("Start the migration anew, and alter tables before or after it")
          .toException();
    }
    return new AppliedTable(
        table,
        expected,
        keyNames.stream().mapToInt(names::indexOf).toArray(),
        full,
        names.stream().map(types::get).toList(),
        CastTypes.read(table, names, types, target));
  }

  private static void requireSameColumns(
      Table table, List<Column> expected, List<RelationColumn> found) {
    Map<String, Column> before =
        expected.stream().collect(Collectors.toMap(Column::name, Function.identity()));
    Map<String, RelationColumn> now =
        found.stream().collect(Collectors.toMap(RelationColumn::name, Function.identity()));
    List<String> differences = new ArrayList<>();
    for (RelationColumn column : found) {
      Column known = before.get(column.name());
      if (known == null) {
        differences.add("column " + column.name() + " is new");
      } else if (Integer.toUnsignedLong(known.typeOid()) != column.typeOid()) {
        differences.add("column " + column.name() + " is no longer of type " + known.type());
      }
    }
    for (Column column : expected) {
      if (!now.containsKey(column.name())) {
        differences.add("column " + column.name() + " is gone");
      }
    }
    if (differences.isEmpty()
        && !expected.stream()
            .map(Column::name)
            .toList()
            .equals(found.stream().map(RelationColumn::name).toList())) {
      differences.add("its columns are in another order");
    }
    if (!differences.isEmpty()) {
      throw changed(table, String.join(", ", differences));
    }
  }

  private static RuntimeException changed(Table table, String how) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "Table " + table.name() + " was altered on the source during the migration: " + how)
        .resource(table.name().toString())
        .nextStep("Start the migration anew, and alter tables before or after it")
        .toException();
  }

  /** A whole old row finds its row fastest by the primary key that the target has. */
  private static List<String> primaryKeyOf(Table table, Connection target) throws SQLException {
    try (PreparedStatement statement =
        target.prepareStatement(
            "SELECT a.attname FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a"
                + " ON a.attrelid OPERATOR(pg_catalog.=) i.indrelid"
                + " AND a.attnum OPERATOR(pg_catalog.=) ANY (i.indkey)"
                + " WHERE i.indrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(?)"
                + " AND i.indisprimary AND i.indisvalid"
                // A deferrable key may be there twice in the middle of a change of both.
                + " AND i.indimmediate"
                + " ORDER BY pg_catalog.array_position("
                + "i.indkey::pg_catalog.int2[], a.attnum)")) {
      statement.setString(1, table.name().quoted());
      List<String> names = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
      List<String> carried = table.dataColumns().stream().map(Column::name).toList();
      return carried.containsAll(names) ? names : List.of();
    }
  }
}
