/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.DeadlineException;
import io.clouddb.migration.Eventually;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.security.SecretRef;
import io.clouddb.sql.ConnectionDetails;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** The fence in PostgreSQL 14; {@link NewWriteFenceTest} has it in 18. */
class WriteFenceTest {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final SecretRef PASSWORD = SecretRef.literal("secret");
  private static final TableName PLAIN = new TableName("public", "plain");

  static EmbeddedPostgres server;

  private final WriteFence fence =
      new WriteFence(
          "shop",
          List.of(
              PLAIN,
              new TableName("public", "Odd \"name\""),
              new TableName("public", "parent"),
              new TableName("public", "leaf"),
              new TableName("public", "middle"),
              new TableName("public", "deep")));
  private ConnectionDetails owner;
  private ConnectionDetails application;
  private ConnectionDetails superuser;

  @BeforeAll
  static void startServer() throws SQLException {
    server = start(14);
  }

  static EmbeddedPostgres start(int version) throws SQLException {
    EmbeddedPostgres started =
        EmbeddedPostgres.builder()
            .version(version)
            .durable(false)
            .setting("max_prepared_transactions", "5")
            .setting("wal_level", "logical")
            .setting("wal_retrieve_retry_interval", "100ms")
            .start();
    TwoDatabases.run(
        started.superuser(),
        "CREATE ROLE owner LOGIN PASSWORD 'secret'",
        "CREATE ROLE application LOGIN PASSWORD 'secret'");
    return started;
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void createTables() throws SQLException {
    TwoDatabases.run(
        server.superuser(),
        "DROP DATABASE IF EXISTS fenced WITH (FORCE)",
        "CREATE DATABASE fenced OWNER owner");
    owner = server.connection("fenced", "owner", PASSWORD);
    application = server.connection("fenced", "application", PASSWORD);
    superuser = server.superuser().toBuilder().database("fenced").build();
    TwoDatabases.run(superuser, "GRANT CREATE ON SCHEMA public TO owner");
    TwoDatabases.run(
        owner,
        "CREATE TABLE plain (id int PRIMARY KEY)",
        "CREATE TABLE \"Odd \"\"name\"\"\" (id int PRIMARY KEY)",
        "CREATE TABLE parent (id int, part int, PRIMARY KEY (id, part)) PARTITION BY LIST (part)",
        "CREATE TABLE leaf PARTITION OF parent FOR VALUES IN (1)",
        "CREATE TABLE middle PARTITION OF parent FOR VALUES IN (2) PARTITION BY LIST (part)",
        "CREATE TABLE deep PARTITION OF middle FOR VALUES IN (2)",
        "CREATE TABLE outside (id int PRIMARY KEY REFERENCES plain ON DELETE CASCADE)",
        "INSERT INTO plain SELECT generate_series(1, 3)",
        "INSERT INTO parent VALUES (1, 1), (1, 2)",
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO application");
  }

  @AfterEach
  void removeFence() throws SQLException {
    try (Connection connection = owner.connect()) {
      fence.remove(connection, LIMIT);
      assertThat(fence.standing(connection)).isEmpty();
    }
    assertThat(
            TwoDatabases.ask(
                owner, "SELECT count(*) FROM pg_namespace WHERE nspname = 'clouddb_migration'"))
        .isEqualTo("0");
  }

  private void raise() throws SQLException {
    try (Connection connection = owner.connect()) {
      fence.prepare(connection, "new.example.com:5432/shop");
      fence.raise(connection, LIMIT);
      assertThat(fence.standing(connection)).hasSize(6);
    }
  }

  private static void refused(ConnectionDetails who, String... statements) {
    assertThatThrownBy(() -> TwoDatabases.run(who, statements))
        .as(String.join("; ", statements))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"))
        .hasMessageContaining("This database moves to new.example.com:5432/shop");
  }

  @Test
  void isMadeBeforeThePauseAndStandsInItOnly() throws SQLException {
    String made =
        "SELECT count(*) || ' ' || string_agg(DISTINCT tgenabled::text, '') FROM pg_trigger"
            + " WHERE tgname LIKE 'clouddb_shop_fence%'";
    try (Connection writer = application.connect();
        Connection connection = owner.connect()) {
      writer.setAutoCommit(false);
      try (Statement write = writer.createStatement()) {
        write.execute("INSERT INTO plain VALUES (7)");
      }

      fence.prepare(connection, "there");

      // Two on each table that holds rows, one on each partitioned one, and none where a writer is.
      assertThat(TwoDatabases.ask(owner, made)).isEqualTo("8 D");
      TwoDatabases.run(application, "INSERT INTO leaf VALUES (9, 1)");
      writer.commit();
      // One that somebody removed again is made anew.
      TwoDatabases.run(owner, "DROP TRIGGER clouddb_shop_fence ON leaf");

      fence.raise(connection, LIMIT);

      assertThat(TwoDatabases.ask(owner, made)).isEqualTo("10 A");
      assertThat(fence.standing(connection)).hasSize(6);
      fence.prepare(connection, "there");
      assertThat(fence.standing(connection)).hasSize(6);
    }
  }

  @Test
  void refusesEveryKindOfWriteOfEveryone() throws SQLException {
    raise();

    for (ConnectionDetails who : List.of(application, owner, superuser)) {
      refused(who, "INSERT INTO plain VALUES (9)");
      refused(who, "UPDATE plain SET id = id + 10");
      refused(who, "DELETE FROM plain");
      refused(who, "TRUNCATE plain CASCADE");
      refused(who, "INSERT INTO \"Odd \"\"name\"\"\" VALUES (9)");
      refused(who, "BEGIN READ WRITE; INSERT INTO plain VALUES (9)");
      refused(who, "UPDATE plain SET id = 10 WHERE false");
    }
    assertThat(TwoDatabases.ask(owner, "SELECT count(*) FROM plain")).isEqualTo("3");
  }

  @Test
  void refusesWritesToPartitionsAndThroughTheirParents() throws SQLException {
    raise();

    for (String table : List.of("parent", "leaf", "middle", "deep")) {
      refused(application, "DELETE FROM " + table);
    }
    refused(application, "INSERT INTO parent VALUES (2, 2)");
    refused(application, "INSERT INTO leaf VALUES (2, 1)");
    refused(owner, "TRUNCATE deep");
  }

  @Test
  void refusesCopy() throws SQLException {
    raise();

    try (Connection connection = owner.connect()) {
      assertThatThrownBy(
              () ->
                  connection
                      .unwrap(PGConnection.class)
                      .getCopyAPI()
                      .copyIn("COPY plain FROM STDIN", new StringReader("9\n")))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
    }
  }

  @Test
  void refusesASessionInReplicaRole() throws SQLException {
    raise();

    refused(superuser, "SET session_replication_role = replica", "INSERT INTO plain VALUES (9)");
  }

  @Test
  void refusesATransactionWhoseSnapshotIsOlderThanTheFence() throws SQLException {
    try (Connection old = application.connect();
        Statement statement = old.createStatement()) {
      old.setAutoCommit(false);
      old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.executeQuery("SELECT count(*) FROM outside").close();
      raise();

      assertThatThrownBy(() -> statement.execute("INSERT INTO plain VALUES (9)"))
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
      old.rollback();
    }
  }

  @Test
  void letsReadersAndTheMigrationThrough() throws SQLException {
    raise();

    assertThat(TwoDatabases.ask(application, "SELECT count(*) FROM parent")).isEqualTo("2");
    TwoDatabases.run(owner, "SET clouddb.migrator = 'shop'", "INSERT INTO plain VALUES (9)");
    refused(application, "SET clouddb.migrator = 'shop'", "INSERT INTO plain VALUES (10)");
    refused(owner, "SET clouddb.migrator = 'other'", "INSERT INTO plain VALUES (10)");
  }

  @Test
  void waitsForTheWriterInFlight() throws Exception {
    try (Connection writer = application.connect();
        Statement write = writer.createStatement();
        Connection raising = owner.connect();
        Connection looking = owner.connect()) {
      fence.prepare(raising, "new.example.com:5432/shop");
      writer.setAutoCommit(false);
      write.execute("INSERT INTO plain VALUES (9)");
      CompletableFuture<Void> raised =
          CompletableFuture.runAsync(
              () -> {
                try {
                  fence.raise(raising, LIMIT);
                } catch (SQLException e) {
                  throw new CompletionException(e);
                }
              });
      Eventually.until(
          "the fence waits",
          () ->
              TwoDatabases.ask(
                      owner, "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
                  .equals("1"));
      assertThat(raised).isNotDone();
      assertThat(OpenWrites.on(looking, List.of(PLAIN))).hasSize(1);

      writer.commit();

      raised.get(20, TimeUnit.SECONDS);
      assertThat(OpenWrites.on(looking, List.of(PLAIN))).isEmpty();
      assertThatThrownBy(() -> write.execute("INSERT INTO plain VALUES (10)"))
          .isInstanceOf(SQLException.class);
      writer.rollback();
    }
    assertThat(TwoDatabases.ask(owner, "SELECT count(*) FROM plain")).isEqualTo("4");
  }

  @Test
  void isRaisedAndLoweredPastReadersWhoDoNotEnd() throws SQLException {
    try (Connection reader = application.connect();
        Statement read = reader.createStatement();
        Connection raising = owner.connect()) {
      reader.setAutoCommit(false);
      read.executeQuery("SELECT count(*) FROM plain, parent").close();
      raise();
      refused(application, "INSERT INTO plain VALUES (9)");

      fence.lower(raising);

      TwoDatabases.run(application, "INSERT INTO plain VALUES (9)");
      reader.rollback();
    }
  }

  @Test
  void isLoweredAgainWhenAWriterDoesNotEnd() throws SQLException {
    try (Connection writer = application.connect();
        Statement write = writer.createStatement();
        Connection raising = owner.connect()) {
      fence.prepare(raising, "new.example.com:5432/shop");
      writer.setAutoCommit(false);
      write.execute("INSERT INTO leaf VALUES (9, 1)");

      assertThatThrownBy(() -> fence.raise(raising, Duration.ofSeconds(3)))
          .isInstanceOf(DeadlineException.class)
          .hasMessageContaining("public.leaf")
          .hasMessageContaining("of application");

      assertThat(fence.standing(raising)).isEmpty();
      write.execute("INSERT INTO plain VALUES (9)");
      writer.commit();
    }
  }

  @Test
  void seesWhoHasWrittenAndPreparedTransactionsToo() throws SQLException {
    try (Connection writer = application.connect();
        Statement write = writer.createStatement();
        Connection looking = owner.connect()) {
      writer.setAutoCommit(false);
      write.execute("DELETE FROM plain WHERE id = 1");

      assertThat(OpenWrites.on(looking, List.of(PLAIN)))
          .singleElement()
          .asString()
          .contains("of application", "on plain");
      assertThat(OpenWrites.on(looking, List.of(new TableName("public", "leaf")))).isEmpty();

      write.execute("PREPARE TRANSACTION 'kept'");

      assertThat(OpenWrites.on(looking, List.of(PLAIN)))
          .containsExactly("a prepared transaction on plain (see pg_prepared_xacts)");
      writer.setAutoCommit(true);
      write.execute("ROLLBACK PREPARED 'kept'");
    }
  }

  @Test
  void canBeRaisedAndLoweredAgain() throws SQLException {
    raise();
    raise();
    try (Connection connection = owner.connect();
        Statement statement = connection.createStatement()) {
      fence.lower(connection);
      fence.lower(connection);
      statement.execute("INSERT INTO plain VALUES (9)");
      try (ResultSet row = statement.executeQuery("SHOW lock_timeout")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("0");
      }
    }
    raise();
    refused(application, "DELETE FROM plain");
  }

  @Test
  void refusesTheApplyWorkerOfASubscriptionWhichLosesNothing() throws SQLException {
    TwoDatabases.run(server.superuser(), "CREATE DATABASE upstream");
    ConnectionDetails upstream = server.superuser().toBuilder().database("upstream").build();
    TwoDatabases.run(
        upstream,
        "CREATE ROLE feeder LOGIN REPLICATION PASSWORD 'secret'",
        "CREATE TABLE plain (id int PRIMARY KEY)",
        "CREATE PUBLICATION up FOR TABLE plain",
        "SELECT pg_create_logical_replication_slot('up', 'pgoutput')",
        "INSERT INTO plain VALUES (100)");
    // Within one server a subscription cannot make its slot itself: it would wait for itself.
    TwoDatabases.run(
        superuser,
        "CREATE SUBSCRIPTION up CONNECTION 'host=127.0.0.1 port=%d dbname=upstream user=feeder password=secret' PUBLICATION up WITH (create_slot = false, copy_data = false)"
            .formatted(upstream.port()));
    try {
      Eventually.until("what upstream sent before", () -> holds(100));
      raise();

      TwoDatabases.run(upstream, "INSERT INTO plain VALUES (101)");

      String worker = "SELECT coalesce(max(pid), 0) FROM pg_stat_subscription";
      String first = TwoDatabases.ask(superuser, worker);
      Eventually.until(
          "the worker is refused, ends and begins anew",
          () -> {
            String now = TwoDatabases.ask(superuser, worker);
            return !now.equals("0") && !now.equals(first);
          });
      assertThat(holds(101)).isFalse();
      try (Connection connection = owner.connect()) {
        fence.lower(connection);
      }
      Eventually.until("what upstream kept meanwhile", () -> holds(101));
    } finally {
      TwoDatabases.run(
          superuser,
          "ALTER SUBSCRIPTION up DISABLE",
          "ALTER SUBSCRIPTION up SET (slot_name = NONE)",
          "DROP SUBSCRIPTION up");
      Eventually.until(
          "the slot is free",
          () -> TwoDatabases.ask(upstream, "SELECT active FROM pg_replication_slots").equals("f"));
      TwoDatabases.run(
          server.superuser(),
          "SELECT pg_drop_replication_slot('up')",
          "DROP DATABASE upstream WITH (FORCE)",
          "DROP ROLE feeder");
    }
  }

  private boolean holds(int id) throws SQLException {
    return TwoDatabases.ask(superuser, "SELECT count(*) FROM plain WHERE id = " + id).equals("1");
  }

  @Test
  void refusesWritesThatNameAnotherTable() throws SQLException {
    TwoDatabases.run(
        owner,
        "CREATE TABLE elder (id int)",
        "CREATE TABLE heir () INHERITS (elder)",
        "INSERT INTO heir VALUES (1)",
        "CREATE TABLE boss (id int PRIMARY KEY)",
        "CREATE TABLE clerk (id int PRIMARY KEY, boss int REFERENCES boss ON DELETE CASCADE"
            + " ON UPDATE CASCADE)",
        "INSERT INTO boss VALUES (1)",
        "INSERT INTO clerk VALUES (1, 1)",
        "CREATE VIEW glimpse AS SELECT id FROM heir",
        "GRANT ALL ON ALL TABLES IN SCHEMA public TO application");
    WriteFence children =
        new WriteFence(
            "shop", List.of(new TableName("public", "heir"), new TableName("public", "clerk")));
    try (Connection connection = owner.connect()) {
      children.prepare(connection, "new.example.com:5432/shop");
      children.raise(connection, LIMIT);
    }

    refused(application, "UPDATE elder SET id = 2");
    refused(application, "DELETE FROM elder");
    refused(application, "DELETE FROM boss");
    refused(application, "UPDATE boss SET id = 2");
    refused(application, "INSERT INTO glimpse VALUES (2)");
    refused(application, "WITH gone AS (DELETE FROM clerk RETURNING id) SELECT * FROM gone");
    assertThat(TwoDatabases.ask(owner, "SELECT sum(id) FROM heir")).isEqualTo("1");
    assertThat(TwoDatabases.ask(owner, "SELECT sum(boss) FROM clerk")).isEqualTo("1");
    TwoDatabases.run(owner, "SET clouddb.migrator = 'shop'", "UPDATE elder SET id = 3");
    assertThat(TwoDatabases.ask(owner, "SELECT sum(id) FROM heir")).isEqualTo("3");
  }

  @Test
  void whoIsBeingRefusedDoesNotCountAsAnOpenWrite() throws Exception {
    raise();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger refusals = new AtomicInteger();
    Runnable insistent =
        () -> {
          try (Connection connection = application.connect();
              Statement statement = connection.createStatement()) {
            while (!stop.get()) {
              try {
                statement.execute("INSERT INTO plain SELECT generate_series(100, 200)");
              } catch (SQLException e) {
                refusals.incrementAndGet();
              }
            }
          } catch (SQLException e) {
            throw new CompletionException(e);
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try (Connection looking = owner.connect()) {
      for (int i = 0; i < 3; i++) {
        threads.execute(insistent);
      }
      int seen = 0;
      while (seen < 20) {
        seen += OpenWrites.on(looking, List.of(PLAIN)).size();
        OpenWrites.awaitEnd(looking, List.of(PLAIN), LIMIT);
      }
    } finally {
      stop.set(true);
      threads.shutdown();
      assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(refusals).hasPositiveValue();
  }

  @Test
  void whoKeepsALockIsWaitedForAndNamed() throws SQLException {
    try (Connection holder = application.connect();
        Statement lock = holder.createStatement();
        Connection looking = owner.connect()) {
      holder.setAutoCommit(false);
      lock.execute("LOCK TABLE plain IN ROW EXCLUSIVE MODE");

      assertThatThrownBy(() -> OpenWrites.awaitEnd(looking, List.of(PLAIN), Duration.ofMillis(50)))
          .isInstanceOf(DeadlineException.class)
          .hasMessageContainingAll("of application", "on plain");
      holder.rollback();
      OpenWrites.awaitEnd(looking, List.of(PLAIN), LIMIT);
    }
  }
}
