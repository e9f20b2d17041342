/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.OneStatement;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableOwners;
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

  private static final String DENIED = "42501";

  private Ownership() {}

  /**
   * Makes an object. A new owner needs the right to create in the object's schema at the moment
   * that it becomes the owner; where it has not, as on the source, it gets it for that moment.
   *
   * @throws SQLException when the server refuses, or warns that a privilege could not be given
   */
  static void make(Connection connection, SchemaObject object) throws SQLException {
    switch (object.kind()) {
      case OWNER ->
          give(
              connection,
              object.roles().iterator().next(),
              object.schema().orElseThrow(),
              object.statements());
      case SEQUENCE_OWNER -> {
        giveToOwnerOfTable(connection, object);
        run(connection, object);
      }
      default -> run(connection, object);
    }
  }

  /**
   * Makes an object, and what of it looks at the rows that are there as somebody else.
   *
   * @param role whose code runs then; null for the migration's own
   */
  static void make(Connection connection, SchemaObject object, @Nullable String role)
      throws SQLException {
    List<String> steps = role == null ? List.of() : steps(object);
    if (role == null || steps.size() < 2) {
      make(connection, object);
      return;
    }
    execute(connection, steps.get(0));
    lending(
        connection,
        "USAGE",
        role,
        object.schema().orElseThrow(),
        () -> {
          TableOwners.act(connection, role);
          execute(connection, steps.get(1));
          TableOwners.act(connection, null);
        });
  }

  /** To make it for what is written from now on, and to look at what is there; if both are due. */
  private static List<String> steps(SchemaObject object) {
    String sql = object.statements().get(0);
    if (object.kind() != ObjectKind.CHECK) {
      return object.statements();
    }
    if (!sql.contains(" CHECK (")
        || sql.endsWith(ConstraintReader.NOT_VALID)
        || sql.endsWith(" NOT ENFORCED")) {
      return List.of(sql);
    }
    return List.of(
        sql + ConstraintReader.NOT_VALID,
        "ALTER TABLE "
            + object.table().map(TableName::quoted).orElseThrow()
            + " VALIDATE CONSTRAINT "
            + ForeignKeyWriter.name(object));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    OneStatement.run(connection, sql);
  }

  /** What is done while a role has a right on a schema. */
  private interface Work {
    void run() throws SQLException;
  }

  private static void lending(
      Connection connection, String right, String role, String schema, Work work)
      throws SQLException {
    boolean lent = lacks(connection, role, schema, right);
    String what = right + " ON SCHEMA " + TableName.quote(schema);
    if (lent) {
      String grant = "GRANT " + what + " TO " + TableName.quote(role);
      try {
        requireEffect(OneStatement.run(connection, grant).orElse(null));
      } catch (SQLException e) {
        if (!NO_EFFECT.contains(String.valueOf(e.getSQLState()))) {
          throw e;
        }
        // Otherwise what needs it would fail, after the copy for example, and not say why.
        throw new SQLException(
            "the role "
                + role
                + " needs a right for a moment that the migration's role may not give: "
                + grant
                + " had no effect ("
                + e.getMessage()
                + "). As the owner of the schema, run it on the target until the migration is over,"
                + " or give it to the migration's role WITH GRANT OPTION",
            DENIED,
            e);
      }
    }
    work.run();
    if (lent) {
      execute(connection, "REVOKE " + what + " FROM " + TableName.quote(role));
    }
  }

  private static void run(Connection connection, SchemaObject object) throws SQLException {
    for (String sql : object.statements()) {
      Optional<SQLWarning> warnings = OneStatement.run(connection, sql);
      if (object.kind() == ObjectKind.PRIVILEGES) {
        requireEffect(warnings.orElse(null));
      }
    }
  }

  private static void give(
      Connection connection, String owner, String schema, List<String> statements)
      throws SQLException {
    lending(
        connection,
        "CREATE",
        owner,
        schema,
        () -> {
          for (String sql : statements) {
            execute(connection, sql);
          }
        });
  }

  private static boolean lacks(Connection connection, String role, String schema, String right)
      throws SQLException {
    return CatalogQuery.list(
            connection,
            "SELECT pg_catalog.has_schema_privilege(?, ?, ?)",
            row -> row.getBoolean(1),
            role,
            schema,
            right)
        .equals(List.of(false));
  }

  /** The server wants both to have one owner; the table has its own already. */
  private static void giveToOwnerOfTable(Connection connection, SchemaObject object)
      throws SQLException {
    List<List<String>> owners =
        CatalogQuery.list(
            connection,
            """
            SELECT pg_catalog.pg_get_userbyid(t.relowner), n.nspname
            FROM pg_catalog.pg_class s
            JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) s.relnamespace
            JOIN pg_catalog.pg_class t ON t.relowner OPERATOR(pg_catalog.<>) s.relowner
            WHERE s.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(?)::pg_catalog.oid
              AND t.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(?)::pg_catalog.oid
            """,
            row -> List.of(row.getString(1), row.getString(2)),
            object.identity(),
            object.table().orElseThrow().quoted());
    for (List<String> owner : owners) {
      give(
          connection,
          owner.get(0),
          owner.get(1),
          List.of(
              "ALTER SEQUENCE "
                  + object.identity()
                  + " OWNER TO "
                  + TableName.quote(owner.get(0))));
    }
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
