/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import static io.clouddb.migration.postgres.catalog.CatalogQuery.list;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Reads functions and procedures; the server writes them. */
final class RoutineReader {
  private static final String ROUTINES =
      """
      SELECT p.oid::bigint AS oid, n.oid::bigint AS schema_oid, n.nspname,
        pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(p.proname)
          || '(' || pg_catalog.pg_get_function_identity_arguments(p.oid) || ')' AS identity,
        pg_catalog.pg_get_functiondef(p.oid) AS definition
      FROM pg_catalog.pg_proc p
      JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
      JOIN pg_catalog.pg_language l ON l.oid = p.prolang
      WHERE p.prokind IN ('f', 'p', 'w') AND l.lanname NOT IN ('c', 'internal')
        AND p.oid >= 16384
        AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
        AND n.nspname NOT IN ('clouddb_migration', 'clouddb_route', 'clouddb_state')
        AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_depend e
          WHERE e.classid = 'pg_catalog.pg_proc'::regclass AND e.objid = p.oid AND e.deptype = 'e')
      ORDER BY 3
      """;

  private RoutineReader() {}

  static List<SchemaObject> read(Connection connection) throws SQLException {
    return list(connection, ROUTINES, RoutineReader::routine);
  }

  private static SchemaObject routine(ResultSet row) throws SQLException {
    String definition = row.getString("definition").stripTrailing();
    return SchemaObject.of(
            ObjectKind.ROUTINE,
            row.getString("identity"),
            new Address(Address.ROUTINE, row.getLong("oid")))
        .schema(row.getString("nspname"))
        .requires(new Address(Address.NAMESPACE, row.getLong("schema_oid")))
        .statement(definition)
        .wording(Wording.of("whole", definition))
        .build();
  }
}
