/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pause ends in time, whatever it is that takes long; and the target is as it was then. */
class PauseLimitsTest {
  private static final int CUSTOMERS = 200;
  private static final String MADE =
      "SELECT (SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal) || ' triggers, '"
          + " || (SELECT count(*) FROM pg_constraint WHERE contype = 'f') || ' foreign keys'";

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
    return both.migration(folder)
        .route(route)
        .drainLimit(Duration.ofSeconds(1))
        .fenceLimit(Duration.ofSeconds(1))
        .catchUpLimit(Duration.ofSeconds(1));
  }

  private RouteStore route() {
    return RouteStore.file(folder.resolve("route.json"));
  }

  private static ConnectionDetails superuserOfTarget() {
    return both.targetServer.superuser().toBuilder().database("shop").build();
  }

  private static Connection locked(ConnectionDetails database, String lock) {
    try {
      Connection connection = database.connect();
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute(lock);
      }
      return connection;
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  /** In front of the fence the application is at work, and somebody always has one. */
  @Tag("slow")
  @Test
  void temporaryTablesAndLockedSequencesInFrontOfThePauseAreNoMatter() throws Exception {
    AtomicReference<Connection> maker = new AtomicReference<>();
    AtomicReference<Connection> locker = new AtomicReference<>();
    RecordingListener listener =
        RecordingListener.at(
            MigrationStep.CUTOVER,
            () -> {
              maker.set(
                  locked(both.source, "CREATE TEMP TABLE mine ON COMMIT DROP AS SELECT 1 AS n"));
              locker.set(locked(both.target, "ALTER SEQUENCE public.audit_id_seq RENAME TO other"));
            });
    try (RouteStore file = route()) {
      RouteStore route =
          HookedRoute.before(
              Route.State.PAUSING,
              file,
              () -> {
                Objects.requireNonNull(maker.get()).close();
                Objects.requireNonNull(locker.get()).close();
              });

      CompletableFuture<MigrationReport> run =
          CompletableFuture.supplyAsync(
              () -> migration(route).listener(listener).cutoverAttempts(1).build().run());
      MigrationReport moved = run.get(60, TimeUnit.SECONDS);

      assertThat(moved.failure()).isEmpty();
      assertThat(moved.status()).isEqualTo(MigrationReport.Status.COMPLETED);
    }
  }

  @Test
  @Tag("slow")
  void aLockOnTheTargetThatNobodyGivesBackEndsThePause() throws Exception {
    try (RouteStore route = route();
        SwitchableDataSource shop = both.follow(route)) {
      AtomicReference<Connection> kept = new AtomicReference<>();
      // It lets the applier through, and keeps foreign keys and triggers from being made.
      RecordingListener listener =
          RecordingListener.at(
              MigrationStep.CUTOVER,
              () ->
                  kept.set(
                      locked(
                          superuserOfTarget(), "LOCK TABLE public.orders IN ROW EXCLUSIVE MODE")));
      ShopWriters writers = new ShopWriters(shop, 2, CUSTOMERS, Duration.ofMillis(2));
      MigrationReport failed;
      try {
        CompletableFuture<MigrationReport> run =
            CompletableFuture.supplyAsync(
                () -> migration(route).listener(listener).cutoverAttempts(2).build().run());
        failed = run.get(60, TimeUnit.SECONDS);

        assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
        assertThat(failed.failure().orElseThrow()).contains("pause", "triggers");
        assertThat(listener.notices()).anyMatch(notice -> notice.contains("try 1 of 2"));
        assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
        assertThat(route.read().state()).isEqualTo(Route.State.OPEN);
        int written = writers.written();
        Eventually.until("the application goes on", () -> writers.written() > written + 10);
        assertThat(TwoDatabases.ask(both.target, MADE)).isEqualTo("0 triggers, 0 foreign keys");

        Objects.requireNonNull(kept.get()).close();
        MigrationReport completed = migration(route).build().run();

        assertThat(completed.failure()).isEmpty();
        assertThat(completed.status()).isEqualTo(MigrationReport.Status.COMPLETED);
        int switched = writers.written();
        Eventually.until("writes on the target", () -> writers.written() > switched + 10);
      } finally {
        Connection connection = kept.get();
        if (connection != null) {
          connection.close();
        }
        writers.close();
      }
      assertThat(writers.errors()).isEmpty();
      assertThat(writers.lost(both.target)).isEmpty();
      assertThat(writers.unknown(both.target)).isEmpty();
      assertThat(TwoDatabases.ask(both.target, MADE)).isEqualTo("1 triggers, 2 foreign keys");
    }
  }

  @Tag("slow")
  @Test
  void nothingIsAppliedPastTriggersThatAFailedCutoverLeft() throws Exception {
    TwoDatabases.run(
        both.source,
        "CREATE TRIGGER second AFTER UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION note_order()",
        "ALTER TABLE orders DISABLE TRIGGER second");
    AtomicBoolean applied = new AtomicBoolean();
    MigrationListener listener =
        new MigrationListener() {
          @Override
          public void stepStarted(MigrationStep step) {
            if (step == MigrationStep.CUTOVER) {
              refuseTheSecondTrigger();
            }
          }

          // The source is open again, and the run has not ended: what is written now goes on.
          @Override
          public void stepFailed(MigrationStep step, String reason) {
            applied.set(orderArrives());
          }
        };
    try (RouteStore route = route()) {
      MigrationReport failed = migration(route).listener(listener).build().run();

      assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(failed.failure().orElseThrow()).contains("not this one");
      assertThat(TwoDatabases.ask(both.target, MADE)).isEqualTo("0 triggers, 0 foreign keys");
      TwoDatabases.run(
          superuserOfTarget(),
          "DROP EVENT TRIGGER refuse",
          "CREATE FUNCTION watch.see() RETURNS trigger LANGUAGE plpgsql AS"
              + " 'BEGIN RETURN NEW; END'",
          "CREATE TRIGGER somebodys BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION"
              + " watch.see()");

      MigrationReport completed = migration(route).build().run();

      assertThat(completed.failure()).isEmpty();
      assertThat(completed.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(applied).isTrue();
      assertThat(
              completed.leftBehind().stream().filter(left -> left.startsWith("Not on the target")))
          .singleElement()
          .asString()
          .contains("CREATE TRIGGER somebodys BEFORE UPDATE ON public.orders");
      assertThat(TwoDatabases.ask(both.target, MADE)).isEqualTo("2 triggers, 2 foreign keys");
      String noted = "SELECT count(*) FROM audit WHERE what LIKE 'order %'";
      assertThat(TwoDatabases.ask(both.target, noted))
          .isEqualTo(TwoDatabases.ask(both.source, noted));
    }
  }

  @Tag("slow")
  @Test
  void whatThePauseMadeGoesWhenThereIsNoDecision() throws Exception {
    TwoDatabases.run(superuserOfTarget(), "ALTER DATABASE shop SET quote_all_identifiers = on");
    StateStore state = StateStore.directory(folder.resolve("state"));
    try (RouteStore route = route()) {
      MigrationReport failed =
          migration(route)
              .state(new UncertainStore(state, "cutover.point-of-no-return", false, true))
              .build()
              .run();

      assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(TwoDatabases.ask(both.target, MADE)).isEqualTo("0 triggers, 0 foreign keys");
      MigrationReport completed = migration(route).build().run();

      assertThat(completed.failure()).isEmpty();
      assertThat(completed.leftBehind()).noneMatch(left -> left.startsWith("Not on the target"));
      assertThat(TwoDatabases.ask(both.target, MADE)).isEqualTo("1 triggers, 2 foreign keys");
    }
  }

  private static void refuseTheSecondTrigger() {
    try {
      TwoDatabases.run(
          superuserOfTarget(),
          "CREATE SCHEMA watch",
          "GRANT USAGE ON SCHEMA watch TO PUBLIC",
          "CREATE FUNCTION watch.refuse() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN"
              + " IF EXISTS (SELECT FROM pg_trigger WHERE tgname = 'second') THEN"
              + " RAISE EXCEPTION 'not this one'; END IF; END $$",
          "CREATE EVENT TRIGGER refuse ON ddl_command_end WHEN TAG IN ('CREATE TRIGGER')"
              + " EXECUTE FUNCTION watch.refuse()");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  private static boolean orderArrives() {
    try {
      TwoDatabases.run(both.source, "INSERT INTO orders (customer, total) VALUES (1, 4711)");
      Eventually.until(
          "the order to arrive",
          () ->
              TwoDatabases.ask(both.target, "SELECT count(*) FROM orders WHERE total = 4711")
                  .equals("1"));
      return true;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Tag("slow")
  @Test
  void moreChangesThanCanBeComparedInThePausePutItOff() throws Exception {
    TwoDatabases.run(
        both.source,
        "CREATE TABLE counters (id int PRIMARY KEY, v int)",
        "INSERT INTO counters SELECT i, 0 FROM generate_series(1, 100001) i");
    AtomicBoolean first = new AtomicBoolean(true);
    RecordingListener listener = new RecordingListener();
    try (RouteStore file = route()) {
      // Somebody who follows no route, after the last look at what changed.
      RouteStore route =
          HookedRoute.before(
              Route.State.PAUSING,
              file,
              () -> {
                if (first.getAndSet(false)) {
                  TwoDatabases.run(both.source, "UPDATE counters SET v = v + 1");
                }
              });

      MigrationReport report =
          migration(route).catchUpLimit(Duration.ofMinutes(1)).listener(listener).build().run();

      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(listener.notices())
          .anyMatch(notice -> notice.contains("try 1 of 3") && notice.contains("public.counters"));
      assertThat(TwoDatabases.ask(both.target, "SELECT sum(v) FROM counters")).isEqualTo("100001");
    }
  }
}
