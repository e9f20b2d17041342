/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the comments on objects and columns. */
final class CommentReader {
  // A constraint or trigger that is not made by itself (a partition's copy of its parent's, a NOT
  // NULL) is there when what it comes with is. What an extension comments on its own comes with it,
  // and so does what the server was born with.
  private static final String COMMENTS =
      """
      WITH RECURSIVE part (classid, oid, whole_class, whole) AS (
        SELECT 'pg_catalog.pg_constraint'::regclass::oid, oid,
          'pg_catalog.pg_class'::regclass::oid, conrelid
        FROM pg_catalog.pg_constraint WHERE conrelid <> 0
        UNION ALL
        SELECT 'pg_catalog.pg_trigger'::regclass, t.oid, 'pg_catalog.pg_trigger'::regclass, t.oid
        FROM pg_catalog.pg_trigger t WHERE t.tgparentid = 0
        UNION ALL
        SELECT p.classid, t.oid, p.whole_class, p.whole
        FROM pg_catalog.pg_trigger t JOIN part p
          ON p.classid = 'pg_catalog.pg_trigger'::regclass AND p.oid = t.tgparentid)
      SELECT d.classoid::bigint AS class_oid, d.objoid::bigint AS oid, d.objsubid AS sub_id,
        p.whole_class::bigint AS whole_class, p.whole::bigint AS whole,
        o.type, o.identity, pg_catalog.quote_literal(d.description) AS text,
        pg_catalog.quote_ident(k.conname) || ' ON DOMAIN '
          || pg_catalog.quote_ident(n.nspname) || '.'
          || pg_catalog.quote_ident(t.typname) AS of_domain
      FROM pg_catalog.pg_description d
      LEFT JOIN part p ON p.classid = d.classoid AND p.oid = d.objoid
      LEFT JOIN pg_catalog.pg_constraint k
        ON d.classoid = 'pg_catalog.pg_constraint'::regclass AND k.oid = d.objoid
          AND k.contypid <> 0
      LEFT JOIN pg_catalog.pg_type t ON t.oid = k.contypid
      LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      CROSS JOIN LATERAL pg_catalog.pg_identify_object(d.classoid, d.objoid, d.objsubid) o
      WHERE (d.objoid >= 16384
          OR d.classoid = 'pg_catalog.pg_namespace'::regclass
            AND d.objoid::regnamespace::text = 'public'
            AND d.description <> 'standard public schema')
        AND d.classoid <> 'pg_catalog.pg_extension'::regclass
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
      ORDER BY o.type, o.identity
      """;

  private CommentReader() {}

  /**
   * Reads them.
   *
   * @param made what is made by itself
   */
  static List<SchemaObject> read(Connection connection, Set<Address> made) throws SQLException {
    return list(connection, COMMENTS, row -> comment(row, made));
  }

  private static SchemaObject comment(ResultSet row, Set<Address> made) throws SQLException {
    Address target = new Address(row.getLong("class_oid"), row.getLong("oid"));
    Address whole = new Address(row.getLong("whole_class"), row.getLong("whole"));
    @Nullable String ofDomain = row.getString("of_domain");
    String object =
        ofDomain != null
            ? "CONSTRAINT " + ofDomain
            : object(row.getString("type"), row.getString("identity"));
    return SchemaObject.of(
            ObjectKind.COMMENT, object, Address.comment(target, row.getInt("sub_id")))
        .requires(made.contains(target) || whole.oid() == 0 ? target : whole)
        .statement("COMMENT ON " + object + " IS " + row.getString("text"))
        .build();
  }

  /** From the words of {@code pg_identify_object} to those of COMMENT. */
  private static String object(String type, String identity) {
    if (type.endsWith(" column")) {
      return "COLUMN " + identity;
    }
    return switch (type) {
      case "table constraint" -> "CONSTRAINT " + identity;
      case "statistics object" -> "STATISTICS " + identity;
      default -> type.toUpperCase(Locale.ROOT) + " " + identity;
    };
  }
}
