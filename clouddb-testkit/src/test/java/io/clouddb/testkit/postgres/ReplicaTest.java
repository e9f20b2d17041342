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
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a replica follows, is behind, and takes over, with what was replicated and no less. */
class ReplicaTest {
  private static EmbeddedPostgres primary() {
    return EmbeddedPostgres.builder().durable(false).start();
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16, 17, 18})
  void followsAndTakesOverOnEachVersion(int version) throws Exception {
    try (EmbeddedPostgres primary = EmbeddedPostgres.builder().version(version).start()) {
      run(primary, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
      Instant before = Instant.now();
      try (EmbeddedPostgres replica = primary.replica().start()) {
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("1");
        assertThat(replica.version()).isEqualTo(version);
        assertThat(replica.isReplica()).isTrue();
        assertThat(primary.isReplica()).isFalse();
        run(primary, "INSERT INTO t VALUES (2)");
        replica.catchUp(LIMIT);
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("2");
        assertThatThrownBy(() -> run(replica, "INSERT INTO t VALUES (0)"))
            .hasMessageContaining("read-only");

        ReplicationLag lag = replica.lag();
        assertThat(lag.isFollowing()).isTrue();
        assertThat(lag.isReplayPaused()).isFalse();
        assertThat(lag.lastReplayed()).get().satisfies(at -> assertThat(at).isAfter(before));
        assertThat(lag.written()).isPresent();

        replica.pauseReplay();
        run(primary, "INSERT INTO t VALUES (3)");
        Statements.await("it is received", () -> replica.lag().bytesToReceive().orElse(1) == 0);
        assertThat(replica.lag().bytesToReplay()).isPositive();
        assertThat(replica.lag().isReplayPaused()).isTrue();
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("2");
        replica.resumeReplay().catchUp(LIMIT);
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("3");

        replica.pauseReplay();
        run(primary, "INSERT INTO t VALUES (4)");
        Statements.await("it is received", () -> replica.lag().bytesToReceive().orElse(1) == 0);
        Instant last = replica.lag().lastReplayed().orElseThrow();
        primary.kill();
        Statements.await("it has noticed", () -> !replica.lag().isFollowing());
        assertThat(replica.lag().written()).isEmpty();
        assertThat(replica.lag().lastReplayed()).contains(last);
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("3");

        replica.promote();
        assertThat(replica.isReplica()).isFalse();
        assertThat(ask(replica, "SELECT string_agg(a::text, ',' ORDER BY a) FROM t"))
            .isEqualTo("1,2,3,4");
        run(replica, "INSERT INTO t VALUES (5)");
        replica.restart();
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("5");
        assertThatThrownBy(replica::promote).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(replica::lag).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(replica::pauseReplay).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> replica.catchUp(LIMIT)).isInstanceOf(IllegalStateException.class);
      }
    }
  }

  /** One row after the other, each committed and told. */
  private static Callable<Integer> writer(
      EmbeddedPostgres primary, CountDownLatch first, AtomicBoolean end, AtomicBoolean killed) {
    return () -> {
      int acknowledged = 0;
      try (Connection connection = primary.superuser().connect();
          Statement statement = connection.createStatement()) {
        while (!end.get()) {
          statement.execute("INSERT INTO t VALUES (" + (acknowledged + 1) + ", repeat('x', 500))");
          acknowledged++;
          first.countDown();
        }
      } catch (SQLException e) {
        // The server is being killed, which is what ends it.
        if (!killed.get()) {
          throw e;
        }
      }
      return acknowledged;
    };
  }

  @Test
  void hasEveryRowThatIsWrittenWhileItIsCopied() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (EmbeddedPostgres primary = primary()) {
      run(primary, "CREATE TABLE t (a int PRIMARY KEY, b text)");
      CountDownLatch first = new CountDownLatch(1);
      AtomicBoolean end = new AtomicBoolean();
      Future<Integer> writes = threads.submit(writer(primary, first, end, new AtomicBoolean()));
      assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
      // Two at once.
      Future<EmbeddedPostgres> other = threads.submit(() -> primary.replica().start());
      try (EmbeddedPostgres replica = primary.replica().start();
          EmbeddedPostgres second = other.get(60, TimeUnit.SECONDS)) {
        end.set(true);
        int acknowledged = writes.get(30, TimeUnit.SECONDS);
        for (EmbeddedPostgres each : List.of(replica, second)) {
          each.catchUp(LIMIT);
          assertThat(ask(each, "SELECT count(*) || ' ' || max(a) FROM t"))
              .isEqualTo(acknowledged + " " + acknowledged);
        }
        run(primary, "CREATE EXTENSION IF NOT EXISTS plpgsql");
        assertThat(ask(primary, "SELECT count(*) FROM pg_replication_slots")).isEqualTo("2");
      }
      assertThat(ask(primary, "SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void takesOverFromAPrimaryThatDiesUnderLoadWithoutAGap() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (EmbeddedPostgres primary = primary()) {
      run(primary, "CREATE TABLE t (a int PRIMARY KEY, b text)");
      try (EmbeddedPostgres replica = primary.replica().start()) {
        CountDownLatch first = new CountDownLatch(300);
        AtomicBoolean killed = new AtomicBoolean();
        Future<Integer> writes =
            threads.submit(writer(primary, first, new AtomicBoolean(), killed));
        assertThat(first.await(30, TimeUnit.SECONDS)).isTrue();
        // A commit waits for no replica, which may not have got to its first row yet.
        Statements.await("it has some", () -> !ask(replica, "SELECT count(*) FROM t").equals("0"));
        killed.set(true);
        primary.kill();
        int acknowledged = writes.get(30, TimeUnit.SECONDS);
        long received = replica.lag().received();
        replica.promote();
        int has = Integer.parseInt(ask(replica, "SELECT max(a) FROM t"));
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo(Integer.toString(has));
        assertThat(has).isBetween(1, acknowledged + 1);
        assertThat(
                Long.parseLong(ask(replica, "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')")))
            .isGreaterThanOrEqualTo(received);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void isStoppedAndKilledAndStartedAsAnyServerWithSettingsOfItsOwn() throws Exception {
    try (EmbeddedPostgres primary =
        EmbeddedPostgres.builder().durable(false).setting("work_mem", "7MB").start()) {
      run(primary, "CREATE TABLE t (a int)");
      try (EmbeddedPostgres replica =
          primary
              .replica()
              .setting("work_mem", "9MB")
              .setting("maintenance_work_mem", "17MB")
              .start()) {
        assertThat(ask(replica, "SHOW work_mem")).isEqualTo("9MB");
        assertThat(ask(replica, "SHOW fsync")).isEqualTo("off");
        int port = replica.port();
        replica.stop();
        assertThat(replica.isReplica()).isTrue();
        run(primary, "INSERT INTO t VALUES (1)");
        replica.setting("work_mem", "11MB").start().catchUp(LIMIT);
        assertThat(replica.port()).isEqualTo(port);
        assertThat(ask(replica, "SHOW work_mem")).isEqualTo("11MB");
        replica.kill();
        run(primary, "INSERT INTO t VALUES (2)", "CHECKPOINT");
        replica.start().catchUp(LIMIT);
        replica.setting("work_mem", "13MB").reload();
        assertThat(ask(replica, "SHOW work_mem")).isEqualTo("13MB");
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("2");

        primary.restart();
        run(primary, "INSERT INTO t VALUES (3)");
        replica.catchUp(LIMIT);
        primary.stop();
        replica.restart();
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("3");
        replica.catchUp(LIMIT);
        primary.start();
        run(primary, "INSERT INTO t VALUES (4)");
        replica.catchUp(LIMIT);
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("4");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aReplicaOfAReplicaGoesOnWhenThatIsPromoted(boolean durable) throws Exception {
    try (EmbeddedPostgres primary = EmbeddedPostgres.builder().durable(durable).start()) {
      run(primary, "CREATE TABLE t (a int)");
      try (EmbeddedPostgres middle = primary.replica().start();
          EmbeddedPostgres last = middle.replica().start()) {
        run(primary, "INSERT INTO t VALUES (1)");
        middle.catchUp(LIMIT);
        last.catchUp(LIMIT);
        assertThat(ask(last, "SELECT count(*) FROM t")).isEqualTo("1");
        assertThat(ask(middle, "SELECT count(*) FROM pg_stat_replication")).isEqualTo("1");
        assertThat(ask(primary, "SELECT count(*) FROM pg_stat_replication")).isEqualTo("1");
        primary.close();
        middle.promote();
        run(middle, "INSERT INTO t VALUES (2)");
        last.catchUp(LIMIT);
        assertThat(ask(last, "SELECT count(*) FROM t")).isEqualTo("2");
        assertThatThrownBy(() -> last.follow(last)).isInstanceOf(IllegalStateException.class);
        try (EmbeddedPostgres another = middle.replica().start()) {
          assertThat(ask(another, "SELECT count(*) FROM t")).isEqualTo("2");
        }
      }
    }
  }

  @Test
  void followsAnotherThatWasPromoted() throws Exception {
    try (EmbeddedPostgres primary = primary();
        EmbeddedPostgres stranger = primary()) {
      run(primary, "CREATE TABLE t (a int)");
      try (EmbeddedPostgres first = primary.replica().startTimeout(Duration.ofSeconds(20)).start();
          EmbeddedPostgres second = primary.replica().startTimeout(Duration.ofSeconds(20)).start();
          EmbeddedPostgres third = primary.replica().startTimeout(Duration.ofSeconds(2)).start()) {
        assertThatThrownBy(() -> second.follow(stranger)).hasMessageContaining("same data");
        run(primary, "INSERT INTO t VALUES (1)");
        first.catchUp(LIMIT);
        second.catchUp(LIMIT);
        first.promote();
        // What the first does not have: this one cannot go its way any more.
        run(primary, "INSERT INTO t VALUES (2)");
        third.catchUp(LIMIT);
        second.stop();
        assertThatThrownBy(() -> third.follow(first))
            .isInstanceOf(CloudDbException.class)
            .hasMessageContaining("another way")
            .hasMessageContaining("new replica");
        run(primary, "INSERT INTO t VALUES (3)");
        third.catchUp(LIMIT);
        assertThat(ask(third, "SELECT count(*) FROM t")).isEqualTo("3");
        assertThat(ask(first, "SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
      }
    }
    try (EmbeddedPostgres primary = primary()) {
      run(primary, "CREATE TABLE t (a int)");
      try (EmbeddedPostgres first = primary.replica().start();
          EmbeddedPostgres second = primary.replica().start()) {
        run(primary, "INSERT INTO t VALUES (1)");
        primary.stop();
        first.promote();
        second.follow(first);
        run(first, "INSERT INTO t VALUES (2)");
        second.catchUp(LIMIT);
        assertThat(ask(second, "SELECT count(*) FROM t")).isEqualTo("2");
        assertThat(ask(first, "SELECT count(*) FROM pg_replication_slots")).isEqualTo("1");
        assertThatThrownBy(() -> first.follow(second)).isInstanceOf(IllegalStateException.class);
        second.restart();
        run(first, "INSERT INTO t VALUES (3)");
        second.catchUp(LIMIT);
        primary.start();
        assertThat(ask(primary, "SELECT count(*) FROM pg_replication_slots")).isEqualTo("0");
      }
    }
  }

  @Test
  void saysHowFarItHasComeWhenItDoesNotCatchUp() throws Exception {
    try (EmbeddedPostgres primary = primary();
        EmbeddedPostgres replica = primary.replica().start()) {
      replica.pauseReplay();
      run(primary, "CREATE TABLE t (a int)");
      assertThatThrownBy(() -> replica.catchUp(Duration.ofMillis(300)))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("replay paused")
          .hasMessageContaining("resumeReplay()");
      replica.promote(Duration.ofSeconds(20));
      run(replica, "INSERT INTO t VALUES (1)");
    }
  }

  @Test
  void namesTheEndOfTheLogWhereAPageEnds() {
    long segment = 16L << 20;
    assertThat(ReplicaState.end(segment + 40, segment)).isEqualTo(segment);
    assertThat(ReplicaState.end(segment + 8192 + 24, segment)).isEqualTo(segment + 8192);
    assertThat(ReplicaState.end(segment + 8192 + 40, segment)).isEqualTo(segment + 8192 + 40);
    assertThat(ReplicaState.end(segment + 100, segment)).isEqualTo(segment + 100);
  }
}
