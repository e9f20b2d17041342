/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;

/**
 * A message in the source's write-ahead log, behind everything that was committed before it. A
 * position read from the server is no such thing: with asynchronous commit it can lie before a
 * commit that is visible already.
 */
public final class FenceMarker {
  /** The prefix of the message in the stream. */
  public static final String PREFIX = "clouddb";

  private FenceMarker() {}

  /**
   * The content of a marker's message.
   *
   * @param marker the marker
   * @return the text
   */
  public static String content(UUID marker) {
    return "fence:" + marker;
  }

  /**
   * Writes a marker and makes it durable.
   *
   * @param connection a session on the source; in auto-commit mode
   * @param marker the marker
   * @throws SQLException when the source refuses
   */
  public static void write(Connection connection, UUID marker) throws SQLException {
    try (Statement setting = connection.createStatement();
        PreparedStatement message =
            connection.prepareStatement(
                "SELECT pg_catalog.pg_logical_emit_message("
                    + "true, ?::pg_catalog.text, ?::pg_catalog.text)")) {
      setting.execute("SET synchronous_commit = on");
      message.setString(1, PREFIX);
      message.setString(2, content(marker));
      message.execute();
    }
  }
}
