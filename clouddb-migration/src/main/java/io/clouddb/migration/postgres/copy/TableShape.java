/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * What of a table must be the same when its copy is gone on with, after a time in which nothing
 * kept it from being altered.
 *
 * @param oid another one, and the table was dropped and made anew: its publication went with it
 * @param file the file that its rows are in; another one, and the rows were rewritten or truncated,
 *     which the change stream tells only in part. 0 for a partitioned table
 * @param columns a digest of its columns, their places in the catalog, types and generation, of its
 *     key and its replica identity, and of the labels of enums in it: a label that is renamed
 *     changes what rows say, and writes none
 */
public record TableShape(long oid, long file, String columns) {
  private static final String SHAPES =
      """
      WITH RECURSIVE wanted AS (SELECT pg_catalog.unnest(?::bigint[]::oid[]) AS oid),
      types (of_table, type) AS (
        SELECT a.attrelid, a.atttypid FROM wanted w
          JOIN pg_catalog.pg_attribute a ON a.attrelid = w.oid
         WHERE a.attnum > 0 AND NOT a.attisdropped AND a.atttypid >= 16384
        UNION
        SELECT s.of_table, part.type
          FROM types s JOIN pg_catalog.pg_type t ON t.oid = s.type
          CROSS JOIN LATERAL (
            SELECT t.typelem UNION ALL SELECT t.typbasetype
            UNION ALL
            SELECT f.atttypid FROM pg_catalog.pg_attribute f
             WHERE f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped
            UNION ALL
            SELECT r.rngsubtype FROM pg_catalog.pg_range r WHERE t.oid IN (r.rngtypid,
              r.rngmultitypid)
          ) AS part (type)
         WHERE part.type >= 16384),
      labels AS (
        SELECT s.of_table, pg_catalog.string_agg(pg_catalog.concat_ws(' ', e.enumtypid,
          pg_catalog.quote_ident(e.enumlabel)),
            E'\n' ORDER BY e.enumtypid, e.enumsortorder) AS all_labels
          FROM types s JOIN pg_catalog.pg_enum e ON e.enumtypid = s.type GROUP BY s.of_table)
      SELECT n.nspname, c.relname, c.oid::bigint, coalesce(pg_catalog.pg_relation_filenode(c.oid),
        0)::bigint,
        pg_catalog.md5(pg_catalog.concat_ws(E'\\n', c.relkind, c.relreplident,
          (SELECT pg_catalog.string_agg(pg_catalog.concat_ws(' ', a.attnum,
            pg_catalog.quote_ident(a.attname),
              pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attgenerated,
                a.attidentity,
              CASE WHEN a.attgenerated <> '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END),
              E'\\n' ORDER BY a.attnum)
             FROM pg_catalog.pg_attribute a
             LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
            WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
          (SELECT pg_catalog.string_agg(x.indkey::text, E'\\n' ORDER BY x.indexrelid)
             FROM pg_catalog.pg_index x
            WHERE x.indrelid = c.oid AND x.indisvalid
              AND (x.indisprimary OR x.indisreplident)),
          (SELECT pg_catalog.quote_ident(pn.nspname) || '.' || pg_catalog.quote_ident(p.relname)
             FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
             JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
            WHERE i.inhrelid = c.oid AND c.relispartition),
          l.all_labels))
      FROM wanted w JOIN pg_catalog.pg_class c ON c.oid = w.oid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN labels l ON l.of_table = c.oid
      """;

  /**
   * Reads the shapes of tables.
   *
   * @param source a session with an empty search path
   * @param tables as they were just read
   * @return a shape for each that is still there
   * @throws SQLException when the catalog cannot be read
   */
  public static Map<TableName, TableShape> read(Connection source, Collection<Table> tables)
      throws SQLException {
    try (PreparedStatement statement = source.prepareStatement(SHAPES)) {
      statement.setArray(
          1, source.createArrayOf("bigint", tables.stream().map(Table::oid).toArray()));
      Map<TableName, TableShape> shapes = new HashMap<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          shapes.put(
              new TableName(row.getString(1), row.getString(2)),
              new TableShape(row.getLong(3), row.getLong(4), row.getString(5)));
        }
      }
      return shapes;
    }
  }

  /**
   * Reads what {@link #toString} wrote.
   *
   * @param text the text
   * @return the shape
   */
  public static TableShape parse(String text) {
    String[] parts = text.split(" ", 3);
    return new TableShape(Long.parseLong(parts[0]), Long.parseLong(parts[1]), parts[2]);
  }

  /** For the journal. */
  @Override
  public String toString() {
    return oid + " " + file + " " + columns;
  }
}
