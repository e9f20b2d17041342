/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.catalog.OwnSchema;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What the triggers of a fence call: it refuses while the fence stands and lets all through
 * otherwise. To replace it takes no lock on any table, and every session sees the new one with its
 * next lock on a table, whatever the age of its snapshot: functions are read from the catalog as it
 * is.
 */
final class FenceFunction {
  /** SQLSTATE of a refused write: read_only_sql_transaction. */
  private static final String REFUSED = "25006";

  private static final String PASSING =
      """

      BEGIN
        IF TG_LEVEL OPERATOR(pg_catalog.=) 'STATEMENT' THEN
          RETURN NULL;
        ELSIF TG_OP OPERATOR(pg_catalog.=) 'DELETE' THEN
          RETURN OLD;
        END IF;
        RETURN NEW;
      END
      """;

  private final String schema;
  private final String name;
  private final String sessionSetting;
  private final String migrationId;

  /** What it does when the fence is raised, and the statement that makes it so. */
  private @Nullable String body;

  private @Nullable String refusing;

  FenceFunction(String schema, String name, String sessionSetting, String migrationId) {
    this.schema = schema;
    this.name = name;
    this.sessionSetting = sessionSetting;
    this.migrationId = migrationId;
  }

  String quoted() {
    return TableName.quote(schema) + "." + TableName.quote(name);
  }

  /** Makes one that lets all through, unless there is one that refuses: a fence that stands. */
  void prepare(Connection connection, String movedTo) throws SQLException {
    OwnSchema.create(connection);
    String raised;
    try (PreparedStatement format =
        connection.prepareStatement(
            """
            SELECT pg_catalog.format($format$
              BEGIN
                IF session_user OPERATOR(pg_catalog.=) %L
                    AND pg_catalog.current_setting(%L, true) OPERATOR(pg_catalog.=) %L THEN
                  RETURN NULL;
                END IF;
                RAISE EXCEPTION USING ERRCODE = %L, MESSAGE = %L, HINT = %L,
                  SCHEMA = TG_TABLE_SCHEMA, TABLE = TG_TABLE_NAME;
              END $format$, session_user, ?, ?, ?, ?, ?)
            """)) {
      format.setString(1, sessionSetting);
      format.setString(2, migrationId);
      format.setString(3, REFUSED);
      format.setString(4, "This database moves to " + movedTo + " and takes no more writes here");
      format.setString(
          5,
          "Connect to the new database. An application that uses the SwitchableDataSource of the"
              + " migration "
              + migrationId
              + " is switched by itself.");
      try (ResultSet row = format.executeQuery()) {
        row.next();
        raised = row.getString(1);
      }
    }
    body = raised;
    refusing = replacement(connection, raised);
    try (Statement ddl = connection.createStatement()) {
      if (!refuses(connection)) {
        ddl.execute(replacement(connection, PASSING));
      }
    }
  }

  private String replacement(Connection connection, String body) throws SQLException {
    try (PreparedStatement quote =
        connection.prepareStatement("SELECT pg_catalog.quote_literal(?)")) {
      quote.setString(1, body);
      try (ResultSet row = quote.executeQuery()) {
        row.next();
        return "CREATE OR REPLACE FUNCTION "
            + quoted()
            + "() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS "
            + row.getString(1);
      }
    }
  }

  /** From the end of the transaction on; {@link #prepare} has been called. */
  void refuse(Connection connection) throws SQLException {
    String replacement = refusing;
    if (replacement == null) {
      throw new IllegalStateException("prepare comes first");
    }
    try (Statement ddl = connection.createStatement()) {
      ddl.execute(replacement);
    }
  }

  /** Lets all through; does nothing when it does already, or is not there. */
  void pass(Connection connection) throws SQLException {
    if (refuses(connection)) {
      try (Statement ddl = connection.createStatement()) {
        ddl.execute(replacement(connection, PASSING));
      }
    }
  }

  /** Whether it is there, as it was made to refuse. */
  boolean stands(Connection connection) throws SQLException {
    return CatalogQuery.list(
            connection,
            """
            SELECT EXISTS (
              SELECT FROM pg_catalog.pg_proc p
              JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
              JOIN pg_catalog.pg_language l ON l.oid OPERATOR(pg_catalog.=) p.prolang
              WHERE n.nspname OPERATOR(pg_catalog.=) ? AND p.proname OPERATOR(pg_catalog.=) ?
                AND p.pronargs OPERATOR(pg_catalog.=) 0
                AND pg_catalog.pg_get_userbyid(p.proowner) OPERATOR(pg_catalog.=) current_user
                AND l.lanname OPERATOR(pg_catalog.=) 'plpgsql' AND NOT p.prosecdef
                AND p.proconfig OPERATOR(pg_catalog.=)
                  '{search_path=pg_catalog}'::pg_catalog.text[]
                AND p.prosrc OPERATOR(pg_catalog.=) ?)
            """,
            row -> row.getBoolean(1),
            schema,
            name,
            String.valueOf(body))
        .get(0);
  }

  /** Removes it, if it is there and ours. */
  void drop(Connection connection) throws SQLException {
    boolean ours =
        CatalogQuery.list(
                connection,
                """
                SELECT EXISTS (
                  SELECT FROM pg_catalog.pg_proc p
                  JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
                  WHERE n.nspname OPERATOR(pg_catalog.=) ? AND p.proname OPERATOR(pg_catalog.=) ?
                    AND pg_catalog.pg_get_userbyid(p.proowner)
                      OPERATOR(pg_catalog.=) current_user)
                """,
                row -> row.getBoolean(1),
                schema,
                name)
            .get(0);
    if (ours) {
      try (Statement ddl = connection.createStatement()) {
        ddl.execute("DROP FUNCTION IF EXISTS " + quoted() + "()");
      }
    }
  }

  /** Whether it is there and refuses. */
  boolean refuses(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT EXISTS (
              SELECT FROM pg_catalog.pg_proc p
              JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) p.pronamespace
              WHERE n.nspname OPERATOR(pg_catalog.=) ? AND p.proname OPERATOR(pg_catalog.=) ?
                AND p.pronargs OPERATOR(pg_catalog.=) 0
                AND pg_catalog.pg_get_userbyid(p.proowner) OPERATOR(pg_catalog.=) current_user
                AND pg_catalog.strpos(p.prosrc, ?) OPERATOR(pg_catalog.>) 0)
            """)) {
      select.setString(1, schema);
      select.setString(2, name);
      select.setString(3, REFUSED);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }
}
