/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;
import static io.clouddb.migration.postgres.catalog.CatalogQuery.strings;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads row security: whether it is on, whether it holds for the owner too, and its policies. The
 * migration's role owns the tables, or is a member of the role that does, so it is not subject to
 * what is not forced; what is forced is a matter of preflight.
 */
final class RowSecurityReader {
  private static final String TABLES =
      """
      SELECT c.oid::bigint AS oid, n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE (c.relrowsecurity OR c.relforcerowsecurity) AND c.relkind IN ('r', 'p')
        AND c.relpersistence <> 't'
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
      ORDER BY n.nspname, c.relname
      """;

  private static final String POLICIES =
      """
      SELECT p.oid::bigint AS oid, c.oid::bigint AS table_oid, n.nspname, c.relname,
        pg_catalog.quote_ident(p.polname) AS name, p.polpermissive,
        CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE'
          WHEN 'd' THEN 'DELETE' ELSE 'ALL' END AS command,
        p.polroles = '{0}' AS for_public,
        ARRAY(SELECT r.rolname::text FROM pg_catalog.pg_roles r
          WHERE r.oid = ANY (p.polroles)) AS roles,
        pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS qualification,
        pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS with_check
      FROM pg_catalog.pg_policy p
      JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relpersistence <> 't'
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
      ORDER BY n.nspname, c.relname, p.polname
      """;

  private RowSecurityReader() {}

  static List<SchemaObject> read(Connection connection, Sides sides) throws SQLException {
    List<SchemaObject> objects =
        new ArrayList<>(list(connection, TABLES, RowSecurityReader::table));
    objects.addAll(list(connection, POLICIES, row -> policy(row, sides)));
    return objects;
  }

  private static SchemaObject table(ResultSet row) throws SQLException {
    TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
    Address address = Address.relation(row.getLong("oid"));
    SchemaObject.Builder security =
        SchemaObject.of(
                ObjectKind.ROW_SECURITY,
                table.quoted(),
                Address.about(ObjectKind.ROW_SECURITY, address))
            .table(table)
            .requires(address);
    if (row.getBoolean("relrowsecurity")) {
      security.statement("ALTER TABLE ONLY " + table.quoted() + " ENABLE ROW LEVEL SECURITY");
    }
    if (row.getBoolean("relforcerowsecurity")) {
      security.statement("ALTER TABLE ONLY " + table.quoted() + " FORCE ROW LEVEL SECURITY");
    }
    return security.build();
  }

  /** There is nothing to make when every role that it is for stays behind. */
  private static SchemaObject policy(ResultSet row, Sides sides) throws SQLException {
    TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
    String name = row.getString("name");
    SchemaObject.Builder policy =
        SchemaObject.of(
                ObjectKind.POLICY,
                name + " ON " + table.quoted(),
                new Address(Address.POLICY, row.getLong("oid")))
            .table(table)
            .requires(Address.relation(row.getLong("table_oid")));
    TreeSet<String> roles = new TreeSet<>();
    if (row.getBoolean("for_public")) {
      roles.add("PUBLIC");
    }
    for (String role : strings(row, "roles")) {
      if (!sides.leavesBehind(role)) {
        roles.add(sides.inSql(role));
        if (!sides.isOwn(role)) {
          policy.role(role);
        }
      }
    }
    if (roles.isEmpty()) {
      return policy.build();
    }
    String head =
        "CREATE POLICY "
            + name
            + " ON "
            + table.quoted()
            + (row.getBoolean("polpermissive") ? "" : " AS RESTRICTIVE")
            + " FOR "
            + row.getString("command")
            + " TO "
            + String.join(", ", roles);
    Map<String, String> expressions = new LinkedHashMap<>();
    @Nullable String qualification = row.getString("qualification");
    if (qualification != null) {
      expressions.put("USING", qualification);
    }
    @Nullable String check = row.getString("with_check");
    if (check != null) {
      expressions.put("WITH CHECK", check);
    }
    StringBuilder sql = new StringBuilder(head);
    expressions.forEach(
        (clause, expression) ->
            sql.append("\n").append(clause).append(" (").append(expression).append(")"));
    return policy
        .statement(sql.toString())
        .wording(new Wording(List.of(head), expressions))
        .build();
  }
}
