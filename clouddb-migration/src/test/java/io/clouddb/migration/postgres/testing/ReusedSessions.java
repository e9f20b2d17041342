/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.testing;

import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of tests for one statement after the other: making and ending one takes a server longer
 * than most of their statements. Nothing of what one did in a session is left for the next, and
 * after an error it is closed.
 */
public final class ReusedSessions {
  /** What a session has from its beginning, or is in the way of: the next one begins after it. */
  private static final Pattern FOR_LATER_SESSIONS =
      Pattern.compile(
          "\\bALTER\\s+(ROLE|USER|DATABASE|SYSTEM)\\b|\\bTEMPLATE\\s+(?!template0)",
          Pattern.CASE_INSENSITIVE);

  private static final int SECONDS = 10;

  private static final Map<Key, Deque<Connection>> IDLE = new HashMap<>();

  private record Key(
      String host, int port, String database, String url, String user, boolean pinned) {
    static Key of(ConnectionDetails where, boolean pinned) {
      return new Key(
          where.host(), where.port(), where.database(), where.jdbcUrl(), where.user(), pinned);
    }

    boolean isOf(ConnectionDetails server) {
      return host.equals(server.host()) && port == server.port();
    }
  }

  /** What is done in a session. */
  @FunctionalInterface
  public interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  private ReusedSessions() {}

  /** Runs statements in a session as an application has it. */
  public static void run(ConnectionDetails where, String... statements) throws SQLException {
    boolean forLater =
        List.of(statements).stream().anyMatch(sql -> FOR_LATER_SESSIONS.matcher(sql).find());
    if (forLater) {
      closeOf(where);
    }
    plain(
        where,
        connection -> {
          try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
              statement.execute(sql);
            }
          }
          return statements.length;
        });
    if (forLater) {
      closeOf(where);
    }
  }

  /** Does work in a session as an application has it. */
  public static <T> T plain(ConnectionDetails where, Work<T> work) throws SQLException {
    return use(where, false, work);
  }

  /** Reads in a session of {@link PinnedSession}. */
  public static <T> T pinned(ConnectionDetails where, Work<T> question) throws SQLException {
    return use(where, true, question);
  }

  private static <T> T use(ConnectionDetails where, boolean pinned, Work<T> work)
      throws SQLException {
    Key key = Key.of(where, pinned);
    Connection connection = take(key);
    if (connection == null) {
      connection = pinned ? PinnedSession.open(where, "test") : where.connect();
    }
    boolean well = false;
    try {
      T result = work.in(connection);
      if (!pinned) {
        discard(connection);
      }
      well = true;
      return result;
    } finally {
      if (well) {
        giveBack(key, connection);
      } else {
        connection.close();
      }
    }
  }

  /** Settings, role, locks, temporary tables, prepared statements and listening. */
  private static void discard(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("DISCARD ALL");
    }
  }

  private static @Nullable Connection take(Key key) throws SQLException {
    while (true) {
      Connection connection;
      synchronized (IDLE) {
        Deque<Connection> idle = IDLE.get(key);
        connection = idle == null ? null : idle.poll();
      }
      if (connection == null || connection.isValid(SECONDS)) {
        return connection;
      }
      connection.close();
    }
  }

  private static void giveBack(Key key, Connection connection) {
    synchronized (IDLE) {
      IDLE.computeIfAbsent(key, any -> new ArrayDeque<>()).push(connection);
    }
  }

  /** Closes those of a server that nobody uses. */
  public static void closeOf(ConnectionDetails server) throws SQLException {
    close(key -> key.isOf(server));
  }

  /** Closes those of a database that nobody uses. */
  public static void closeIn(ConnectionDetails where) throws SQLException {
    close(key -> key.isOf(where) && key.database.equals(where.database()));
  }

  private static void close(Predicate<Key> which) throws SQLException {
    List<Connection> idle = new ArrayList<>();
    synchronized (IDLE) {
      IDLE.entrySet().removeIf(each -> which.test(each.getKey()) && idle.addAll(each.getValue()));
    }
    for (Connection each : idle) {
      each.close();
    }
  }
}
