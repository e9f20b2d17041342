/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.server;

import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A superuser's sessions with one server, of which one is kept between two pieces of work. To open
 * one costs a handshake of SCRAM, which is far more work than what is asked.
 */
final class KeptSession implements AutoCloseable {
  /** After which a session that does not answer is given up; another one is opened then. */
  private static final int ANSWERS_WITHIN_SECONDS = 5;

  /** What is done in a session. */
  interface Work {
    void in(Connection connection) throws SQLException;
  }

  /** What is asked in a session. */
  interface Question<T> {
    T in(Connection connection) throws SQLException;
  }

  private final Supplier<ConnectionDetails> superuser;
  private final AtomicReference<@Nullable Connection> idle = new AtomicReference<>();

  /**
   * @param superuser who is connected, and to which port at this moment
   */
  KeptSession(Supplier<ConnectionDetails> superuser) {
    this.superuser = superuser;
  }

  /** Works in a session that nobody else has; after a failure it is not kept. */
  void run(Work work) throws SQLException {
    boolean unused =
        ask(
            connection -> {
              work.in(connection);
              return true;
            });
  }

  /** Asks in one, likewise. */
  <T> T ask(Question<T> question) throws SQLException {
    Connection connection = open();
    T result;
    try {
      result = question.in(connection);
    } catch (SQLException | RuntimeException e) {
      try {
        connection.close();
      } catch (SQLException suppressed) {
        e.addSuppressed(suppressed);
      }
      throw e;
    }
    if (!idle.compareAndSet(null, connection)) {
      connection.close();
    }
    return result;
  }

  private Connection open() throws SQLException {
    Connection kept = idle.getAndSet(null);
    if (kept != null) {
      if (kept.isValid(ANSWERS_WITHIN_SECONDS)) {
        return kept;
      }
      kept.close();
    }
    // Who owns the database may create functions and operators in it: with another path, ours would
    // not be the ones that are called.
    Connection connection =
        superuser.get().toBuilder()
            .parameter("currentSchema", "pg_catalog, pg_temp")
            .build()
            .connect();
    // Failing statements have passwords in them.
    Sql.execute(connection, "SET log_min_error_statement = panic");
    Sql.execute(connection, "SET log_statement = none");
    Sql.execute(connection, "SET log_min_duration_statement = -1");
    return connection;
  }

  /** Ends the kept session; work that is done afterwards opens another one. */
  @Override
  public void close() {
    Connection kept = idle.getAndSet(null);
    if (kept == null) {
      return;
    }
    try {
      kept.close();
    } catch (SQLException e) {
      // It ended before, with its server.
    }
  }
}
