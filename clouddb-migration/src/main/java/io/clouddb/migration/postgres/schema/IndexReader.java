/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;
import static io.clouddb.migration.postgres.catalog.CatalogQuery.strings;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads indexes, what replication and CLUSTER use them for, and extended statistics; the server
 * writes their definitions. An index that a failed CREATE INDEX CONCURRENTLY left is none.
 */
final class IndexReader {
  private static final String INDEXES =
      """
      SELECT x.oid::bigint AS oid, xn.nspname AS index_schema, x.relname AS index_name,
        n.nspname, c.relname, c.oid::bigint AS table_oid,
        c.relkind = 'm' AS of_view, k.oid IS NOT NULL AS of_constraint,
          pg_catalog.pg_get_indexdef(x.oid) AS definition,
        ARRAY(
          SELECT a.attnum || ' SET STATISTICS ' || a.attstattarget FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = x.oid AND a.attstattarget >= 0 ORDER BY a.attnum) AS statistics,
        i.indisclustered, i.indisreplident AND c.relreplident = 'i' AS identity,
        p.oid::bigint AS parent_oid, pn.nspname AS parent_schema, p.relname AS parent_name
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
      JOIN pg_catalog.pg_namespace xn ON xn.oid = x.relnamespace
      JOIN pg_catalog.pg_class c ON c.oid = i.indrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = x.oid AND k.contype IN ('p', 'u', 'x')
      LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = x.oid
      LEFT JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
      LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
      WHERE c.relkind IN ('r', 'p', 'm') AND c.relpersistence <> 't'
        AND (i.indisvalid OR x.relkind = 'I')
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY i.indisunique DESC, n.nspname, c.relname, x.relname
      """;

  private static final String IDENTITIES =
      """
      SELECT c.oid::bigint AS oid, n.nspname, c.relname,
        CASE c.relreplident WHEN 'f' THEN 'FULL' ELSE 'NOTHING' END AS identity
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND c.relreplident IN ('f', 'n')
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY n.nspname, c.relname
      """;

  private static final String STATISTICS =
      """
      SELECT s.oid::bigint AS oid, sn.oid::bigint AS schema_oid,
        pg_catalog.quote_ident(sn.nspname) || '.' || pg_catalog.quote_ident(s.stxname) AS identity,
        n.nspname, c.relname, c.oid::bigint AS table_oid,
        pg_catalog.pg_get_statisticsobjdef(s.oid) AS definition,
        CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END AS target
      FROM pg_catalog.pg_statistic_ext s
      JOIN pg_catalog.pg_namespace sn ON sn.oid = s.stxnamespace
      JOIN pg_catalog.pg_class c ON c.oid = s.stxrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_statistic_ext'::regclass AND e.objid = s.oid
            AND e.deptype = 'e')
      ORDER BY 3
      """;

  private IndexReader() {}

  static List<SchemaObject> read(Connection connection) throws SQLException {
    List<SchemaObject> objects = new ArrayList<>();
    for (List<SchemaObject> each : list(connection, INDEXES, IndexReader::index)) {
      objects.addAll(each);
    }
    objects.addAll(list(connection, IDENTITIES, IndexReader::identity));
    objects.addAll(list(connection, STATISTICS, IndexReader::statistics));
    return objects;
  }

  private static List<SchemaObject> index(ResultSet row) throws SQLException {
    long oid = row.getLong("oid");
    Address address = Address.relation(oid);
    TableName name = new TableName(row.getString("index_schema"), row.getString("index_name"));
    TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
    List<SchemaObject> objects = new ArrayList<>();
    if (!row.getBoolean("of_constraint")) {
      SchemaObject.Builder index =
          SchemaObject.of(
                  row.getBoolean("of_view") ? ObjectKind.MATERIALIZED_VIEW_INDEX : ObjectKind.INDEX,
                  name.quoted(),
                  address)
              .table(table)
              .requires(Address.relation(row.getLong("table_oid")))
              .statement(row.getString("definition"));
      for (String statistics : strings(row, "statistics")) {
        index.statement("ALTER INDEX " + name.quoted() + " ALTER COLUMN " + statistics);
      }
      objects.add(index.build());
    }
    @Nullable String parent = row.getString("parent_name");
    if (parent != null) {
      TableName parentName = new TableName(row.getString("parent_schema"), parent);
      objects.add(
          SchemaObject.of(
                  ObjectKind.INDEX_PARTITION,
                  name.quoted(),
                  Address.about(ObjectKind.INDEX_PARTITION, oid))
              .table(table)
              .requires(address)
              .requires(Address.relation(row.getLong("parent_oid")))
              .statement(
                  "ALTER INDEX " + parentName.quoted() + " ATTACH PARTITION " + name.quoted())
              .build());
    }
    if (row.getBoolean("identity")) {
      objects.add(
          SchemaObject.of(
                  ObjectKind.REPLICA_IDENTITY,
                  table.quoted(),
                  Address.about(ObjectKind.REPLICA_IDENTITY, row.getLong("table_oid")))
              .table(table)
              .requires(address)
              .statement(
                  "ALTER TABLE ONLY "
                      + table.quoted()
                      + " REPLICA IDENTITY USING INDEX "
                      + TableName.quote(name.name()))
              .build());
    }
    if (row.getBoolean("indisclustered")) {
      objects.add(
          SchemaObject.of(
                  ObjectKind.CLUSTER,
                  table.quoted(),
                  Address.about(ObjectKind.CLUSTER, row.getLong("table_oid")))
              .table(table)
              .requires(address)
              .statement(
                  "ALTER TABLE " + table.quoted() + " CLUSTER ON " + TableName.quote(name.name()))
              .build());
    }
    return objects;
  }

  private static SchemaObject identity(ResultSet row) throws SQLException {
    TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
    long oid = row.getLong("oid");
    return SchemaObject.of(
            ObjectKind.REPLICA_IDENTITY,
            table.quoted(),
            Address.about(ObjectKind.REPLICA_IDENTITY, oid))
        .table(table)
        .requires(Address.relation(oid))
        .statement(
            "ALTER TABLE ONLY " + table.quoted() + " REPLICA IDENTITY " + row.getString("identity"))
        .build();
  }

  private static SchemaObject statistics(ResultSet row) throws SQLException {
    String identity = row.getString("identity");
    SchemaObject.Builder statistics =
        SchemaObject.of(
                ObjectKind.STATISTICS,
                identity,
                new Address(Address.STATISTICS, row.getLong("oid")))
            .table(new TableName(row.getString("nspname"), row.getString("relname")))
            .requires(new Address(Address.NAMESPACE, row.getLong("schema_oid")))
            .requires(Address.relation(row.getLong("table_oid")))
            .statement(row.getString("definition"));
    @Nullable String target = row.getString("target");
    if (target != null) {
      statistics.statement("ALTER STATISTICS " + identity + " SET STATISTICS " + target);
    }
    return statistics.build();
  }
}
