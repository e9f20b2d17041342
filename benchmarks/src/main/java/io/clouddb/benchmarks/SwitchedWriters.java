/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;

/**
 * Two connections that write as fast as they can, and when either side acknowledged a write: the
 * last by the source, the first by the target. An error of any of them ends the benchmark.
 */
final class SwitchedWriters implements AutoCloseable {
  private static final int CONNECTIONS = 2;

  private final DataSource data;
  private final int targetPort;
  private final long accounts;
  private final AtomicLong lastOnSource = new AtomicLong(Long.MIN_VALUE);
  private final AtomicLong firstOnTarget = new AtomicLong(Long.MAX_VALUE);
  private final CountDownLatch switched = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS);
  private final List<Future<?>> writers = new ArrayList<>();
  private volatile boolean stop;

  private SwitchedWriters(DataSource data, int targetPort, long accounts) {
    this.data = data;
    this.targetPort = targetPort;
    this.accounts = accounts;
  }

  static List<String> tables(long accounts) {
    return List.of(
        "CREATE TABLE account (id bigint PRIMARY KEY, balance bigint NOT NULL, note text)",
        "CREATE TABLE history (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
            + " account bigint NOT NULL REFERENCES account, at timestamptz DEFAULT now())",
        "INSERT INTO account SELECT i, 0, md5(i::text) FROM generate_series(1, " + accounts + ") i",
        "ANALYZE");
  }

  static SwitchedWriters start(DataSource data, int targetPort, long accounts) {
    SwitchedWriters all = new SwitchedWriters(data, targetPort, accounts);
    for (int i = 0; i < CONNECTIONS; i++) {
      int writer = i;
      all.writers.add(
          all.threads.submit(
              () -> {
                all.write(writer);
                return null;
              }));
    }
    return all;
  }

  private void write(int writer) throws SQLException {
    for (long number = writer; !stop; number += CONNECTIONS) {
      int port;
      try (Connection connection = data.getConnection()) {
        connection.setAutoCommit(false);
        try (PreparedStatement account =
                connection.prepareStatement(
                    "UPDATE account SET balance = balance + 1 WHERE id = ?"
                        + " RETURNING inet_server_port()");
            PreparedStatement history =
                connection.prepareStatement("INSERT INTO history (account) VALUES (?)")) {
          long id = 1 + number % accounts;
          account.setLong(1, id);
          try (ResultSet row = account.executeQuery()) {
            row.next();
            port = row.getInt(1);
          }
          history.setLong(1, id);
          history.executeUpdate();
        }
        connection.commit();
      }
      long now = System.nanoTime();
      if (port == targetPort) {
        firstOnTarget.accumulateAndGet(now, Math::min);
        switched.countDown();
      } else {
        lastOnSource.accumulateAndGet(now, Math::max);
      }
    }
  }

  /** How long nobody's write was acknowledged while the sides changed. */
  double gapMillis() throws InterruptedException, ExecutionException {
    switched.await();
    stop = true;
    for (Future<?> writer : writers) {
      writer.get();
    }
    return (firstOnTarget.get() - lastOnSource.get()) / 1e6;
  }

  @Override
  public void close() {
    stop = true;
    threads.shutdownNow();
  }
}
