/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteControl;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left, and what still works, when a switch or a return did not come to its end. */
class UnfinishedSwitchTest {
  private static final String SWITCH = "cutover.point-of-no-return";
  private static final String RETURN = "rollback.point-of-no-return";
  private static final String FENCES =
      "SELECT (SELECT count(*) FROM pg_trigger WHERE tgname LIKE 'clouddb\\_%') || ' triggers, '"
          + " || (SELECT count(*) FROM pg_namespace WHERE nspname = 'clouddb_migration')"
          + " || ' schemas'";

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

  private MigrationBuilder migration(RouteStore route) {
    return both.migration(folder).route(route).catchUpLimit(Duration.ofSeconds(2));
  }

  private MigrationBuilder reversing(RouteStore route) {
    return migration(route).reverseReplication(Duration.ofDays(1));
  }

  private StateStore uncertain(String kind, boolean written, boolean answers) {
    StateStore real = StateStore.directory(folder.resolve("state"));
    return new UncertainStore(real, kind, written, answers);
  }

  private MigrationReport failedReturn(RouteStore route, StateStore state) throws Exception {
    CountDownLatch switched = new CountDownLatch(1);
    Migration migration =
        reversing(route)
            .state(state)
            .listener(RecordingListener.at(MigrationStep.REVERSE, switched::countDown))
            .build();
    CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
    assertThat(switched.await(60, TimeUnit.SECONDS)).isTrue();
    MigrationReport failed = migration.rollback();
    run.get(60, TimeUnit.SECONDS);
    assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
    return failed;
  }

  @Tag("slow")
  @Test
  void nothingOfAReturnThatFailedIsLeftOnTheTargetWhenItIsFinished() throws Exception {
    try (RouteStore route = route()) {
      failedReturn(route, uncertain(RETURN, false, true));

      MigrationReport finished = reversing(route).build().finish();

      assertThat(finished.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(TwoDatabases.ask(both.target, FENCES))
          .as("%s; left behind: %s", finished.steps(), finished.leftBehind())
          .isEqualTo("0 triggers, 0 schemas");
    }
  }

  /** As pg_partman makes the next partition: no fence keeps DDL away. */
  @Tag("slow")
  @Test
  void aTableMadeSinceTheDecisionDoesNotKeepTheSwitchFromItsEnd() throws Exception {
    try (RouteStore route = route()) {
      migration(route).state(uncertain(SWITCH, true, false)).build().run();
      TwoDatabases.run(
          both.source,
          "CREATE TABLE events_2027 PARTITION OF events"
              + " FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')");

      MigrationReport completed = migration(route).build().run();

      assertThat(completed.failure()).isEmpty();
      assertThat(route.read().side()).isEqualTo(Route.Side.TARGET);
    }
  }

  @Tag("slow")
  @Test
  void aTableMadeOnTheSourceOnlyDoesNotKeepTheReturnFromItsEnd() throws Exception {
    try (RouteStore route = route()) {
      failedReturn(route, uncertain(RETURN, true, false));
      TwoDatabases.run(both.source, "CREATE TABLE lately (id int PRIMARY KEY)");
      assertThatThrownBy(reversing(route).build()::abort)
          .isInstanceOf(ConditionFailedException.class)
          .hasMessageContaining("return to the source was decided already");

      MigrationReport back = reversing(route).build().run();

      assertThat(back.failure().orElseThrow()).contains("taken back to the source");
      assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
    }
  }

  /** Without a route nobody but the fence says whether the application went on with the source. */
  @Tag("slow")
  @Test
  void aSwitchIsNotCompletedPastWritesToASourceThatWasReleased() throws Exception {
    MigrationBuilder builder = both.migration(folder).catchUpLimit(Duration.ofSeconds(2));
    MigrationReport undecided = builder.state(uncertain(SWITCH, true, false)).build().run();
    assertThat(undecided.nextStep().orElseThrow()).contains("not known");
    Migration migration = both.migration(folder).build();
    migration.releaseSource();
    TwoDatabases.run(both.source, "INSERT INTO audit (what) VALUES ('acknowledged')");

    MigrationReport report = migration.run();

    assertThat(report.status()).isEqualTo(MigrationReport.Status.FAILED);
    assertThat(report.failure().orElseThrow()).contains("the fence is gone");
  }

  /** As a load does that the owner of the table runs. */
  private static void writePastTheFence(ConnectionDetails database) throws SQLException {
    TwoDatabases.run(
        database,
        "ALTER TABLE audit DISABLE TRIGGER USER",
        "INSERT INTO audit (what) VALUES ('acknowledged')",
        "ALTER TABLE audit ENABLE ALWAYS TRIGGER clouddb_shop_fence",
        "ALTER TABLE audit ENABLE ALWAYS TRIGGER clouddb_shop_fence_row");
  }

  @Tag("slow")
  @Test
  void aSwitchIsNotCompletedPastAFenceThatWasOffForAWhile() throws Exception {
    try (RouteStore route = route()) {
      migration(route).state(uncertain(SWITCH, true, false)).build().run();
      writePastTheFence(both.source);

      MigrationReport stopped = migration(route).build().run();

      assertThat(stopped.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(stopped.failure().orElseThrow())
          .contains("somebody changed the fence of the source on [public.audit]");
      assertThat(stopped.nextStep().orElseThrow())
          .contains("RouteControl.force(Route.Side.TARGET)");
      assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);

      // When somebody has looked, and brought over what was missing.
      new RouteControl(route, Clock.systemUTC()).force(Route.Side.TARGET);
      MigrationReport completed = migration(route).build().run();
      assertThat(completed.failure()).isEmpty();
      assertThat(completed.status()).isEqualTo(MigrationReport.Status.COMPLETED);
    }
  }

  /** Of a table that is copied behind the fence, which stands on it too. */
  @Tag("slow")
  @Test
  void aSwitchIsNotCompletedPastAFenceThatWasOffOnAnUnloggedTable() throws Exception {
    TwoDatabases.run(
        both.source,
        "CREATE UNLOGGED TABLE public.carts (id int PRIMARY KEY)",
        "INSERT INTO public.carts VALUES (1)");
    try (RouteStore route = route()) {
      migration(route).state(uncertain(SWITCH, true, false)).build().run();
      assertThat(TwoDatabases.ask(both.target, "SELECT count(*) FROM public.carts")).isEqualTo("1");
      TwoDatabases.run(
          both.source,
          "ALTER TABLE carts DISABLE TRIGGER USER",
          "INSERT INTO carts VALUES (2)",
          "ALTER TABLE carts ENABLE ALWAYS TRIGGER clouddb_shop_fence",
          "ALTER TABLE carts ENABLE ALWAYS TRIGGER clouddb_shop_fence_row");

      MigrationReport report = migration(route).build().run();

      assertThat(
              report.status()
                  + ", carts on the target: "
                  + TwoDatabases.ask(both.target, "SELECT count(*) FROM public.carts"))
          .isEqualTo("FAILED, carts on the target: 1");
    }
  }

  /** Its partitions are copied and applied to by their own names; only the fence needs it. */
  @Tag("slow")
  @Test
  void anAppendOnlyPartitionedTableIsSwitched() throws Exception {
    TwoDatabases.run(
        both.source, "REVOKE UPDATE, DELETE, TRUNCATE ON public.events FROM source_admin");
    try (RouteStore route = route()) {
      MigrationReport report = migration(route).build().run();

      assertThat(report.failure()).isEmpty();
    }
  }

  @Tag("slow")
  @Test
  void aReturnIsNotCompletedPastAFenceThatWasOffForAWhile() throws Exception {
    try (RouteStore route = route()) {
      failedReturn(route, uncertain(RETURN, true, false));
      writePastTheFence(both.target);

      MigrationReport stopped = reversing(route).build().run();

      assertThat(stopped.failure().orElseThrow())
          .contains("somebody changed the fence of the target on [public.audit]");
      assertThat(route.read().side()).isEqualTo(Route.Side.TARGET);
    }
  }

  private static Connection locked(ConnectionDetails database, String lock) throws SQLException {
    Connection connection = database.connect();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(lock);
    }
    return connection;
  }

  /** A writer keeps the fence away; what VACUUM locks keeps the triggers from being disabled. */
  @Tag("slow")
  @Test
  void theApplicationDoesNotWaitForTriggersThatRefuseNobody() throws Exception {
    try (RouteStore route = route()) {
      CountDownLatch begun = new CountDownLatch(1);
      Migration migration =
          migration(route)
              .drainLimit(Duration.ofSeconds(1))
              .fenceLimit(Duration.ofSeconds(2))
              .pauseLimit(Duration.ofSeconds(4))
              .cutoverAttempts(1)
              .listener(RecordingListener.at(MigrationStep.CUTOVER, begun::countDown))
              .build();
      try (Connection writer =
          locked(both.source, "LOCK TABLE public.orders IN ROW EXCLUSIVE MODE")) {
        CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
        assertThat(begun.await(60, TimeUnit.SECONDS)).isTrue();
        Eventually.until(
            "the pause",
            Duration.ofSeconds(60),
            () -> {
              assertThat(run.isDone()).isFalse();
              return route.read().state() != Route.State.OPEN;
            });
        Eventually.until(
            "the fence on the first table",
            Duration.ofSeconds(10),
            () ->
                TwoDatabases.ask(
                        both.source,
                        "SELECT count(*) FROM pg_trigger WHERE tgname = 'clouddb_shop_fence'"
                            + " AND tgenabled = 'A' AND tgrelid = 'audit'::regclass")
                    .equals("1"));
        try (Connection vacuum =
            locked(both.source, "LOCK TABLE public.audit IN SHARE UPDATE EXCLUSIVE MODE")) {
          Eventually.until(
              "the fence is down",
              Duration.ofSeconds(20),
              () ->
                  TwoDatabases.ask(
                          both.source,
                          "SELECT count(*) FROM pg_proc WHERE proname = 'clouddb_shop_fence'"
                              + " AND strpos(prosrc, '25006') > 0")
                      .equals("0"));
          // Well before anybody would have given up to wait for the lock.
          Eventually.until(
              "the route is open",
              Duration.ofSeconds(20),
              () -> route.read().state() == Route.State.OPEN);
          vacuum.rollback();
        }
        writer.rollback();
        run.get(60, TimeUnit.SECONDS);
      }
    }
  }
}
