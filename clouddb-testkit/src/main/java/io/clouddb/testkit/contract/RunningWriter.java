/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.contract.internal.Eventually;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * An application that writes rows as fast as it can, numbered one after the other, each in a
 * transaction of its own. It ends when it is closed, or with its server.
 */
final class RunningWriter implements AutoCloseable {
  private final ConnectionDetails to;
  private final Thread thread = new Thread(this::write, "writer");

  /** The numbers that were acknowledged, and the server's time at which each was written. */
  private final ConcurrentNavigableMap<Long, Instant> acknowledged = new ConcurrentSkipListMap<>();

  /** Held while a row is written; fair, since the writer is back at once. */
  private final ReentrantLock writing = new ReentrantLock(true);

  private volatile boolean closed;

  private RunningWriter(ConnectionDetails to) {
    this.to = to;
    thread.setDaemon(true);
  }

  /** Starts one, which goes on behind the greatest number that is there. */
  static RunningWriter start(ConnectionDetails to) {
    RunningWriter writer = new RunningWriter(to);
    writer.thread.start();
    return writer;
  }

  /** What was acknowledged so far, with the server's times; it grows. */
  NavigableMap<Long, Instant> acknowledged() {
    return acknowledged;
  }

  /** The number that was acknowledged last; zero before the first one. */
  long last() {
    return acknowledged.isEmpty() ? 0 : acknowledged.lastKey();
  }

  void awaitMore(int rows, Duration limit) {
    int before = acknowledged.size();
    Eventually.holds(
        rows + " more are written",
        limit,
        () -> {
          boolean done = acknowledged.size() >= before + rows;
          assertThat(done || thread.isAlive()).as("it goes on writing").isTrue();
          return done;
        });
  }

  /** Has it wait between two transactions. */
  <T> T between(Supplier<T> body) {
    writing.lock();
    try {
      return body.get();
    } finally {
      writing.unlock();
    }
  }

  /** Waits until it has ended by itself. */
  void join() throws InterruptedException {
    thread.join();
  }

  @Override
  public void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write() {
    try (Connection connection = to.connect();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO public.written VALUES (?, pg_catalog.clock_timestamp())"
                    + " RETURNING at")) {
      for (long id = greatest(connection) + 1; !closed; id++) {
        insert.setLong(1, id);
        long now = id;
        writing.lock();
        try (ResultSet row = insert.executeQuery()) {
          row.next();
          acknowledged.put(now, row.getTimestamp(1).toInstant());
        } finally {
          writing.unlock();
        }
      }
    } catch (SQLException e) {
      // Its server is gone. Whoever waits for more sees that there is none.
    }
  }

  private static long greatest(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_catalog.max(id) FROM public.written")) {
      row.next();
      return row.getLong(1);
    }
  }
}
