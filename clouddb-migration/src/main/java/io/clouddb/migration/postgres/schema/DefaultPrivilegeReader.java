/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads which privileges on what a role will make it gives to others, or takes from them. */
final class DefaultPrivilegeReader {
  // Those for a whole database replace what the server gives; those for a schema come on top.
  private static final String DEFAULT_PRIVILEGES =
      """
      WITH entry AS (
        SELECT d.oid, a.grantee, a.privilege_type,
          pg_catalog.bool_or(a.is_grantable AND a.grantee <> d.defaclrole) AS grantable
        FROM pg_catalog.pg_default_acl d CROSS JOIN LATERAL pg_catalog.aclexplode(d.defaclacl) a
          GROUP BY 1, 2, 3),
      standard AS (
        SELECT d.oid, a.grantee, a.privilege_type
        FROM pg_catalog.pg_default_acl d
        CROSS JOIN LATERAL pg_catalog.aclexplode(pg_catalog.acldefault(
          CASE d.defaclobjtype WHEN 'S' THEN 's'::"char" ELSE d.defaclobjtype END, d.defaclrole)) a
        WHERE d.defaclnamespace = 0),
      change AS (
        SELECT oid, grantee, privilege_type, e.grantable IS NULL AS revoked,
          coalesce(e.grantable, false) AS grantable
        FROM entry e FULL JOIN standard s USING (oid, grantee, privilege_type)
        WHERE e.grantable IS NULL OR s.oid IS NULL OR e.grantable)
      SELECT d.oid::bigint AS oid, o.rolname::text AS owner, n.oid::bigint AS schema_oid, n.nspname,
        CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES'
          WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES' WHEN 'n' THEN 'SCHEMAS'
          ELSE 'LARGE OBJECTS' END AS objects,
        CASE WHEN c.grantee = 0 THEN '' ELSE g.rolname::text END AS grantee, c.revoked,
        c.grantable, pg_catalog.string_agg(c.privilege_type, ', '
          ORDER BY c.privilege_type) AS privileges
      FROM change c
      JOIN pg_catalog.pg_default_acl d ON d.oid = c.oid
      JOIN pg_catalog.pg_roles o ON o.oid = d.defaclrole
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
      LEFT JOIN pg_catalog.pg_roles g ON g.oid = c.grantee
      WHERE (c.grantee = 0 OR g.oid IS NOT NULL)
        AND coalesce(n.nspname, '') NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
      GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
      ORDER BY 2, 4 NULLS FIRST, 5, 7 DESC, 6, 8
      """;

  private DefaultPrivilegeReader() {}

  static List<SchemaObject> read(Connection connection, Sides sides) throws SQLException {
    Map<Long, SchemaObject.Builder> objects = new LinkedHashMap<>();
    list(connection, DEFAULT_PRIVILEGES, row -> change(row, sides, objects));
    return objects.values().stream().map(SchemaObject.Builder::build).toList();
  }

  private static boolean change(ResultSet row, Sides sides, Map<Long, SchemaObject.Builder> objects)
      throws SQLException {
    String owner = row.getString("owner");
    String grantee = row.getString("grantee");
    if (sides.leavesBehind(owner) || sides.leavesBehind(grantee)) {
      return false;
    }
    long oid = row.getLong("oid");
    @Nullable String schema = row.getString("nspname");
    String whose =
        "FOR ROLE "
            + sides.inSql(owner)
            + (schema == null ? "" : " IN SCHEMA " + TableName.quote(schema));
    String what = row.getString("objects");
    SchemaObject.Builder object = objects.get(oid);
    if (object == null) {
      object =
          SchemaObject.of(
              ObjectKind.DEFAULT_PRIVILEGES,
              whose + " ON " + what,
              new Address(Address.DEFAULT_ACL, oid));
      objects.put(oid, object);
      if (schema != null) {
        object.schema(schema).requires(new Address(Address.NAMESPACE, row.getLong("schema_oid")));
      }
    }
    for (String role : List.of(owner, grantee)) {
      if (!role.isEmpty() && !sides.isOwn(role)) {
        object.role(role);
      }
    }
    boolean revoked = row.getBoolean("revoked");
    object.statement(
        "ALTER DEFAULT PRIVILEGES "
            + whose
            + (revoked ? " REVOKE " : " GRANT ")
            + row.getString("privileges")
            + " ON "
            + what
            + (revoked ? " FROM " : " TO ")
            + (grantee.isEmpty() ? "PUBLIC" : sides.inSql(grantee))
            + (row.getBoolean("grantable") ? " WITH GRANT OPTION" : ""));
    return true;
  }
}
