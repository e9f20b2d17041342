/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/** Reads the comments on objects and columns. */
final class CommentReader {
  // What an extension comments on its own comes with it, and so does what the server was born with.
  private static final String COMMENTS =
      """
      SELECT d.classoid::bigint AS class_oid, d.objoid::bigint AS oid, d.objsubid AS sub_id,
        o.type, o.identity, quote_literal(d.description) AS text
      FROM pg_description d
      CROSS JOIN LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) o
      WHERE (d.objoid >= 16384
          OR d.classoid = 'pg_namespace'::regclass AND d.objoid::regnamespace::text = 'public'
            AND d.description <> 'standard public schema')
        AND d.classoid <> 'pg_extension'::regclass
        AND NOT EXISTS (
          SELECT FROM pg_depend e
          WHERE e.classid = d.classoid AND e.objid = d.objoid AND e.deptype = 'e')
      ORDER BY o.type, o.identity
      """;

  private CommentReader() {}

  static List<SchemaObject> read(Connection connection) throws SQLException {
    return list(connection, COMMENTS, CommentReader::comment);
  }

  private static SchemaObject comment(ResultSet row) throws SQLException {
    Address target = new Address(row.getLong("class_oid"), row.getLong("oid"));
    String object = object(row.getString("type"), row.getString("identity"));
    return SchemaObject.of(
            ObjectKind.COMMENT, object, Address.comment(target, row.getInt("sub_id")))
        .requires(target)
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
      case "domain constraint" -> {
        int on = identity.lastIndexOf(" on ");
        yield "CONSTRAINT "
            + identity.substring(0, on)
            + " ON DOMAIN "
            + identity.substring(on + 4);
      }
      case "statistics object" -> "STATISTICS " + identity;
      default -> type.toUpperCase(Locale.ROOT) + " " + identity;
    };
  }
}
