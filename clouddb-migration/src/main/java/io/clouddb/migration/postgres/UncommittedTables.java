/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.CatalogQuery;
import io.clouddb.migration.postgres.stream.Pause;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Tables that open transactions have made. The fence cannot stand on them, since nobody else sees
 * them; but each is locked by its maker, which all can see.
 */
final class UncommittedTables {
  private static final int LOOK_AGAIN_MILLIS = 10;

  private static final String MAKERS =
      """
      SELECT DISTINCT pg_catalog.format('process %s of %s (%L)', l.pid, a.usename,
        a.application_name)
        FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'relation' AND l.granted AND l.mode = 'AccessExclusiveLock'
         AND l.database = (SELECT oid FROM pg_catalog.pg_database
           WHERE datname = pg_catalog.current_database())
         AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = l.relation)
      """;

  private UncommittedTables() {}

  /** Waits until those transactions have ended, so that what they made is seen. */
  static void awaitNone(Connection connection, Duration limit) throws SQLException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      List<String> makers = CatalogQuery.list(connection, MAKERS, row -> row.getString(1));
      if (makers.isEmpty()) {
        return;
      }
      if (System.nanoTime() - deadline > 0) {
        throw ErrorDetails.of(
                ErrorCategory.DEADLINE,
                "Behind the fence these had made tables that are not committed yet: "
                    + String.join(", ", makers))
            .nextStep("End these transactions; then run it again.")
            .toException();
      }
      Pause.millis(LOOK_AGAIN_MILLIS);
    }
  }
}
