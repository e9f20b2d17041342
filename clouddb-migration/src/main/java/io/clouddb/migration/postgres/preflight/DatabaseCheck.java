/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.schema.SchemaSurvey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Names what belongs to the database as a whole, or to its server, and is not carried. */
final class DatabaseCheck {
  // Of a role that something in this database belongs to, or that may do something in it, its
  // settings for all databases count too.
  private static final String SETTINGS =
      """
      SELECT coalesce(r.rolname::text, '') AS role,
        pg_catalog.concat_ws(' ', CASE WHEN s.setdatabase <> 0 THEN 'database' END,
          'role ' || r.rolname) AS name, pg_catalog.array_to_string(ARRAY(
            SELECT pg_catalog.split_part(c, '=', 1) FROM pg_catalog.unnest(s.setconfig) c),
              ', ') AS settings
      FROM pg_catalog.pg_db_role_setting s
      JOIN pg_catalog.pg_database d ON d.datname = pg_catalog.current_database()
      LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
      WHERE s.setdatabase = d.oid
        OR s.setdatabase = 0 AND (r.rolname = current_user OR EXISTS (
          SELECT FROM pg_catalog.pg_shdepend p
          WHERE p.dbid = d.oid AND p.refclassid = 'pg_catalog.pg_authid'::regclass
            AND p.refobjid = s.setrole))
      ORDER BY 2
      """;

  // The owner's own, and what everybody has in a new database, need no mention.
  private static final String PRIVILEGES =
      """
      SELECT p.role, p.text
      FROM pg_catalog.pg_database d
      CROSS JOIN LATERAL (
        SELECT coalesce(r.rolname::text, '') AS role, a.privilege_type || ' to ' || coalesce(r.rolname::text, 'PUBLIC')
          || CASE WHEN a.is_grantable THEN ' with grant option' ELSE '' END AS text
        FROM pg_catalog.aclexplode(d.datacl) a LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
        WHERE a.grantee <> d.datdba AND NOT EXISTS (
          SELECT FROM pg_catalog.aclexplode(pg_catalog.acldefault('d', d.datdba)) s
          WHERE s.grantee = a.grantee AND s.privilege_type = a.privilege_type)
        UNION ALL
        SELECT '', 'not ' || s.privilege_type || ' to PUBLIC'
        FROM pg_catalog.aclexplode(pg_catalog.acldefault('d', d.datdba)) s
        WHERE s.grantee = 0 AND NOT EXISTS (
          SELECT FROM pg_catalog.aclexplode(d.datacl) a
          WHERE a.grantee = 0 AND a.privilege_type = s.privilege_type)) p
      WHERE d.datname = pg_catalog.current_database() AND d.datacl IS NOT NULL
      ORDER BY p.text
      """;

  private static final String COMMENT =
      """
      SELECT d.datname
      FROM pg_catalog.pg_database d
      JOIN pg_catalog.pg_shdescription s ON s.classoid = 'pg_catalog.pg_database'::regclass
        AND s.objoid = d.oid
      WHERE d.datname = pg_catalog.current_database()
      """;

  private static final String TABLESPACES =
      """
      SELECT t.spcname, pg_catalog.count(*) AS objects
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_tablespace t ON t.oid = c.reltablespace
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE t.spcname <> 'pg_global' AND n.nspname NOT LIKE 'pg\\_%'
      GROUP BY t.spcname ORDER BY t.spcname
      """;

  private static final String EXTENSION_PRIVILEGES =
      """
      SELECT i.type || ' ' || i.identity AS name
      FROM (
        SELECT 'pg_catalog.pg_class'::regclass::oid AS classid, oid, relacl AS acl
          FROM pg_catalog.pg_class
        UNION ALL SELECT 'pg_catalog.pg_proc'::regclass, oid, proacl FROM pg_catalog.pg_proc
        UNION ALL SELECT 'pg_catalog.pg_type'::regclass, oid, typacl FROM pg_catalog.pg_type) o
      JOIN pg_catalog.pg_depend e ON e.classid = o.classid AND e.objid = o.oid AND e.deptype = 'e'
      LEFT JOIN pg_catalog.pg_init_privs p
        ON p.classoid = o.classid AND p.objoid = o.oid AND p.objsubid = 0
      CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.oid, 0) i
      WHERE o.oid >= 16384 AND o.acl IS DISTINCT FROM p.initprivs AND o.acl IS NOT NULL
      ORDER BY 1
      """;

  private static final String ROLES =
      """
      SELECT r.rolname, pg_catalog.count(*) AS objects
      FROM pg_catalog.pg_shdepend p
      JOIN pg_catalog.pg_database d ON d.oid = p.dbid
      JOIN pg_catalog.pg_roles r ON r.oid = p.refobjid
      WHERE d.datname = pg_catalog.current_database()
        AND p.refclassid = 'pg_catalog.pg_authid'::regclass
        AND r.rolname <> current_user
      GROUP BY r.rolname ORDER BY r.rolname
      """;

  private final Side source;
  private final Findings findings;

  DatabaseCheck(Side source, Findings findings) {
    this.source = source;
    this.findings = findings;
  }

  void run() throws SQLException {
    list(
        source.connection(),
        SETTINGS,
        row -> {
          // A cloud's own roles are as that cloud made them, and the next one has others.
          if (!SchemaSurvey.isRoleOfACloud(row.getString("role"))) {
            findings.warning(
                "source.database-settings",
                row.getString("name"),
                "Settings were made with ALTER DATABASE or ALTER ROLE, and are not carried: "
                    + row.getString("settings")
                    + ".",
                "Repeat them on the target.");
          }
          return row.getRow();
        });
    privileges();
    list(
        source.connection(),
        COMMENT,
        row -> {
          findings.info(
              "source.database-comment",
              row.getString("datname"),
              "The comment on the database is not carried.",
              "Repeat COMMENT ON DATABASE on the target.");
          return row.getRow();
        });
    list(
        source.connection(),
        TABLESPACES,
        row -> {
          findings.warning(
              "source.tablespace",
              row.getString("spcname"),
              row.getLong("objects")
                  + " tables or indexes are in this tablespace; on the target they are made in the"
                  + " default one.",
              "ALTER TABLE ... SET TABLESPACE on the target, if it has another one for them.");
          return row.getRow();
        });
    list(
        source.connection(),
        EXTENSION_PRIVILEGES,
        row -> {
          findings.warning(
              "source.extension-privileges",
              row.getString("name"),
              "Its privileges were changed after its extension made it; that is not carried.",
              "Repeat GRANT and REVOKE on the target.");
          return row.getRow();
        });
    list(
        source.connection(),
        ROLES,
        row -> {
          if (SchemaSurvey.isRoleOfACloud(row.getString("rolname"))) {
            findings.info(
                "source.cloud-role",
                row.getString("rolname"),
                row.getLong("objects")
                    + " objects belong to this role of the source's cloud or were given to it; that"
                    + " is not carried.",
                "Nothing has to be done, unless it was you who gave it: the target's cloud has"
                    + " roles of its own.");
          }
          return row.getRow();
        });
  }

  private void privileges() throws SQLException {
    List<String> privileges = new ArrayList<>();
    list(
        source.connection(),
        PRIVILEGES,
        row -> {
          if (!SchemaSurvey.isRoleOfACloud(row.getString("role"))) {
            privileges.add(row.getString("text"));
          }
          return row.getRow();
        });
    if (!privileges.isEmpty()) {
      findings.warning(
          "source.database-privileges",
          source.details().database(),
          "The privileges of the database itself are not carried: "
              + String.join("; ", privileges)
              + ".",
          "Repeat GRANT ... ON DATABASE on the target before the cutover.");
    }
  }
}
