/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.schema;

import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The sessions in which a schema is made, so that what is done one after the other needs no session
 * each. One is used by one thread at a time, and goes on to the next only when all went well in it.
 */
final class WriterSessions implements AutoCloseable {
  /** What is done in a session. */
  @FunctionalInterface
  interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  private final ConnectionDetails database;

  /** Those that nobody uses; the last one that was used is first, and longest from being lost. */
  private final Deque<Connection> idle = new ArrayDeque<>();

  private boolean closed;

  WriterSessions(ConnectionDetails database) {
    this.database = database;
  }

  /** Does work in a session; what it leaves open is committed. */
  <T> T use(Work<T> work) throws SQLException {
    Connection connection = take();
    boolean well = false;
    try {
      // What objects ran of their own may have set another path.
      PinnedSession.useSafePath(connection);
      T result = work.in(connection);
      connection.setAutoCommit(true);
      well = true;
      return result;
    } finally {
      if (!well || !giveBack(connection)) {
        connection.close();
      }
    }
  }

  private Connection take() throws SQLException {
    synchronized (idle) {
      Connection used = idle.poll();
      if (used != null) {
        return used;
      }
    }
    Connection connection = CatalogSession.open(database);
    try {
      // Materialized views are made of views.
      PinnedSession.readViews(connection);
      return connection;
    } catch (SQLException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /** False when there will be no other work. */
  private boolean giveBack(Connection connection) {
    synchronized (idle) {
      if (closed) {
        return false;
      }
      idle.push(connection);
      return true;
    }
  }

  @Override
  public void close() throws SQLException {
    synchronized (idle) {
      closed = true;
      for (Connection connection : idle) {
        connection.close();
      }
      idle.clear();
    }
  }
}
