/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whose tables are written to. Checks, domains, generated columns, indexes and triggers are code of
 * others, which would run with all the rights of the migration's role, often an administrator's. So
 * what is written to a table is written as its owner, who could run that code himself.
 *
 * <p>The session goes on to be the migration's: code that knows it can end this (RESET ROLE), so
 * code of roles that are not trusted is a finding of preflight beside it.
 */
public final class TableOwners {
  /**
   * But for those who can do all that the migration's role can, or more; and for tables that force
   * row security on their owner, to whom the migration's role, where it may pass by, does not give
   * that right.
   */
  private static final String OTHERS =
      """
      SELECT n.nspname, c.relname, r.rolname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
      JOIN pg_catalog.pg_roles r ON r.oid OPERATOR(pg_catalog.=) c.relowner
      JOIN pg_catalog.pg_roles me ON me.rolname OPERATOR(pg_catalog.=) current_user
      WHERE c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p}'::pg_catalog."char"[])
        AND NOT r.rolsuper AND NOT pg_catalog.pg_has_role(r.oid, me.oid, 'MEMBER')
        AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND (me.rolbypassrls OR me.rolsuper))
        AND NOT pg_catalog.starts_with(n.nspname::pg_catalog.text, 'pg_')
      """;

  private final Map<TableName, String> owners;

  private TableOwners(Map<TableName, String> owners) {
    this.owners = owners;
  }

  /**
   * Reads them.
   *
   * @param connection a session of the migration's role
   * @return the owners of the tables as they are now
   * @throws SQLException when the catalogs cannot be read
   */
  public static TableOwners read(Connection connection) throws SQLException {
    Map<TableName, String> owners = new HashMap<>();
    CatalogQuery.list(
            connection,
            OTHERS,
            row -> Map.entry(new TableName(row.getString(1), row.getString(2)), row.getString(3)))
        .forEach(entry -> owners.put(entry.getKey(), entry.getValue()));
    return new TableOwners(owners);
  }

  /**
   * As whom a table is written to.
   *
   * @param table the table
   * @return null for the migration's own role
   */
  public @Nullable String of(TableName table) {
    return owners.get(table);
  }

  /**
   * Lets a session act as a role.
   *
   * @param connection the session; in auto-commit mode, or in a transaction to whose end it holds
   * @param role the role; null for the migration's own
   * @throws SQLException when the migration's role may not act as that one
   */
  public static void act(Connection connection, @Nullable String role) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          role == null
              ? "RESET ROLE"
              : (connection.getAutoCommit() ? "SET ROLE " : "SET LOCAL ROLE ")
                  + TableName.quote(role));
    }
  }
}
