/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads who owns each object, and who may do what with it and its columns: both only where they are
 * not what an object of the migration's role has from the start.
 *
 * <p>Who gave a privilege is not carried: on the target the owner gives all. The schema public is
 * there before the migration, so what counts is how it was changed; its owner is not carried.
 */
final class PrivilegeReader {
  // Of a sequence that a column owns the owner is the table's. What comes with an extension is as
  // the extension makes it.
  private static final String OBJECTS =
      """
      WITH object AS (
        SELECT 'pg_catalog.pg_namespace'::regclass::oid AS classid, n.oid, n.nspname AS schema,
          NULL::name AS table_schema, NULL::name AS table_name, 'SCHEMA' AS word,
          pg_catalog.quote_ident(n.nspname) AS identity, n.nspowner AS owner, n.nspacl AS acl,
          'n'::"char" AS acl_kind, n.nspname <> 'public' AS has_owner
        FROM pg_catalog.pg_namespace n
        UNION ALL
        SELECT 'pg_catalog.pg_class'::regclass, c.oid, n.nspname,
          CASE WHEN c.relkind <> 'S' THEN n.nspname ELSE tn.nspname END,
          CASE WHEN c.relkind <> 'S' THEN c.relname ELSE t.relname END,
          CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW'
            WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'TABLE' END,
          pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname),
            c.relowner, c.relacl,
          CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END,
          c.relkind <> 'S' OR t.oid IS NULL
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_depend d ON c.relkind = 'S'
          AND d.classid = 'pg_catalog.pg_class'::regclass
          AND d.objid = c.oid AND d.objsubid = 0 AND d.refclassid = 'pg_catalog.pg_class'::regclass
          AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
        LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
        LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
        WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND c.relpersistence <> 't'
        UNION ALL
        SELECT 'pg_catalog.pg_proc'::regclass, p.oid, n.nspname, NULL, NULL,
          CASE p.prokind WHEN 'p' THEN 'PROCEDURE' ELSE 'FUNCTION' END,
          pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname)
            || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')',
          p.proowner, p.proacl, 'f', true
        FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prokind <> 'a'
        UNION ALL
        SELECT 'pg_catalog.pg_type'::regclass, t.oid, n.nspname, NULL, NULL,
          CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END,
          pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname),
            t.typowner, t.typacl, 'T', true
        FROM pg_catalog.pg_type t
        JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
        LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
        WHERE t.typtype IN ('e', 'd', 'r') OR t.typtype = 'c' AND c.relkind = 'c'
        UNION ALL
        SELECT 'pg_catalog.pg_collation'::regclass, k.oid, n.nspname, NULL, NULL, 'COLLATION',
          pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(k.collname),
            k.collowner, NULL, 'r', true
        FROM pg_catalog.pg_collation k JOIN pg_catalog.pg_namespace n ON n.oid = k.collnamespace
        UNION ALL
        SELECT 'pg_catalog.pg_statistic_ext'::regclass, s.oid, n.nspname, tn.nspname, t.relname,
          'STATISTICS',
          pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(s.stxname),
            s.stxowner, NULL, 'r', true
        FROM pg_catalog.pg_statistic_ext s
        JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
        JOIN pg_catalog.pg_class t ON t.oid = s.stxrelid
        JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace),
      mine AS (
        SELECT * FROM object o
        WHERE (o.oid >= 16384 OR o.word = 'SCHEMA' AND o.schema = 'public')
          AND o.schema NOT LIKE 'pg\\_%' AND o.schema <> 'information_schema'
          AND o.schema NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
          AND NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend e
            WHERE e.classid = o.classid AND e.objid = o.oid AND e.deptype = 'e'))
      """;

  private static final String OWNERS =
      OBJECTS
          + """
            SELECT o.classid::bigint AS class_id, o.oid::bigint AS oid, o.schema, o.table_schema,
              o.table_name, o.word, o.identity, pg_catalog.pg_get_userbyid(o.owner)::text AS owner
            FROM mine o WHERE o.has_owner ORDER BY o.word, o.identity
            """;

  // A privilege of PUBLIC on the schema public is another matter.
  private static final String PRIVILEGES =
      OBJECTS
          + """
            ,
            entry AS (
              SELECT o.classid, o.oid, a.grantee, a.privilege_type,
                pg_catalog.bool_or(a.is_grantable AND a.grantee <> o.owner) AS grantable
              FROM mine o CROSS JOIN LATERAL pg_catalog.aclexplode(o.acl) a GROUP BY 1, 2, 3, 4),
            standard AS (
              SELECT o.classid, o.oid, a.grantee, a.privilege_type
              FROM mine o CROSS
                JOIN LATERAL pg_catalog.aclexplode(pg_catalog.acldefault(o.acl_kind, o.owner)) a
              WHERE o.acl IS NOT NULL),
            change AS (
              SELECT classid, oid, grantee, e.grantable IS NULL AS revoked,
                coalesce(e.grantable, false) AS grantable, '' AS column, privilege_type AS privilege
              FROM entry e FULL JOIN standard s USING (classid, oid, grantee, privilege_type)
              WHERE e.grantable IS NULL OR s.oid IS NULL OR e.grantable
              UNION ALL
              SELECT o.classid, o.oid, x.grantee, false, pg_catalog.bool_or(x.is_grantable),
                a.attname::text,
                x.privilege_type || ' (' || pg_catalog.quote_ident(a.attname) || ')'
              FROM mine o JOIN pg_catalog.pg_attribute a ON a.attrelid = o.oid
              CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) x
              WHERE o.classid = 'pg_catalog.pg_class'::regclass AND a.attacl IS NOT NULL
                AND a.attnum > 0
                AND NOT a.attisdropped
              GROUP BY 1, 2, 3, a.attname, x.privilege_type)
            SELECT o.classid::bigint AS class_id, o.oid::bigint AS oid, o.schema, o.table_schema,
              o.table_name, o.word, o.identity, pg_catalog.pg_get_userbyid(o.owner)::text AS owner,
              CASE WHEN c.grantee = 0 THEN '' ELSE g.rolname::text END AS grantee, c.revoked,
              c.grantable, pg_catalog.string_agg(c.privilege, ', '
                ORDER BY c.privilege) AS privileges
            FROM change c
            JOIN mine o ON o.classid = c.classid AND o.oid = c.oid
            LEFT JOIN pg_catalog.pg_roles g ON g.oid = c.grantee
            WHERE (c.grantee = 0 OR g.oid IS NOT NULL)
              AND NOT (o.word = 'SCHEMA' AND o.schema = 'public' AND c.grantee = 0)
            GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, c.column
            ORDER BY o.word, o.identity, c.revoked DESC, c.column, 9, c.grantable
            """;

  private static final String PUBLIC_SCHEMA =
      """
      SELECT n.oid::bigint AS oid, pg_catalog.bool_or(a.privilege_type = 'USAGE') AS usage,
        pg_catalog.bool_or(a.privilege_type = 'CREATE') AS creation
      FROM pg_catalog.pg_namespace n
      LEFT JOIN LATERAL pg_catalog.aclexplode(coalesce(n.nspacl, pg_catalog.acldefault('n',
        n.nspowner))) a
        ON a.grantee = 0
      WHERE n.nspname = 'public' GROUP BY n.oid
      """;

  private static final int PUBLIC_MAY_NOT_CREATE = 15;

  private final Connection connection;
  private final Sides sides;
  private final Set<Address> made;

  /**
   * Takes what says whose privileges are read.
   *
   * @param made what is made by itself
   */
  PrivilegeReader(Connection connection, Sides sides, Set<Address> made) {
    this.connection = connection;
    this.sides = sides;
    this.made = made;
  }

  List<SchemaObject> read() throws SQLException {
    List<SchemaObject> objects = new ArrayList<>();
    Map<Address, Address> owned = new LinkedHashMap<>();
    for (SchemaObject owner : owners()) {
      objects.add(owner);
      owned.put(owner.requires().get(0), owner.address());
    }
    Map<Address, SchemaObject.Builder> privileges = new LinkedHashMap<>();
    list(connection, PUBLIC_SCHEMA, row -> publicSchema(row, privileges));
    list(connection, PRIVILEGES, row -> privilege(row, privileges));
    privileges.forEach(
        (address, builder) -> {
          if (owned.containsKey(address)) {
            builder.requires(owned.get(address));
          }
          objects.add(builder.build());
        });
    return objects;
  }

  private List<SchemaObject> owners() throws SQLException {
    List<SchemaObject> owners = new ArrayList<>();
    for (List<SchemaObject> each : list(connection, OWNERS, this::owner)) {
      owners.addAll(each);
    }
    return owners;
  }

  private List<SchemaObject> owner(ResultSet row) throws SQLException {
    String owner = row.getString("owner");
    Address address = address(row);
    if (sides.isOwn(owner) || sides.leavesBehind(owner) || !made.contains(address)) {
      return List.of();
    }
    ObjectKind kind =
        row.getString("word").equals("SCHEMA") ? ObjectKind.SCHEMA_OWNER : ObjectKind.OWNER;
    return List.of(
        about(kind, row, address)
            .role(owner)
            .statement("ALTER " + name(row) + " OWNER TO " + TableName.quote(owner))
            .build());
  }

  private boolean publicSchema(ResultSet row, Map<Address, SchemaObject.Builder> privileges)
      throws SQLException {
    List<String> statements = new ArrayList<>();
    if (!row.getBoolean("usage")) {
      statements.add("REVOKE USAGE ON SCHEMA public FROM PUBLIC");
    }
    // From 15 on the right to create is not given to everybody. Between an older server and one of
    // these it is what each has from the start.
    boolean creation = row.getBoolean("creation");
    VersionSpan versions = sides.versions();
    if (!creation && versions.highest() < PUBLIC_MAY_NOT_CREATE) {
      statements.add("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    }
    if (creation && versions.lowest() >= PUBLIC_MAY_NOT_CREATE) {
      statements.add("GRANT CREATE ON SCHEMA public TO PUBLIC");
    }
    Address address = new Address(Address.NAMESPACE, row.getLong("oid"));
    if (!statements.isEmpty() && made.contains(address)) {
      SchemaObject.Builder builder =
          SchemaObject.of(
                  ObjectKind.PRIVILEGES,
                  "SCHEMA public",
                  Address.about(ObjectKind.PRIVILEGES, address))
              .requires(address)
              .schema("public");
      statements.forEach(builder::statement);
      privileges.put(address, builder);
    }
    return true;
  }

  private boolean privilege(ResultSet row, Map<Address, SchemaObject.Builder> privileges)
      throws SQLException {
    Address address = address(row);
    String grantee = row.getString("grantee");
    if (!made.contains(address) || sides.leavesBehind(grantee) || isOwners(row, grantee)) {
      return false;
    }
    boolean revoked = row.getBoolean("revoked");
    String word = row.getString("word");
    SchemaObject.Builder builder = privileges.get(address);
    if (builder == null) {
      builder = about(ObjectKind.PRIVILEGES, row, address);
      privileges.put(address, builder);
    }
    builder.statement(
        (revoked ? "REVOKE " : "GRANT ")
            + row.getString("privileges")
            + " ON "
            + (word.endsWith("VIEW") ? "TABLE" : word)
            + " "
            + row.getString("identity")
            + (revoked ? " FROM " : " TO ")
            + (grantee.isEmpty() ? "PUBLIC" : sides.inSql(grantee))
            + (row.getBoolean("grantable") ? " WITH GRANT OPTION" : ""));
    if (!grantee.isEmpty() && !sides.isOwn(grantee)) {
      builder.role(grantee);
    }
    return true;
  }

  private static Address address(ResultSet row) throws SQLException {
    return new Address(row.getLong("class_id"), row.getLong("oid"));
  }

  private static String name(ResultSet row) throws SQLException {
    return row.getString("word") + " " + row.getString("identity");
  }

  private static SchemaObject.Builder about(ObjectKind kind, ResultSet row, Address address)
      throws SQLException {
    SchemaObject.Builder builder =
        SchemaObject.of(kind, name(row), Address.about(kind, address)).requires(address);
    @Nullable String table = row.getString("table_name");
    if (table != null) {
      builder.table(new TableName(row.getString("table_schema"), table));
    }
    return builder.schema(row.getString("schema"));
  }

  /**
   * Whether a privilege is that of the owner on the target: of the schema public, which has its own
   * there, and of what becomes the migration's since its owner stays behind.
   */
  private boolean isOwners(ResultSet row, String grantee) throws SQLException {
    String owner = row.getString("owner");
    if (row.getString("word").equals("SCHEMA") && row.getString("schema").equals("public")) {
      return grantee.equals(owner) || grantee.equals("pg_database_owner") || sides.isOwn(grantee);
    }
    return sides.leavesBehind(owner) && (sides.isOwn(grantee) || grantee.equals(owner));
  }
}
