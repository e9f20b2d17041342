/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;
import static io.clouddb.migration.postgres.catalog.CatalogQuery.strings;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads schemas, extensions, enums, composites, ranges, and domains with their checks. */
final class TypeReader {
  private static final String SCHEMAS =
      """
      SELECT n.oid::bigint AS oid, n.nspname, pg_catalog.quote_ident(n.nspname) AS identity
      FROM pg_catalog.pg_namespace n
      WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_namespace'::regclass AND e.objid = n.oid
            AND e.deptype = 'e')
      ORDER BY 2
      """;

  private static final String EXTENSIONS =
      """
      SELECT x.oid::bigint AS oid, n.oid::bigint AS schema_oid,
        pg_catalog.quote_ident(x.extname) AS identity,
        n.nspname, pg_catalog.quote_ident(n.nspname) AS schema,
        ARRAY(
          SELECT e.classid::bigint || ':' || e.objid::bigint
          FROM pg_catalog.pg_depend e
          WHERE e.refclassid = 'pg_catalog.pg_extension'::regclass AND e.refobjid = x.oid
            AND e.deptype = 'e') AS members
      FROM pg_catalog.pg_extension x
      JOIN pg_catalog.pg_namespace n ON n.oid = x.extnamespace
      WHERE x.oid >= 16384
      ORDER BY x.oid
      """;

  private static final String TYPES =
      """
      SELECT t.oid::bigint AS oid, n.oid::bigint AS schema_oid, t.typtype::text AS typtype, n.nspname,
        pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.typname) AS identity,
        t.typarray::bigint AS array_oid, t.typrelid::bigint AS relation_oid,
        CASE t.typtype WHEN 'e' THEN ARRAY(
            SELECT pg_catalog.quote_literal(l.enumlabel) FROM pg_catalog.pg_enum l
            WHERE l.enumtypid = t.oid ORDER BY l.enumsortorder)
          WHEN 'c' THEN ARRAY(
            SELECT pg_catalog.quote_ident(a.attname) || ' ' || pg_catalog.format_type(a.atttypid,
              a.atttypmod)
              || CASE WHEN a.attcollation <> ct.typcollation
                THEN ' COLLATE ' || pg_catalog.quote_ident(cn.nspname) || '.'
                  || pg_catalog.quote_ident(co.collname)
                ELSE '' END
            FROM pg_catalog.pg_attribute a
            JOIN pg_catalog.pg_type ct ON ct.oid = a.atttypid
            LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation
            LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
            WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
            ORDER BY a.attnum)
          WHEN 'r' THEN pg_catalog.array_remove(ARRAY[
            'SUBTYPE = ' || pg_catalog.format_type(r.rngsubtype, NULL),
            'SUBTYPE_OPCLASS = ' || pg_catalog.quote_ident(rn.nspname) || '.'
              || pg_catalog.quote_ident(ro.opcname),
            CASE WHEN r.rngcollation <> rs.typcollation
              THEN 'COLLATION = ' || pg_catalog.quote_ident(kn.nspname) || '.'
                || pg_catalog.quote_ident(k.collname) END,
            'SUBTYPE_DIFF = ' || (SELECT pg_catalog.quote_ident(fn.nspname) || '.'
              || pg_catalog.quote_ident(f.proname)
              FROM pg_catalog.pg_proc f JOIN pg_catalog.pg_namespace fn ON fn.oid = f.pronamespace
              WHERE f.oid = r.rngsubdiff),
            'MULTIRANGE_TYPE_NAME = ' || pg_catalog.quote_ident(mn.nspname) || '.'
              || pg_catalog.quote_ident(m.typname)],
            NULL)
          END AS parts,
        r.rngmultitypid::bigint AS multirange_oid, m.typarray::bigint AS multirange_array_oid,
        pg_catalog.format_type(t.typbasetype, t.typtypmod) AS base,
        CASE WHEN t.typcollation <> b.typcollation
          THEN pg_catalog.quote_ident(dn.nspname) || '.'
            || pg_catalog.quote_ident(d.collname) END AS collation,
        pg_catalog.pg_get_expr(t.typdefaultbin, 0) AS default_expression, t.typnotnull,
        pg_catalog.quote_ident(nn.conname) AS not_null_name, nn.oid::bigint AS not_null_oid
      FROM pg_catalog.pg_type t
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
      LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
      LEFT JOIN pg_catalog.pg_type rs ON rs.oid = r.rngsubtype
      LEFT JOIN pg_catalog.pg_opclass ro ON ro.oid = r.rngsubopc
      LEFT JOIN pg_catalog.pg_namespace rn ON rn.oid = ro.opcnamespace
      LEFT JOIN pg_catalog.pg_collation k ON k.oid = r.rngcollation
      LEFT JOIN pg_catalog.pg_namespace kn ON kn.oid = k.collnamespace
      LEFT JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid
      LEFT JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace
      LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype
      LEFT JOIN pg_catalog.pg_collation d ON d.oid = t.typcollation
      LEFT JOIN pg_catalog.pg_namespace dn ON dn.oid = d.collnamespace
      LEFT JOIN pg_catalog.pg_constraint nn ON nn.contypid = t.oid AND nn.contype = 'n'
      WHERE (t.typtype IN ('e', 'd') OR t.typtype = 'c' AND c.relkind = 'c'
          OR t.typtype = 'r' AND r.rngcanonical = 0)
        AND t.oid >= 16384
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
      ORDER BY n.nspname, t.typname
      """;

  private static final String DOMAIN_CONSTRAINTS =
      """
      SELECT c.oid::bigint AS oid, t.oid::bigint AS type_oid,
        pg_catalog.quote_ident(c.conname) AS name,
        n.nspname, pg_catalog.quote_ident(n.nspname) || '.'
          || pg_catalog.quote_ident(t.typname) AS domain,
        pg_catalog.pg_get_constraintdef(c.oid) AS definition
      FROM pg_catalog.pg_constraint c
      JOIN pg_catalog.pg_type t ON t.oid = c.contypid
      JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE c.contype = 'c' AND c.oid >= 16384
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_type'::regclass AND e.objid = t.oid AND e.deptype = 'e')
      ORDER BY n.nspname, t.typname, c.conname
      """;

  private final Connection connection;
  private final VersionSpan versions;

  TypeReader(Connection connection, VersionSpan versions) {
    this.connection = connection;
    this.versions = versions;
  }

  List<SchemaObject> read() throws SQLException {
    List<SchemaObject> objects = new ArrayList<>();
    objects.addAll(list(connection, SCHEMAS, TypeReader::schema));
    objects.addAll(list(connection, EXTENSIONS, TypeReader::extension));
    objects.addAll(list(connection, TYPES, this::type));
    objects.addAll(list(connection, DOMAIN_CONSTRAINTS, TypeReader::domainConstraint));
    return objects;
  }

  private static SchemaObject schema(ResultSet row) throws SQLException {
    String identity = row.getString("identity");
    return SchemaObject.of(
            ObjectKind.SCHEMA, identity, new Address(Address.NAMESPACE, row.getLong("oid")))
        .schema(row.getString("nspname"))
        .statement("CREATE SCHEMA " + identity)
        .build();
  }

  private static SchemaObject extension(ResultSet row) throws SQLException {
    String identity = row.getString("identity");
    String schema = row.getString("schema");
    SchemaObject.Builder extension =
        SchemaObject.of(
                ObjectKind.EXTENSION, identity, new Address(Address.EXTENSION, row.getLong("oid")))
            .schema(row.getString("nspname"))
            .statement(
                "CREATE EXTENSION "
                    + identity
                    + (schema.startsWith("pg_") ? "" : " SCHEMA " + schema)
                    + " CASCADE");
    if (!schema.startsWith("pg_")) {
      extension.requires(new Address(Address.NAMESPACE, row.getLong("schema_oid")));
    }
    for (String member : strings(row, "members")) {
      int colon = member.indexOf(':');
      extension.covers(
          new Address(
              Long.parseLong(member.substring(0, colon)),
              Long.parseLong(member.substring(colon + 1))));
    }
    return extension.build();
  }

  private SchemaObject type(ResultSet row) throws SQLException {
    ObjectKind kind =
        switch (row.getString("typtype")) {
          case "e" -> ObjectKind.ENUM;
          case "c" -> ObjectKind.COMPOSITE;
          case "r" -> ObjectKind.RANGE;
          default -> ObjectKind.DOMAIN;
        };
    String identity = row.getString("identity");
    SchemaObject.Builder type =
        SchemaObject.of(kind, identity, Address.type(row.getLong("oid")))
            .schema(row.getString("nspname"))
            .requires(new Address(Address.NAMESPACE, row.getLong("schema_oid")));
    cover(type, row.getLong("array_oid"));
    if (kind == ObjectKind.DOMAIN) {
      long notNull = row.getLong("not_null_oid");
      if (notNull != 0) {
        type.covers(new Address(Address.CONSTRAINT, notNull));
      }
      return type.statement(domain(identity, row)).build();
    }
    String parts = "(" + String.join(", ", strings(row, "parts")) + ")";
    if (kind == ObjectKind.ENUM) {
      type.statement("CREATE TYPE " + identity + " AS ENUM " + parts);
    } else if (kind == ObjectKind.RANGE) {
      cover(type, row.getLong("multirange_oid"));
      cover(type, row.getLong("multirange_array_oid"));
      type.statement("CREATE TYPE " + identity + " AS RANGE " + parts);
    } else {
      type.covers(Address.relation(row.getLong("relation_oid")))
          .statement("CREATE TYPE " + identity + " AS " + parts);
    }
    return type.build();
  }

  private static void cover(SchemaObject.Builder type, long typeOid) {
    if (typeOid != 0) {
      type.covers(Address.type(typeOid));
    }
  }

  private String domain(String identity, ResultSet row) throws SQLException {
    StringBuilder sql =
        new StringBuilder("CREATE DOMAIN ")
            .append(identity)
            .append(" AS ")
            .append(row.getString("base"));
    @Nullable String collation = row.getString("collation");
    if (collation != null) {
      sql.append(" COLLATE ").append(collation);
    }
    @Nullable String value = row.getString("default_expression");
    if (value != null) {
      sql.append(" DEFAULT ").append(value);
    }
    if (row.getBoolean("typnotnull")) {
      @Nullable String name = row.getString("not_null_name");
      if (name != null && versions.namesNotNull()) {
        sql.append(" CONSTRAINT ").append(name);
      }
      sql.append(" NOT NULL");
    }
    return sql.toString();
  }

  private static SchemaObject domainConstraint(ResultSet row) throws SQLException {
    String domain = row.getString("domain");
    String name = row.getString("name");
    String definition = row.getString("definition");
    SchemaObject.Builder constraint =
        SchemaObject.of(
                ObjectKind.DOMAIN_CONSTRAINT,
                name + " ON DOMAIN " + domain,
                new Address(Address.CONSTRAINT, row.getLong("oid")))
            .schema(row.getString("nspname"))
            .requires(Address.type(row.getLong("type_oid")));
    String addition = "ALTER DOMAIN " + domain + " ADD CONSTRAINT " + name + " " + definition;
    if (definition.endsWith(ConstraintReader.NOT_VALID)) {
      return constraint.statement(addition).build();
    }
    // The second looks at the rows that are there, and runs as the domain's owner.
    return constraint
        .statement(addition + ConstraintReader.NOT_VALID)
        .statement("ALTER DOMAIN " + domain + " VALIDATE CONSTRAINT " + name)
        .build();
  }
}
