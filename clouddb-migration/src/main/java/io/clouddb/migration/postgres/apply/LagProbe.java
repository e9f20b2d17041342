/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the lag by the source's own log and clock, over a connection of its own: the stream's
 * keep-alives tell only how far the source has sent.
 */
final class LagProbe implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LagProbe.class);

  private final ConnectionDetails source;
  private final ApplyProgress progress;
  private @Nullable Connection connection;

  LagProbe(ConnectionDetails source, ApplyProgress progress) {
    this.source = source;
    this.progress = progress;
  }

  synchronized Lag measure() {
    try {
      return read(connected());
    } catch (SQLException e) {
      close();
      throw SqlFailure.of("asking the source for its position", e);
    }
  }

  private Connection connected() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = PinnedSession.open(source, "lag");
      connection = open;
    }
    return open;
  }

  private Lag read(Connection open) throws SQLException {
    LogSequenceNumber applied = progress.applied();
    Instant commit = progress.lastCommit();
    try (Statement statement = open.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT pg_catalog.pg_current_wal_lsn()::pg_catalog.text,"
                    + " (extract(epoch FROM pg_catalog.clock_timestamp())"
                    + " OPERATOR(pg_catalog.*) 1000000)::bigint")) {
      rows.next();
      long bytes =
          Math.max(0, LogSequenceNumber.valueOf(rows.getString(1)).asLong() - applied.asLong());
      long micros = rows.getLong(2);
      if (bytes == 0 || commit == null || applied.compareTo(progress.durable()) > 0) {
        return new Lag(bytes, Duration.ZERO);
      }
      Duration age = Duration.between(commit, Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
      return new Lag(bytes, age.isNegative() ? Duration.ZERO : age);
    }
  }

  @Override
  public synchronized void close() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        LOG.debug("Closing the lag connection failed: SQLSTATE {}", e.getSQLState());
      }
    }
  }
}
