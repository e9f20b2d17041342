/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.zaxxer.hikari.HikariDataSource;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnavailableException;
import io.clouddb.operation.OperationLog;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The log in a table, by a login that has no right but those that its documentation names. */
class JdbcOperationLogTest {
  private static EmbeddedPostgres postgres;

  private DataSource database;
  private OperationLog log;

  @BeforeAll
  static void start() {
    postgres = EmbeddedPostgres.builder().durable(false).start();
  }

  @AfterAll
  static void stop() {
    postgres.close();
  }

  @BeforeEach
  void makeTable() throws SQLException {
    execute(
        "DROP SCHEMA IF EXISTS app CASCADE",
        "CREATE SCHEMA app",
        "CREATE TABLE app.clouddb_operations ("
            + "id pg_catalog.varchar(100) PRIMARY KEY, token pg_catalog.text NOT NULL,"
            + " written pg_catalog.timestamptz NOT NULL)",
        "DROP ROLE IF EXISTS shop",
        "CREATE ROLE shop LOGIN PASSWORD 'shop-password'",
        "GRANT USAGE ON SCHEMA app TO shop",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON app.clouddb_operations TO shop");
    database =
        postgres.connection("postgres", "shop", SecretRef.literal("shop-password")).dataSource();
    log = OperationLog.jdbc(database, "app", "clouddb_operations");
  }

  private static void execute(String... statements) throws SQLException {
    try (Connection connection = postgres.superuser().connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Test
  void keepsTheNewestStateOfEachUntilItIsRemoved() {
    assertThat(log.read()).isEmpty();
    assertThat(log.write("op-1", null, "a")).isTrue();
    assertThat(log.write("op-2", null, "b")).isTrue();
    assertThat(log.write("op-1", "a", "c'; DROP TABLE app.clouddb_operations; --")).isTrue();
    assertThat(OperationLog.jdbc(database, "app", "clouddb_operations").read())
        .containsOnly(
            entry("op-1", "c'; DROP TABLE app.clouddb_operations; --"), entry("op-2", "b"));
    assertThat(log.remove("op-1", "c'; DROP TABLE app.clouddb_operations; --")).isTrue();
    assertThat(log.remove("op-1", "c'; DROP TABLE app.clouddb_operations; --")).isFalse();
    assertThat(log.read()).containsOnlyKeys("op-2");
  }

  @Test
  void leavesWhatSomebodyElseHasWrittenOrRemoved() {
    assertThat(log.write("op-1", "a", "b")).isFalse();
    assertThat(log.read()).isEmpty();
    log.write("op-1", null, "a");
    assertThat(log.write("op-1", null, "b")).isFalse();
    assertThat(log.write("op-1", "c", "b")).isFalse();
    assertThat(log.remove("op-1", "c")).isFalse();
    assertThat(log.read()).containsOnly(entry("op-1", "a"));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = "a")
  void ofTwoThatReplaceTheSameAtOnceOneSucceeds(@Nullable String before) throws Exception {
    ExecutorService two = Executors.newFixedThreadPool(2);
    try (HikariDataSource pool = pool()) {
      OperationLog log = OperationLog.jdbc(pool, "app", "clouddb_operations");
      for (int i = 0; i < 50; i++) {
        String id = "op-" + i;
        if (before != null) {
          log.write(id, null, before);
        }
        CountDownLatch together = new CountDownLatch(2);
        Future<Boolean> first = two.submit(() -> writeTogether(log, together, id, before, "b"));
        Future<Boolean> second = two.submit(() -> writeTogether(log, together, id, before, "c"));
        assertThat(first.get()).isNotEqualTo(second.get());
        assertThat(log.read().get(id)).isEqualTo(first.get() ? "b" : "c");
      }
    } finally {
      two.shutdownNow();
    }
  }

  /** As a database whose owner wants no other isolation; there one of the two is told to repeat. */
  @ParameterizedTest
  @ValueSource(strings = {"serializable", "repeatable read"})
  void ofTwoThatReplaceTheSameOneSucceedsAtAnyIsolation(String isolation) throws Exception {
    execute("ALTER ROLE shop SET default_transaction_isolation = '" + isolation + "'");
    ofTwoThatReplaceTheSameAtOnceOneSucceeds("a");
    execute("DELETE FROM app.clouddb_operations");
    ofTwoThatReplaceTheSameAtOnceOneSucceeds(null);
  }

  /** Each of many operations has an entry of its own, and none is refused for another one's. */
  @Test
  void manyOperationsWriteAtOnceAtTheHighestIsolation() throws Exception {
    execute("ALTER ROLE shop SET default_transaction_isolation = 'serializable'");
    ExecutorService four = Executors.newFixedThreadPool(4);
    try (HikariDataSource pool = pool()) {
      OperationLog log = OperationLog.jdbc(pool, "app", "clouddb_operations");
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        String id = "op-" + i;
        all.add(
            four.submit(
                () -> {
                  for (int round = 0; round < 25; round++) {
                    assertThat(log.write(id, null, "a")).isTrue();
                    assertThat(log.write(id, "a", "b")).isTrue();
                    assertThat(log.remove(id, "b")).isTrue();
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      four.shutdownNow();
    }
    assertThat(log.read()).isEmpty();
  }

  /** As an application has one: with a session for each write there would be little at once. */
  private HikariDataSource pool() {
    HikariDataSource pool = new HikariDataSource();
    pool.setDataSource(database);
    pool.setMaximumPoolSize(4);
    return pool;
  }

  private static boolean writeTogether(
      OperationLog log, CountDownLatch together, String id, @Nullable String before, String token)
      throws InterruptedException {
    together.countDown();
    together.await();
    return log.write(id, before, token);
  }

  @Test
  void aMissingTableIsToldWithHowItIsMade() throws SQLException {
    execute("DROP TABLE app.clouddb_operations");
    assertThatThrownBy(() -> log.write("op-1", null, "a"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContainingAll(
            "cannot be written", "CREATE TABLE \"app\".\"clouddb_operations\"");
    assertThatThrownBy(log::read)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> log.remove("op-1", "a"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("cannot be removed");
  }

  @Test
  void missingRightsAreTold() throws SQLException {
    execute("REVOKE INSERT, UPDATE ON app.clouddb_operations FROM shop");
    assertThatThrownBy(() -> log.write("op-1", null, "a"))
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("needs SELECT, INSERT, UPDATE and DELETE");
  }

  /** A server that stands still answers no cancel either, by which a statement's limit ends it. */
  @Test
  @Tag("slow")
  @DisabledOnOs(OS.WINDOWS)
  void aServerThatStandsStillKeepsNobodyWaiting() throws Exception {
    AtomicLong backend = new AtomicLong();
    InvocationHandler standing =
        (proxy, method, arguments) -> {
          Connection connection = database.getConnection();
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_backend_pid()")) {
            row.next();
            backend.set(row.getLong(1));
          }
          signal("STOP", backend.get());
          return connection;
        };
    OperationLog log =
        OperationLog.jdbc(
            (DataSource)
                Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {DataSource.class}, standing),
            "app",
            "clouddb_operations");
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      Future<Boolean> written = one.submit(() -> log.write("op-1", null, "a"));
      assertThatThrownBy(() -> written.get(50, TimeUnit.SECONDS))
          .hasCauseInstanceOf(UnavailableException.class);
    } finally {
      signal("CONT", backend.get());
      one.shutdownNow();
    }
  }

  private static void signal(String name, long process) throws Exception {
    assertThat(
            new ProcessBuilder("kill", "-" + name, Long.toString(process))
                .inheritIO()
                .start()
                .waitFor())
        .isZero();
  }

  @Test
  void aConnectionIsGivenBackAsItWas() throws SQLException {
    try (Connection connection = database.getConnection()) {
      connection.setNetworkTimeout(Runnable::run, 77_000);
      InvocationHandler kept =
          (proxy, method, arguments) ->
              method.getName().equals("close") ? null : method.invoke(connection, arguments);
      Connection pooled =
          (Connection)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(), new Class<?>[] {Connection.class}, kept);
      DataSource pool =
          (DataSource)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {DataSource.class},
                  (proxy, method, arguments) -> pooled);
      assertThat(OperationLog.jdbc(pool, "app", "clouddb_operations").write("op-1", null, "a"))
          .isTrue();
      assertThat(connection.getNetworkTimeout()).isEqualTo(77_000);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "A", "a b", "a\"b", "1a", "a;b", "app.x"})
  void aNameIsNoSql(String name) {
    assertThatThrownBy(() -> OperationLog.jdbc(database, "app", name))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> OperationLog.jdbc(database, name, "x"))
        .isInstanceOf(InvalidArgumentException.class);
  }
}
