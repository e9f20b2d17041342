/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.Eventually;
import io.clouddb.migration.Migration;
import io.clouddb.migration.MigrationBuilder;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The last writes on the source, of applications that follow no route. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LastWritesTest {
  @TempDir Path folder;

  private TwoDatabases both;

  @BeforeAll
  void start() throws SQLException {
    both = TwoDatabases.start(16, 17, false);
  }

  @AfterAll
  void stop() {
    both.close();
  }

  @BeforeEach
  void fill() throws SQLException {
    both.recreate();
    TwoDatabases.run(
        both.source,
        "CREATE TABLE a_first (id bigint PRIMARY KEY, v text)",
        "CREATE TABLE then_this (id bigint PRIMARY KEY, v text)",
        "INSERT INTO then_this SELECT i, 'old' FROM generate_series(1, 1000) i");
  }

  private MigrationBuilder migration() {
    return Migration.builder()
        .id("edge")
        .from(both.source)
        .to(both.target)
        .state(StateStore.directory(folder.resolve("state")))
        .fenceLimit(Duration.ofMinutes(2))
        .catchUpLimit(Duration.ofMinutes(2));
  }

  private static MigrationListener atTheCutover(ThrowingAction action) {
    return new MigrationListener() {
      @Override
      public void stepStarted(MigrationStep step) {
        if (step == MigrationStep.CUTOVER) {
          try {
            action.run();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    };
  }

  private interface ThrowingAction {
    void run() throws SQLException;
  }

  private void bothHoldTheSame() throws SQLException {
    for (String table : new String[] {"a_first", "then_this"}) {
      String rows =
          "SELECT count(*) || ' ' || md5(string_agg(t::text, ',' ORDER BY id)) FROM %s t"
              .formatted(table);
      assertThat(TwoDatabases.ask(both.target, rows))
          .as(table)
          .isEqualTo(TwoDatabases.ask(both.source, rows));
    }
  }

  @Test
  @DisplayName("What was in flight when the fence came is on the target, asynchronous commits too")
  void whatWasInFlightWhenTheFenceCameIsOnTheTarget() throws Exception {
    AtomicReference<Connection> inFlight = new AtomicReference<>();
    CountDownLatch begun = new CountDownLatch(1);
    Migration migration =
        migration()
            .listener(
                atTheCutover(
                    () -> {
                      Connection connection = both.source.connect();
                      connection.setAutoCommit(false);
                      inFlight.set(connection);
                      TwoDatabases.run(
                          both.source, "ALTER DATABASE shop SET synchronous_commit = off");
                      try (Statement statement = connection.createStatement()) {
                        statement.execute("SET LOCAL synchronous_commit = off");
                        statement.execute("INSERT INTO then_this VALUES (-1, 'before the fence')");
                      }
                      begun.countDown();
                    }))
            .build();
    try (FreeWriters writers = new FreeWriters(both.source, "a_first", 2)) {
      writers.await(20);
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
      // Tables are fenced by their names: the one in flight is waited for now.
      writers.awaitRefused();
      try (Connection connection = Objects.requireNonNull(inFlight.get());
          Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO then_this VALUES (-2, 'while the fence waited')");
        statement.execute("UPDATE then_this SET v = 'late' WHERE id % 10 = 0");
        connection.commit();
      }

      MigrationReport report = run.get(120, TimeUnit.SECONDS);

      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(
              TwoDatabases.ask(
                  both.target,
                  "SELECT count(*) FILTER (WHERE id < 0) || ' ' || count(*) FILTER (WHERE v = 'late')"
                      + " FROM then_this"))
          .isEqualTo("2 100");
      assertThat(writers.lost(both.target)).isEmpty();
      bothHoldTheSame();
    }
  }

  @Tag("slow")
  @Test
  @DisplayName("The source stays open as long as the target is far behind")
  void theSourceStaysOpenAsLongAsTheTargetIsFarBehind() throws Exception {
    AtomicReference<Connection> holdingUp = new AtomicReference<>();
    CountDownLatch held = new CountDownLatch(1);
    Migration migration =
        migration()
            .listener(
                atTheCutover(
                    () -> {
                      Connection connection =
                          both.targetServer.superuser().toBuilder()
                              .database("shop")
                              .build()
                              .connect();
                      connection.setAutoCommit(false);
                      holdingUp.set(connection);
                      try (Statement statement = connection.createStatement()) {
                        statement.execute("LOCK TABLE then_this IN EXCLUSIVE MODE");
                      }
                      TwoDatabases.run(
                          both.source, "UPDATE then_this SET v = 'behind' WHERE id = 1");
                      held.countDown();
                    }))
            .build();
    try (FreeWriters writers = new FreeWriters(both.source, "a_first", 2)) {
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
      try (Connection connection = Objects.requireNonNull(holdingUp.get())) {
        Eventually.until(
            "the apply is held up",
            () ->
                "t"
                    .equals(
                        TwoDatabases.ask(
                            both.targetServer.superuser(),
                            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE"
                                + " wait_event_type = 'Lock' AND application_name LIKE"
                                + " 'clouddb-edge%apply')")));
        writers.await(500);
        assertThat(
                TwoDatabases.ask(
                    both.source,
                    "SELECT count(*) FROM pg_trigger WHERE tgname = 'clouddb_edge_fence'"))
            .isEqualTo("0");
        connection.rollback();
      }

      assertThat(run.get(120, TimeUnit.SECONDS).status())
          .isEqualTo(MigrationReport.Status.COMPLETED);

      writers.awaitRefused();
      assertThat(writers.lost(both.target)).isEmpty();
      bothHoldTheSame();
    }
  }

  @Tag("slow")
  @Test
  @DisplayName(
      "A switch that the route does not take leaves both sides closed until it is gone on with")
  void aSwitchThatTheRouteDoesNotTakeIsGoneOnWith() throws Exception {
    AtomicBoolean refusing = new AtomicBoolean(true);
    try (RouteStore route = RouteStore.file(folder.resolve("route.json"));
        FreeWriters writers = new FreeWriters(both.source, "a_first", 2)) {
      RouteStore failing = refusingTheTarget(route, refusing);
      writers.await(20);

      MigrationReport failed = migration().route(failing).build().run();

      assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(failed.failure().orElseThrow()).contains("the disk of the route is full");
      assertThat(failed.nextStep().orElseThrow()).contains("belongs on the target");
      writers.awaitRefused();
      assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
      assertThat(route.read().state()).isNotEqualTo(Route.State.OPEN);
      bothHoldTheSame();
      refusing.set(false);
      MigrationReport report = migration().route(failing).build().run();
      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(route.read().side()).isEqualTo(Route.Side.TARGET);
      assertThat(route.read().state()).isEqualTo(Route.State.OPEN);
      assertThat(writers.lost(both.target)).isEmpty();
    }
  }

  private static RouteStore refusingTheTarget(RouteStore store, AtomicBoolean refusing) {
    return (RouteStore)
        Proxy.newProxyInstance(
            LastWritesTest.class.getClassLoader(),
            new Class<?>[] {RouteStore.class},
            (proxy, method, arguments) -> {
              if (refusing.get()
                  && method.getName().equals("compareAndSet")
                  && ((Route) arguments[1]).side() == Route.Side.TARGET) {
                throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, "the disk of the route is full")
                    .toException();
              }
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
