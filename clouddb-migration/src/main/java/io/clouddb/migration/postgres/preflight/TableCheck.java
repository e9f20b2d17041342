/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableSelection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Whether each selected table can be published, read and fenced. */
final class TableCheck {
  private static final long WIDE_BYTES = 1_000_000;
  private static final long MEGABYTE = 1 << 20;

  private static final String UNREADABLE_SEQUENCES =
      """
      SELECT n.nspname, c.relname
      FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relpersistence <> 't'
        AND CASE WHEN c.relkind = 'S' THEN NOT pg_catalog.has_sequence_privilege(c.oid,
          'SELECT') END
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY 1, 2
      """;

  // Who owns a table, or is a member of the role that does, may publish it and fence it.
  private static final String RIGHTS =
      """
      SELECT c.oid::bigint AS oid, pg_catalog.pg_has_role(c.relowner, 'USAGE') AS owned,
        pg_catalog.pg_get_userbyid(c.relowner) AS owner,
        pg_catalog.has_table_privilege(c.oid, 'SELECT')
          AND pg_catalog.has_schema_privilege(c.relnamespace, 'USAGE')
          AS readable, pg_catalog.pg_total_relation_size(c.oid) AS bytes
      FROM pg_catalog.pg_class c
      WHERE c.oid = ANY (?::bigint[]::oid[])
      """;

  private static final String WIDE =
      """
      SELECT s.schemaname, s.tablename, s.attname, s.avg_width
      FROM pg_catalog.pg_stats s
      WHERE s.avg_width > ? AND s.schemaname NOT LIKE 'pg\\_%'
      ORDER BY 1, 2, 3
      """;

  private record Rights(long oid, boolean owned, String owner, boolean readable, long bytes) {}

  private final Side source;
  private final TableSelection selection;
  private final PreflightOptions options;
  private final Findings findings;

  TableCheck(Side source, TableSelection selection, PreflightOptions options, Findings findings) {
    this.source = source;
    this.selection = selection;
    this.options = options;
    this.findings = findings;
  }

  void run() throws SQLException {
    List<Table> tables = Catalog.read(source.connection(), selection);
    if (tables.isEmpty()) {
      findings.error(
          "source.nothing-selected",
          selection.toString(),
          "No table of the source is selected by " + selection + ".",
          "Check the patterns; they are of the form schema.table, and case counts.");
      return;
    }
    List<Table> unlogged =
        Catalog.readUnlogged(source.connection(), selection).stream()
            .filter(table -> !options.leftBehind().contains(called(table)))
            .toList();
    Map<Long, Rights> rights = new HashMap<>();
    Object oids =
        source
            .connection()
            .createArrayOf(
                "bigint",
                Stream.concat(tables.stream(), unlogged.stream()).map(Table::oid).toArray());
    list(
            source.connection(),
            RIGHTS,
            row ->
                new Rights(
                    row.getLong("oid"),
                    row.getBoolean("owned"),
                    row.getString("owner"),
                    row.getBoolean("readable"),
                    row.getLong("bytes")),
            oids)
        .forEach(each -> rights.put(each.oid, each));
    for (Table table : tables) {
      Rights right = rights.get(table.oid());
      if (right != null) {
        rights(table, right);
      }
    }
    for (Table table : unlogged) {
      Rights right = rights.get(table.oid());
      if (right != null) {
        rights(table, right);
        unlogged(table, right);
      }
    }
    sequences();
    wide();
  }

  /** How the table is named where it is to be left behind. */
  private static String called(Table table) {
    return "table " + table.name().quoted();
  }

  private void unlogged(Table table, Rights right) {
    if (table.kind() == Table.Kind.PARTITIONED) {
      return;
    }
    findings.warning(
        "source.unlogged",
        table.name().quoted(),
        "The table is unlogged, so the stream of changes lacks it. It is copied in the write pause"
            + " of the cutover, which grows with its size: "
            + (right.bytes + MEGABYTE - 1) / MEGABYTE
            + " MB.",
        "Empty it before the cutover if it holds nothing of worth. Or ALTER TABLE "
            + table.name().quoted()
            + " SET LOGGED. Or name it among what may be left behind: "
            + called(table));
  }

  private void sequences() throws SQLException {
    list(
            source.connection(),
            UNREADABLE_SEQUENCES,
            row -> new TableName(row.getString("nspname"), row.getString("relname")))
        .stream()
        .filter(sequence -> selection.includesSchema(sequence.schema()))
        .forEach(
            sequence ->
                findings.error(
                    "source.sequence-unreadable",
                    sequence.quoted(),
                    "Where the sequence stands cannot be read.",
                    "GRANT SELECT ON SEQUENCE "
                        + sequence.quoted()
                        + " TO "
                        + source.quotedUser()
                        + "."));
  }

  private void rights(Table table, Rights right) {
    String name = table.name().quoted();
    if (!right.owned) {
      findings.error(
          "source.table-owner",
          name,
          "The table belongs to "
              + right.owner
              + "; only its owner can publish it and fence it against writes.",
          "As "
              + right.owner
              + " or an administrator: GRANT "
              + TableName.quote(right.owner)
              + " TO "
              + source.quotedUser()
              + ".");
    } else if (!right.readable) {
      findings.error(
          "source.table-unreadable",
          name,
          "The table or its schema cannot be read.",
          "GRANT USAGE ON SCHEMA "
              + TableName.quote(table.name().schema())
              + " TO "
              + source.quotedUser()
              + "; GRANT SELECT ON "
              + name
              + " TO "
              + source.quotedUser()
              + ".");
    }
  }

  private void wide() throws SQLException {
    list(
            source.connection(),
            WIDE,
            row ->
                Map.entry(
                    new TableName(row.getString("schemaname"), row.getString("tablename")),
                    row.getString("attname") + " (" + row.getInt("avg_width") / 1000 + " kB)"),
            WIDE_BYTES)
        .stream()
        .filter(entry -> selection.includes(entry.getKey()))
        .forEach(
            entry ->
                findings.info(
                    "source.large-values",
                    entry.getKey().quoted(),
                    "The column " + entry.getValue() + " holds large values.",
                    "A change is held in memory as a whole: give the migration enough of it."));
  }
}
