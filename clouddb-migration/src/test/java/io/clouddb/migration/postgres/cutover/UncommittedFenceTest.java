/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.DeadlineException;
import io.clouddb.migration.Eventually;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.testing.Ends;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A load that disables triggers, writes and enables them, as pg_restore and Rails do. */
class UncommittedFenceTest {
  @Test
  void aLoadWithoutTriggersThatHasNotCommittedIsSeenBeforeTheDecision() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      ends.onTarget("CREATE TABLE t (id int PRIMARY KEY)");
      WriteFence fence = new WriteFence("test", List.of(new TableName("public", "t")));
      try (Connection connection = PinnedSession.open(ends.target(), "test");
          Connection load = ends.target().connect();
          Statement statement = load.createStatement()) {
        fence.prepare(connection, "there");
        fence.raise(connection, Duration.ofSeconds(10));
        OpenWrites.awaitEnd(
            connection, List.of(new TableName("public", "t")), Duration.ofSeconds(10));

        load.setAutoCommit(false);
        statement.execute("ALTER TABLE t DISABLE TRIGGER USER");
        statement.execute("INSERT INTO t VALUES (1)");
        statement.execute("ALTER TABLE t ENABLE TRIGGER USER");

        try {
          // The decision would come next, and then this commit: the row is on this side only.
          assertThatThrownBy(() -> fence.requireStanding(connection))
              .isInstanceOf(CloudDbException.class);
        } finally {
          load.commit();
        }
      }
    }
  }

  /** Each lock can be had in less than the limit, all of them not. */
  @Test
  void theLocksBeforeTheDecisionHaveOneLimitTogether() throws Exception {
    try (Ends ends = Ends.of(16, 16)) {
      List<TableName> tables =
          Stream.of("a", "b", "c", "d").map(name -> new TableName("public", name)).toList();
      for (TableName table : tables) {
        ends.onTarget("CREATE TABLE " + table.quoted() + " (id int PRIMARY KEY)");
      }
      WriteFence fence = new WriteFence("test", tables);
      Deque<Connection> others = new ArrayDeque<>();
      try (Connection connection = PinnedSession.open(ends.target(), "test")) {
        fence.prepare(connection, "there");
        fence.raise(connection, Duration.ofSeconds(10));
        for (TableName table : tables) {
          Connection other = ends.target().connect();
          others.add(other);
          other.setAutoCommit(false);
          try (Statement statement = other.createStatement()) {
            statement.execute("LOCK TABLE " + table.quoted() + " IN SHARE MODE");
          }
        }
        CompletableFuture<Void> standing =
            CompletableFuture.runAsync(
                () -> {
                  try {
                    fence.requireStanding(connection);
                  } catch (SQLException e) {
                    throw new IllegalStateException(e);
                  }
                });
        while (!others.isEmpty()) {
          Eventually.until(
              "a lock to be waited for long enough, or given up",
              Duration.ofSeconds(20),
              () ->
                  standing.isDone()
                      || Ends.query(
                              ends.target(),
                              "SELECT count(*) FROM pg_locks WHERE NOT granted"
                                  + " AND clock_timestamp() - waitstart > '150ms'"
                                  + " AND database = (SELECT oid FROM pg_database"
                                  + " WHERE datname = current_database())")
                          .equals("1"));
          try (Connection other = others.remove()) {
            // Else PostgreSQL frees the lock some time after this: all four of them together.
            other.rollback();
          }
        }
        assertThatThrownBy(standing::join)
            .cause()
            .isInstanceOf(DeadlineException.class)
            .hasMessageContaining("could not be locked within 300 ms");
        // Nothing of the limit stays.
        assertThat(Ends.query(ends.target(), "SELECT count(*) FROM public.a")).isEqualTo("0");
        fence.requireStanding(connection);
        try (Statement statement = connection.createStatement();
            ResultSet row = statement.executeQuery("SHOW statement_timeout")) {
          row.next();
          assertThat(row.getString(1)).isEqualTo("0");
        }
        fence.release(connection);
      } finally {
        for (Connection other : others) {
          other.close();
        }
      }
    }
  }
}
