/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.BusyException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.Eventually;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwitchableDataSourceTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;

  private final NamedDataSource source = new NamedDataSource("source");
  private final NamedDataSource target = new NamedDataSource("target");
  private RouteStore store;
  private RouteControl control;

  @BeforeEach
  void open() {
    store = RouteStore.file(folder.resolve("route.json"));
    control = new RouteControl(store, Clock.systemUTC());
  }

  @AfterEach
  void close() {
    store.close();
  }

  private SwitchableDataSource.Builder follower() {
    return SwitchableDataSource.builder(store)
        .source(source.dataSource())
        .target(target.dataSource());
  }

  private static String sideOf(SwitchableDataSource shop) throws SQLException {
    try (Connection connection = shop.getConnection()) {
      return connection.getCatalog();
    }
  }

  @Test
  void goesToTheSourceAndAfterTheSwitchToTheTarget() throws SQLException {
    try (SwitchableDataSource shop = follower().build()) {
      assertThat(sideOf(shop)).isEqualTo("source");

      Route paused = control.pause(LONG, LONG);
      control.open(paused, Route.Side.TARGET);

      assertThat(sideOf(shop)).isEqualTo("target");
      assertThat(source.open).hasValue(0);
      assertThat(target.open).hasValue(0);
    }
  }

  @Test
  void letsGetConnectionWaitInThePause() throws Exception {
    try (SwitchableDataSource one = follower().build();
        SwitchableDataSource two = follower().build()) {
      Route paused = control.pause(LONG, LONG);
      CompletableFuture<String> first = CompletableFuture.supplyAsync(() -> side(one));
      CompletableFuture<String> second = CompletableFuture.supplyAsync(() -> side(two));
      assertThatThrownBy(() -> first.get(100, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
      assertThat(second).isNotDone();

      control.open(paused, Route.Side.TARGET);

      assertThat(first.get(10, TimeUnit.SECONDS)).isEqualTo("target");
      assertThat(second.get(10, TimeUnit.SECONDS)).isEqualTo("target");
    }
  }

  private static String side(SwitchableDataSource shop) {
    try {
      return sideOf(shop);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void pausesOnlyWhenEveryConnectionIsBack() throws Exception {
    try (SwitchableDataSource shop = follower().build()) {
      Connection borrowed = shop.getConnection();
      CompletableFuture<Route> pause =
          CompletableFuture.supplyAsync(() -> control.pause(LONG, LONG));
      Eventually.until("pausing", () -> store.read().state() == Route.State.PAUSING);
      assertThatThrownBy(() -> pause.get(200, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);

      borrowed.close();

      assertThat(pause.get(10, TimeUnit.SECONDS).state()).isEqualTo(Route.State.PAUSED);
      assertThat(shop.borrowed()).isZero();
    }
  }

  @Test
  void opensAgainWhenAConnectionDoesNotComeBack() throws SQLException {
    try (SwitchableDataSource shop = follower().description("the till").build();
        Connection kept = shop.getConnection()) {
      Eventually.until("counted", () -> store.members().get(0).borrowed() == 1);
      assertThatThrownBy(() -> control.pause(Duration.ofMillis(500), LONG))
          .isInstanceOf(DeadlineException.class)
          .hasMessageContaining("the till (1 connections out)");

      assertThat(kept.getCatalog()).isEqualTo("source");
      assertThat(sideOf(shop)).isEqualTo("source");
      assertThat(control.read().state()).isEqualTo(Route.State.OPEN);
    }
  }

  @Test
  void saysWhyAConnectionCouldNotBeHad() {
    try (SwitchableDataSource shop = follower().waitLimit(Duration.ofMillis(50)).build()) {
      control.pause(LONG, LONG);

      assertThatThrownBy(shop::getConnection)
          .isInstanceOf(SQLTransientConnectionException.class)
          .hasMessageContaining("Waited 50 ms")
          .hasMessageContaining("PAUS");
    }
  }

  @Test
  void endsAPauseWhoseMigrationDied() throws SQLException {
    try (SwitchableDataSource shop = follower().build()) {
      Route paused = control.pause(LONG, Duration.ofSeconds(3));

      assertThat(sideOf(shop)).isEqualTo("source");
      assertThatThrownBy(() -> control.open(paused, Route.Side.TARGET))
          .isInstanceOf(ConditionFailedException.class);
      assertThat(sideOf(shop)).isEqualTo("source");
    }
  }

  @Test
  void refusesASecondPause() {
    control.pause(LONG, LONG);

    assertThatThrownBy(() -> control.pause(LONG, LONG)).isInstanceOf(BusyException.class);
    assertThat(control.reopen().state()).isEqualTo(Route.State.OPEN);
    assertThat(control.reopen().side()).isEqualTo(Route.Side.SOURCE);
  }

  @Test
  void handsOutNothingWhenTheRouteCannotBeReadForTheLease() throws SQLException {
    AtomicBoolean broken = new AtomicBoolean();
    RouteStore breakable = breakable(broken);
    try (SwitchableDataSource shop =
        SwitchableDataSource.builder(breakable)
            .source(source.dataSource())
            .target(target.dataSource())
            .lease(Duration.ofMillis(200))
            .waitLimit(Duration.ZERO)
            .build()) {
      // Its first lease may be over before a busy machine comes to this.
      Eventually.until("read", () -> canConnect(shop));

      broken.set(true);
      Eventually.until(
          "refused",
          () -> {
            try (Connection unwanted = shop.getConnection()) {
              return unwanted == null;
            } catch (SQLTransientConnectionException e) {
              return String.valueOf(e.getMessage()).contains("longer than this process may trust");
            }
          });
      broken.set(false);

      Eventually.until("readable again", () -> canConnect(shop));
    }
  }

  private static boolean canConnect(SwitchableDataSource shop) {
    try (Connection connection = shop.getConnection()) {
      return connection.getCatalog().equals("source");
    } catch (SQLException e) {
      return false;
    }
  }

  private RouteStore breakable(AtomicBoolean broken) {
    return (RouteStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {RouteStore.class},
            (proxy, method, arguments) -> {
              if (broken.get() && method.getName().equals("read")) {
                throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, "broken").toException();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void refusesToFollowARouteThatWentBack() throws Exception {
    try (SwitchableDataSource shop =
        follower().lease(Duration.ofMillis(200)).waitLimit(Duration.ZERO).build()) {
      control.open(control.pause(LONG, LONG), Route.Side.TARGET);
      Eventually.until(
          "switched", () -> canGetConnection(shop) && store.members().get(0).epoch() == 3);

      Files.delete(folder.resolve("route.json"));

      Eventually.until("refused", () -> !canGetConnection(shop));
    }
  }

  private static boolean canGetConnection(SwitchableDataSource shop) {
    try (Connection connection = shop.getConnection()) {
      return !connection.isClosed();
    } catch (SQLException e) {
      return false;
    }
  }

  @Test
  void readsTheRouteAgainAfterARefusedWrite() throws SQLException {
    AtomicLong reads = new AtomicLong();
    RouteStore slow = slow(reads);
    try (SwitchableDataSource shop =
        SwitchableDataSource.builder(slow)
            .source(source.dataSource())
            .target(target.dataSource())
            .lease(Duration.ofHours(1))
            .build()) {
      source.refusesWrites = true;
      Route open = store.read();
      store.compareAndSet(open, open.opened(Route.Side.TARGET, open.updatedAt()));
      long before = reads.get();
      try (Connection connection = shop.getConnection();
          Statement write = connection.createStatement()) {
        assertThat(connection.getCatalog()).isEqualTo("source");
        assertThatThrownBy(() -> write.executeUpdate("INSERT"))
            .isInstanceOf(SQLException.class)
            .hasMessage("moved");
      }

      assertThat(sideOf(shop)).isEqualTo("target");
      assertThat(reads.get()).isGreaterThan(before);
    }
  }

  /** Polled every minute only, so that nothing but the refused write can bring the news. */
  private RouteStore slow(AtomicLong reads) {
    return (RouteStore)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {RouteStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("pollInterval")) {
                return Duration.ofMinutes(1);
              }
              if (method.getName().equals("read")) {
                reads.incrementAndGet();
              }
              return method.invoke(store, arguments);
            });
  }

  @Test
  void countsAConnectionOnceHoweverOftenItIsClosed() throws Exception {
    try (SwitchableDataSource shop = follower().build()) {
      Connection first = shop.getConnection();
      Connection second = shop.getConnection();
      assertThat(shop.borrowed()).isEqualTo(2);

      first.close();
      first.close();
      first.abort(Runnable::run);

      assertThat(shop.borrowed()).isEqualTo(1);
      assertThat(first.isClosed()).isTrue();
      assertThat(first.isValid(1)).isFalse();
      assertThatThrownBy(first::getCatalog)
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("closed");
      second.abort(Runnable::run);
      assertThat(shop.borrowed()).isZero();
    }
  }

  @Test
  void leadsFromAStatementBackToTheWrappedConnection() throws SQLException {
    try (SwitchableDataSource shop = follower().build();
        Connection connection = shop.getConnection();
        Statement statement = connection.createStatement()) {
      assertThat(statement.getConnection()).isSameAs(connection);
      assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
      assertThat(connection.isWrapperFor(Connection.class)).isTrue();
    }
  }

  @Test
  void leavesTheRouteWhenItIsClosed() {
    SwitchableDataSource shop = follower().build();
    assertThat(store.members()).hasSize(1);

    shop.close();
    shop.close();

    assertThat(store.members()).isEmpty();
    assertThatThrownBy(shop::getConnection)
        .isInstanceOf(SQLTransientConnectionException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void doesNotWaitForAMemberThatDied() {
    store.beat(new RouteMember("dead", "a dead one", 1, 0, 3, Duration.ofMillis(300)));

    Route paused = control.pause(LONG, LONG);

    assertThat(paused.state()).isEqualTo(Route.State.PAUSED);
  }

  @Test
  void strikesOffTheDeadAndKeepsTheLiving() {
    store.beat(new RouteMember("dead", "a dead one", 1, 0, 3, Duration.ofMillis(300)));
    try (SwitchableDataSource shop = follower().description("the till").lease(LONG).build()) {
      assertThat(control.removeDead()).containsExactly("a dead one");
      assertThat(store.members()).extracting(RouteMember::description).containsExactly("the till");
      assertThat(shop.borrowed()).isZero();
    }
  }
}
