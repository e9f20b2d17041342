/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.BusyException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.FindingReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How migrations end that do not end well, and how they are gone on with. */
@Tag("slow")
class MigrationEndsTest {
  private static final int CUSTOMERS = 500;

  private static TwoDatabases both;

  @TempDir Path folder;

  @BeforeAll
  static void startServers() throws SQLException {
    both = TwoDatabases.start(16, 16, false);
  }

  @AfterAll
  static void stopServers() {
    both.close();
  }

  @BeforeEach
  void createShop() throws SQLException {
    both.recreate();
    ShopSchema.create(both.source, CUSTOMERS);
  }

  private MigrationBuilder migration(RouteStore route) {
    return both.migration(folder).route(route);
  }

  private RouteStore route() {
    return RouteStore.file(folder.resolve("route.json"));
  }

  /** While it is paused nothing becomes durable on the target, the marker neither. */
  private static RouteStore outrunningTheTarget(RouteStore store) {
    AtomicReference<Connection> locked = new AtomicReference<>();
    RouteStore locking =
        HookedRoute.before(
            Route.State.PAUSED,
            store,
            () -> {
              Connection connection = both.target.connect();
              connection.setAutoCommit(false);
              locked.set(connection);
              try (Statement statement = connection.createStatement()) {
                statement.execute("LOCK TABLE clouddb_migration.position IN EXCLUSIVE MODE");
              }
            });
    return HookedRoute.before(
        Route.State.OPEN,
        locking,
        () -> {
          Connection connection = locked.getAndSet(null);
          if (connection != null) {
            connection.close();
          }
        });
  }

  private static void theSourceIsAsItWas() throws SQLException {
    for (String trace :
        List.of(
            "pg_replication_slots",
            "pg_publication",
            "pg_trigger WHERE tgname LIKE 'clouddb%'",
            "pg_proc WHERE proname LIKE 'clouddb%'",
            "pg_namespace WHERE nspname LIKE 'clouddb%'",
            "pg_prepared_xacts")) {
      assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM " + trace))
          .as(trace)
          .isEqualTo("0");
    }
    // PostgreSQL ends a session some time after its client has closed it.
    String sessions =
        "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'clouddb%'";
    Eventually.until(
        "no session is left", () -> TwoDatabases.ask(both.source, sessions).equals("0"));
    TwoDatabases.run(both.source, "INSERT INTO audit (what) VALUES ('still here')");
  }

  @ParameterizedTest
  @EnumSource(names = {"REPLICATE", "SYNC", "CDC", "VALIDATE", "CUTOVER"})
  void anAbortLeavesTheSourceAsItWas(MigrationStep step) throws Exception {
    try (RouteStore route = route();
        SwitchableDataSource shop = both.follow(route)) {
      CountDownLatch reached = new CountDownLatch(1);
      RecordingListener listener =
          new RecordingListener(
              started -> {
                if (started == step) {
                  reached.countDown();
                }
              });
      Migration migration = migration(route).listener(listener).build();
      ShopWriters writers = new ShopWriters(shop, 2, CUSTOMERS);
      MigrationReport aborted;
      try {
        CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
        assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();

        aborted = migration.abort();

        assertThat(aborted.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
        assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo(aborted);
        assertThat(aborted.leftBehind()).singleElement().asString().startsWith("On the target");
        int written = writers.written();
        Eventually.until("the application goes on", () -> writers.written() > written + 10);
      } finally {
        writers.close();
      }
      assertThat(writers.errors()).isEmpty();
      assertThat(writers.lost(both.source)).isEmpty();
      assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
      assertThat(route.read().state()).isEqualTo(Route.State.OPEN);
      theSourceIsAsItWas();
      // The answer to the first may have been lost.
      assertThat(migration.abort()).isEqualTo(aborted);
      assertThat(migration.rollback()).isEqualTo(aborted);
    }
  }

  @Test
  void aCatchUpThatMissesItsLimitReopensTheSourceAndTheNextRunGoesOn() throws Exception {
    try (RouteStore route = route();
        SwitchableDataSource shop = both.follow(route)) {
      RecordingListener listener = new RecordingListener();
      ShopWriters writers = new ShopWriters(shop, 2, CUSTOMERS);
      try {
        MigrationReport failed =
            migration(outrunningTheTarget(route))
                .listener(listener)
                .catchUpLimit(Duration.ofMillis(300))
                .cutoverAttempts(2)
                .build()
                .run();

        assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
        assertThat(failed.failure().orElseThrow()).contains("marker");
        assertThat(failed.leftBehind()).singleElement().asString().contains("clouddb_shop");
        assertThat(listener.notices()).anyMatch(notice -> notice.contains("try 1 of 2"));
        assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
        int written = writers.written();
        Eventually.until("the application goes on", () -> writers.written() > written + 10);
        assertThat(writers.lost(both.source)).isEmpty();

        RecordingListener second = new RecordingListener();
        MigrationReport completed = migration(route).listener(second).build().run();

        assertThat(completed.failure()).isEmpty();
        assertThat(completed.status()).isEqualTo(MigrationReport.Status.COMPLETED);
        assertThat(completed.rowsCopied()).isEqualTo(failed.rowsCopied());
        assertThat(completed.changesApplied()).isGreaterThan(failed.changesApplied());
        int switched = writers.written();
        Eventually.until("writes on the target", () -> writers.written() > switched + 10);
      } finally {
        writers.close();
      }
      assertThat(writers.errors()).isEmpty();
      assertThat(writers.lost(both.target)).isEmpty();
      assertThat(writers.unknown(both.target)).isEmpty();
      assertThatThrownBy(() -> migration(route).build().abort())
          .isInstanceOf(NotFoundException.class)
          .hasMessageContaining("There is nothing to abort: the migration shop ended at ")
          .hasMessageContaining("(COMPLETED)")
          .hasMessageContaining("releaseSource()");
    }
  }

  @Test
  void aFailedRunCanBeAborted() throws Exception {
    try (RouteStore route = route()) {
      MigrationReport failed =
          migration(outrunningTheTarget(route))
              .catchUpLimit(Duration.ofMillis(300))
              .cutoverAttempts(1)
              .build()
              .run();
      assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);

      MigrationReport aborted = migration(route).build().abort();

      assertThat(aborted.status()).isEqualTo(MigrationReport.Status.ROLLED_BACK);
      theSourceIsAsItWas();
    }
  }

  @Test
  void aTransactionThatDoesNotEndPutsTheCutoverOff() throws Exception {
    try (RouteStore route = route();
        SwitchableDataSource shop = both.follow(route)) {
      AtomicReference<Connection> kept = new AtomicReference<>();
      RecordingListener listener =
          new RecordingListener(
              step -> {
                if (step == MigrationStep.CUTOVER) {
                  kept.set(borrowAndWrite(shop));
                  Eventually.until(
                      "the route knows of it", () -> route.members().get(0).borrowed() == 1);
                }
              });
      MigrationReport failed =
          migration(route)
              .listener(listener)
              .drainLimit(Duration.ofMillis(300))
              .cutoverAttempts(1)
              .build()
              .run();

      assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(failed.failure().orElseThrow()).contains("1 connections out");
      assertThat(listener.notices()).anyMatch(notice -> notice.contains("in the pause only"));
      try (Connection connection = Objects.requireNonNull(kept.get())) {
        connection.commit();
      }
      assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM audit WHERE what = 'kept'"))
          .isEqualTo("1");
      MigrationReport completed = migration(route).build().run();
      assertThat(completed.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(TwoDatabases.ask(both.target, "SELECT count(*) FROM audit WHERE what = 'kept'"))
          .isEqualTo("1");
    }
  }

  private static Connection borrowAndWrite(SwitchableDataSource shop) {
    try {
      Connection connection = shop.getConnection();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("INSERT INTO public.audit (what) VALUES ('kept')");
      }
      return connection;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** Every row says something else then, and none was written. */
  @Test
  void aLabelThatIsRenamedOnTheSourceIsNotSwitchedPast() throws SQLException {
    TwoDatabases.run(
        both.source,
        "CREATE TYPE mood AS ENUM ('sad', 'ok')",
        "CREATE DOMAIN moods AS mood[]",
        "CREATE TABLE felt (id int PRIMARY KEY, m moods)",
        "INSERT INTO felt SELECT i, '{sad}' FROM generate_series(1, 100) i");
    try (RouteStore route = route()) {
      MigrationReport failed =
          migration(route)
              .listener(
                  RecordingListener.at(
                      MigrationStep.CUTOVER,
                      () -> rename("ALTER TYPE mood RENAME VALUE 'sad' TO 'unhappy'")))
              .build()
              .run();

      assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(failed.failure().orElseThrow()).contains("\"felt\"", "labels of an enum");
      assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);

      rename("ALTER TYPE mood RENAME VALUE 'unhappy' TO 'sad'");
      assertThat(migration(route).build().run().failure()).isEmpty();
      assertThat(TwoDatabases.ask(both.target, "SELECT DISTINCT m FROM felt")).isEqualTo("{sad}");
    }
  }

  private static void rename(String sql) {
    try {
      TwoDatabases.run(both.source, sql);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aFindingOfPreflightRefusesTheRunBeforeAnythingHappened() throws SQLException {
    TwoDatabases.run(
        both.source, "CREATE TABLE keyless (a int)", "CREATE TABLE \"also keyless\" (a int)");
    try (RouteStore route = route()) {
      assertThat(migration(route).build().preflight().findings())
          .filteredOn(finding -> finding.severity().equals("ERROR"))
          .extracting(FindingReport::object)
          .anyMatch(object -> object.contains("also keyless"))
          .hasSizeGreaterThanOrEqualTo(2);

      assertThatThrownBy(() -> migration(route).build().run())
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("keyless")
          .hasMessageContaining("also keyless")
          .hasMessageContaining("nothing was changed");

      assertThatThrownBy(() -> migration(route).build().abort())
          .isInstanceOf(NotFoundException.class);
    }
    theSourceIsAsItWas();
    assertThat(
            TwoDatabases.ask(
                both.target, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
        .isEqualTo("0");
  }

  @Test
  void twoRunsOfOneMigrationDoNotMix() throws Exception {
    try (RouteStore route = route()) {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch goOn = new CountDownLatch(1);
      Migration first =
          migration(route)
              .listener(
                  new RecordingListener(
                      step -> {
                        if (step == MigrationStep.SYNC) {
                          inside.countDown();
                          awaitUninterruptibly(goOn);
                        }
                      }))
              .build();
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(first::run);
      assertThat(inside.await(60, TimeUnit.SECONDS)).isTrue();

      assertThatThrownBy(() -> migration(route).build().run()).isInstanceOf(BusyException.class);
      assertThatThrownBy(() -> migration(route).build().abort()).isInstanceOf(BusyException.class);

      goOn.countDown();
      assertThat(run.get(60, TimeUnit.SECONDS).status())
          .isEqualTo(MigrationReport.Status.COMPLETED);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("Not released");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void cannotBeAbortedWhenTheApplicationHasSwitched() throws Exception {
    try (RouteStore route = route()) {
      AtomicReference<Throwable> refused = new AtomicReference<>();
      AtomicReference<Migration> self = new AtomicReference<>();
      Migration migration =
          migration(route)
              .listener(
                  new RecordingListener(
                      step -> {
                        if (step == MigrationStep.CLEANUP) {
                          try {
                            Objects.requireNonNull(self.get()).abort();
                          } catch (ConditionFailedException e) {
                            refused.set(e);
                          }
                        }
                      }))
              .build();
      self.set(migration);

      assertThat(migration.run().status()).isEqualTo(MigrationReport.Status.COMPLETED);

      assertThat(refused.get()).hasMessageContaining("works on the target already");
      migration.releaseSource();
      TwoDatabases.run(both.source, "INSERT INTO audit (what) VALUES ('late')");
      theSourceIsAsItWas();
    }
  }
}
