/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * In which file each table's rows were when all of them were last compared. An ALTER that rewrites
 * rows moves them to another file and sends none of them through the stream, so such a table has to
 * be compared as a whole again, like one that was truncated. Used by one thread at a time.
 */
final class ComparedFiles {
  private Map<TableName, Long> compared = Map.of();

  /** Reads where the rows are now: before the snapshot that they are compared at is taken. */
  static Map<TableName, Long> read(Connection connection, Collection<Table> tables)
      throws SQLException {
    Map<Long, TableName> names = new HashMap<>();
    for (Table table : tables) {
      if (table.kind() == Table.Kind.ORDINARY) {
        names.put(table.oid(), table.name());
      }
    }
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT oid::bigint, coalesce(pg_catalog.pg_relation_filenode(oid), 0)::bigint"
                + " FROM pg_catalog.unnest(?::bigint[]::oid[]) AS t(oid)")) {
      statement.setArray(1, connection.createArrayOf("bigint", names.keySet().toArray()));
      Map<TableName, Long> files = new HashMap<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          files.put(Objects.requireNonNull(names.get(row.getLong(1))), row.getLong(2));
        }
      }
      return files;
    }
  }

  /** All rows were compared, and were in these files. */
  void compared(Map<TableName, Long> files) {
    compared = Map.copyOf(files);
  }

  /** Whether all were compared once. */
  boolean known() {
    return !compared.isEmpty();
  }

  /** The rows of some of them were compared once more. */
  void comparedAgain(Map<TableName, Long> files) {
    Map<TableName, Long> all = new HashMap<>(compared);
    all.putAll(files);
    compared = Map.copyOf(all);
  }

  /** The tables whose rows are in another file since; none before all were compared once. */
  List<TableName> rewritten(Connection connection, Collection<Table> tables) throws SQLException {
    if (compared.isEmpty()) {
      return List.of();
    }
    Map<TableName, Long> now = read(connection, tables);
    return now.entrySet().stream()
        .filter(file -> !file.getValue().equals(compared.get(file.getKey())))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
