/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Who holds a lock that a writer of a table holds to the end of its transaction; prepared
 * transactions too, which have no session.
 */
public final class OpenWrites {
  private OpenWrites() {}

  /**
   * Lists the open transactions of others that have written, or are about to write.
   *
   * @param connection a session
   * @param tables the tables to look at
   * @return one description each, without any statement text; empty when there are none
   * @throws SQLException when the locks cannot be read
   */
  public static List<String> on(Connection connection, List<TableName> tables) throws SQLException {
    Array names =
        connection.createArrayOf(
            "text", tables.stream().map(TableName::quoted).toArray(String[]::new));
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT l.pid, max(a.usename), max(a.application_name), max(a.state),
                   max(extract(epoch FROM clock_timestamp() - a.xact_start))::bigint,
                   min(l.relation::regclass::text)
              FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
             WHERE l.locktype = 'relation' AND l.granted
               AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND l.relation IN (SELECT to_regclass(t)::oid FROM unnest(?::text[]) t)
               AND l.mode IN ('RowExclusiveLock', 'ShareRowExclusiveLock', 'ExclusiveLock',
                              'AccessExclusiveLock')
               AND l.pid IS DISTINCT FROM pg_backend_pid()
             GROUP BY l.pid, l.virtualtransaction
            """)) {
      select.setArray(1, names);
      List<String> found = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          int pid = row.getInt(1);
          found.add(
              row.wasNull()
                  ? "a prepared transaction on " + row.getString(6) + " (see pg_prepared_xacts)"
                  : "process "
                      + pid
                      + " of "
                      + row.getString(2)
                      + " ('"
                      + row.getString(3)
                      + "', "
                      + row.getString(4)
                      + ", open for "
                      + row.getLong(5)
                      + " s) on "
                      + row.getString(6));
        }
      }
      return found;
    } finally {
      names.free();
    }
  }
}
