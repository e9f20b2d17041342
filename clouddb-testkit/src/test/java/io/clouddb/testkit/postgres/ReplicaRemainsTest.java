/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static io.clouddb.testkit.postgres.Statements.LIMIT;
import static io.clouddb.testkit.postgres.Statements.ask;
import static io.clouddb.testkit.postgres.Statements.await;
import static io.clouddb.testkit.postgres.Statements.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.clouddb.error.CloudDbException;
import io.clouddb.security.SecretRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What is left of replicas that end, or never were: nothing. */
class ReplicaRemainsTest {
  private static final String SLOTS = "SELECT count(*) FROM pg_replication_slots";

  private static EmbeddedPostgres primary() {
    return EmbeddedPostgres.builder().durable(false).start();
  }

  private static long processesOf(Path directory) {
    return ProcessHandle.allProcesses()
        .filter(
            p -> p.info().commandLine().filter(c -> c.contains(directory.toString())).isPresent())
        .count();
  }

  @Test
  void leavesNothingWhicheverIsClosedFirst() throws Exception {
    EmbeddedPostgres primary = primary();
    EmbeddedPostgres first = primary.replica().start();
    EmbeddedPostgres second = primary.replica().start();
    EmbeddedPostgres third = primary.replica().start();
    assertThat(ask(primary, SLOTS)).isEqualTo("3");
    first.close();
    first.close();
    assertThat(ask(primary, SLOTS)).isEqualTo("2");
    third.promote();
    assertThat(ask(primary, SLOTS)).isEqualTo("1");
    primary.close();
    assertThat(ask(second, "SELECT 1")).isEqualTo("1");
    second.close();
    third.close();
    for (EmbeddedPostgres each : List.of(primary, first, second, third)) {
      assertThat(each.directory()).doesNotExist();
      await("the watchdog has gone", () -> processesOf(each.directory()) == 0);
    }
  }

  @Test
  void aPrimaryDropsAtItsStartWhatItKeptForThoseThatAreGone(@TempDir Path folder) throws Exception {
    Path kept = folder.resolve("kept");
    try (EmbeddedPostgres primary =
        EmbeddedPostgres.builder().durable(false).dataDirectory(kept).keepData(true).start()) {
      EmbeddedPostgres stays = primary.replica().start();
      try (EmbeddedPostgres replica = primary.replica().start()) {
        assertThat(ask(primary, SLOTS)).isEqualTo("2");
        primary.kill();
        assertThat(replica.isReplica()).isTrue();
      }
      primary.start();
      assertThat(ask(primary, SLOTS)).isEqualTo("1");
      stays.catchUp(LIMIT);
      primary.stop();
      stays.close();
    }
    try (EmbeddedPostgres primary =
            EmbeddedPostgres.builder().durable(false).dataDirectory(kept).start();
        EmbeddedPostgres replica = primary.replica().start()) {
      assertThat(ask(primary, SLOTS)).isEqualTo("1");
      assertThat(replica.isReplica()).isTrue();
    }
  }

  @Test
  void aKeptReplicaIsGoneOnWithAndFollowsAgain(@TempDir Path folder) throws Exception {
    Path kept = folder.resolve("kept");
    try (EmbeddedPostgres primary = primary()) {
      run(primary, "CREATE TABLE t (a int)");
      primary.replica().dataDirectory(kept).keepData(true).start().close();
      assertThat(ask(primary, SLOTS)).isEqualTo("0");
      assertThatThrownBy(() -> primary.replica().dataDirectory(kept).start())
          .hasMessageContaining("not empty");
      run(primary, "INSERT INTO t VALUES (1)");
      try (EmbeddedPostgres replica =
          EmbeddedPostgres.builder().durable(false).dataDirectory(kept).start()) {
        assertThat(replica.isReplica()).isTrue();
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("0");
        replica.follow(primary).catchUp(LIMIT);
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("1");
      }
      assertThat(ask(primary, SLOTS)).isEqualTo("0");
    }
    assertThat(kept).doesNotExist();
  }

  @Test
  void keepsItsLogWithinALimitForAReplicaThatIsDown() throws Exception {
    try (EmbeddedPostgres primary = primary();
        EmbeddedPostgres replica = primary.replica().keptLog(1 << 20).start()) {
      SlotGuard guard = new SlotGuard(lifecycle(replica));
      try (guard) {
        run(primary, "CREATE TABLE t AS SELECT repeat('x', 1000) FROM generate_series(1, 3000)");
        guard.check();
        assertThat(ask(primary, SLOTS)).isEqualTo("1");
        replica.catchUp(LIMIT);
        replica.kill();
        guard.check();
        assertThat(ask(primary, SLOTS)).isEqualTo("1");
        run(primary, "INSERT INTO t SELECT repeat('y', 1000) FROM generate_series(1, 3000)");
        guard.check();
        assertThat(ask(primary, SLOTS)).isEqualTo("0");
        run(
            primary,
            "SELECT pg_switch_wal()",
            "CHECKPOINT",
            "SELECT pg_switch_wal()",
            "CHECKPOINT");
        replica.start();
        assertThat(ask(replica, "SELECT count(*) FROM t")).isEqualTo("3000");
        assertThat(replica.lag().isFollowing()).isFalse();
        // Each time that it asks for the log it seems to follow, until it is told no.
        await("it has been told no", () -> failure(replica).contains("not following"));
        assertThat(failure(replica)).contains("does not exist");
        run(replica.promote(), "INSERT INTO t VALUES ('z')");
      }
    }
  }

  private static String failure(EmbeddedPostgres replica) {
    return String.valueOf(catchThrowable(() -> replica.catchUp(Duration.ofMillis(300))));
  }

  @Test
  void aReplicaThatSomebodyPromotesBySqlIsNoLongerKeptFor() throws Exception {
    try (EmbeddedPostgres primary = primary();
        EmbeddedPostgres replica = primary.replica().start()) {
      run(replica, "SELECT pg_promote()");
      assertThat(replica.isReplica()).isFalse();
      try (SlotGuard guard = new SlotGuard(lifecycle(replica))) {
        guard.check();
      }
      assertThat(ask(primary, SLOTS)).isEqualTo("0");
      replica.restart();
      run(replica, "CREATE TABLE t ()");
    }
  }

  private static ServerLifecycle lifecycle(EmbeddedPostgres postgres) throws Exception {
    var field = EmbeddedPostgres.class.getDeclaredField("server");
    field.setAccessible(true);
    return (ServerLifecycle) field.get(postgres);
  }

  /**
   * Stands still in the middle: the copy begins with a checkpoint, which nobody makes now.
   *
   * @return the process that makes them
   */
  static String stopCheckpoints(EmbeddedPostgres primary) throws Exception {
    String pid =
        ask(primary, "SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'");
    assertThat(Command.succeeds(List.of("kill", "-STOP", pid))).isTrue();
    return pid;
  }

  private static List<Path> filesIn(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  private static @Nullable Throwable failureOf(Future<EmbeddedPostgres> making) throws Exception {
    try {
      making.get(60, TimeUnit.SECONDS).close();
      throw new AssertionError("it was made");
    } catch (ExecutionException e) {
      return e.getCause();
    }
  }

  /** Whether a thread waits for the end of a server whose session it has lost. */
  private static boolean isWaiting(@Nullable Thread thread) {
    return thread != null
        && Stream.of(thread.getStackTrace())
            .anyMatch(frame -> frame.getClassName().equals(LostSession.class.getName()));
  }

  static void awaitBackup(EmbeddedPostgres primary) throws Exception {
    await(
        "the copy begins",
        () ->
            ask(
                    primary,
                    "SELECT count(*) FROM pg_stat_activity WHERE query ~ 'pg_(start_)?backup'"
                        + " AND pid <> pg_backend_pid()")
                .equals("1"));
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signal stops a process")
  void leavesNothingWhenThePrimaryIsKilledDuringTheCopy(@TempDir Path folder) throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (EmbeddedPostgres primary = primary()) {
      String unused = stopCheckpoints(primary);
      Path place = folder.resolve("replica");
      Future<EmbeddedPostgres> making =
          threads.submit(() -> primary.replica().dataDirectory(place).start());
      awaitBackup(primary);
      assertThat(filesIn(place)).isNotEmpty();
      primary.kill();
      assertThat(failureOf(making))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("The primary has ended");
      assertThat(place).doesNotExist();
      primary.start();
      assertThat(ask(primary, SLOTS)).isEqualTo("0");
      primary.replica().start().close();
    } finally {
      threads.shutdownNow();
    }
  }

  /** Its sessions end before itself: who asks at once is told that it runs. */
  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signal stops a process")
  void saysThatThePrimaryHasEndedWhenItsSessionsEndFirst(@TempDir Path folder) throws Exception {
    AtomicReference<Thread> maker = new AtomicReference<>();
    ExecutorService threads =
        Executors.newSingleThreadExecutor(
            task -> {
              Thread thread = new Thread(task, "maker");
              maker.set(thread);
              return thread;
            });
    try (EmbeddedPostgres primary = primary()) {
      String unused = stopCheckpoints(primary);
      Future<EmbeddedPostgres> making =
          threads.submit(() -> primary.replica().dataDirectory(folder.resolve("replica")).start());
      awaitBackup(primary);
      String session =
          ask(
              primary,
              "SELECT pid FROM pg_stat_activity WHERE query ~ 'pg_(start_)?backup'"
                  + " AND pid <> pg_backend_pid()");
      String postmaster =
          Files.readAllLines(primary.directory().resolve("data/postmaster.pid")).get(0);
      assertThat(Command.succeeds(List.of("kill", "-STOP", postmaster))).isTrue();
      assertThat(Command.succeeds(List.of("kill", "-KILL", session))).isTrue();
      await("it has lost its session, and waits", () -> isWaiting(maker.get()));
      assertThat(making.isDone()).isFalse();
      primary.kill();
      assertThat(failureOf(making)).hasMessageContaining("The primary has ended");
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "no signal stops a process")
  void leavesNothingWhenTheCopyTakesTooLongOrIsBrokenOff(@TempDir Path folder) throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (EmbeddedPostgres primary = primary()) {
      String unused = stopCheckpoints(primary);
      Path place = folder.resolve("replica");
      assertThatThrownBy(
              () ->
                  primary
                      .replica()
                      .dataDirectory(place)
                      .keepData(true)
                      .copyTimeout(Duration.ofSeconds(1))
                      .start())
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("No replica of")
          .hasMessageContaining("try again");
      assertThat(place).doesNotExist();
      assertThat(ask(primary, SLOTS)).isEqualTo("0");

      // Only the next one may be taken for the next one.
      await(
          "the first session has gone",
          () ->
              ask(
                      primary,
                      "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                          + " WHERE query ~ 'pg_(start_)?backup' AND pid <> pg_backend_pid()")
                  .equals("0"));
      Future<EmbeddedPostgres> making =
          threads.submit(() -> primary.replica().dataDirectory(place).start());
      awaitBackup(primary);
      run(
          primary,
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE query ~ 'pg_(start_)?backup' AND pid <> pg_backend_pid()");
      assertThat(failureOf(making)).isInstanceOf(CloudDbException.class);
      assertThat(place).doesNotExist();
      assertThat(ask(primary, SLOTS)).isEqualTo("0");
      primary.kill();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void leavesNothingWhenItCannotStart(@TempDir Path folder) throws Exception {
    try (EmbeddedPostgres primary = primary()) {
      Path place = folder.resolve("replica");
      assertThatThrownBy(
              () -> primary.replica().dataDirectory(place).setting("no_such_thing", "1").start())
          .hasMessageContaining("no_such_thing");
      assertThat(place).doesNotExist();
      assertThat(ask(primary, SLOTS)).isEqualTo("0");
      Thread.currentThread().interrupt();
      try {
        assertThatThrownBy(() -> primary.replica().dataDirectory(place).start())
            .isInstanceOf(CloudDbException.class);
      } finally {
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(place).doesNotExist();
      assertThat(ask(primary, SLOTS)).isEqualTo("0");
      primary.stop();
      assertThatThrownBy(() -> primary.replica().start())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("start it first");
    }
  }

  @Test
  void comesOverVerifiedTlsAsARoleThatOnlyReplicates() throws Exception {
    try (EmbeddedPostgres primary =
            EmbeddedPostgres.builder()
                .durable(false)
                .sslOnly(true)
                .replicationRole("rdsrepladmin")
                .setting("log_statement", "all")
                .start();
        EmbeddedPostgres replica = primary.replica().start()) {
      assertThat(
              ask(
                  primary,
                  "SELECT usename || ' ' || ssl FROM pg_stat_replication JOIN pg_stat_ssl"
                      + " USING (pid)"))
          .isEqualTo("rdsrepladmin true");
      assertThat(ask(replica, "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"))
          .isEqualTo("t");
      String found = ask(replica, "SHOW primary_conninfo");
      assertThat(found).contains("sslmode='verify-full'").contains("channel_binding='require'");
      assertThat(
              ask(
                  primary,
                  "SELECT concat(rolcanlogin, rolreplication, rolsuper, rolcreaterole, rolcreatedb,"
                      + " rolbypassrls, rolinherit) FROM pg_roles WHERE rolname = 'rdsrepladmin'"))
          .isEqualTo("ttfffff");

      Path secret = primary.directory().resolve(ReplicationRole.SECRET);
      String password = Files.readAllLines(secret).get(1);
      assertThatThrownBy(
              primary.connection("postgres", "rdsrepladmin", SecretRef.literal(password))::connect)
          .hasMessageContaining("pg_hba.conf rejects");
      for (EmbeddedPostgres each : List.of(primary, replica)) {
        assertThat(each.log()).content().doesNotContain(password);
        assertThat(ask(each, "SELECT count(*) FROM pg_settings WHERE setting ~ '" + password + "'"))
            .isEqualTo("0");
        if (!Platform.current().windows()) {
          try (Stream<Path> files = Files.list(each.directory())) {
            for (Path file : (Iterable<Path>) files::iterator) {
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .as(file.toString())
                  .endsWith("------");
            }
          }
          assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(each.directory())))
              .startsWith("rwx")
              .matches("rwx--[x-]--[x-]");
        }
      }
    }
  }

  @Test
  void takesNoRoleOfSomebodyElse() throws Exception {
    try (EmbeddedPostgres primary = primary()) {
      run(primary, "CREATE ROLE clouddb_replication SUPERUSER LOGIN");
      assertThatThrownBy(() -> primary.replica().start())
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("replicationRole(name)");
      assertThat(ask(primary, SLOTS)).isEqualTo("0");
      run(primary, "DROP ROLE clouddb_replication");
      primary.replica().start().close();
    }
  }
}
