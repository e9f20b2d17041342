/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections on which the same value has the same text on every server, and which no timeout
 * of a role or a database ends. Everything that the data path reads, writes or hashes goes through
 * such a session.
 *
 * <p>Names without a schema are looked for in {@code pg_catalog} only, from the first statement on:
 * whoever may create objects in the database could put one of the same name elsewhere. Where the
 * path has to be another one, for what the database itself runs, all names of ours are qualified.
 */
public final class PinnedSession {
  private static final Logger LOG = LoggerFactory.getLogger(PinnedSession.class);

  /** Temporary objects come last: left out, they would be found before the catalog. */
  private static final String SAFE_PATH = "pg_catalog, pg_temp";

  /** The driver's name for {@code search_path} in the startup packet. */
  private static final String PATH_AT_START = "currentSchema";

  private static final String PROTOCOL_VIOLATION = "08P01";

  private static final String EXTENSION_SCHEMAS =
      """
      SELECT DISTINCT pg_catalog.quote_ident(n.nspname)
      FROM pg_catalog.pg_extension e
      JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) e.extnamespace
      WHERE n.nspname OPERATOR(pg_catalog.<>) 'pg_catalog'
      ORDER BY 1
      """;

  /**
   * Servers have it since CVE-2024-7348: 14.13, 15.8, 16.4 and 17. On older ones it is not there to
   * be set. Asked by its name: the view of all settings takes half a millisecond of every session.
   */
  private static final String RESTRICT =
      "SELECT pg_catalog.set_config('restrict_nonsystem_relation_kind', ?, false)"
          + " WHERE pg_catalog.current_setting('restrict_nonsystem_relation_kind', true)"
          + " IS NOT NULL";

  private static final String NO_VIEWS = "view, foreign-table";

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
          // Questions to the catalogs look dear to the planner: compiling one takes the server
          // seconds, and answering it milliseconds.
          Map.entry("jit", "off"),
          // A policy must fail loudly: on, it silently leaves rows out of COPY.
          Map.entry("row_security", "off"));

  /**
   * The driver's defaults of what an application's URL may set for its own statements: types that
   * the server has to guess, savepoints between ours, and limits that cut off an index or a row.
   */
  private static final Map<String, String> DRIVERS_OWN =
      Map.of(
          "autosave", "never",
          "maxResultBuffer", "",
          "queryTimeout", "0",
          "readOnly", "false",
          "socketTimeout", "0",
          "stringtype", "varchar");

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
    Connection connection = pinned(withSafePath(base(details, purpose)));
    try {
      setReadsOfViews(connection, NO_VIEWS);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Lets a session read views, as it does not by itself: a table that was read in the catalog can
   * be a view by the time that it is read by its name, and a view runs its owner's choice of
   * functions as whoever reads it.
   *
   * @param connection a connection of {@link #open}
   * @throws SQLException when the server refuses
   */
  public static void readViews(Connection connection) throws SQLException {
    setReadsOfViews(connection, "");
  }

  private static void setReadsOfViews(Connection connection, String restricted)
      throws SQLException {
    try (PreparedStatement setting = connection.prepareStatement(RESTRICT)) {
      setting.setString(1, restricted);
      setting.execute();
    }
  }

  /**
   * Opens a connection that writes rows. What the database runs for that, such as functions in
   * checks and generated columns, may name things without their schema, so the search path is the
   * one that the database's own sessions have, and the schemas of the installed extensions after
   * it. Every name in what the caller runs is qualified, those of operators and types too.
   *
   * @param details where, and as whom
   * @param purpose see {@link #open}
   * @return an open connection
   * @throws SQLException when the server refuses the connection or a setting
   */
  public static Connection openToWrite(ConnectionDetails details, String purpose)
      throws SQLException {
    return withDefaultSearchPath(pinned(base(details, purpose).build().connect()));
  }

  /**
   * As {@link #openToWrite}, but batches of INSERT travel as multi-row statements, for applying.
   *
   * @param details where, and as whom
   * @param purpose see {@link #open}
   * @return an open connection
   * @throws SQLException when the server refuses the connection or a setting
   */
  public static Connection openForBatches(ConnectionDetails details, String purpose)
      throws SQLException {
    return withDefaultSearchPath(
        pinned(
            base(details, purpose)
                .parameter("reWriteBatchedInserts", "true")
                .parameter("prepareThreshold", "1")
                .parameter("preparedStatementCacheQueries", "1024")
                .parameter("preparedStatementCacheSizeMiB", "32")
                .build()
                .connect()));
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
        withSafePath(
            base(details, purpose)
                .parameter("replication", "database")
                .parameter("assumeMinServerVersion", "14")
                .parameter("preferQueryMode", "simple")));
  }

  private static ConnectionDetails.Builder base(ConnectionDetails details, String purpose) {
    ConnectionDetails.Builder builder = details.toBuilder();
    for (Map.Entry<String, String> each : DRIVERS_OWN.entrySet()) {
      // Only what is there: an older driver may not know it, which would be refused.
      if (details.parameters().containsKey(each.getKey())) {
        builder.parameter(each.getKey(), each.getValue());
      }
    }
    return builder
        .parameter(
            "ApplicationName",
            details.parameters().getOrDefault("ApplicationName", "clouddb") + "-" + purpose)
        .parameter("tcpKeepAlive", "true")
        // By the simple protocol one message may be several statements.
        .parameter("preferQueryMode", "extended")
        // DETAIL and CONTEXT repeat values of rows; they stay out of messages and logs.
        .parameter("logServerErrorDetail", "false");
  }

  /**
   * Not even the driver's own first statement meets another path. It replaces a path that the
   * details have, also one among their {@code options}, which the server reads before it.
   */
  private static Connection withSafePath(ConnectionDetails.Builder details) throws SQLException {
    ConnectionDetails plain = details.build();
    try {
      return plain.toBuilder().parameter(PATH_AT_START, SAFE_PATH).build().connect();
    } catch (SQLException e) {
      if (!PROTOCOL_VIOLATION.equals(e.getSQLState())) {
        throw e;
      }
      // The first statement names nothing that could be looked for, and sets the path.
      LOG.warn(
          "{}:{} takes no search_path with the login, as a pooler does; it is set afterwards. Name"
              + " the server itself: behind a pooler a session may not keep its settings",
          plain.host(),
          plain.port());
      return plain.connect();
    }
  }

  private static Connection pinned(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      List<String> assignments = new ArrayList<>();
      // Out-functions of regclass and the like write what the path lacks with its schema.
      assignments.add("SET search_path = " + SAFE_PATH);
      for (Map.Entry<String, String> setting : SETTINGS) {
        assignments.add("SET " + setting.getKey() + " = '" + setting.getValue() + "'");
      }
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

  private static Connection withDefaultSearchPath(Connection connection) throws SQLException {
    try {
      useDefaultSearchPath(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Puts back the path that a session of {@link #open} began with, after statements in which code
   * of the database ran: it may have set another one.
   *
   * @param connection a connection opened by this class
   * @throws SQLException when the server refuses
   */
  public static void useSafePath(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET search_path = " + SAFE_PATH);
    }
  }

  /**
   * Gives a session that writes the search path that the database's own sessions have, and the
   * schemas of the installed extensions after it.
   *
   * @param connection a connection of {@link #openToWrite} or {@link #openForBatches}
   * @throws SQLException when the catalog cannot be read
   */
  private static void useDefaultSearchPath(Connection connection) throws SQLException {
    List<String> path = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      List<String> extensions = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery(EXTENSION_SCHEMAS)) {
        while (rows.next()) {
          extensions.add(rows.getString(1));
        }
      }
      statement.execute("RESET search_path");
      try (ResultSet row =
          statement.executeQuery("SELECT pg_catalog.current_setting('search_path')")) {
        row.next();
        if (!row.getString(1).isEmpty()) {
          path.add(row.getString(1));
        }
      }
      path.addAll(extensions);
    }
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT pg_catalog.set_config('search_path', ?, false)")) {
      statement.setString(1, String.join(", ", path));
      statement.execute();
    }
  }
}
