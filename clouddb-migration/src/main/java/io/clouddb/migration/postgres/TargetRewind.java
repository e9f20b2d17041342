/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Takes from the target what an interrupted run made too early for what comes next: triggers and
 * rules that would fire when changes are applied, foreign keys that keep a table from being copied
 * again. All of it was made by the migration, in a target that was empty, and is made again.
 */
final class TargetRewind {
  private TargetRewind() {}

  /** Drops triggers and rules. */
  static void dropTriggers(Connection target, TableSelection selection) throws SQLException {
    drop(
        target,
        selection,
        """
        SELECT n.nspname, c.relname, 'DROP TRIGGER ' || quote_ident(t.tgname) || ' ON '
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND c.relkind IN ('r', 'p')
        UNION ALL
        SELECT n.nspname, c.relname, 'DROP RULE ' || quote_ident(r.rulename) || ' ON '
          FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'p')
        """,
        "");
  }

  /** Drops foreign keys. */
  static void dropForeignKeys(Connection target, TableSelection selection) throws SQLException {
    drop(
        target,
        selection,
        """
        SELECT n.nspname, c.relname, ' DROP CONSTRAINT ' || quote_ident(k.conname)
          FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE k.contype = 'f' AND k.conparentid = 0
        """,
        "ALTER TABLE ");
  }

  private static void drop(
      Connection target, TableSelection selection, String select, String before)
      throws SQLException {
    List<String> commands = new ArrayList<>();
    try (Statement statement = target.createStatement();
        ResultSet row = statement.executeQuery(select)) {
      while (row.next()) {
        TableName table = new TableName(row.getString(1), row.getString(2));
        if (selection.includes(table)) {
          commands.add(
              before.isEmpty()
                  ? row.getString(3) + table.quoted()
                  : before + table.quoted() + row.getString(3));
        }
      }
    }
    try (Statement ddl = target.createStatement()) {
      for (String command : commands) {
        ddl.execute(command);
      }
    }
  }
}
