/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Watches how much log a server keeps for its slots, also across the server's kills. */
final class RetainedLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RetainedLog.class);
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final String RETAINED =
      "SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)), 0)"
          + " FROM pg_replication_slots";

  private final ConnectionDetails superuser;
  private final AtomicLong most = new AtomicLong();
  private final AtomicLong looks = new AtomicLong();
  private final Thread thread;
  private volatile boolean stop;

  RetainedLog(ConnectionDetails superuser) {
    this.superuser = superuser;
    this.thread = new Thread(this::watch, "retained-log");
    thread.setDaemon(true);
    thread.start();
  }

  private void watch() {
    while (!stop) {
      try (Connection connection = superuser.connect();
          Statement statement = connection.createStatement()) {
        while (!stop) {
          try (ResultSet row = statement.executeQuery(RETAINED)) {
            row.next();
            most.accumulateAndGet(row.getLong(1), Math::max);
            looks.incrementAndGet();
          }
          LockSupport.parkNanos(PERIOD_NANOS);
        }
      } catch (SQLException e) {
        LOG.debug("The server does not answer: {}", e.getMessage());
        LockSupport.parkNanos(PERIOD_NANOS);
      }
    }
  }

  /** The most bytes that were seen. */
  long most() {
    if (looks.get() == 0) {
      throw new AssertionError("Nobody looked at the log that is kept");
    }
    return most.get();
  }

  @Override
  public void close() throws InterruptedException {
    stop = true;
    LockSupport.unpark(thread);
    thread.join();
  }
}
