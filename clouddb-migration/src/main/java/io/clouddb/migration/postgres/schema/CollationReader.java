/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the collations that somebody made. Their versions are those of the libraries of each
 * machine, and not carried: indexes are built anew.
 */
final class CollationReader {
  // The columns for the locale differ between versions; as JSON they can be asked for by any name.
  private static final String COLLATIONS =
      """
      SELECT c.oid::bigint AS oid, n.oid::bigint AS schema_oid, n.nspname,
        pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.collname) AS identity,
        CASE c.collprovider WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' ELSE 'libc' END AS provider,
        c.collisdeterministic, pg_catalog.quote_literal(c.collcollate) AS collate,
        pg_catalog.quote_literal(c.collctype) AS ctype,
        pg_catalog.quote_literal(coalesce(j.row ->> 'colllocale', j.row ->> 'colliculocale',
          c.collcollate))
          AS locale,
        pg_catalog.quote_literal(j.row ->> 'collicurules') AS rules
      FROM pg_catalog.pg_collation c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
      CROSS JOIN LATERAL (SELECT pg_catalog.to_jsonb(c) AS row) j
      WHERE c.oid >= 16384
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_collation'::regclass AND e.objid = c.oid
            AND e.deptype = 'e')
      ORDER BY 4
      """;

  private CollationReader() {}

  static List<SchemaObject> read(Connection connection) throws SQLException {
    return list(connection, COLLATIONS, CollationReader::collation);
  }

  private static SchemaObject collation(ResultSet row) throws SQLException {
    String identity = row.getString("identity");
    String provider = row.getString("provider");
    StringBuilder sql = new StringBuilder("(provider = ").append(provider);
    if (!row.getBoolean("collisdeterministic")) {
      sql.append(", deterministic = false");
    }
    if (provider.equals("libc")) {
      sql.append(", lc_collate = ")
          .append(row.getString("collate"))
          .append(", lc_ctype = ")
          .append(row.getString("ctype"));
    } else {
      sql.append(", locale = ").append(row.getString("locale"));
    }
    @Nullable String rules = row.getString("rules");
    if (rules != null) {
      sql.append(", rules = ").append(rules);
    }
    String properties = sql.append(")").toString();
    return SchemaObject.of(
            ObjectKind.COLLATION, identity, new Address(Address.COLLATION, row.getLong("oid")))
        .schema(row.getString("nspname"))
        .requires(new Address(Address.NAMESPACE, row.getLong("schema_oid")))
        .statement("CREATE COLLATION " + identity + " " + properties)
        .wording(Wording.of("properties", properties))
        .build();
  }
}
