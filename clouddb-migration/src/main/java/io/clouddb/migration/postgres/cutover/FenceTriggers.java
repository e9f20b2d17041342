/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The two triggers of a fence on each table: for each statement, and where rows are, for each. */
final class FenceTriggers {
  private final String name;
  private final String rowName;
  private final FenceFunction function;

  FenceTriggers(String name, String rowName, FenceFunction function) {
    this.name = name;
    this.rowName = rowName;
    this.function = function;
  }

  /**
   * A table with triggers of this fence.
   *
   * @param always how many are on for everybody
   * @param enabled whether any is on: an ENABLE TRIGGER of somebody else makes one that sessions in
   *     replica role pass
   */
  record Fenced(
      TableName table, boolean partitioned, List<String> triggers, int always, boolean enabled) {}

  /** Makes both triggers of a table, or the one that a partitioned table has. */
  String creation(TableName table, @Nullable String strangerToRows) {
    String on = " ON " + table.quoted();
    String call = " EXECUTE FUNCTION " + function.quoted() + "();";
    String statement =
        " CREATE OR REPLACE TRIGGER "
            + TableName.quote(name)
            + " BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE"
            + on
            + " FOR EACH STATEMENT"
            + call;
    if (strangerToRows == null) {
      return statement;
    }
    return statement
        + " CREATE OR REPLACE TRIGGER "
        + TableName.quote(rowName)
        + " BEFORE INSERT OR UPDATE OR DELETE"
        + on
        + " FOR EACH ROW WHEN ("
        + strangerToRows
        + ")"
        + call;
  }

  /** Does something with the triggers of a table. */
  String alteration(TableName table, boolean holdsRows, String verb) {
    return " ALTER TABLE ONLY "
        + table.quoted()
        + verb
        + TableName.quote(name)
        + (holdsRows ? "," + verb + TableName.quote(rowName) : "");
  }

  /** Those of which any is on. */
  List<Fenced> enabled(Connection connection) throws SQLException {
    return on(connection).stream().filter(Fenced::enabled).toList();
  }

  /** Those of the same name that somebody else made, with the functions that they call. */
  List<String> strange(Connection connection) throws SQLException {
    return CatalogQuery.list(
        connection,
        """
        SELECT pg_catalog.format('%I on %I.%I, which calls %s', t.tgname, n.nspname, c.relname,
            t.tgfoid::pg_catalog.regprocedure)
          FROM pg_catalog.pg_trigger t
          JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) t.tgrelid
          JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
         WHERE t.tgname OPERATOR(pg_catalog.=) ANY (ARRAY[?, ?]::pg_catalog.text[])
           AND t.tgfoid OPERATOR(pg_catalog.<>) pg_catalog.to_regproc(?)::pg_catalog.oid
         ORDER BY 1
        """,
        row -> row.getString(1),
        name,
        rowName,
        function.quoted());
  }

  /** All that there are in the database. */
  List<Fenced> on(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT n.nspname, c.relname, c.relkind OPERATOR(pg_catalog.=) 'p',
                   pg_catalog.array_agg(t.tgname::pg_catalog.text),
                   pg_catalog.count(*) FILTER (WHERE t.tgenabled OPERATOR(pg_catalog.=) 'A'),
                   pg_catalog.bool_or(t.tgenabled OPERATOR(pg_catalog.<>) 'D')
              FROM pg_catalog.pg_trigger t
              JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) t.tgrelid
              JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
             WHERE t.tgname OPERATOR(pg_catalog.=) ANY (ARRAY[?, ?]::pg_catalog.text[])
               AND NOT t.tgisinternal
               AND t.tgfoid OPERATOR(pg_catalog.=) pg_catalog.to_regproc(?)::pg_catalog.oid
             GROUP BY 1, 2, 3 ORDER BY 1, 2
            """)) {
      select.setString(1, name);
      select.setString(2, rowName);
      select.setString(3, function.quoted());
      List<Fenced> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              new Fenced(
                  new TableName(row.getString(1), row.getString(2)),
                  row.getBoolean(3),
                  List.of((String[]) row.getArray(4).getArray()),
                  row.getInt(5),
                  row.getBoolean(6)));
        }
      }
      return found;
    }
  }
}
