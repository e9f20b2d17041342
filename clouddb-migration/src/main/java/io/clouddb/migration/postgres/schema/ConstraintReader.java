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

/** Reads the constraints of tables; the server writes them. */
final class ConstraintReader {
  /** What makes a foreign key that is not checked against the rows that are there. */
  static final String NOT_VALID = " NOT VALID";

  // The child's check comes before the parent's, so that both count as made where they were made,
  // be the child a partition or a table that inherits.
  // A partition's copy of a parent's check or foreign key comes with the parent's.
  private static final String CONSTRAINTS =
      """
      WITH RECURSIVE line AS (
        SELECT c.oid, 0 AS levels FROM pg_catalog.pg_class c
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
        UNION ALL
        SELECT i.inhrelid, l.levels + 1 FROM line l JOIN pg_catalog.pg_inherits i
          ON i.inhparent = l.oid),
      depth AS (SELECT oid, pg_catalog.max(levels) AS levels FROM line GROUP BY oid)
      SELECT k.oid::bigint AS oid, n.nspname, c.relname, c.oid::bigint AS table_oid,
        pg_catalog.quote_ident(k.conname) AS name, k.contype::text AS contype,
        k.conindid::bigint AS index_oid, pg_catalog.pg_get_constraintdef(k.oid) AS definition,
        CASE WHEN k.condeferrable THEN ' DEFERRABLE' ELSE '' END
          || CASE WHEN k.condeferred THEN ' INITIALLY DEFERRED' ELSE '' END AS timing,
        coalesce((
          SELECT
      """
          + UserOptions.OF_RELATION
          + """
          FROM pg_catalog.pg_class c WHERE c.oid = k.conindid AND k.contype IN ('p', 'u')),
            '{}') AS options
      FROM pg_catalog.pg_constraint k
      JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN depth d ON d.oid = c.oid
      WHERE c.relpersistence <> 't'
        AND (k.contype IN ('p', 'u', 'x')
          OR k.contype = 'c' AND k.conislocal
          OR k.contype = 'n' AND k.conislocal AND NOT k.convalidated
          OR k.contype = 'f' AND k.conparentid = 0)
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY d.levels DESC, n.nspname, c.relname, k.contype = 'p' DESC, k.conname
      """;

  // What a partitioned table's foreign key is made of in its leaves. A foreign key on a partitioned
  // table has rows that point to each of its partitions too; these are another thing.
  private static final String LEAF_FOREIGN_KEYS =
      """
      WITH RECURSIVE part AS (
        SELECT k.oid, k.oid AS root, k.conrelid, k.confrelid FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        WHERE k.contype = 'f' AND k.conparentid = 0 AND c.relkind = 'p'
        UNION ALL
        SELECT k.oid, p.root, k.conrelid, p.confrelid FROM part p
        JOIN pg_catalog.pg_constraint k ON k.conparentid = p.oid AND k.contype = 'f'
          AND k.confrelid = p.confrelid AND k.conrelid <> p.conrelid)
      SELECT r.oid::bigint AS root_oid, n.nspname, c.relname,
        pg_catalog.quote_ident(k.conname) AS name,
        pg_catalog.pg_get_constraintdef(k.oid) AS definition
      FROM part p
      JOIN pg_catalog.pg_constraint r ON r.oid = p.root
      JOIN pg_catalog.pg_constraint k ON k.oid = p.oid
      JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND r.convalidated
      ORDER BY n.nspname, c.relname, k.conname
      """;

  private ConstraintReader() {}

  /**
   * For each foreign key of a partitioned table those of its leaves.
   *
   * @return by the address of the partitioned table's
   */
  static Map<Address, List<SchemaObject>> leafForeignKeys(Connection connection)
      throws SQLException {
    Map<Address, List<SchemaObject>> leaves = new HashMap<>();
    list(
            connection,
            LEAF_FOREIGN_KEYS,
            row ->
                Map.entry(
                    new Address(Address.CONSTRAINT, row.getLong("root_oid")), leafForeignKey(row)))
        .forEach(
            entry ->
                leaves
                    .computeIfAbsent(entry.getKey(), address -> new ArrayList<>())
                    .add(entry.getValue()));
    return leaves;
  }

  private static SchemaObject leafForeignKey(ResultSet row) throws SQLException {
    TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
    String name = row.getString("name");
    return SchemaObject.of(
            ObjectKind.FOREIGN_KEY,
            name + " ON " + table.quoted(),
            new Address(Address.CONSTRAINT, 0, name + " ON " + table.quoted()))
        .table(table)
        .statement(
            "ALTER TABLE "
                + table.quoted()
                + " ADD CONSTRAINT "
                + name
                + " "
                + row.getString("definition"))
        .build();
  }

  static List<SchemaObject> read(Connection connection, UserOptions userOptions)
      throws SQLException {
    return list(connection, CONSTRAINTS, row -> constraint(row, userOptions));
  }

  private static SchemaObject constraint(ResultSet row, UserOptions userOptions)
      throws SQLException {
    TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
    String type = row.getString("contype");
    String name = row.getString("name");
    ObjectKind kind =
        switch (type) {
          case "f" -> ObjectKind.FOREIGN_KEY;
          case "c", "n" -> ObjectKind.CHECK;
          default -> ObjectKind.KEY;
        };
    SchemaObject.Builder constraint =
        SchemaObject.of(
                kind,
                name + " ON " + table.quoted(),
                new Address(Address.CONSTRAINT, row.getLong("oid")))
            .table(table)
            .requires(Address.relation(row.getLong("table_oid")));
    if (kind == ObjectKind.KEY) {
      constraint.covers(Address.relation(row.getLong("index_oid")));
    }
    // A partitioned table's key is made alone, and those of its partitions are attached to it.
    return constraint
        .statement(
            (kind == ObjectKind.KEY ? "ALTER TABLE ONLY " : "ALTER TABLE ")
                + table.quoted()
                + " ADD CONSTRAINT "
                + name
                + " "
                + withOptions(
                    row.getString("definition"),
                    row.getString("timing"),
                    userOptions.of(UserOptions.Place.INDEX, row, "options")))
        .build();
  }

  /**
   * The server leaves the storage options of a primary key's or unique constraint's index out of
   * the constraint; they precede the timing, which is the last that a key's definition says.
   */
  private static String withOptions(String definition, String timing, List<String> options) {
    if (options.isEmpty()) {
      return definition;
    }
    if (!definition.endsWith(timing)) {
      throw new IllegalStateException("A key's definition ends in another way than its timing");
    }
    return definition.substring(0, definition.length() - timing.length())
        + " WITH ("
        + String.join(", ", options)
        + ")"
        + timing;
  }
}
