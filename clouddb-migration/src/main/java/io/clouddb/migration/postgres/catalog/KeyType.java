/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * How values of a column are written and compared without the help of the search path, in which a
 * stranger may have put an operator or a type of the same name.
 *
 * @param type the column's type with its schema and without its modifier; that below a domain
 * @param operator the operator of equality with its schema: that of the type's default operator
 *     class, which only a superuser makes
 * @param builtIn whether the operator is in {@code pg_catalog}, where it is found for types that
 *     have none of their own too, as enums and composite types
 * @param catalog whether the type itself is in {@code pg_catalog}. Of any other its owner, who need
 *     not be that of a table, can make a cast from text at any time: no text may be cast to it,
 *     only read by its input function
 */
public record KeyType(String type, String operator, boolean builtIn, boolean catalog) {
  private static final String SQL =
      """
      WITH RECURSIVE below (attname, oid) AS (
        SELECT a.attname, a.atttypid FROM pg_catalog.pg_attribute a
         WHERE a.attrelid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(?)
           AND a.attnum OPERATOR(pg_catalog.>) 0 AND NOT a.attisdropped
        UNION ALL
        SELECT b.attname, t.typbasetype
          FROM below b JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) b.oid
         WHERE t.typtype OPERATOR(pg_catalog.=) 'd')
      SELECT b.attname, pg_catalog.quote_ident(n.nspname), pg_catalog.quote_ident(t.typname),
        pg_catalog.quote_ident(equal.schema), equal.name
      FROM below b
      JOIN pg_catalog.pg_type t ON t.oid OPERATOR(pg_catalog.=) b.oid
      JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) t.typnamespace
      LEFT JOIN LATERAL (
        SELECT s.nspname, o.oprname
          FROM pg_catalog.pg_opclass c
          JOIN pg_catalog.pg_am m ON m.oid OPERATOR(pg_catalog.=) c.opcmethod
          JOIN pg_catalog.pg_amop p ON p.amopfamily OPERATOR(pg_catalog.=) c.opcfamily
           AND p.amoplefttype OPERATOR(pg_catalog.=) t.oid
           AND p.amoprighttype OPERATOR(pg_catalog.=) t.oid
           AND p.amopstrategy OPERATOR(pg_catalog.=)
             CASE WHEN m.amname OPERATOR(pg_catalog.=) 'btree' THEN 3 ELSE 1 END
          JOIN pg_catalog.pg_operator o ON o.oid OPERATOR(pg_catalog.=) p.amopopr
          JOIN pg_catalog.pg_namespace s ON s.oid OPERATOR(pg_catalog.=) o.oprnamespace
         WHERE c.opcdefault AND c.opcintype OPERATOR(pg_catalog.=) t.oid
           AND m.amname OPERATOR(pg_catalog.=) ANY ('{btree,hash}')
         ORDER BY m.amname LIMIT 1) AS equal (schema, name) ON true
      WHERE t.typtype OPERATOR(pg_catalog.<>) 'd'
      """;

  private static final String CATALOG = "pg_catalog";

  /**
   * Reads those of all columns of a table.
   *
   * @param connection to the database; its search path does not matter
   * @param table the table
   * @return by column; empty when there is no such table
   * @throws SQLException when the catalog cannot be read
   */
  public static Map<String, KeyType> read(Connection connection, TableName table)
      throws SQLException {
    Map<String, KeyType> types = new HashMap<>();
    CatalogQuery.list(
        connection,
        SQL,
        row -> {
          String schema = row.getString(4) == null ? CATALOG : row.getString(4);
          String name = row.getString(5) == null ? "=" : row.getString(5);
          types.put(
              row.getString(1),
              new KeyType(
                  row.getString(2) + "." + row.getString(3),
                  "OPERATOR(" + schema + "." + name + ")",
                  schema.equals(CATALOG),
                  row.getString(2).equals(CATALOG)));
          return row.getRow();
        },
        table.quoted());
    return types;
  }

  /**
   * A condition that is true for values that are equal.
   *
   * @param column a column of this type, quoted
   * @param value an expression, for example a parameter, that can be cast to the type
   * @return SQL
   */
  public String equal(String column, String value) {
    String cast = "CAST(" + value + " AS " + type + ")";
    // Over a type below a domain, or one that has an operator of a stranger's beside its own in the
    // same schema, only what takes exactly this type is meant.
    String left = builtIn ? column : "CAST(" + column + " AS " + type + ")";
    return left + " " + operator + " " + cast;
  }
}
