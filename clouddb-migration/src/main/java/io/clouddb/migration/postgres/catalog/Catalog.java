/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;
import static io.clouddb.migration.postgres.catalog.CatalogQuery.strings;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the tables of a database, in two queries however many there are. */
public final class Catalog {
  private static final String SELECTABLE =
      """
      c.relkind IN ('r', 'p')
        AND (c.relam = 0 OR c.relam = (SELECT oid FROM pg_catalog.pg_am WHERE amname = 'heap'))
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_inherits h
          JOIN pg_catalog.pg_class hp ON hp.oid = h.inhparent
          WHERE h.inhrelid = c.oid AND hp.relkind = 'f')
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid
            AND e.deptype = 'e')
      """;

  // A deferrable key cannot identify rows in the stream, so it is no key here: indimmediate.
  private static final String TABLES =
      """
      SELECT c.oid::bigint AS oid, n.nspname, c.relname, c.relkind::text AS relkind,
        c.relreplident::text AS relreplident,
        CASE WHEN c.relkind = 'r' THEN
          pg_catalog.pg_relation_size(c.oid)
            / pg_catalog.current_setting('block_size')::bigint ELSE 0 END AS pages,
        greatest(c.reltuples, 0)::bigint AS reltuples,
        pn.nspname AS parent_schema, p.relname AS parent_name,
        ARRAY(
          SELECT a.attname::text
          FROM pg_catalog.pg_index x
          CROSS JOIN LATERAL pg_catalog.generate_series(0, x.indnkeyatts - 1) AS k(i)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = x.indkey[k.i]
          WHERE x.indrelid = c.oid AND x.indisvalid AND x.indimmediate
            AND CASE c.relreplident WHEN 'd' THEN x.indisprimary
              WHEN 'i' THEN x.indisreplident ELSE false END
          ORDER BY k.i) AS key
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
      LEFT JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
      LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
      WHERE c.relpersistence = ?::"char" AND
      """
          + SELECTABLE
          + " ORDER BY n.nspname, c.relname";

  // A look at names alone is quick, and waits for nobody's lock.
  private static final String NAMES =
      """
      SELECT c.oid::bigint AS oid, n.nspname, c.relname
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relpersistence IN ('p', 'u') AND
      """
          + SELECTABLE;

  private static final String COLUMNS =
      """
      SELECT a.attrelid::bigint AS table_oid, a.attname,
        pg_catalog.format_type(a.atttypid, a.atttypmod) AS type, a.atttypid::bigint AS type_oid,
        a.attnotnull, a.attgenerated::text AS attgenerated, a.attidentity::text AS attidentity
      FROM pg_catalog.pg_attribute a
      WHERE a.attrelid = ANY (?::bigint[]::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attrelid, a.attnum
      """;

  private Catalog() {}

  /**
   * Reads the selected tables, partitioned ones and each of their partitions too. Tables that
   * belong to an extension, those that inherit from a foreign table, and temporary ones are not
   * among them, and neither are those of {@link #readUnlogged}. For type names that are qualified
   * wherever they have to be, the session is one of {@link CatalogSession}.
   *
   * @param connection to the database
   * @param selection which tables
   * @return the tables by schema and name, in the order of the server's own "C" collation
   * @throws SQLException when a query fails
   */
  public static List<Table> read(Connection connection, TableSelection selection)
      throws SQLException {
    return read(connection, selection, "p");
  }

  /**
   * Reads the selected tables whose rows are not logged, so that the stream of changes lacks them.
   *
   * @param connection as for {@link #read}
   * @param selection which tables
   * @return the tables by schema and name
   * @throws SQLException when a query fails
   */
  public static List<Table> readUnlogged(Connection connection, TableSelection selection)
      throws SQLException {
    return read(connection, selection, "u");
  }

  /**
   * Reads what the selected tables of {@link #read} and {@link #readUnlogged} are called, and
   * nothing else of them. It is quick and takes no locks on them.
   *
   * @param connection as for {@link #read}
   * @param selection which tables
   * @return their names by their oids
   * @throws SQLException when the query fails
   */
  public static Map<Long, TableName> names(Connection connection, TableSelection selection)
      throws SQLException {
    Map<Long, TableName> names = new HashMap<>();
    list(
            connection,
            NAMES,
            row ->
                Map.entry(
                    row.getLong("oid"),
                    new TableName(row.getString("nspname"), row.getString("relname"))))
        .stream()
        .filter(table -> selection.includes(table.getValue()))
        .forEach(table -> names.put(table.getKey(), table.getValue()));
    return names;
  }

  private static List<Table> read(
      Connection connection, TableSelection selection, String persistence) throws SQLException {
    List<TableRow> rows =
        list(connection, TABLES, TableRow::of, persistence).stream()
            .filter(row -> selection.includes(row.name))
            .toList();
    Map<Long, List<Column>> columns = new HashMap<>();
    Long[] oids = rows.stream().map(TableRow::oid).toArray(Long[]::new);
    list(
        connection,
        COLUMNS,
        row -> {
          columns
              .computeIfAbsent(row.getLong("table_oid"), oid -> new ArrayList<>())
              .add(column(row));
          return row.getRow();
        },
        connection.createArrayOf("bigint", oids));
    return rows.stream().map(row -> row.table(columns.getOrDefault(row.oid, List.of()))).toList();
  }

  private static Column column(ResultSet row) throws SQLException {
    String identity = row.getString("attidentity");
    return new Column(
        row.getString("attname"),
        row.getString("type"),
        (int) row.getLong("type_oid"),
        row.getBoolean("attnotnull"),
        !row.getString("attgenerated").isEmpty(),
        identity.isEmpty() ? ' ' : identity.charAt(0));
  }

  private record TableRow(
      long oid,
      TableName name,
      Table.Kind kind,
      char replicaIdentity,
      long pages,
      long estimatedRows,
      Optional<TableName> parent,
      List<String> key) {
    static TableRow of(ResultSet row) throws SQLException {
      @Nullable String parent = row.getString("parent_name");
      return new TableRow(
          row.getLong("oid"),
          new TableName(row.getString("nspname"), row.getString("relname")),
          row.getString("relkind").equals("p") ? Table.Kind.PARTITIONED : Table.Kind.ORDINARY,
          row.getString("relreplident").charAt(0),
          row.getLong("pages"),
          row.getLong("reltuples"),
          parent == null
              ? Optional.empty()
              : Optional.of(new TableName(row.getString("parent_schema"), parent)),
          strings(row, "key"));
    }

    Table table(List<Column> columns) {
      return new Table(
          name, oid, kind, columns, key, replicaIdentity, pages, estimatedRows, parent);
    }
  }
}
