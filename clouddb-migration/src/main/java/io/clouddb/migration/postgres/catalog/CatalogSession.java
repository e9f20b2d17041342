/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.catalog;

import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Sessions for reading and writing schemas: those of {@link PinnedSession}, whose search path is
 * the catalog, so that all other names in what the server writes come out qualified, and without a
 * look into the bodies of functions, which may use what is made later.
 */
public final class CatalogSession {
  private static final String SETTINGS =
      """
      SELECT pg_catalog.set_config(setting.name, setting.value, false)
      FROM (VALUES
        ('quote_all_identifiers', 'off'),
        ('check_function_bodies', 'off'),
        ('default_tablespace', ''),
        ('default_table_access_method', 'heap'),
        ('client_min_messages', 'warning')) AS setting(name, value)
      """;

  private CatalogSession() {}

  /**
   * Opens a connection with these settings. Messages of errors leave out the server's detail line,
   * which may repeat the values of a row.
   *
   * @param details where to connect
   * @return a connection in auto-commit mode
   * @throws SQLException when the driver cannot connect, or the server is older than 14 and does
   *     not know a setting
   */
  public static Connection open(ConnectionDetails details) throws SQLException {
    Connection connection = PinnedSession.open(details, "catalog");
    try (Statement statement = connection.createStatement()) {
      statement.execute(SETTINGS);
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
}
