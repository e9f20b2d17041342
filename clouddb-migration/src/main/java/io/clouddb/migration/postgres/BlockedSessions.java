/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who on the source waits for a lock that the migration holds: ALTER and TRUNCATE during a copy.
 */
final class BlockedSessions {
  private BlockedSessions() {}

  /**
   * Lists them.
   *
   * @param sessionName how the sessions of the migration are called
   * @return one description each, without statement texts
   */
  static List<String> behind(Connection source, String sessionName) throws SQLException {
    try (PreparedStatement select =
        source.prepareStatement(
            """
            SELECT w.pid, w.usename, w.application_name,
                   extract(epoch FROM pg_catalog.clock_timestamp() - w.query_start)::bigint
              FROM pg_catalog.pg_stat_activity w
             WHERE w.wait_event_type = 'Lock' AND w.datname = pg_catalog.current_database()
               AND EXISTS (SELECT FROM pg_catalog.pg_stat_activity m
                            WHERE m.pid = ANY (pg_catalog.pg_blocking_pids(w.pid))
                              AND (m.application_name = ? OR m.application_name LIKE ?))
            """)) {
      select.setString(1, sessionName);
      select.setString(2, sessionName.replace("_", "\\_") + "-%");
      List<String> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          found.add(
              "process %d of %s ('%s') waits for a lock of the migration, for %d s"
                  .formatted(row.getInt(1), row.getString(2), row.getString(3), row.getLong(4)));
        }
      }
      return found;
    }
  }
}
