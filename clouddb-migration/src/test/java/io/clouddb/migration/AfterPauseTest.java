/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteControl;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.Journal;
import io.clouddb.migration.state.StateStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a pause, whatever happened in it, the application can work on one of the sides. */
@Tag("slow")
class AfterPauseTest {
  private static TwoDatabases both;

  @TempDir Path folder;

  @BeforeAll
  static void startServers() throws SQLException {
    both = TwoDatabases.startForBothWays(16, 16, true);
  }

  @AfterAll
  static void stopServers() {
    both.close();
  }

  @BeforeEach
  void createShop() throws SQLException {
    both.recreate();
    ShopSchema.create(both.source, 20);
  }

  private RouteStore route() {
    return RouteStore.file(folder.resolve("route.json"));
  }

  private static <T> T wrap(Class<T> type, T real, BiConsumer<String, Object[]> before) {
    return wrap(type, real, before, (name, arguments) -> {});
  }

  private static <T> T wrap(
      Class<T> type,
      T real,
      BiConsumer<String, Object[]> before,
      BiConsumer<String, Object[]> after) {
    return type.cast(
        Proxy.newProxyInstance(
            AfterPauseTest.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              before.accept(method.getName(), arguments);
              try {
                Object result = method.invoke(real, arguments);
                after.accept(method.getName(), arguments);
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  /** Does something before an entry of the journal. */
  private StateStore beforeEntry(String kind, Predicate<Map<?, ?>> data, Runnable then) {
    StateStore real = StateStore.directory(folder.resolve("state"));
    return id ->
        wrap(
            Journal.class,
            real.open(id),
            (name, arguments) -> {
              if (name.equals("append")
                  && arguments[0].equals(kind)
                  && data.test((Map<?, ?>) arguments[1])) {
                then.run();
              }
            });
  }

  private static CloudDbException unavailable() {
    return ErrorDetails.of(ErrorCategory.UNAVAILABLE, "The answer was lost").toException();
  }

  private static void write() throws SQLException {
    TwoDatabases.run(both.source, "INSERT INTO audit (what) VALUES ('written')");
  }

  private static boolean writes() {
    try {
      write();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  /** A VACUUM or CREATE INDEX CONCURRENTLY that began in the pause keeps its lock for long. */
  @Test
  void theSourceOpensWhoeverHoldsALock() throws Exception {
    AtomicReference<Connection> kept = new AtomicReference<>();
    StateStore state =
        beforeEntry(
            "run.removing",
            data -> "fence".equals(data.get("what")),
            () -> {
              try {
                Connection vacuum = both.source.connect();
                vacuum.setAutoCommit(false);
                try (Statement lock = vacuum.createStatement()) {
                  lock.execute("LOCK TABLE public.audit IN SHARE UPDATE EXCLUSIVE MODE");
                }
                kept.set(vacuum);
              } catch (SQLException e) {
                throw new AssertionError(e);
              }
            });
    RecordingListener listener = new RecordingListener();
    Migration migration =
        both.migration(folder).state(state).cutoverOnRequest(true).listener(listener).build();
    CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
    try {
      Eventually.until(
          "the wait for the word",
          Duration.ofMinutes(2),
          () -> listener.notices().stream().anyMatch(n -> n.startsWith("Ready for the cutover")));

      CompletableFuture<?> rehearsal = CompletableFuture.supplyAsync(migration::rehearse);
      Eventually.until("the lock", () -> kept.get() != null);
      Eventually.until("writes on the source", Duration.ofSeconds(10), AfterPauseTest::writes);
      Objects.requireNonNull(kept.get()).close();
      rehearsal.get(60, TimeUnit.SECONDS);
      assertThat(run).isNotDone();
    } finally {
      migration.abort();
    }
  }

  @Test
  void aRouteWhoseAnswerIsLostIsNotLeftPaused() throws Exception {
    AtomicBoolean lost = new AtomicBoolean();
    try (RouteStore file = route()) {
      RouteStore route =
          wrap(
              RouteStore.class,
              file,
              (name, arguments) -> {},
              (name, arguments) -> {
                if (name.equals("compareAndSet")
                    && ((Route) arguments[1]).state() == Route.State.PAUSED
                    && !lost.getAndSet(true)) {
                  throw unavailable();
                }
              });

      MigrationReport report =
          both.migration(folder).route(route).pauseLimit(Duration.ofMinutes(10)).build().run();

      assertThat(report.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(route.read().state()).isEqualTo(Route.State.OPEN);
    }
  }

  @Test
  void aRehearsalThatCouldNotOpenTheRouteLetsTheMigrationGoOn() throws Exception {
    AtomicBoolean lost = new AtomicBoolean();
    try (RouteStore file = route()) {
      RouteStore route =
          wrap(
              RouteStore.class,
              file,
              (name, arguments) -> {
                if (name.equals("compareAndSet")
                    && ((Route) arguments[1]).state() == Route.State.OPEN
                    && !lost.getAndSet(true)) {
                  throw unavailable();
                }
              });
      RecordingListener listener = new RecordingListener();
      Migration migration =
          both.migration(folder).route(route).cutoverOnRequest(true).listener(listener).build();
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      try {
        Eventually.until(
            "the wait for the word",
            Duration.ofMinutes(2),
            () -> listener.notices().stream().anyMatch(n -> n.startsWith("Ready for the cutover")));

        assertThatThrownBy(migration::rehearse).hasMessageContaining("The answer was lost");

        assertThat(run).isNotDone();
        TwoDatabases.run(both.source, "INSERT INTO audit (what) VALUES ('after the rehearsal')");
        Eventually.until(
            "the change to arrive",
            Duration.ofSeconds(15),
            () ->
                TwoDatabases.ask(
                        both.target,
                        "SELECT count(*) FROM audit WHERE what = 'after the rehearsal'")
                    .equals("1"));
      } finally {
        migration.abort();
      }
    }
  }

  @Test
  void anInterruptWhileItDecidesDoesNotKeepTheApplicationFromTheTarget() throws Exception {
    StateStore state =
        beforeEntry(
            "cutover.point-of-no-return", data -> true, () -> Thread.currentThread().interrupt());
    try (RouteStore route = route()) {
      CompletableFuture<MigrationReport> run =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return both.migration(folder).route(route).state(state).build().run();
                } finally {
                  // Not for whoever has this thread next.
                  Thread.interrupted();
                }
              });
      MigrationReport report = run.get(60, TimeUnit.SECONDS);

      assertThat(route.read().side()).as(report.toString()).isEqualTo(Route.Side.TARGET);
      assertThat(route.read().state()).isEqualTo(Route.State.OPEN);
    }
  }

  @Test
  void anInterruptInThePauseLeavesTheRouteOpen() throws Exception {
    StateStore state =
        beforeEntry(
            "run.removing",
            data -> "fence".equals(data.get("what")),
            () -> Thread.currentThread().interrupt());
    try (RouteStore route = route();
        Connection writer = both.source.connect();
        Statement statement = writer.createStatement()) {
      RecordingListener listener =
          RecordingListener.at(
              MigrationStep.CUTOVER,
              () -> {
                try {
                  writer.setAutoCommit(false);
                  statement.execute("UPDATE customers SET balance = 0 WHERE id = 1");
                } catch (SQLException e) {
                  throw new AssertionError(e);
                }
              });
      CompletableFuture<MigrationReport> run =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return both.migration(folder)
                      .route(route)
                      .state(state)
                      .fenceLimit(Duration.ofSeconds(1))
                      .pauseLimit(Duration.ofMinutes(10))
                      .cutoverAttempts(1)
                      .listener(listener)
                      .build()
                      .run();
                } finally {
                  Thread.interrupted();
                }
              });
      MigrationReport report = run.get(60, TimeUnit.SECONDS);
      writer.rollback();

      assertThat(route.read().state()).as(report.toString()).isEqualTo(Route.State.OPEN);
      assertThatCode(AfterPauseTest::write).doesNotThrowAnyException();
    }
  }

  /** The file is that of an earlier migration, or of a trial. */
  @Test
  void aRouteThatSaysTargetBeforeTheMigrationBeganIsRefused() throws Exception {
    try (RouteStore route = route()) {
      new RouteControl(route, Clock.systemUTC()).force(Route.Side.TARGET);

      assertThatThrownBy(() -> both.migration(folder).route(route).build().run())
          .isInstanceOf(CloudDbException.class)
          .hasMessageContaining("route");
    }
  }

  @Test
  void aRollbackOfWhatIsFinishedAlreadyDoesNotSayThatItIsCompleted() throws Exception {
    AtomicBoolean died = new AtomicBoolean();
    StateStore state =
        beforeEntry(
            "step.started",
            data -> "CLEANUP".equals(data.get("step")) && !died.getAndSet(true),
            () -> {
              throw new IllegalStateException("as if killed");
            });
    CountDownLatch reversing = new CountDownLatch(1);
    Migration migration =
        both.migration(folder)
            .state(state)
            .reverseReplication(Duration.ofDays(1))
            .listener(RecordingListener.at(MigrationStep.REVERSE, reversing::countDown))
            .build();
    CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
    assertThat(reversing.await(60, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(migration::finish).isInstanceOf(CloudDbException.class);
    assertThatThrownBy(run::join).hasMessageContaining("as if killed");

    assertThatThrownBy(
            () -> both.migration(folder).reverseReplication(Duration.ofDays(1)).build().rollback())
        .isInstanceOf(CloudDbException.class);
  }
}
