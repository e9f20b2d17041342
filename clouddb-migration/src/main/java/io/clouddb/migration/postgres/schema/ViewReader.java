/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads views, materialized ones too; the server writes their queries. */
final class ViewReader {
  /** How the query of a materialized view ends. */
  static final String WITHOUT_ROWS = "\n WITH NO DATA";

  private static final String VIEWS =
      """
      SELECT c.oid::bigint AS oid, n.oid::bigint AS schema_oid, n.nspname, c.relname,
        c.relkind = 'm' AS materialized, c.relispopulated,
        c.reltype::bigint AS type_oid, t.typarray::bigint AS array_oid,
        r.oid::bigint AS rule_oid, pg_catalog.pg_get_viewdef(c.oid) AS definition,
      """
          + UserOptions.OF_RELATION
          + """
         AS options
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_type t ON t.oid = c.reltype
      JOIN pg_catalog.pg_rewrite r ON r.ev_class = c.oid AND r.rulename = '_RETURN'
      WHERE c.relkind IN ('v', 'm') AND c.relpersistence <> 't'
        AND (c.relam = 0 OR c.relam = (SELECT oid FROM pg_catalog.pg_am WHERE amname = 'heap'))
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY n.nspname, c.relname
      """;

  private static final String COLUMNS =
      """
      SELECT a.attrelid::bigint AS view_oid, pg_catalog.quote_ident(a.attname) AS name,
        CASE WHEN a.attstorage <> t.typstorage THEN
          CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
            WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END AS storage,
        CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
        CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics,
      """
          + UserOptions.OF_COLUMN
          + """
         AS options
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      WHERE c.relkind = 'm' AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attrelid, a.attnum
      """;

  private record ColumnSettings(long viewOid, List<String> settings) {}

  private ViewReader() {}

  static List<SchemaObject> read(Connection connection, UserOptions userOptions)
      throws SQLException {
    Map<Long, List<String>> settings = new HashMap<>();
    list(connection, COLUMNS, row -> columnSettings(row, userOptions))
        .forEach(
            column ->
                settings
                    .computeIfAbsent(column.viewOid, oid -> new ArrayList<>())
                    .addAll(column.settings));
    List<SchemaObject> objects = new ArrayList<>();
    for (List<SchemaObject> each :
        list(connection, VIEWS, row -> view(row, settings, userOptions))) {
      objects.addAll(each);
    }
    return objects;
  }

  private static ColumnSettings columnSettings(ResultSet row, UserOptions userOptions)
      throws SQLException {
    return new ColumnSettings(
        row.getLong("view_oid"), TableReader.settings(row.getString("name"), row, userOptions));
  }

  private static List<SchemaObject> view(
      ResultSet row, Map<Long, List<String>> settings, UserOptions userOptions)
      throws SQLException {
    boolean materialized = row.getBoolean("materialized");
    TableName name = new TableName(row.getString("nspname"), row.getString("relname"));
    String identity = name.quoted();
    List<String> options =
        userOptions.of(
            materialized ? UserOptions.Place.TABLE : UserOptions.Place.VIEW, row, "options");
    Address address = Address.relation(row.getLong("oid"));
    SchemaObject.Builder definition =
        SchemaObject.of(
                materialized ? ObjectKind.MATERIALIZED_VIEW : ObjectKind.VIEW, identity, address)
            .table(name)
            .requires(new Address(Address.NAMESPACE, row.getLong("schema_oid")))
            .covers(Address.type(row.getLong("type_oid")))
            .covers(Address.type(row.getLong("array_oid")))
            .covers(new Address(Address.REWRITE, row.getLong("rule_oid")));
    String head =
        (materialized ? "CREATE MATERIALIZED VIEW " : "CREATE VIEW ")
            + identity
            + (options.isEmpty() ? "" : " WITH (" + String.join(", ", options) + ")")
            + " AS\n";
    String query = withoutSemicolon(row.getString("definition"));
    definition.statement(head + query + (materialized ? WITHOUT_ROWS : ""));
    List<String> rest = new ArrayList<>(List.of(head));
    for (String setting : settings.getOrDefault(row.getLong("oid"), List.of())) {
      String alter = "ALTER MATERIALIZED VIEW " + identity + " ALTER COLUMN " + setting;
      definition.statement(alter);
      rest.add(alter);
    }
    SchemaObject view = definition.wording(new Wording(rest, Map.of("query", query))).build();
    if (!materialized || !row.getBoolean("relispopulated")) {
      return List.of(view);
    }
    SchemaObject rows =
        SchemaObject.of(
                ObjectKind.MATERIALIZED_VIEW_ROWS,
                identity,
                Address.about(ObjectKind.MATERIALIZED_VIEW_ROWS, row.getLong("oid")))
            .table(name)
            .requires(address)
            .statement("REFRESH MATERIALIZED VIEW " + identity)
            .build();
    return List.of(view, rows);
  }

  private static String withoutSemicolon(String query) {
    return query.endsWith(";") ? query.substring(0, query.length() - 1) : query;
  }
}
