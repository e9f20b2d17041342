/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;

/** How locks on fenced tables are waited for, and what a refusal means. */
final class FenceLocks {
  /** The application writes meanwhile, and waits behind a lock that is waited for. */
  static final Duration MOMENT = Duration.ofMillis(50);

  private static final Set<String> IN_THE_WAY = Set.of("55P03", "40P01");

  // The table, or the trigger, went away meanwhile.
  private static final Set<String> GONE = Set.of("42P01", "42704");

  private FenceLocks() {}

  static boolean inTheWay(SQLException e) {
    return IN_THE_WAY.contains(String.valueOf(e.getSQLState()));
  }

  static boolean gone(SQLException e) {
    return GONE.contains(String.valueOf(e.getSQLState()));
  }

  /**
   * How long one try for a lock may wait. The server ends an autovacuum that stands in the way when
   * the wait has lasted for deadlock_timeout; a lock_timeout that is not longer is over before
   * that.
   */
  static long patience(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT setting::bigint FROM pg_catalog.pg_settings"
                    + " WHERE name OPERATOR(pg_catalog.=) 'deadlock_timeout'")) {
      row.next();
      return Math.max(1000, row.getLong(1) + 500);
    }
  }
}
