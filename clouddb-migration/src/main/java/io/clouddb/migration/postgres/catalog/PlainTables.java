/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Tables in which the library keeps something in a database of the user's, and that others may have
 * made for it: an administrator, or another process. They are to be plain: whoever reads or writes
 * a table runs the triggers, rules, checks and expressions that its owner put there, and a view's.
 * Triggers of the role itself, or of a superuser, are their business.
 */
public final class PlainTables {
  private static final String STRANGE =
      """
      SELECT pg_catalog.format('%I.%I, of the role %s', n.nspname, c.relname,
        pg_catalog.pg_get_userbyid(c.relowner))
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
      WHERE n.nspname OPERATOR(pg_catalog.=) ?
        AND c.relkind OPERATOR(pg_catalog.<>) ALL ('{i,t}'::pg_catalog."char"[])
        AND NOT (c.relkind OPERATOR(pg_catalog.=) 'r' AND NOT c.relhasrules
          AND NOT c.relrowsecurity AND NOT c.relispartition
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_trigger t
            JOIN pg_catalog.pg_proc p ON p.oid OPERATOR(pg_catalog.=) t.tgfoid
            JOIN pg_catalog.pg_roles o ON o.oid OPERATOR(pg_catalog.=) p.proowner
            WHERE t.tgrelid OPERATOR(pg_catalog.=) c.oid
              AND NOT o.rolsuper AND o.rolname OPERATOR(pg_catalog.<>) current_user)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_inherits i
            WHERE i.inhrelid OPERATOR(pg_catalog.=) c.oid
              OR i.inhparent OPERATOR(pg_catalog.=) c.oid)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
            WHERE k.conrelid OPERATOR(pg_catalog.=) c.oid
              AND NOT k.contype OPERATOR(pg_catalog.=) ANY ('{p,n}'::pg_catalog."char"[]))
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_index x
            WHERE x.indrelid OPERATOR(pg_catalog.=) c.oid
              AND (x.indexprs IS NOT NULL OR x.indpred IS NOT NULL))
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_attrdef d
            WHERE d.adrelid OPERATOR(pg_catalog.=) c.oid)
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type y ON y.oid OPERATOR(pg_catalog.=) a.atttypid
            WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND NOT a.attisdropped
              AND y.typnamespace OPERATOR(pg_catalog.<>)
                'pg_catalog'::pg_catalog.regnamespace::pg_catalog.oid))
      ORDER BY 1
      """;

  private static final String TRUSTED =
      """
      SELECT c.relname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
      WHERE n.nspname OPERATOR(pg_catalog.=) ? AND c.relkind OPERATOR(pg_catalog.=) 'r'
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_roles o
          WHERE o.oid OPERATOR(pg_catalog.=) ANY (ARRAY[c.relowner, n.nspowner])
            AND NOT (o.rolsuper OR o.rolname OPERATOR(pg_catalog.=) current_user))
      """;

  private PlainTables() {}

  /**
   * Whether tables, and their schema, belong to the role that uses them or to a superuser. Anybody
   * else may change them after a look, so that each use needs its own.
   *
   * @param connection a session of the role that uses them
   * @param schema the schema
   * @param tables how many tables it has to have
   * @return whether they do, and are all there
   * @throws SQLException when the catalogs cannot be read
   */
  public static boolean areOfTrusted(Connection connection, String schema, int tables)
      throws SQLException {
    return CatalogQuery.list(connection, TRUSTED, row -> row.getString(1), schema).size() == tables;
  }

  /**
   * Requires that the tables of a schema are plain.
   *
   * @param connection a session of the role that uses them
   * @param schema the schema
   * @throws io.clouddb.error.ConditionFailedException naming those that are not
   * @throws SQLException when the catalogs cannot be read
   */
  public static void require(Connection connection, String schema) throws SQLException {
    List<String> strange = CatalogQuery.list(connection, STRANGE, row -> row.getString(1), schema);
    if (!strange.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "These are no plain tables, as this library makes them; what their owner put there"
                  + " would run with the rights of who uses them: "
                  + String.join(", ", strange))
          .resource(schema)
          .nextStep("Find out who made them, and drop the schema, or what was added to its tables.")
          .toException();
    }
  }
}
