/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The application: writes one row after the other until it is closed. What is refused, or whose
 * answer was lost, it writes again, so that the rows have no gap.
 */
final class Writer implements AutoCloseable {
  private static final Duration BETWEEN = Duration.ofMillis(10);

  /** For how long there may be no database: a cloud may restart one in between. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final ReentrantLock writing = new ReentrantLock(true);
  private final Thread thread = new Thread(this::run, "writer");
  private ConnectionDetails database;
  private @Nullable Connection connection;
  private final AtomicLong acknowledged = new AtomicLong();
  private volatile boolean ended;
  private volatile @Nullable SQLException failure;

  private Writer(ConnectionDetails database) {
    this.database = database;
    thread.setDaemon(true);
  }

  /** Begins to write, into a table that is there. */
  static Writer start(ConnectionDetails database) {
    Writer writer = new Writer(database);
    writer.thread.start();
    return writer;
  }

  private void run() {
    long wrote = System.nanoTime();
    while (!ended) {
      writing.lock();
      try {
        write();
        wrote = System.nanoTime();
      } catch (SQLException e) {
        disconnect();
        if (System.nanoTime() - wrote > PATIENCE.toNanos()) {
          failure = e;
          ended = true;
        }
      } finally {
        writing.unlock();
      }
      LockSupport.parkNanos(BETWEEN.toNanos());
    }
    disconnect();
  }

  private void write() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = database.connect();
      connection = open;
    }
    Events.write(open, acknowledged.get() + 1);
    acknowledged.incrementAndGet();
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    if (open != null) {
      try {
        open.close();
      } catch (SQLException e) {
        // It is given up anyway.
      }
    }
  }

  /** How many rows the database has acknowledged. */
  long acknowledged() {
    return acknowledged.get();
  }

  /**
   * Has it write nothing more; no write is under way when this returns.
   *
   * @return lets it go on; to be run by the same thread, once
   * @throws SQLException when it has ended, or a write does not
   */
  Runnable pause() throws SQLException, InterruptedException {
    if (!writing.tryLock(PATIENCE.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new SQLException("A write was under way for " + PATIENCE.toMinutes() + " minutes");
    }
    SQLException why = failure;
    if (why != null) {
      writing.unlock();
      throw new SQLException("The writer has ended: " + why.getMessage(), why);
    }
    return writing::unlock;
  }

  /** Has it go on with another database. */
  void moveTo(ConnectionDetails other) throws SQLException, InterruptedException {
    Runnable goOn = pause();
    disconnect();
    database = other;
    goOn.run();
  }

  @Override
  public void close() {
    ended = true;
    thread.interrupt();
    try {
      thread.join(PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
