/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The publication on the source. It stands before the slot: decoding looks it up in the past. */
final class Publication {
  private Publication() {}

  /**
   * Publishes the tables that store rows, each by name: all tables at once would need a superuser,
   * and would break updates of tables without a key.
   */
  static void create(Connection source, String name, List<Table> tables) throws SQLException {
    try (Statement ddl = source.createStatement()) {
      ddl.execute("CREATE PUBLICATION " + TableName.quote(name) + " FOR TABLE " + list(tables));
    }
  }

  /** Publishes further tables, those of them that are not published yet. */
  static void add(Connection source, String name, List<Table> tables) throws SQLException {
    Set<TableName> published = new HashSet<>();
    try (PreparedStatement select =
        source.prepareStatement(
            "SELECT schemaname, tablename FROM pg_catalog.pg_publication_tables"
                + " WHERE pubname = ?")) {
      select.setString(1, name);
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          published.add(new TableName(row.getString(1), row.getString(2)));
        }
      }
    }
    String more = list(tables.stream().filter(table -> !published.contains(table.name())).toList());
    if (!more.isEmpty()) {
      try (Statement ddl = source.createStatement()) {
        ddl.execute("ALTER PUBLICATION " + TableName.quote(name) + " ADD TABLE " + more);
      }
    }
  }

  private static String list(List<Table> tables) {
    return tables.stream()
        .filter(table -> table.kind() == Table.Kind.ORDINARY)
        .map(table -> "ONLY " + table.name().quoted())
        .collect(Collectors.joining(", "));
  }

  static void drop(Connection source, String name) throws SQLException {
    try (Statement ddl = source.createStatement()) {
      ddl.execute("DROP PUBLICATION IF EXISTS " + TableName.quote(name));
    }
  }
}
