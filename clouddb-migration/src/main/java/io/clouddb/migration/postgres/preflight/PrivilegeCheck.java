/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.preflight;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import java.sql.SQLException;

/** Names what belongs to roles rather than to the schema, and is not carried. */
final class PrivilegeCheck {
  // Roles and grants are another matter than the schema; that they stay behind must be said.
  private static final String GRANTS =
      """
      SELECT count(*) FILTER (WHERE o.owner <> (SELECT oid FROM pg_roles
          WHERE rolname = current_user)) AS owners,
        count(*) FILTER (WHERE o.acl IS NOT NULL) AS grants
      FROM (
        SELECT relowner AS owner, relacl AS acl, relnamespace AS schema, oid,
          'pg_class'::regclass AS classid FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL SELECT proowner, proacl, pronamespace, oid, 'pg_proc'::regclass FROM pg_proc
      ) o
      JOIN pg_namespace n ON n.oid = o.schema
      WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND NOT EXISTS (
          SELECT FROM pg_depend e
          WHERE e.classid = o.classid AND e.objid = o.oid AND e.deptype IN ('e', 'i'))
      """;

  private static final String SETTINGS =
      """
      SELECT concat_ws(' ', CASE WHEN s.setdatabase <> 0 THEN 'database' END,
          'role ' || r.rolname) AS name, array_to_string(ARRAY(
            SELECT split_part(c, '=', 1) FROM unnest(s.setconfig) c), ', ') AS settings
      FROM pg_db_role_setting s
      LEFT JOIN pg_roles r ON r.oid = s.setrole
      JOIN pg_database d ON d.oid = s.setdatabase
      WHERE d.datname = current_database()
      ORDER BY 1
      """;

  private static final String DEFINERS =
      """
      SELECT format('%I.%I', n.nspname, p.proname) AS name, pg_get_userbyid(p.proowner) AS owner
      FROM pg_proc p
      JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE p.prosecdef AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND pg_get_userbyid(p.proowner) <> current_user
        AND NOT EXISTS (
          SELECT FROM pg_depend e
          WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid AND e.deptype IN ('e', 'i'))
      ORDER BY 1
      """;

  private final Side source;
  private final Side target;
  private final Findings findings;

  PrivilegeCheck(Side source, Side target, Findings findings) {
    this.source = source;
    this.target = target;
    this.findings = findings;
  }

  void run() throws SQLException {
    grants();
    settings();
  }

  private void grants() throws SQLException {
    list(
        source.connection(),
        GRANTS,
        row -> {
          long owners = row.getLong("owners");
          long grants = row.getLong("grants");
          if (owners > 0 || grants > 0) {
            findings.warning(
                "source.privileges",
                "owners and privileges",
                owners
                    + " objects have other owners, and "
                    + grants
                    + " have privileges of their own. On the target all belong to "
                    + target.details().user()
                    + ", and nobody else has privileges.",
                "Repeat ALTER ... OWNER TO and GRANT on the target before the cutover.");
          }
          return row.getRow();
        });
    String defaults = source.value("SELECT count(*) FROM pg_default_acl");
    if (!defaults.equals("0")) {
      findings.warning(
          "source.default-privileges",
          "default privileges",
          defaults + " default privileges are not carried.",
          "Repeat ALTER DEFAULT PRIVILEGES on the target.");
    }
    list(
        source.connection(),
        DEFINERS,
        row -> {
          findings.warning(
              "source.security-definer",
              row.getString("name"),
              "It runs with the rights of "
                  + row.getString("owner")
                  + " on the source, and with those of "
                  + target.details().user()
                  + " on the target.",
              "Give it to the right owner on the target.");
          return row.getRow();
        });
  }

  private void settings() throws SQLException {
    list(
        source.connection(),
        SETTINGS,
        row -> {
          findings.warning(
              "source.database-settings",
              row.getString("name"),
              "Settings were made with ALTER DATABASE or ALTER ROLE, and are not carried: "
                  + row.getString("settings")
                  + ".",
              "Repeat them on the target.");
          return row.getRow();
        });
  }
}
