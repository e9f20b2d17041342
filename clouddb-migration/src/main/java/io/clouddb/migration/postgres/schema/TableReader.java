/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;
import static io.clouddb.migration.postgres.catalog.CatalogQuery.strings;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads tables with their columns, the attachment of partitions, and the defaults of columns. */
final class TableReader {
  private static final String TABLES =
      """
      SELECT c.oid::bigint AS oid, n.oid::bigint AS schema_oid, n.nspname, c.relname,
        c.reltype::bigint AS type_oid, rt.typarray::bigint AS array_oid,
        c.relpersistence = 'u' AS unlogged, pg_catalog.pg_get_partkeydef(c.oid) AS partition_key,
        CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END AS of_type,
        ARRAY(
          SELECT pg_catalog.quote_ident(hn.nspname) || '.' || pg_catalog.quote_ident(h.relname)
          FROM pg_catalog.pg_inherits x JOIN pg_catalog.pg_class h ON h.oid = x.inhparent
          JOIN pg_catalog.pg_namespace hn ON hn.oid = h.relnamespace
          WHERE x.inhrelid = c.oid AND NOT c.relispartition
          ORDER BY x.inhseqno) AS inherits,
      """
          + UserOptions.OF_RELATION
          + """
         AS options,
        p.oid::bigint AS parent_oid, pn.nspname AS parent_schema, p.relname AS parent_name,
        pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_type rt ON rt.oid = c.reltype
      LEFT JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid AND c.relispartition
      LEFT JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
      LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
      WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't'
        AND (c.relam = 0 OR c.relam = (SELECT oid FROM pg_catalog.pg_am WHERE amname = 'heap'))
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class hp ON hp.oid = h.inhparent
          WHERE h.inhrelid = c.oid AND hp.relkind = 'f')
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY n.nspname, c.relname
      """;

  // A column that only its table's parents declare comes with them, but for what was changed in it:
  // there every setting counts, since the parents' are not the defaults. Before 18 the catalog does
  // not say whether a NOT NULL is the parents'.
  private static final String COLUMNS =
      """
      SELECT a.attrelid::bigint AS table_oid, pg_catalog.quote_ident(a.attname) AS name,
        pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
        CASE WHEN a.attcollation <> t.typcollation
          THEN pg_catalog.quote_ident(cn.nspname) || '.'
            || pg_catalog.quote_ident(co.collname) END AS collation,
        a.attislocal OR c.relispartition AS declared,
        a.attnotnull AND coalesce(nn.convalidated, true)
          AND (c.relispartition OR coalesce(nn.conislocal, a.attislocal OR NOT EXISTS (
            SELECT FROM pg_catalog.pg_inherits pi JOIN pg_catalog.pg_attribute pa
              ON pa.attrelid = pi.inhparent
            WHERE pi.inhrelid = a.attrelid AND pa.attname = a.attname AND pa.attnotnull)))
          AS not_null,
        nn.conislocal OR NOT EXISTS (
            SELECT FROM pg_catalog.pg_inherits pi JOIN pg_catalog.pg_constraint pk
              ON pk.conrelid = pi.inhparent
            WHERE pi.inhrelid = a.attrelid AND pk.contype = 'n' AND pk.conname = nn.conname)
          AS own_not_null_name,
        pg_catalog.quote_ident(nn.conname) AS not_null_name, coalesce(nn.connoinherit,
          false) AS no_inherit,
        a.attgenerated::text AS attgenerated, a.attidentity::text AS attidentity,
        c.relispartition, pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression,
        CASE WHEN a.attstorage <> t.typstorage OR NOT a.attislocal AND NOT c.relispartition THEN
          CASE a.attstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL'
            WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END END AS storage,
        CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' END AS compression,
        CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS statistics,
      """
          + UserOptions.OF_COLUMN
          + """
         AS options,
        s.oid::bigint AS sequence_oid,
        CASE WHEN s.relpersistence <> c.relpersistence THEN
          pg_catalog.quote_ident(sn.nspname) || '.' || pg_catalog.quote_ident(s.relname)
            || CASE s.relpersistence WHEN 'u' THEN ' SET UNLOGGED' ELSE ' SET LOGGED' END
          END AS sequence_logging,
        'SEQUENCE NAME ' || pg_catalog.quote_ident(sn.nspname) || '.'
          || pg_catalog.quote_ident(s.relname)
          || pg_catalog.concat_ws(' ', ' START WITH ' || q.seqstart, 'INCREMENT BY '
            || q.seqincrement,
            'MINVALUE ' || q.seqmin, 'MAXVALUE ' || q.seqmax, 'CACHE ' || q.seqcache,
            CASE WHEN q.seqcycle THEN 'CYCLE' END) AS sequence
      FROM pg_catalog.pg_attribute a
      JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        AND a.attgenerated <> ''
      LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
      LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
      LEFT JOIN pg_catalog.pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n'
        AND nn.conkey[1] = a.attnum
      LEFT JOIN pg_catalog.pg_depend sd ON a.attidentity <> ''
        AND sd.classid = 'pg_catalog.pg_class'::regclass
        AND sd.refclassid = 'pg_catalog.pg_class'::regclass AND sd.refobjid = a.attrelid
        AND sd.refobjsubid = a.attnum AND sd.deptype = 'i'
      LEFT JOIN pg_catalog.pg_sequence q ON q.seqrelid = sd.objid
      LEFT JOIN pg_catalog.pg_class s ON s.oid = q.seqrelid
      LEFT JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
      WHERE a.attrelid = ANY (?::bigint[]::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attrelid, a.attnum
      """;

  private static final String DEFAULTS =
      """
      SELECT d.oid::bigint AS oid, n.nspname, c.relname, c.oid::bigint AS table_oid, a.attname,
        pg_catalog.pg_get_expr(d.adbin, d.adrelid) AS expression
      FROM pg_catalog.pg_attrdef d
      JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
      JOIN pg_catalog.pg_class c ON c.oid = d.adrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE a.attgenerated = '' AND c.relkind IN ('r', 'p', 'v') AND c.relpersistence <> 't'
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY n.nspname, c.relname, a.attnum
      """;

  private final Connection connection;
  private final VersionSpan versions;
  private final UserOptions userOptions;

  TableReader(Connection connection, VersionSpan versions, UserOptions userOptions) {
    this.connection = connection;
    this.versions = versions;
    this.userOptions = userOptions;
  }

  List<SchemaObject> read() throws SQLException {
    List<TableRow> tables = list(connection, TABLES, this::tableRow);
    Map<Long, List<ColumnDefinition>> columns = columns(tables);
    List<SchemaObject> objects = new ArrayList<>();
    for (TableRow table : tables) {
      objects.add(table(table, columns.getOrDefault(table.oid, List.of())));
    }
    for (TableRow table : tables) {
      if (table.parent != null) {
        objects.add(partition(table, table.parent));
      }
    }
    objects.addAll(list(connection, DEFAULTS, TableReader::columnDefault));
    return objects;
  }

  private TableRow tableRow(ResultSet row) throws SQLException {
    @Nullable String parent = row.getString("parent_name");
    return new TableRow(
        row.getLong("oid"),
        row.getLong("schema_oid"),
        new TableName(row.getString("nspname"), row.getString("relname")),
        row.getLong("type_oid"),
        row.getLong("array_oid"),
        row.getBoolean("unlogged"),
        row.getString("partition_key"),
        row.getString("of_type"),
        strings(row, "inherits"),
        userOptions.of(UserOptions.Place.TABLE, row, "options"),
        row.getLong("parent_oid"),
        parent == null ? null : new TableName(row.getString("parent_schema"), parent),
        row.getString("bound"));
  }

  private Map<Long, List<ColumnDefinition>> columns(List<TableRow> tables) throws SQLException {
    Map<Long, List<ColumnDefinition>> columns = new HashMap<>();
    Long[] oids = tables.stream().map(TableRow::oid).toArray(Long[]::new);
    for (ColumnDefinition column :
        list(connection, COLUMNS, this::column, connection.createArrayOf("bigint", oids))) {
      columns.computeIfAbsent(column.tableOid, oid -> new ArrayList<>()).add(column);
    }
    return columns;
  }

  private SchemaObject table(TableRow row, List<ColumnDefinition> columns) {
    String identity = row.name.quoted();
    SchemaObject.Builder table =
        SchemaObject.of(ObjectKind.TABLE, identity, Address.relation(row.oid))
            .table(row.name)
            .requires(new Address(Address.NAMESPACE, row.schemaOid));
    if (row.typeOid != 0) {
      table.covers(Address.type(row.typeOid)).covers(Address.type(row.arrayOid));
    }
    List<String> lines = new ArrayList<>();
    for (ColumnDefinition column : columns) {
      if (!column.sql.isEmpty()) {
        lines.add("\n  " + column.sql);
      }
      if (column.sequenceOid != 0) {
        table.covers(Address.relation(column.sequenceOid));
      }
    }
    StringBuilder sql =
        new StringBuilder(isUnlogged(row) ? "CREATE UNLOGGED TABLE " : "CREATE TABLE ")
            .append(identity)
            .append(" (")
            .append(String.join(",", lines))
            .append(")");
    if (!row.inherits.isEmpty()) {
      sql.append(" INHERITS (").append(String.join(", ", row.inherits)).append(")");
    }
    if (row.partitionKey != null) {
      sql.append(" PARTITION BY ").append(row.partitionKey);
    }
    if (!row.options.isEmpty()) {
      sql.append(" WITH (").append(String.join(", ", row.options)).append(")");
    }
    table.statement(sql.toString());
    // A column that was added to a parent later comes last in the child, and not where it is made
    // anew.
    List<ColumnDefinition> inOrder = new ArrayList<>(columns);
    if (!row.inherits.isEmpty()) {
      inOrder.sort(Comparator.comparing(ColumnDefinition::name));
    }
    for (ColumnDefinition column : inOrder) {
      for (String setting : column.settings) {
        table.statement("ALTER TABLE ONLY " + identity + " ALTER COLUMN " + setting);
      }
      if (column.sequenceLogging != null && versions.hasUnloggedSequences()) {
        table.statement("ALTER SEQUENCE " + column.sequenceLogging);
      }
    }
    if (row.ofType != null) {
      table.statement("ALTER TABLE " + identity + " OF " + row.ofType);
    }
    return table.build();
  }

  /** A partitioned table has no rows to log; from 18 on it cannot be unlogged. */
  private boolean isUnlogged(TableRow row) {
    return row.unlogged && (row.partitionKey == null || versions.highest() < 18);
  }

  private static SchemaObject partition(TableRow row, TableName parent) {
    return SchemaObject.of(
            ObjectKind.PARTITION, row.name.quoted(), Address.about(ObjectKind.PARTITION, row.oid))
        .table(row.name)
        .requires(Address.relation(row.oid))
        .requires(Address.relation(row.parentOid))
        .statement(
            "ALTER TABLE ONLY "
                + parent.quoted()
                + " ATTACH PARTITION "
                + row.name.quoted()
                + " "
                + row.bound)
        .build();
  }

  private static SchemaObject columnDefault(ResultSet row) throws SQLException {
    TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
    String column = TableName.quote(row.getString("attname"));
    return SchemaObject.of(
            ObjectKind.DEFAULT,
            table.quoted() + "." + column,
            new Address(Address.DEFAULT, row.getLong("oid")))
        .table(table)
        .requires(Address.relation(row.getLong("table_oid")))
        .statement(
            "ALTER TABLE ONLY "
                + table.quoted()
                + " ALTER COLUMN "
                + column
                + " SET DEFAULT "
                + row.getString("expression"))
        .build();
  }

  private ColumnDefinition column(ResultSet row) throws SQLException {
    String name = row.getString("name");
    StringBuilder sql = new StringBuilder(name).append(' ').append(row.getString("type"));
    @Nullable String collation = row.getString("collation");
    if (collation != null) {
      sql.append(" COLLATE ").append(collation);
    }
    String generated = row.getString("attgenerated");
    if (!generated.isEmpty()) {
      sql.append(" GENERATED ALWAYS AS (")
          .append(row.getString("expression"))
          .append(generated.equals("s") ? ") STORED" : ") VIRTUAL");
    }
    String identity = row.getString("attidentity");
    boolean ownIdentity =
        !identity.isEmpty()
            && (!row.getBoolean("relispartition") || versions.partitionsHaveOwnIdentity());
    if (ownIdentity) {
      sql.append(identity.equals("a") ? " GENERATED ALWAYS" : " GENERATED BY DEFAULT")
          .append(" AS IDENTITY (")
          .append(row.getString("sequence"))
          .append(")");
    }
    if (row.getBoolean("not_null")) {
      @Nullable String constraint = row.getString("not_null_name");
      if (constraint != null && versions.namesNotNull()) {
        sql.append(" CONSTRAINT ").append(constraint);
      }
      sql.append(" NOT NULL").append(row.getBoolean("no_inherit") ? " NO INHERIT" : "");
    }
    List<String> settings = new ArrayList<>();
    boolean declared = row.getBoolean("declared");
    String sentence = sql.toString();
    if (!declared) {
      sentence = "";
      @Nullable String constraint = row.getString("not_null_name");
      if (constraint != null && versions.namesNotNull()) {
        // It may have a name of its own, though the column and its NOT NULL are a parent's.
        sentence =
            row.getBoolean("own_not_null_name")
                ? "CONSTRAINT " + constraint + " NOT NULL " + name
                : "";
      } else if (row.getBoolean("not_null")) {
        settings.add(name + " SET NOT NULL");
      }
    }
    if (!declared && ownIdentity) {
      settings.add(
          name
              + " ADD GENERATED "
              + (identity.equals("a") ? "ALWAYS" : "BY DEFAULT")
              + " AS IDENTITY ("
              + row.getString("sequence")
              + ")");
    }
    settings.addAll(settings(name, row, userOptions));
    return new ColumnDefinition(
        row.getLong("table_oid"),
        name,
        sentence,
        settings,
        row.getLong("sequence_oid"),
        row.getString("sequence_logging"));
  }

  /** What a column of a table or a materialized view has beyond its definition. */
  static List<String> settings(String name, ResultSet row, UserOptions userOptions)
      throws SQLException {
    List<String> settings = new ArrayList<>();
    @Nullable String storage = row.getString("storage");
    if (storage != null) {
      settings.add(name + " SET STORAGE " + storage);
    }
    @Nullable String compression = row.getString("compression");
    if (compression != null) {
      settings.add(name + " SET COMPRESSION " + compression);
    }
    @Nullable String statistics = row.getString("statistics");
    if (statistics != null) {
      settings.add(name + " SET STATISTICS " + statistics);
    }
    List<String> options = userOptions.of(UserOptions.Place.COLUMN, row, "options");
    if (!options.isEmpty()) {
      settings.add(name + " SET (" + String.join(", ", options) + ")");
    }
    return settings;
  }

  private record ColumnDefinition(
      long tableOid,
      String name,
      String sql,
      List<String> settings,
      long sequenceOid,
      @Nullable String sequenceLogging) {}

  private record TableRow(
      long oid,
      long schemaOid,
      TableName name,
      long typeOid,
      long arrayOid,
      boolean unlogged,
      @Nullable String partitionKey,
      @Nullable String ofType,
      List<String> inherits,
      List<String> options,
      long parentOid,
      @Nullable TableName parent,
      @Nullable String bound) {}
}
