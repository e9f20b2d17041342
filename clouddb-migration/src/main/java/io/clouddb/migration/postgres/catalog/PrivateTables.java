/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * {@link PlainTables} that hold a secret, and say what is believed: nobody may read or write them
 * who could not act as the role that uses them anyway, or was named.
 *
 * <p>Such are that role itself, superusers, the members of that role, and before PostgreSQL 16 who
 * has {@code CREATEROLE} (a cloud's admin), since he can make himself a member. A role that
 * <em>it</em> is a member of is none: a migration's role has to be a member of all that own tables,
 * and from 16 on is one of all that it made; each of them could put the tables there first. Nor is
 * the owner of the database, who often is the application's role: a trigger of his would run with
 * the rights of the migration's.
 */
public final class PrivateTables {
  /** The first parameter names the roles that are trusted, the second the schema. */
  private static final String THINGS =
      """
      WITH me AS (
        SELECT r.oid, r.rolsuper FROM pg_catalog.pg_roles r
        WHERE r.rolname OPERATOR(pg_catalog.=) current_user),
      trusted AS (
        SELECT o.oid FROM pg_catalog.pg_roles o CROSS JOIN me
        WHERE o.rolsuper OR o.rolname OPERATOR(pg_catalog.=) ANY (?)
          OR pg_catalog.pg_has_role(o.oid, me.oid, 'MEMBER')
          OR o.rolcreaterole AND NOT me.rolsuper
            AND pg_catalog.current_setting('server_version_num')::int
              OPERATOR(pg_catalog.<) 160000),
      schema AS (
        SELECT n.oid, n.nspowner, n.nspacl, pg_catalog.format('%I', n.nspname) AS name
        FROM pg_catalog.pg_namespace n WHERE n.nspname OPERATOR(pg_catalog.=) ?),
      tables AS (
        SELECT c.oid, c.relowner, c.relacl, s.oid AS schema, s.nspacl,
          pg_catalog.format('%s.%I', s.name, c.relname) AS name
        FROM pg_catalog.pg_class c
        JOIN schema s ON s.oid OPERATOR(pg_catalog.=) c.relnamespace
        WHERE c.relkind OPERATOR(pg_catalog.=) 'r'),
      granted AS (
        SELECT t.oid, a.grantee, a.privilege_type FROM tables t
        CROSS JOIN LATERAL pg_catalog.aclexplode(t.relacl) a
        UNION
        SELECT t.oid, a.grantee, a.privilege_type FROM tables t
        JOIN pg_catalog.pg_attribute c ON c.attrelid OPERATOR(pg_catalog.=) t.oid
        CROSS JOIN LATERAL pg_catalog.aclexplode(c.attacl) a)
      """;

  private static final String OF_OTHERS =
      """
      SELECT pg_catalog.format('%s belongs to the role %I', o.name,
          pg_catalog.pg_get_userbyid(o.owner)),
        pg_catalog.format('ALTER %s %s OWNER TO %I', o.kind, o.name, current_user)
      FROM (SELECT 'SCHEMA' AS kind, s.name, s.nspowner AS owner FROM schema s
        UNION ALL SELECT 'TABLE', t.name, t.relowner FROM tables t) o
      WHERE NOT EXISTS (SELECT FROM trusted x WHERE x.oid OPERATOR(pg_catalog.=) o.owner)
      ORDER BY 1
      """;

  /**
   * A privilege on a table is of use to who has USAGE on its schema, too; either may be everybody's
   * or that of a role that he is a member of.
   */
  private static final String GRANTED =
      """
      SELECT pg_catalog.format('%s has %s on %s', g.who,
          pg_catalog.string_agg(g.privilege_type, ', ' ORDER BY g.privilege_type), g.name),
        pg_catalog.format('REVOKE ALL ON %s FROM %s', g.name, g.who)
      FROM (SELECT t.name, p.privilege_type,
          CASE WHEN p.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC'
            ELSE pg_catalog.format('%I', pg_catalog.pg_get_userbyid(p.grantee)) END AS who
        FROM tables t JOIN granted p ON p.oid OPERATOR(pg_catalog.=) t.oid
        WHERE p.grantee OPERATOR(pg_catalog.<>) t.relowner
          AND NOT EXISTS (SELECT FROM trusted x WHERE x.oid OPERATOR(pg_catalog.=) p.grantee)
          AND EXISTS (SELECT FROM pg_catalog.aclexplode(t.nspacl) u
            WHERE u.privilege_type OPERATOR(pg_catalog.=) 'USAGE'
              AND (u.grantee OPERATOR(pg_catalog.=) 0
                OR EXISTS (SELECT FROM pg_catalog.pg_roles r
                  WHERE pg_catalog.pg_has_role(r.oid, u.grantee, 'MEMBER')
                    AND (p.grantee OPERATOR(pg_catalog.=) 0
                      OR pg_catalog.pg_has_role(r.oid, p.grantee, 'MEMBER'))
                    AND NOT EXISTS (SELECT FROM trusted x
                      WHERE x.oid OPERATOR(pg_catalog.=) r.oid))))) g
      GROUP BY g.who, g.name
      ORDER BY 1
      """;

  /** Who makes something in the schema ends all runs, since it is not what is expected there. */
  private static final String CREATORS =
      """
      SELECT DISTINCT pg_catalog.format('%s has CREATE on the schema %s', c.who, c.name),
        pg_catalog.format('REVOKE CREATE ON SCHEMA %s FROM %s', c.name, c.who)
      FROM (SELECT s.name, CASE WHEN a.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC'
            ELSE pg_catalog.format('%I', pg_catalog.pg_get_userbyid(a.grantee)) END AS who
        FROM schema s CROSS JOIN LATERAL pg_catalog.aclexplode(s.nspacl) a
        WHERE a.privilege_type OPERATOR(pg_catalog.=) 'CREATE'
          AND a.grantee OPERATOR(pg_catalog.<>) s.nspowner
          AND NOT EXISTS (SELECT FROM trusted x
            WHERE x.oid OPERATOR(pg_catalog.=) a.grantee)) c
      ORDER BY 1
      """;

  private static final String BY_DEFAULT =
      """
      SELECT DISTINCT pg_catalog.format('REVOKE ALL ON %s FROM %s', t.name,
        CASE WHEN p.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC'
          ELSE pg_catalog.format('%I', pg_catalog.pg_get_userbyid(p.grantee)) END)
      FROM tables t JOIN granted p ON p.oid OPERATOR(pg_catalog.=) t.oid
      JOIN me ON me.oid OPERATOR(pg_catalog.=) t.relowner
      WHERE p.grantee OPERATOR(pg_catalog.<>) t.relowner
        AND NOT EXISTS (SELECT FROM trusted x WHERE x.oid OPERATOR(pg_catalog.=) p.grantee)
      """;

  private static final String BY_DEFAULT_ON_SCHEMA =
      """
      SELECT DISTINCT pg_catalog.format('REVOKE ALL ON SCHEMA %s FROM %s', s.name,
        CASE WHEN a.grantee OPERATOR(pg_catalog.=) 0 THEN 'PUBLIC'
          ELSE pg_catalog.format('%I', pg_catalog.pg_get_userbyid(a.grantee)) END)
      FROM schema s CROSS JOIN LATERAL pg_catalog.aclexplode(s.nspacl) a
      WHERE a.grantee OPERATOR(pg_catalog.<>) s.nspowner
        AND NOT EXISTS (SELECT FROM trusted x WHERE x.oid OPERATOR(pg_catalog.=) a.grantee)
      """;

  /** What is wrong, and the statement that mends it. */
  private record Finding(String what, String remedy) {}

  private PrivateTables() {}

  /**
   * Requires that the tables of a schema are plain, and that they, and their schema, are for those
   * alone who may act as the role that uses them.
   *
   * @param connection a session of the role that uses them
   * @param schema the schema
   * @param trusted names of roles that may own them, or have privileges on them, too
   * @throws io.clouddb.error.ConditionFailedException naming what is wrong, and how to mend it
   * @throws SQLException when the catalogs cannot be read
   */
  public static void require(Connection connection, String schema, Set<String> trusted)
      throws SQLException {
    PlainTables.require(connection, schema);
    List<Finding> owners = find(connection, OF_OTHERS, schema, trusted);
    if (!owners.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "Somebody else can read and change what a migration keeps: "
                  + join(owners, Finding::what)
                  + ", which is neither the role that uses it, a member of that, nor a superuser")
          .resource(schema)
          .nextStep(remedy(owners))
          .toException();
    }
    List<Finding> grants = new ArrayList<>(find(connection, GRANTED, schema, trusted));
    grants.addAll(find(connection, CREATORS, schema, trusted));
    if (!grants.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "Others can read or change what a migration keeps: " + join(grants, Finding::what))
          .resource(schema)
          .nextStep(remedy(grants))
          .toException();
    }
  }

  private static String remedy(List<Finding> findings) {
    return "After a look at who made it, have an administrator run: "
        + join(findings, Finding::remedy)
        + ". If that role is to be trusted like the migration's own, name it in"
        + " StateStore.jdbc(dataSource, roles) instead.";
  }

  private static String join(List<Finding> findings, Function<Finding, String> part) {
    return findings.stream().map(part).collect(Collectors.joining("; "));
  }

  private static List<Finding> find(
      Connection connection, String sql, String schema, Set<String> trusted) throws SQLException {
    return CatalogQuery.list(
        connection,
        THINGS + sql,
        row -> new Finding(row.getString(1), row.getString(2)),
        connection.createArrayOf("text", trusted.toArray()),
        schema);
  }

  /**
   * Takes from others what default privileges gave them on tables that were just made.
   *
   * @param connection the session that made them
   * @param schema the schema
   * @param made whether the schema was just made, too; else what somebody gave on it stays
   * @param trusted names of roles that keep what they were given
   * @throws SQLException when that cannot be done
   */
  public static void revokeDefaults(
      Connection connection, String schema, boolean made, Set<String> trusted) throws SQLException {
    try (Statement revoke = connection.createStatement()) {
      for (String given : made ? List.of(BY_DEFAULT, BY_DEFAULT_ON_SCHEMA) : List.of(BY_DEFAULT)) {
        for (String sql :
            CatalogQuery.list(
                connection,
                THINGS + given,
                row -> row.getString(1),
                connection.createArrayOf("text", trusted.toArray()),
                schema)) {
          revoke.execute(sql);
        }
      }
    }
  }
}
