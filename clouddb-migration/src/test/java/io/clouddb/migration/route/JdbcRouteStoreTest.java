/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.clouddb.error.UnavailableException;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JdbcRouteStoreTest extends RouteStoreContract {
  private static EmbeddedPostgres server;

  /** As an application gives one. */
  private static HikariDataSource pool;

  @BeforeAll
  static void startServer() {
    server = EmbeddedPostgres.builder().durable(false).start();
    pool = new HikariDataSource();
    pool.setDataSource(server.superuser().dataSource());
    pool.setMaximumPoolSize(10);
    pool.setMinimumIdle(0);
  }

  @AfterAll
  static void stopServer() {
    pool.close();
    server.close();
  }

  @BeforeEach
  void dropTables() throws SQLException {
    try (Connection connection = server.superuser().connect();
        Statement drop = connection.createStatement()) {
      drop.execute("DROP SCHEMA IF EXISTS clouddb_route CASCADE");
    }
  }

  @Override
  RouteStore openStore() {
    return RouteStore.jdbc(pool, "shop");
  }

  @Test
  void createsItsTablesOnceWhenManyProcessesBegin() throws Exception {
    int processes = 8;
    ExecutorService threads = Executors.newFixedThreadPool(processes);
    try {
      for (int round = 0; round < 10; round++) {
        dropTables();
        CyclicBarrier start = new CyclicBarrier(processes);
        List<Future<Boolean>> begun = new ArrayList<>();
        for (int i = 0; i < processes; i++) {
          String member = "member-" + i;
          begun.add(
              threads.submit(
                  () -> {
                    try (RouteStore store = openStore()) {
                      start.await();
                      store.beat(
                          new RouteMember(member, "process", 1, 0, 0, Duration.ofSeconds(3)));
                      return true;
                    }
                  }));
        }
        for (Future<Boolean> one : begun) {
          assertThat(one.get(60, TimeUnit.SECONDS)).isTrue();
        }
        try (RouteStore store = openStore()) {
          assertThat(store.members()).hasSize(processes);
        }
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void keepsRoutesApart() {
    try (RouteStore shop = openStore();
        RouteStore bank = RouteStore.jdbc(pool, "bank")) {
      Route first = shop.read();
      shop.compareAndSet(first, first.opened(Route.Side.TARGET, first.updatedAt()));
      shop.beat(new RouteMember("one", "process 1", 1, 0, 0, Duration.ofSeconds(3)));

      assertThat(bank.read().epoch()).isZero();
      assertThat(bank.members()).isEmpty();
    }
  }

  @Test
  void switchesADataSource() throws SQLException {
    NamedDataSource source = new NamedDataSource("source");
    NamedDataSource target = new NamedDataSource("target");
    try (RouteStore store = openStore();
        SwitchableDataSource shop =
            SwitchableDataSource.builder(store)
                .source(source.dataSource())
                .target(target.dataSource())
                .build()) {
      RouteControl control = new RouteControl(store, Clock.systemUTC());
      Route paused = control.pause(Duration.ofSeconds(20), Duration.ofSeconds(20));
      control.open(paused, Route.Side.TARGET);

      try (Connection connection = shop.getConnection()) {
        assertThat(connection.getCatalog()).isEqualTo("target");
      }
    }
  }

  @Test
  void refusesAbsurdRowsByTheirColumnAndReadsThemWhenTheyAreMended() throws SQLException {
    try (RouteStore store = openStore();
        Connection connection = server.superuser().connect();
        Statement statement = connection.createStatement()) {
      Route first = store.read();
      store.compareAndSet(first, first.opened(Route.Side.TARGET, first.updatedAt()));
      Route good = store.read();
      for (String absurd :
          List.of(
              "epoch = -1",
              "epoch = 9223372036854775807",
              "state = 'SHUT'",
              "side = ''",
              "pause_lease_millis = 9223372036854775807",
              "delay_millis = -1",
              "delay_lease_millis = -9223372036854775808")) {
        statement.execute("UPDATE clouddb_route.route SET " + absurd);
        assertThatThrownBy(store::read)
            .isInstanceOf(UnavailableException.class)
            .hasMessageContaining("shop")
            .hasMessageContaining(absurd.substring(0, absurd.indexOf(' ')));
        statement.execute(
            "UPDATE clouddb_route.route SET epoch = 1, state = 'OPEN', side = 'TARGET',"
                + " pause_lease_millis = 0, delay_millis = 0, delay_lease_millis = 0");
        assertThat(store.read()).isEqualTo(good);
      }
      store.beat(new RouteMember("one", "process 1", 1, 0, 0, Duration.ofSeconds(3)));
      statement.execute("UPDATE clouddb_route.member SET lease_millis = 9223372036854775807");
      assertThatThrownBy(store::members)
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("lease_millis");
    }
  }

  @Test
  void saysWhenItsDatabaseCannotBeReached() {
    RouteStore store =
        RouteStore.jdbc(
            server.superuser().toBuilder().at("127.0.0.1", 1).build().dataSource(), "shop");

    assertThatThrownBy(store::read)
        .isInstanceOf(UnavailableException.class)
        .hasMessageContaining("shop");
  }

  @Test
  void opensTheRouteDurablyWhateverTheRolesOwnSettingIs() throws SQLException {
    // By sessions that begin after the setting was made.
    try (RouteStore store = RouteStore.jdbc(server.superuser().dataSource(), "shop");
        Connection connection = server.superuser().connect();
        Statement statement = connection.createStatement()) {
      Route first = Route.initial("shop");
      Route pausing = first.pausing(Duration.ofSeconds(1), Clock.systemUTC().instant());
      assertThat(store.compareAndSet(first, pausing)).isTrue();
      statement.execute("CREATE TABLE clouddb_route.seen (setting text)");
      statement.execute(
          "CREATE FUNCTION clouddb_route.look() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT"
              + " INTO clouddb_route.seen VALUES (current_setting(''synchronous_commit'')); RETURN"
              + " NULL; END'");
      statement.execute(
          "CREATE TRIGGER look AFTER UPDATE ON clouddb_route.route FOR EACH ROW EXECUTE FUNCTION"
              + " clouddb_route.look()");
      statement.execute("ALTER DATABASE postgres SET synchronous_commit = off");

      assertThat(store.compareAndSet(pausing, pausing.paused(Clock.systemUTC().instant())))
          .isTrue();

      try (ResultSet row =
          statement.executeQuery("SELECT string_agg(setting, ' ') FROM clouddb_route.seen")) {
        row.next();
        assertThat(row.getString(1)).isEqualTo("on");
      }
      statement.execute("ALTER DATABASE postgres RESET synchronous_commit");
    }
  }
}
