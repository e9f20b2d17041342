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

/** Reads triggers and rules with whether they are enabled; the server writes them. */
final class TriggerReader {
  // A partition's copy of its parent's trigger comes with that, enabled.
  private static final String TRIGGERS =
      """
      SELECT t.oid::bigint AS oid, c.oid::bigint AS table_oid, n.nspname, c.relname,
        t.tgname, t.tgparentid = 0 AS own,
        pg_catalog.pg_get_triggerdef(t.oid) AS definition,
        CASE t.tgenabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
          WHEN 'A' THEN 'ENABLE ALWAYS' ELSE 'ENABLE' END AS state,
        t.tgenabled <> 'O' AS differs
      FROM pg_catalog.pg_trigger t
      JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_constraint k ON k.oid = t.tgconstraint
      WHERE (t.tgparentid = 0 AND NOT t.tgisinternal
          OR t.tgparentid <> 0 AND coalesce(k.contype, 't') = 't' AND t.tgenabled <> 'O')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace fn
            ON fn.oid = f.pronamespace
          WHERE f.oid = t.tgfoid AND fn.nspname = 'clouddb_migration')
        AND c.relpersistence <> 't'
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_trigger'::regclass AND e.objid = t.oid
            AND e.deptype = 'e')
      ORDER BY n.nspname, c.relname, t.tgname
      """;

  private static final String RULES =
      """
      SELECT r.oid::bigint AS oid, c.oid::bigint AS table_oid, n.nspname, c.relname, r.rulename,
        pg_catalog.pg_get_ruledef(r.oid) AS definition,
        CASE r.ev_enabled WHEN 'D' THEN 'DISABLE' WHEN 'R' THEN 'ENABLE REPLICA'
          WHEN 'A' THEN 'ENABLE ALWAYS' END AS state
      FROM pg_catalog.pg_rewrite r
      JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE r.rulename <> '_RETURN' AND c.relpersistence <> 't'
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_rewrite'::regclass AND e.objid = r.oid
            AND e.deptype = 'e')
      ORDER BY n.nspname, c.relname, r.rulename
      """;

  private TriggerReader() {}

  static List<SchemaObject> read(Connection connection) throws SQLException {
    List<SchemaObject> objects = new ArrayList<>();
    objects.addAll(list(connection, RULES, TriggerReader::rule));
    objects.addAll(list(connection, TRIGGERS, TriggerReader::trigger));
    return objects;
  }

  private static SchemaObject trigger(ResultSet row) throws SQLException {
    TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
    String name = TableName.quote(row.getString("tgname"));
    String identity = name + " ON " + table.quoted();
    boolean own = row.getBoolean("own");
    SchemaObject.Builder trigger =
        own
            ? SchemaObject.of(
                    ObjectKind.TRIGGER, identity, new Address(Address.TRIGGER, row.getLong("oid")))
                .statement(row.getString("definition"))
            : SchemaObject.of(
                ObjectKind.TRIGGER_STATE,
                identity,
                Address.about(ObjectKind.TRIGGER_STATE, row.getLong("oid")));
    if (row.getBoolean("differs")) {
      trigger.statement(
          "ALTER TABLE ONLY " + table.quoted() + " " + row.getString("state") + " TRIGGER " + name);
    }
    return trigger.table(table).requires(Address.relation(row.getLong("table_oid"))).build();
  }

  private static SchemaObject rule(ResultSet row) throws SQLException {
    TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
    String name = TableName.quote(row.getString("rulename"));
    SchemaObject.Builder rule =
        SchemaObject.of(
                ObjectKind.RULE,
                name + " ON " + table.quoted(),
                new Address(Address.REWRITE, row.getLong("oid")))
            .table(table)
            .requires(Address.relation(row.getLong("table_oid")))
            .statement(row.getString("definition"));
    @Nullable String state = row.getString("state");
    if (state != null) {
      rule.statement("ALTER TABLE " + table.quoted() + " " + state + " RULE " + name);
    }
    return rule.build();
  }
}
