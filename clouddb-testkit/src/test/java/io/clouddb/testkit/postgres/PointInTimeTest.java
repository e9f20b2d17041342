/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static io.clouddb.testkit.postgres.Statements.LIMIT;
import static io.clouddb.testkit.postgres.Statements.ask;
import static io.clouddb.testkit.postgres.Statements.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.error.CloudDbException;
import io.clouddb.security.SecretRef;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That a server is made again as it was at a moment, to the transaction. */
class PointInTimeTest {
  private static final String ROWS = "SELECT string_agg(a::text, ',' ORDER BY a) FROM t";

  private static EmbeddedPostgres server() throws Exception {
    EmbeddedPostgres server = EmbeddedPostgres.builder().durable(false).archiving(true).start();
    run(server, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
    return server;
  }

  private static String rows(WalArchive archive, Instant moment) throws Exception {
    try (EmbeddedPostgres restored = archive.restore().until(moment).start()) {
      return ask(restored, ROWS);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16, 17, 18})
  void holdsTheFirstOfTwoTransactionsAndNotTheSecondOnEachVersion(int version) throws Exception {
    try (EmbeddedPostgres source =
            EmbeddedPostgres.builder().version(version).archiving(true).start();
        WalArchive archive = source.archive()) {
      run(source, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
      Instant between = Instant.now();
      run(source, "INSERT INTO t VALUES (2)");
      try (EmbeddedPostgres restored = archive.restore().until(between).start()) {
        assertThat(ask(restored, ROWS)).isEqualTo("1");
        assertThat(restored.isReplica()).isFalse();
        assertThat(ask(restored, "SHOW hot_standby")).isEqualTo("on");
        assertThat(ask(restored, "SHOW recovery_target_time")).isEmpty();
        run(restored, "INSERT INTO t VALUES (3)");
        assertThat(ask(restored, ROWS)).isEqualTo("1,3");
        assertThat(ask(source, ROWS)).isEqualTo("1,2");
      }
    }
  }

  @Test
  void hasWhatBelongsToTheServerAndWhatDoesNotStayInItsFiles() throws Exception {
    try (EmbeddedPostgres source = server();
        WalArchive archive = source.archive()) {
      run(
          source,
          "CREATE ROLE app LOGIN PASSWORD 'first'",
          "CREATE DATABASE shop OWNER app",
          "CREATE SEQUENCE s",
          "SET allow_in_place_tablespaces = on",
          "CREATE UNLOGGED TABLE u AS SELECT 1 AS a",
          "SELECT nextval('s') FROM generate_series(1, 40)");
      try (Connection connection = source.superuser().connect();
          Statement statement = connection.createStatement()) {
        statement.execute("SET allow_in_place_tablespaces = on");
        statement.execute("CREATE TABLESPACE room LOCATION ''");
        statement.execute("CREATE TABLE r TABLESPACE room AS SELECT 7 AS a");
      }
      Instant moment = Instant.now();
      run(
          source,
          "ALTER ROLE app PASSWORD 'second'",
          "DROP DATABASE shop",
          "DROP TABLE r",
          "DROP TABLESPACE room");
      source.setting("work_mem", "7MB").restart();
      try (EmbeddedPostgres restored = archive.restore().until(moment).start();
          Connection app =
              restored.connection("shop", "app", SecretRef.literal("first")).connect()) {
        assertThat(app.isValid(5)).isTrue();
        assertThat(ask(restored, "SELECT a FROM r")).isEqualTo("7");
        assertThat(Integer.parseInt(ask(restored, "SELECT nextval('s')"))).isGreaterThan(40);
        assertThat(ask(restored, "SELECT count(*) FROM u")).isEqualTo("0");
        assertThat(ask(restored, "SHOW work_mem")).isEqualTo("7MB");
      }
    }
  }

  @Test
  void holdsAPrefixOfWhatIsWrittenMeanwhile() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (EmbeddedPostgres source = server();
        WalArchive archive = source.archive()) {
      CountDownLatch some = new CountDownLatch(200);
      AtomicBoolean end = new AtomicBoolean();
      List<Instant> acknowledged = new ArrayList<>();
      Future<?> writer =
          threads.submit(
              () -> {
                try (Connection connection = source.superuser().connect();
                    Statement statement = connection.createStatement()) {
                  for (int a = 2; !end.get(); a++) {
                    statement.execute("INSERT INTO t VALUES (" + a + ")");
                    synchronized (acknowledged) {
                      acknowledged.add(Instant.now());
                    }
                    some.countDown();
                  }
                }
                return true;
              });
      assertThat(some.await(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      Instant moment = Instant.now();
      Future<EmbeddedPostgres> first =
          threads.submit(() -> archive.restore().until(moment).start());
      Future<EmbeddedPostgres> second =
          threads.submit(() -> archive.restore().until(moment).start());
      try (EmbeddedPostgres one = first.get();
          EmbeddedPostgres other = second.get()) {
        int rows = Integer.parseInt(ask(one, "SELECT count(*) FROM t"));
        assertThat(ask(one, "SELECT max(a) FROM t")).isEqualTo(Integer.toString(rows));
        assertThat(ask(other, "SELECT count(*) FROM t")).isEqualTo(Integer.toString(rows));
        long known;
        synchronized (acknowledged) {
          known = acknowledged.stream().filter(time -> !time.isAfter(moment)).count();
        }
        // The first row is not the writer's; one may have been on its way.
        assertThat(rows - 1L).isBetween(known, known + 1);
      } finally {
        end.set(true);
        writer.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void isMadeOfAServerThatWasKilledAndOfOneThatIsGone() throws Exception {
    WalArchive archive;
    Instant between;
    Path directory;
    try (EmbeddedPostgres source = server()) {
      archive = source.archive();
      directory = source.directory();
      between = Instant.now();
      run(source, "INSERT INTO t VALUES (2)");
      source.kill();
      assertThat(rows(archive, between)).isEqualTo("1");
      assertThat(rows(archive, Instant.now())).isEqualTo("1,2");
      source.start();
      run(source, "INSERT INTO t VALUES (3)");
    }
    assertThat(directory).isDirectoryNotContaining("glob:**data");
    try (WalArchive other = archive.hold()) {
      archive.close();
      assertThat(rows(other, between)).isEqualTo("1");
      assertThat(rows(other, Instant.now())).isEqualTo("1,2,3");
    }
    assertThat(directory).doesNotExist();
    assertThatThrownBy(archive::restore).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void goesOnThroughRestoresPromotionsAndSwitchovers() throws Exception {
    try (EmbeddedPostgres source = server();
        WalArchive archive = source.archive();
        EmbeddedPostgres replica = source.replica().start();
        WalArchive ofReplica = replica.archive()) {
      Instant first = Instant.now();
      run(source, "INSERT INTO t VALUES (2)");
      replica.catchUp(LIMIT);
      Instant second = Instant.now();
      replica.switchOver(LIMIT);
      run(replica, "INSERT INTO t VALUES (3)");
      source.catchUp(LIMIT);
      Instant third = Instant.now();
      run(replica, "INSERT INTO t VALUES (4)");
      source.catchUp(LIMIT);
      source.switchOver(LIMIT);
      run(source, "INSERT INTO t VALUES (5)");
      assertThat(rows(archive, first)).isEqualTo("1");
      assertThat(rows(archive, third)).isEqualTo("1,2,3");
      assertThat(rows(ofReplica, second)).isEqualTo("1,2");
      assertThat(rows(ofReplica, third)).isEqualTo("1,2,3");
      assertThat(rows(archive, Instant.now())).isEqualTo("1,2,3,4,5");
      try (EmbeddedPostgres restored = archive.restore().until(third).start();
          WalArchive again = restored.archive()) {
        run(restored, "INSERT INTO t VALUES (6)");
        Instant fourth = Instant.now();
        run(restored, "INSERT INTO t VALUES (7)");
        assertThat(rows(again, fourth)).isEqualTo("1,2,3,6");
        assertThat(rows(again, second)).isEqualTo("1,2");
        restored.close();
        assertThat(rows(again, Instant.now())).isEqualTo("1,2,3,6,7");
      }
    }
  }

  @Test
  void aReplicaThatIsPromotedGoesAnotherWayThanItsSource() throws Exception {
    try (EmbeddedPostgres source = server();
        EmbeddedPostgres replica = source.replica().start();
        WalArchive ofReplica = replica.archive()) {
      replica.promote();
      run(replica, "INSERT INTO t VALUES (2)");
      Instant moment = Instant.now();
      run(source, "INSERT INTO t VALUES (3)");
      source.close();
      run(replica, "INSERT INTO t VALUES (4)");
      assertThat(rows(ofReplica, moment)).isEqualTo("1,2");
      replica.close();
      assertThat(rows(ofReplica, Instant.now())).isEqualTo("1,2,4");
    }
  }

  @Test
  void worksWhereTheServerRunsAsAnotherUser(@TempDir Path folder) throws Exception {
    var user = OperatingUser.tryWay(OperatingUser.Way.SETPRIV);
    assumeTrue(user.isPresent(), "only root becomes somebody else");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (EmbeddedPostgres source =
            EmbeddedPostgres.builder()
                .durable(false)
                .archiving(true)
                .dataDirectory(folder.resolve("source"))
                .operatingUser(user.get())
                .start();
        WalArchive archive = source.archive()) {
      run(source, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
      Instant between = Instant.now();
      run(source, "INSERT INTO t VALUES (2)");
      assertThat(rows(archive, between)).isEqualTo("1");
      source.close();
      assertThat(rows(archive, Instant.now())).isEqualTo("1,2");
      assertThat(folder.resolve("source")).isNotEmptyDirectory();
    }
    assertThat(folder.resolve("source")).doesNotExist();
  }

  @Test
  void refusesALogThatIsDamagedOrHasAHole() throws Exception {
    try (EmbeddedPostgres source = server();
        WalArchive archive = source.archive()) {
      Path log = source.directory().resolve("data/pg_wal");
      long here =
          Long.parseLong(
              ask(
                  source,
                  "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"
                      + " % pg_size_bytes(current_setting('wal_segment_size'))"));
      String name = ask(source, "SELECT pg_walfile_name(pg_current_wal_insert_lsn())");
      run(source, "INSERT INTO t SELECT generate_series(2, 2000)");
      Instant moment = Instant.now();
      Path segment = log.resolve(name);
      try (FileChannel channel = FileChannel.open(segment, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.allocate(64), here);
      }
      assertThatThrownBy(() -> rows(archive, moment))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("recovery ended before");
      assertThatThrownBy(() -> archive.restore().start())
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("recovery ended before");
      source.kill();
      Files.delete(segment);
      assertThatThrownBy(() -> rows(archive, moment))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("hole");
    }
  }

  @Test
  void isMadeWhileTheServerIsRestarted() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    AtomicBoolean end = new AtomicBoolean();
    try (EmbeddedPostgres source = server();
        WalArchive archive = source.archive()) {
      Instant moment = Instant.now();
      run(source, "INSERT INTO t VALUES (2)");
      Future<?> restarts =
          threads.submit(
              () -> {
                while (!end.get()) {
                  source.restart();
                }
              });
      try {
        for (int i = 0; i < 3; i++) {
          assertThat(rows(archive, moment)).isEqualTo("1");
        }
      } finally {
        end.set(true);
        restarts.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** Its log has the end of its source's, and then a hole: nobody has damaged it. */
  @Test
  @Tag("slow")
  void aPromotedReplicaThatHasRemovedItsOwnBeginningSaysSo() throws Exception {
    long most = 48L << 20;
    try (EmbeddedPostgres source =
            EmbeddedPostgres.builder().durable(false).archiving(true).archiveLimit(most).start();
        EmbeddedPostgres replica = source.replica().start();
        WalArchive archive = replica.archive()) {
      replica.promote();
      source.close();
      run(replica, "CREATE TABLE t (a int)");
      for (int i = 0; i < 6; i++) {
        run(replica, "INSERT INTO t VALUES (2)", "SELECT pg_switch_wal()");
      }
      run(replica, "CHECKPOINT");
      assertThatThrownBy(() -> rows(archive, Instant.now()))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("longer than the 48 MiB");
    }
  }

  @Test
  void keepsNoMoreLogThanItMayAndSaysSo() throws Exception {
    long most = 48L << 20;
    try (EmbeddedPostgres source =
            EmbeddedPostgres.builder().durable(false).archiving(true).archiveLimit(most).start();
        WalArchive archive = source.archive()) {
      run(source, "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1)");
      Instant moment = Instant.now();
      run(source, "SELECT pg_switch_wal()", "CHECKPOINT");
      assertThat(rows(archive, moment)).isEqualTo("1");
      for (int i = 0; i < 5; i++) {
        run(source, "INSERT INTO t VALUES (2)", "SELECT pg_switch_wal()");
      }
      run(source, "CHECKPOINT");
      assertThatThrownBy(() -> rows(archive, moment))
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("longer than the 48 MiB")
          .hasMessageContaining("archiveLimit");
      assertThat(
              ask(
                  source,
                  "SELECT count(*) FROM pg_ls_waldir()"
                      + " WHERE name < pg_walfile_name(pg_current_wal_lsn())"))
          .isEqualTo("3");
    }
  }

  @Test
  void leavesNothingOfWhatCannotBeMade(@TempDir Path folder) throws Exception {
    try (EmbeddedPostgres source = server();
        WalArchive archive = source.archive()) {
      Path place = Files.createDirectory(folder.resolve("new"));
      assertThatThrownBy(
              () -> archive.restore().dataDirectory(place).setting("work_mem", "much").start())
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("work_mem");
      assertThat(place).doesNotExist();
      Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
      run(source, "CREATE TABLESPACE room LOCATION '" + elsewhere + "'");
      assertThatThrownBy(() -> archive.restore().start())
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining(elsewhere.toString());
      run(source, "DROP TABLESPACE room");
    }
    try (EmbeddedPostgres plain = EmbeddedPostgres.builder().durable(false).start()) {
      assertThatThrownBy(plain::archive)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("archiving(true)");
    }
  }
}
