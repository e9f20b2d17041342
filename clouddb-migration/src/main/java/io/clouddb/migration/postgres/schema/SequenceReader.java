/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads sequences, but for those of identity columns, and the columns that they belong to. */
final class SequenceReader {
  private static final String SEQUENCES =
      """
      SELECT c.oid::bigint AS oid, n.oid::bigint AS schema_oid, n.nspname, c.relname,
        c.relpersistence = 'u' AS unlogged, pg_catalog.quote_ident(n.nspname) || '.'
          || pg_catalog.quote_ident(c.relname) AS identity,
        'AS ' || pg_catalog.format_type(s.seqtypid, NULL) || ' ' || pg_catalog.concat_ws(' ',
          'START WITH ' || s.seqstart, 'INCREMENT BY ' || s.seqincrement,
          'MINVALUE ' || s.seqmin, 'MAXVALUE ' || s.seqmax, 'CACHE ' || s.seqcache,
          CASE WHEN s.seqcycle THEN 'CYCLE' END) AS options,
        o.oid::bigint AS owner_oid, om.nspname AS owner_schema, o.relname AS owner_table,
        a.attname AS owner_column
      FROM pg_catalog.pg_sequence s
      JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::regclass
        AND d.objid = c.oid
        AND d.objsubid = 0 AND d.refclassid = 'pg_catalog.pg_class'::regclass
          AND d.deptype IN ('a', 'i')
        AND d.refobjsubid > 0
      LEFT JOIN pg_catalog.pg_class o ON o.oid = d.refobjid
      LEFT JOIN pg_catalog.pg_namespace om ON om.oid = o.relnamespace
      LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE c.relpersistence <> 't' AND d.deptype IS DISTINCT FROM 'i'
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY n.nspname, c.relname
      """;

  private SequenceReader() {}

  static List<SchemaObject> read(Connection connection, VersionSpan versions) throws SQLException {
    List<SchemaObject> objects = new ArrayList<>();
    for (List<SchemaObject> each :
        list(connection, SEQUENCES, row -> sequence(row, versions.hasUnloggedSequences()))) {
      objects.addAll(each);
    }
    return objects;
  }

  private static List<SchemaObject> sequence(ResultSet row, boolean mayBeUnlogged)
      throws SQLException {
    boolean unlogged = mayBeUnlogged && row.getBoolean("unlogged");
    long oid = row.getLong("oid");
    String identity = row.getString("identity");
    SchemaObject.Builder sequence =
        SchemaObject.of(ObjectKind.SEQUENCE, identity, Address.relation(oid))
            .schema(row.getString("nspname"))
            .requires(new Address(Address.NAMESPACE, row.getLong("schema_oid")))
            .statement(
                (unlogged ? "CREATE UNLOGGED SEQUENCE " : "CREATE SEQUENCE ")
                    + identity
                    + " "
                    + row.getString("options"));
    @Nullable String owner = row.getString("owner_table");
    if (owner == null) {
      return List.of(sequence.build());
    }
    TableName table = new TableName(row.getString("owner_schema"), owner);
    sequence.table(table);
    SchemaObject ownership =
        SchemaObject.of(
                ObjectKind.SEQUENCE_OWNER, identity, Address.about(ObjectKind.SEQUENCE_OWNER, oid))
            .table(table)
            .requires(Address.relation(oid))
            .requires(Address.relation(row.getLong("owner_oid")))
            .statement(
                "ALTER SEQUENCE "
                    + identity
                    + " OWNED BY "
                    + table.quoted()
                    + "."
                    + TableName.quote(row.getString("owner_column")))
            .build();
    return List.of(sequence.build(), ownership);
  }
}
