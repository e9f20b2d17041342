/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.OneStatement;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs the statements that make an object, in the caller's transaction. */
final class Ownership {
  /** Of the warnings that a privilege was not given, or not taken. */
  private static final Set<String> NO_EFFECT = Set.of("01007", "01006");

  private Ownership() {}

  /**
   * Makes an object. A new owner needs the right to create in the object's schema at the moment
   * that it becomes the owner; where it has not, as on the source, it gets it for that moment.
   *
   * @throws SQLException when the server refuses, or warns that a privilege could not be given
   */
  static void make(Connection connection, SchemaObject object) throws SQLException {
    boolean lent = object.kind() == ObjectKind.OWNER && lacksCreate(connection, object);
    if (lent) {
      OneStatement.run(
          connection, "GRANT CREATE ON SCHEMA " + schema(object) + " TO " + owner(object));
    }
    for (String sql : object.statements()) {
      Optional<SQLWarning> warnings = OneStatement.run(connection, sql);
      if (object.kind() == ObjectKind.PRIVILEGES) {
        requireEffect(warnings.orElse(null));
      }
    }
    if (lent) {
      OneStatement.run(
          connection, "REVOKE CREATE ON SCHEMA " + schema(object) + " FROM " + owner(object));
    }
  }

  private static boolean lacksCreate(Connection connection, SchemaObject object)
      throws SQLException {
    return CatalogQuery.list(
            connection,
            "SELECT has_schema_privilege(?, ?, 'CREATE')",
            row -> row.getBoolean(1),
            object.roles().iterator().next(),
            object.schema().orElseThrow())
        .equals(List.of(false));
  }

  private static String owner(SchemaObject object) {
    return TableName.quote(object.roles().iterator().next());
  }

  private static String schema(SchemaObject object) {
    return TableName.quote(object.schema().orElseThrow());
  }

  /** A GRANT by a role that may not give the privilege succeeds, and only warns. */
  private static void requireEffect(@Nullable SQLWarning warnings) throws SQLException {
    for (SQLWarning warning = warnings; warning != null; warning = warning.getNextWarning()) {
      String state = String.valueOf(warning.getSQLState());
      if (NO_EFFECT.contains(state)) {
        throw new SQLException(warning.getMessage(), state);
      }
    }
  }
}
