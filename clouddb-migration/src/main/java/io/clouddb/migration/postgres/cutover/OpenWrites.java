/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Who holds a lock that a writer of a table holds to the end of its transaction; prepared
 * transactions too, which have no session.
 */
public final class OpenWrites {
  private static final long LOOK_AGAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final List<String> WRITERS =
      List.of("RowExclusiveLock", "ShareRowExclusiveLock", "ExclusiveLock", "AccessExclusiveLock");

  /** VACUUM and CREATE INDEX CONCURRENTLY; CREATE INDEX. */
  private static final List<String> OTHERS = List.of("ShareUpdateExclusiveLock", "ShareLock");

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
    return List.copyOf(look(connection, tables, WRITERS).values());
  }

  /**
   * Lists those, and the others in whose presence a table gets no trigger.
   *
   * @param connection a session
   * @param tables the tables to look at
   * @return one description each, without any statement text; empty when there are none
   * @throws SQLException when the locks cannot be read
   */
  public static List<String> inTheWay(Connection connection, List<TableName> tables)
      throws SQLException {
    List<String> modes = new ArrayList<>(WRITERS);
    modes.addAll(OTHERS);
    return List.copyOf(look(connection, tables, modes).values());
  }

  /**
   * Waits until the transactions that hold such a lock now have ended. Called behind a {@linkplain
   * WriteFence fence} that stands: who comes later is refused, and holds a lock for the moment that
   * it takes to be refused; who is here may be just that, or has to end first.
   *
   * @param connection a session in auto-commit mode, so that each look sees the locks anew
   * @param tables the tables to look at
   * @param limit how long to wait
   * @throws io.clouddb.error.DeadlineException naming those that did not end
   * @throws SQLException when the locks cannot be read
   */
  public static void awaitEnd(Connection connection, List<TableName> tables, Duration limit)
      throws SQLException {
    long deadline = System.nanoTime() + limit.toNanos();
    Map<String, String> left = look(connection, tables, WRITERS);
    while (!left.isEmpty()) {
      if (System.nanoTime() >= deadline || Thread.currentThread().isInterrupted()) {
        throw ErrorDetails.of(
                ErrorCategory.DEADLINE,
                "Behind the fence these still wrote: " + String.join(", ", left.values()))
            .nextStep("End these transactions; then run it again.")
            .toException();
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      left.keySet().retainAll(look(connection, tables, WRITERS).keySet());
    }
  }

  /** By transaction: a session that is refused, and tries again, is another one each time. */
  private static Map<String, String> look(
      Connection connection, List<TableName> tables, List<String> modes) throws SQLException {
    Array names =
        connection.createArrayOf(
            "text", tables.stream().map(TableName::quoted).toArray(String[]::new));
    try (PreparedStatement select =
        connection.prepareStatement(
            """
            SELECT l.pid, pg_catalog.max(a.usename), pg_catalog.max(a.application_name),
              pg_catalog.max(a.state),
                   pg_catalog.max(extract(epoch
                     FROM pg_catalog.clock_timestamp() - a.xact_start))::bigint,
                   pg_catalog.min(l.relation::regclass::text), l.virtualtransaction
              FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
             WHERE l.locktype = 'relation' AND l.granted
               AND l.database = (SELECT oid FROM pg_catalog.pg_database
                 WHERE datname = pg_catalog.current_database())
               AND l.relation IN (SELECT pg_catalog.to_regclass(t)::oid
                 FROM pg_catalog.unnest(?::text[]) t)
               AND l.mode = ANY (?)
               AND l.pid IS DISTINCT FROM pg_catalog.pg_backend_pid()
             GROUP BY l.pid, l.virtualtransaction
            """)) {
      select.setArray(1, names);
      select.setArray(2, connection.createArrayOf("text", modes.toArray()));
      Map<String, String> found = new LinkedHashMap<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          int pid = row.getInt(1);
          boolean prepared = row.wasNull();
          found.put(
              row.getString(7),
              prepared
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
