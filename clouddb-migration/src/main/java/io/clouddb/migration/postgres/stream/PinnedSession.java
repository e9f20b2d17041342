/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Opens connections on which the same value has the same text on every server, and which no timeout
 * of a role or a database ends. Everything that the data path reads, writes or hashes goes through
 * such a session.
 */
public final class PinnedSession {
  /** Kept in order, so that a failure names the first that a server refuses. */
  private static final List<Map.Entry<String, String>> SETTINGS =
      List.of(
          Map.entry("datestyle", "ISO, MDY"),
          Map.entry("intervalstyle", "postgres"),
          Map.entry("timezone", "UTC"),
          Map.entry("extra_float_digits", "3"),
          Map.entry("bytea_output", "hex"),
          // The text of money depends on it.
          Map.entry("lc_monetary", "C"),
          Map.entry("xmloption", "content"),
          Map.entry("xmlbinary", "base64"),
          Map.entry("array_nulls", "on"),
          Map.entry("standard_conforming_strings", "on"),
          Map.entry("statement_timeout", "0"),
          Map.entry("lock_timeout", "0"),
          Map.entry("idle_in_transaction_session_timeout", "0"),
          Map.entry("idle_session_timeout", "0"),
          Map.entry("default_transaction_isolation", "read committed"),
          Map.entry("default_transaction_read_only", "off"),
          Map.entry("default_transaction_deferrable", "off"),
          Map.entry("synchronous_commit", "on"),
          // A policy must fail loudly: on, it silently leaves rows out of COPY.
          Map.entry("row_security", "off"));

  private PinnedSession() {}

  /**
   * Opens an ordinary connection in auto-commit mode.
   *
   * @param details where, and as whom
   * @param purpose shown in {@code pg_stat_activity.application_name}, after {@code clouddb-}
   * @return an open connection
   * @throws SQLException when the server refuses the connection or a setting
   */
  public static Connection open(ConnectionDetails details, String purpose) throws SQLException {
    return pinned(base(details, purpose).build());
  }

  /**
   * Opens a connection whose batches of INSERT travel as multi-row statements, for applying.
   *
   * @param details where, and as whom
   * @param purpose see {@link #open}
   * @return an open connection
   * @throws SQLException when the server refuses the connection or a setting
   */
  public static Connection openForBatches(ConnectionDetails details, String purpose)
      throws SQLException {
    return pinned(
        base(details, purpose)
            .parameter("reWriteBatchedInserts", "true")
            .parameter("prepareThreshold", "1")
            .parameter("preparedStatementCacheQueries", "1024")
            .parameter("preparedStatementCacheSizeMiB", "32")
            .build());
  }

  /**
   * Opens a connection that speaks the replication protocol to one database.
   *
   * @param details where, and as whom
   * @param purpose see {@link #open}
   * @return an open connection
   * @throws SQLException when the server refuses the connection or a setting
   */
  public static Connection openReplication(ConnectionDetails details, String purpose)
      throws SQLException {
    return pinned(
        base(details, purpose)
            .parameter("replication", "database")
            .parameter("assumeMinServerVersion", "14")
            .parameter("preferQueryMode", "simple")
            .build());
  }

  private static ConnectionDetails.Builder base(ConnectionDetails details, String purpose) {
    return details.toBuilder()
        .parameter(
            "ApplicationName",
            details.parameters().getOrDefault("ApplicationName", "clouddb") + "-" + purpose)
        .parameter("tcpKeepAlive", "true")
        // By the simple protocol one message may be several statements.
        .parameter("preferQueryMode", "extended")
        // DETAIL and CONTEXT repeat values of rows; they stay out of messages and logs.
        .parameter("logServerErrorDetail", "false");
  }

  private static Connection pinned(ConnectionDetails details) throws SQLException {
    Connection connection = details.connect();
    try (Statement statement = connection.createStatement()) {
      List<String> assignments = new ArrayList<>();
      for (Map.Entry<String, String> setting : SETTINGS) {
        assignments.add("SET " + setting.getKey() + " = '" + setting.getValue() + "'");
      }
      // Out-functions of regclass and the like write what the path lacks with its schema.
      assignments.add("SET search_path = pg_catalog");
      if (connection.getMetaData().getDatabaseMajorVersion() >= 17) {
        assignments.add("SET transaction_timeout = 0");
      }
      statement.execute(String.join("; ", assignments));
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Gives a session that writes the search path that the database's own sessions have, and the
   * schemas of the installed extensions after it: functions in checks and generated columns may
   * name things without their schema.
   *
   * @param connection a connection opened by this class
   * @throws SQLException when the catalog cannot be read
   */
  public static void useDefaultSearchPath(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("RESET search_path");
      statement.execute(
          "SELECT set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'),"
              + " ''), string_agg(quote_ident(nspname), ', ' ORDER BY nspname)), false)"
              + " FROM (SELECT DISTINCT n.nspname FROM pg_extension e"
              + " JOIN pg_namespace n ON n.oid = e.extnamespace"
              + " WHERE n.nspname <> 'pg_catalog') AS schemas");
    }
  }

  /**
   * Adds the schemas of the installed extensions to the search path: operators of their types, such
   * as those of citext, are found by it.
   *
   * @param connection a connection opened by this class
   * @throws SQLException when the catalog cannot be read
   */
  public static void includeExtensionSchemas(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      String path;
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT coalesce(string_agg(', ' || quote_ident(nspname), '' ORDER BY nspname), '')"
                  + " FROM (SELECT DISTINCT n.nspname FROM pg_extension e"
                  + " JOIN pg_namespace n ON n.oid = e.extnamespace"
                  + " WHERE n.nspname <> 'pg_catalog') AS schemas")) {
        rows.next();
        path = "pg_catalog" + rows.getString(1);
      }
      statement.execute("SET search_path = " + path);
    }
  }
}
