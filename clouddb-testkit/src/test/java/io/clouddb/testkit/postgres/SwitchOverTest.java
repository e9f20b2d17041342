/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static io.clouddb.testkit.postgres.Statements.LIMIT;
import static io.clouddb.testkit.postgres.Statements.ask;
import static io.clouddb.testkit.postgres.Statements.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a replica and its primary take each other's part, and that nothing is lost by it. */
class SwitchOverTest {
  private static final String SUM = "SELECT sum(a) FROM t";

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16, 17, 18})
  void goesThereAndBackOnEachVersion(int version) throws Exception {
    try (EmbeddedPostgres first =
            EmbeddedPostgres.builder().version(version).ssl(true).durable(false).start();
        EmbeddedPostgres second = first.replica().start();
        EmbeddedPostgres third = first.replica().start()) {
      run(first, "CREATE TABLE t AS SELECT 1 AS a");
      int port = first.port();
      second.switchOver(LIMIT);
      assertThat(second.isReplica()).isFalse();
      assertThat(first.isReplica()).isTrue();
      assertThat(first.port()).isEqualTo(port);
      run(second, "INSERT INTO t VALUES (2)");
      assertThat(ask(first.catchUp(LIMIT), SUM)).isEqualTo("3");
      assertThat(ask(third.catchUp(LIMIT), SUM)).isEqualTo("3");
      assertThat(ask(second, "SELECT count(*) FROM pg_replication_slots")).isEqualTo("2");
      first.switchOver(LIMIT);
      run(first, "INSERT INTO t VALUES (4)");
      assertThat(ask(second.catchUp(LIMIT), SUM)).isEqualTo("7");
      assertThat(ask(third.catchUp(LIMIT), SUM)).isEqualTo("7");
      assertThat(ask(first, "SELECT count(*) FROM pg_replication_slots")).isEqualTo("2");
      assertThat(ask(second, "SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
      // What it was before, it does not become by a restart.
      second.restart();
      first.restart();
      run(first, "INSERT INTO t VALUES (8)");
      assertThat(ask(second.catchUp(LIMIT), SUM)).isEqualTo("15");
    }
  }

  @Test
  void losesNothingThatWasAcknowledged() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (EmbeddedPostgres first = EmbeddedPostgres.builder().durable(false).start();
        EmbeddedPostgres second = first.replica().start()) {
      run(first, "CREATE TABLE t (a int)");
      CountDownLatch begun = new CountDownLatch(100);
      Future<Integer> writes =
          threads.submit(
              () -> {
                int acknowledged = 0;
                try (Connection connection = first.superuser().connect();
                    Statement statement = connection.createStatement()) {
                  while (true) {
                    statement.execute("INSERT INTO t VALUES (1)");
                    acknowledged++;
                    begun.countDown();
                  }
                } catch (SQLException e) {
                  // The server has ended, which ends this.
                  return acknowledged;
                }
              });
      assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
      second.switchOver(LIMIT);
      int acknowledged = writes.get(30, TimeUnit.SECONDS);
      int there = Integer.parseInt(ask(second, SUM));
      // One may have been committed whose answer did not come.
      assertThat(there).isBetween(acknowledged, acknowledged + 1);
      assertThat(ask(first.catchUp(LIMIT), SUM)).isEqualTo(Integer.toString(there));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void changesNothingWhereItCannotBe() throws Exception {
    try (EmbeddedPostgres first = EmbeddedPostgres.builder().durable(false).start();
        EmbeddedPostgres second = first.replica().start();
        EmbeddedPostgres last = second.replica().start()) {
      run(first, "CREATE TABLE t AS SELECT 1 AS a");
      assertThatThrownBy(() -> first.switchOver(LIMIT)).hasMessageContaining("follows nobody");
      assertThatThrownBy(() -> last.switchOver(LIMIT)).hasMessageContaining("a replica itself");
      second.pauseReplay();
      run(first, "INSERT INTO t VALUES (2)");
      assertThatThrownBy(() -> second.switchOver(Duration.ofMillis(50)))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("has not replayed");
      assertThat(second.isReplica()).isTrue();
      run(first, "INSERT INTO t VALUES (4)");
      second.resumeReplay();
      assertThat(ask(second.catchUp(LIMIT), SUM)).isEqualTo("7");
      first.stop();
      assertThatThrownBy(() -> second.switchOver(LIMIT)).hasMessageContaining("does not run");
      // Its own replica goes on to follow it.
      first.start();
      second.switchOver(LIMIT);
      run(second, "INSERT INTO t VALUES (8)");
      assertThat(ask(last.catchUp(LIMIT), SUM)).isEqualTo("15");
      assertThat(ask(first.catchUp(LIMIT), SUM)).isEqualTo("15");
    }
  }
}
