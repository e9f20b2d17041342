/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions of this migration on a server, those that a killed run left behind too. A role may
 * end its own sessions.
 */
final class OwnSessions {
  private static final Logger LOG = LoggerFactory.getLogger(OwnSessions.class);

  private OwnSessions() {}

  /** Ends those on both sides; one that cannot be reached is only logged. */
  static void endAll(MigrationSettings settings) {
    try {
      end(settings.source(), settings.sessionName());
      end(settings.target(), settings.sessionName());
    } catch (SQLException e) {
      LOG.warn("Migration {}: its sessions could not be ended", settings.id(), e);
    }
  }

  /**
   * Ends all of them, so that whatever waits in one comes back. Returns when they are gone, but for
   * one that does not go within ten seconds.
   *
   * @param database how to connect; not by the name of the sessions to end
   * @param sessionName how the sessions of the migration are called
   * @return how many there were
   */
  static int end(ConnectionDetails database, String sessionName) throws SQLException {
    ConnectionDetails ender =
        database.toBuilder().parameter("ApplicationName", "clouddb/" + sessionName).build();
    try (Connection connection = PinnedSession.open(ender, "end");
        PreparedStatement end =
            connection.prepareStatement(
                """
                SELECT pg_catalog.count(pg_catalog.pg_terminate_backend(pid, 10000))
                  FROM pg_catalog.pg_stat_activity
                 WHERE usename = current_user AND pid <> pg_catalog.pg_backend_pid()
                   AND (application_name = ? OR application_name LIKE ?)
                """)) {
      end.setString(1, sessionName);
      end.setString(2, sessionName.replace("_", "\\_") + "-%");
      try (ResultSet row = end.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }
}
