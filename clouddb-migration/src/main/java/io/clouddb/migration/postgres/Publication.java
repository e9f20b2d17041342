/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/** The publication on the source. It stands before the slot: decoding looks it up in the past. */
final class Publication {
  private Publication() {}

  /**
   * Publishes the tables that store rows, each by name: all tables at once would need a superuser,
   * and would break updates of tables without a key.
   */
  static void create(Connection source, String name, List<Table> tables) throws SQLException {
    String list =
        tables.stream()
            .filter(table -> table.kind() == Table.Kind.ORDINARY)
            .map(table -> "ONLY " + table.name().quoted())
            .collect(Collectors.joining(", "));
    try (Statement ddl = source.createStatement()) {
      ddl.execute("CREATE PUBLICATION " + TableName.quote(name) + " FOR TABLE " + list);
    }
  }

  static void drop(Connection source, String name) throws SQLException {
    try (Statement ddl = source.createStatement()) {
      ddl.execute("DROP PUBLICATION IF EXISTS " + TableName.quote(name));
    }
  }
}
