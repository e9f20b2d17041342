/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.postgres;

import static io.clouddb.testkit.postgres.Statements.LIMIT;
import static io.clouddb.testkit.postgres.Statements.ask;
import static io.clouddb.testkit.postgres.Statements.await;
import static io.clouddb.testkit.postgres.Statements.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.sql.ConnectionDetails;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That a replica has all of its primary's data, whatever it is, and what recovery needs. */
class ReplicaDataTest {
  private static EmbeddedPostgres primary(int version) {
    return EmbeddedPostgres.builder().durable(false).version(version).start();
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void hasTablespacesUnloggedTablesAndDatabasesOfAnyName(int version) throws Exception {
    String hostile = "it's \"quoted\" \\ ../../x %d ${y} \u00e9";
    // In the JVM's own folder of temporary files, since the server's user has to come to it.
    Path folder = Files.createTempDirectory("clouddb space \u00e9");
    Path place = folder.resolve("it is\\here");
    assumeTrue(OperatingUser.find(Platform.current()).recipient() == null, "another user's server");
    Files.createDirectory(place);
    try (EmbeddedPostgres primary = primary(version)) {
      run(
          primary,
          "CREATE DATABASE \"" + hostile.replace("\"", "\"\"") + "\"",
          "CREATE TABLESPACE \"spa ce\" LOCATION $$" + place + "$$",
          "SET allow_in_place_tablespaces = on",
          "CREATE TABLESPACE inside LOCATION ''",
          "CREATE TABLE elsewhere TABLESPACE \"spa ce\" AS SELECT generate_series(1, 1000) AS a",
          "CREATE TABLE within TABLESPACE inside AS SELECT generate_series(1, 100) AS a",
          "CREATE UNLOGGED TABLE forgotten AS SELECT generate_series(1, 1000) AS a",
          "CREATE TABLE large AS SELECT i, repeat('x', 1000) AS b FROM generate_series(1, 12000) i",
          "SELECT lo_from_bytea(4711, 'large object')");
      ConnectionDetails other = primary.superuser().toBuilder().database(hostile).build();
      try (Connection connection = other.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE TABLE t AS SELECT 42 AS a");
        // Of a session that lasts: its files are there while the copy is made.
        statement.execute("CREATE TEMPORARY TABLE mine AS SELECT generate_series(1, 1000) AS a");
        try (EmbeddedPostgres replica = primary.replica().start();
            EmbeddedPostgres second = replica.replica().start()) {
          run(primary, "INSERT INTO elsewhere VALUES (0)", "INSERT INTO within VALUES (0)");
          replica.catchUp(LIMIT);
          second.catchUp(LIMIT);
          for (EmbeddedPostgres each : new EmbeddedPostgres[] {replica, second}) {
            assertThat(ask(each, "SELECT count(*) FROM elsewhere")).isEqualTo("1001");
            assertThat(ask(each, "SELECT count(*) FROM within")).isEqualTo("101");
            assertThat(ask(each, "SELECT sum(i) || ' ' || sum(length(b)) FROM large"))
                .isEqualTo("72006000 12000000");
            assertThat(ask(each, "SELECT convert_from(lo_get(4711), 'UTF8')"))
                .isEqualTo("large object");
            assertThat(
                    ask(each.superuser().toBuilder().database(hostile).build(), "SELECT a FROM t"))
                .isEqualTo("42");
            assertThatThrownBy(() -> ask(each, "SELECT count(*) FROM forgotten"))
                .hasMessageContaining("unlogged");
          }
          replica.restart().promote();
          assertThat(ask(replica, "SELECT count(*) FROM forgotten")).isEqualTo("0");
          run(
              replica,
              "INSERT INTO forgotten VALUES (1)",
              "INSERT INTO elsewhere VALUES (2)",
              "DROP TABLE within",
              "DROP TABLESPACE inside");
          assertThat(ask(primary, "SELECT count(*) FROM elsewhere")).isEqualTo("1001");
          assertThat(ask(primary, "SELECT count(*) FROM forgotten")).isEqualTo("1000");
          second.catchUp(LIMIT);
          assertThat(ask(second, "SELECT count(*) FROM elsewhere")).isEqualTo("1002");
        }
      }
    } finally {
      DirectoryTree.delete(folder);
    }
  }

  /** PostgreSQL removes and makes it anew when it replays that its tablespace was made. */
  @Test
  void waitsForTheLinkOfATablespaceThatIsGoneForAMoment() throws Exception {
    Path place = Files.createTempDirectory("clouddb-space");
    try (EmbeddedPostgres primary = primary(16)) {
      OperatingUser.find(Platform.current()).own(place);
      run(primary, "CREATE TABLESPACE elsewhere LOCATION '" + place + "'");
      try (EmbeddedPostgres replica = primary.replica().start()) {
        replica.catchUp(LIMIT);
        Path link =
            replica
                .directory()
                .resolve("data/pg_tblspc")
                .resolve(ask(primary, "SELECT oid FROM pg_tablespace WHERE spcname = 'elsewhere'"));
        Path away = link.resolveSibling("away");
        Files.move(link, away);
        CompletableFuture<ReplicationLag> lag = CompletableFuture.supplyAsync(replica::lag);
        assertThatThrownBy(() -> lag.get(300, TimeUnit.MILLISECONDS))
            .isInstanceOf(TimeoutException.class);
        Files.move(away, link);
        assertThat(lag.get(LIMIT.toSeconds(), TimeUnit.SECONDS).isFollowing()).isTrue();
      }
    } finally {
      DirectoryTree.delete(place);
    }
  }

  @Test
  void refusesATablespaceThatBothWouldWriteTo() throws Exception {
    assumeTrue(OperatingUser.find(Platform.current()).recipient() == null, "another user's server");
    Path place = Files.createTempDirectory("clouddb-space");
    try (EmbeddedPostgres primary = primary(16);
        EmbeddedPostgres replica = primary.replica().start()) {
      run(
          primary,
          "SET allow_in_place_tablespaces = on",
          "CREATE TABLESPACE inside LOCATION ''",
          "CREATE TABLE t TABLESPACE inside AS SELECT 1 AS a");
      replica.catchUp(LIMIT);
      assertThat(ask(replica, "SELECT a FROM t")).isEqualTo("1");
      run(primary, "CREATE TABLESPACE shared LOCATION '" + place + "'");
      await("it is replayed", () -> ask(replica, "SELECT count(*) FROM pg_tablespace").equals("4"));
      for (Runnable each :
          new Runnable[] {replica::lag, replica::promote, () -> replica.catchUp(LIMIT)}) {
        assertThatThrownBy(each::run)
            .isInstanceOf(CloudDbException.class)
            .hasMessageContaining("shared")
            .hasMessageContaining("allow_in_place_tablespaces");
      }
      assertThat(replica.isReplica()).isTrue();
    } finally {
      DirectoryTree.delete(place);
    }
  }

  @Test
  void isNeverSmallerThanItsPrimary() throws Exception {
    try (EmbeddedPostgres primary =
        EmbeddedPostgres.builder()
            .durable(false)
            .setting("max_connections", "30")
            .setting("hot_standby", "off")
            .start()) {
      run(
          primary,
          "ALTER SYSTEM SET max_prepared_transactions = 7",
          "ALTER SYSTEM SET work_mem = '5MB'",
          "ALTER SYSTEM SET application_name = 'it''s \\ here'");
      primary.restart();
      assertThatThrownBy(() -> primary.replica().setting("Max_Connections", "20").start())
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("max_connections is 20")
          .hasMessageContaining("30");
      assertThatThrownBy(() -> primary.replica().setting("hot_standby", "off").start())
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("hot_standby");
      assertThatThrownBy(() -> primary.setting("primary_conninfo", "host=elsewhere"))
          .isInstanceOf(InvalidArgumentException.class);
      try (EmbeddedPostgres replica =
              primary
                  .replica()
                  .setting("max_locks_per_transaction", "128")
                  .setting("work_mem", "6MB")
                  .start();
          EmbeddedPostgres last = replica.replica().start()) {
        assertThat(ask(replica, "SHOW max_connections")).isEqualTo("30");
        assertThat(ask(replica, "SHOW max_prepared_transactions")).isEqualTo("7");
        assertThat(ask(replica, "SHOW max_locks_per_transaction")).isEqualTo("128");
        assertThat(ask(replica, "SHOW work_mem")).isEqualTo("6MB");
        assertThat(ask(last, "SHOW work_mem")).isEqualTo("6MB");
        assertThat(
                ask(last, "SELECT setting FROM pg_file_settings WHERE name = 'application_name'"))
            .isEqualTo("it's \\ here");

        // A primary that would stop the replay of one that runs is refused, however it is told.
        primary.setting("max_connections", "40");
        assertThatThrownBy(primary::restart)
            .isInstanceOf(InvalidArgumentException.class)
            .hasMessageContaining("max_connections is 30 at the replica at port")
            .hasMessageContaining("40");
        primary.setting("max_connections", "30").start();
        run(primary, "ALTER SYSTEM SET max_prepared_transactions = 9", "CREATE TABLE t ()");
        assertThatThrownBy(primary::restart).hasMessageContaining("max_prepared_transactions is 7");
        assertThat(ask(replica, "SHOW max_prepared_transactions")).isEqualTo("7");

        // The replicas first, as in the manual; one that is stopped needs no word.
        last.stop();
        replica
            .setting("max_prepared_transactions", "9")
            .setting("max_connections", "120")
            .restart();
        primary.start();
        run(primary, "CREATE TABLE u ()");
        replica.catchUp(LIMIT);
        last.start().catchUp(LIMIT);
        assertThat(ask(last, "SHOW max_prepared_transactions")).isEqualTo("9");
        assertThat(ask(last, "SELECT pg_get_wal_replay_pause_state()")).isEqualTo("not paused");
        assertThat(ask(last, "SELECT count(*) FROM u")).isEqualTo("0");

        primary.close();
        last.stop();
        replica.promote().restart();
        assertThat(ask(replica, "SHOW max_prepared_transactions")).isEqualTo("9");
        last.start();
        run(replica, "CREATE TABLE v ()");
        last.catchUp(LIMIT);
      }
    }
  }

  @Test
  void saysWhatAPrimaryLacks() throws Exception {
    try (EmbeddedPostgres primary =
        EmbeddedPostgres.builder()
            .durable(false)
            .setting("wal_level", "minimal")
            .setting("max_wal_senders", "0")
            .start()) {
      assertThatThrownBy(() -> primary.replica().start()).hasMessageContaining("wal_level");
      primary.setting("wal_level", "replica").restart();
      assertThatThrownBy(() -> primary.replica().start()).hasMessageContaining("max_wal_senders");
      primary.setting("max_wal_senders", "2").setting("max_replication_slots", "1").restart();
      try (EmbeddedPostgres replica = primary.replica().start()) {
        assertThat(replica.isReplica()).isTrue();
        assertThatThrownBy(() -> primary.replica().start())
            .isInstanceOf(CloudDbException.class)
            .hasMessageContaining("max_replication_slots");
      }
    }
  }

  @Test
  void waitsForNoReplicaThatIsToBeMadeFirst() throws Exception {
    try (EmbeddedPostgres primary =
            EmbeddedPostgres.builder()
                .durable(false)
                .setting("synchronous_standby_names", "*")
                .setting("statement_timeout", "1")
                .setting("idle_session_timeout", "1")
                .start();
        EmbeddedPostgres replica = primary.replica().start()) {
      primary.setting("statement_timeout", "0").setting("idle_session_timeout", "0").reload();
      run(primary, "CREATE TABLE t ()");
      assertThat(ask(primary, "SELECT sync_state FROM pg_stat_replication")).isEqualTo("sync");
      replica.catchUp(LIMIT);
    }
  }

  /** Where another user runs the server, it reads its files for us. */
  @ParameterizedTest
  @EnumSource(names = {"SELF", "NAMESPACE", "SETPRIV"})
  void isMadeAsThisUserAndAsAnother(OperatingUser.Way way) throws Exception {
    var user = OperatingUser.tryWay(way);
    assumeTrue(user.isPresent(), "not on this machine: " + way);
    try (EmbeddedPostgres primary =
        EmbeddedPostgres.builder().durable(false).ssl(true).operatingUser(user.get()).start()) {
      run(
          primary,
          "CREATE TABLE large AS SELECT i, md5(i::text) || repeat('x', 1000) AS b"
              + " FROM generate_series(1, 6000) i",
          "SET allow_in_place_tablespaces = on",
          "CREATE TABLESPACE inside LOCATION ''",
          "CREATE TABLE t TABLESPACE inside AS SELECT 1 AS a");
      try (EmbeddedPostgres replica = primary.replica().start()) {
        String digest = "SELECT md5(string_agg(b, ',' ORDER BY i)) FROM large";
        replica.kill();
        replica.start();
        replica.catchUp(LIMIT);
        assertThat(ask(replica, digest)).isEqualTo(ask(primary, digest));
        assertThat(ask(replica, "SELECT a FROM t")).isEqualTo("1");
        primary.stop();
        run(replica.promote(), "INSERT INTO t VALUES (2)");
        if (user.get().isAnotherUser()) {
          String theirs = "data";
          assertThat(Files.getOwner(replica.directory()))
              .isNotEqualTo(Files.getOwner(replica.directory().resolve(theirs)));
        }
      }
    }
  }

  /** A server that another user runs says what the names of its files are, and root writes them. */
  @Test
  void writesNoFileOutsideOfTheCopy(@TempDir Path folder) throws Exception {
    Path data = folder.resolve("data");
    try (BackupFiles files = new BackupFiles(data, folder.resolve("spaces"), Set.of("77"))) {
      files.folder("./base");
      files.write("./base/1", 0, new byte[] {1, 2});
      files.write("./base/1", 2, new byte[] {3});
      files.write("./pg_tblspc/77/x", 0, new byte[] {4});
      for (String path :
          new String[] {
            "../x", "./../x", "/etc/x", "./base/../../x", "./base//x", "./base/.", "x", "./a\\b", ""
          }) {
        assertThatThrownBy(() -> files.write(path, 0, new byte[1]))
            .as(path)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("outside");
      }
      files.write("./base/2", 0, new byte[] {5});
      assertThatThrownBy(() -> files.write("./base/1", 0, new byte[1]))
          .hasMessageContaining("twice");
    }
    assertThat(data.resolve("base/1")).hasBinaryContent(new byte[] {1, 2, 3});
    assertThat(folder.resolve("spaces/77/x")).hasBinaryContent(new byte[] {4});
    assertThat(folder.resolve("x")).doesNotExist();
  }

  @Test
  void readersAreNotTurnedAwayForWhatThePrimaryRemoves() throws Exception {
    try (EmbeddedPostgres primary = primary(16);
        EmbeddedPostgres replica =
            primary
                .replica()
                .setting("hot_standby_feedback", "on")
                .setting("recovery_min_apply_delay", "1h")
                .start()) {
      run(primary, "CREATE TABLE t AS SELECT 1 AS a");
      await("it is received", () -> replica.lag().bytesToReceive().orElse(1) == 0);
      assertThat(replica.lag().bytesToReplay()).isPositive();
      replica.promote(Duration.ofSeconds(20));
      try (Connection connection = replica.superuser().connect();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery("SELECT a FROM t")) {
        assertThat(rows.next()).isTrue();
      }
    }
  }
}
