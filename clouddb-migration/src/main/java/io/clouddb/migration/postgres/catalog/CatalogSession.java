/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Sessions whose settings do not depend on what the server, the database or the role were given:
 * the search path is empty, so that all names in what the server writes come out qualified; the
 * formats of dates, intervals and floats are fixed; no timeout ends a long statement; row security
 * fails loudly rather than hides rows.
 */
public final class CatalogSession {
  // A setting that the server does not know (transaction_timeout before 17) is left out.
  private static final String PIN =
      """
      SELECT set_config(pin.name, pin.value, false)
      FROM (VALUES
        ('search_path', ''),
        ('datestyle', 'ISO, MDY'),
        ('intervalstyle', 'postgres'),
        ('timezone', 'UTC'),
        ('extra_float_digits', '3'),
        ('bytea_output', 'hex'),
        ('xmloption', 'content'),
        ('quote_all_identifiers', 'off'),
        ('standard_conforming_strings', 'on'),
        ('row_security', 'off'),
        ('check_function_bodies', 'off'),
        ('default_tablespace', ''),
        ('default_table_access_method', 'heap'),
        ('default_transaction_isolation', 'read committed'),
        ('default_transaction_read_only', 'off'),
        ('default_transaction_deferrable', 'off'),
        ('client_min_messages', 'warning'),
        ('statement_timeout', '0'),
        ('lock_timeout', '0'),
        ('idle_in_transaction_session_timeout', '0'),
        ('idle_session_timeout', '0'),
        ('transaction_timeout', '0')) AS pin(name, value)
      WHERE pg_catalog.current_setting(pin.name, true) IS NOT NULL
      """;

  private CatalogSession() {}

  /**
   * Opens a connection with these settings. Messages of errors leave out the server's detail line,
   * which may repeat the values of a row.
   *
   * @param details where to connect
   * @return a connection in auto-commit mode
   * @throws SQLException when the driver cannot connect
   */
  public static Connection open(ConnectionDetails details) throws SQLException {
    Connection connection =
        details.toBuilder().parameter("logServerErrorDetail", "false").build().connect();
    try {
      pin(connection);
      return connection;
    } catch (SQLException e) {
      try {
        connection.close();
      } catch (SQLException closing) {
        e.addSuppressed(closing);
      }
      throw e;
    }
  }

  /**
   * Gives an open session these settings.
   *
   * @param connection the session
   * @throws SQLException when the server refuses one
   */
  public static void pin(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(PIN);
    }
  }
}
