/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.FindingReport;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
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
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was made, altered or dropped on the target since the switch is not lost on the way back. */
@Tag("slow")
class ChangedTargetTest {
  private static TwoDatabases both;

  @TempDir Path folder;

  private RouteStore route;

  @BeforeAll
  static void startServers() throws SQLException {
    both = TwoDatabases.startForBothWays(16, 16, false);
  }

  @AfterAll
  static void stopServers() {
    both.close();
  }

  @BeforeEach
  void makeTables() throws SQLException {
    both.recreate();
    TwoDatabases.run(
        both.source,
        "CREATE TABLE part (id int PRIMARY KEY, what text) PARTITION BY RANGE (id)",
        "CREATE TABLE part_1 PARTITION OF part FOR VALUES FROM (0) TO (100)",
        "CREATE TABLE part_2 PARTITION OF part FOR VALUES FROM (100) TO (200)",
        "INSERT INTO part SELECT i, 'old' FROM generate_series(1, 150) i",
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "INSERT INTO t SELECT i, 'old' FROM generate_series(1, 10) i",
        "CREATE TABLE over (id int PRIMARY KEY)");
    route = RouteStore.file(folder.resolve("route.json"));
  }

  private MigrationBuilder migration() {
    return both.migration(folder).route(route).reverseReplication(Duration.ofDays(365_000));
  }

  /** A run that keeps the source current. */
  private record Reversing(
      Migration migration, RecordingListener listener, CompletableFuture<MigrationReport> run) {}

  private static Reversing reversing(MigrationBuilder builder) throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    RecordingListener listener = RecordingListener.at(MigrationStep.REVERSE, reached::countDown);
    Migration migration = builder.listener(listener).build();
    CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
    if (!reached.await(60, TimeUnit.SECONDS)) {
      throw new AssertionError("No reverse replication; the run gave " + run.getNow(null));
    }
    return new Reversing(migration, listener, run);
  }

  @Tag("slow")
  @Test
  void refusesToGoBackWithoutWhatTheStreamDoesNotBring() throws Exception {
    Reversing first = reversing(migration());
    TwoDatabases.run(
        both.target,
        "CREATE TABLE part_3 PARTITION OF part FOR VALUES FROM (200) TO (300)",
        "INSERT INTO part VALUES (250, 'new')",
        "CREATE TABLE made (id int PRIMARY KEY)",
        "CREATE UNLOGGED TABLE scratch (id int)",
        "ALTER TABLE part DETACH PARTITION part_2",
        "ALTER TABLE t ADD COLUMN w int",
        "DROP TABLE over",
        "CREATE SEQUENCE numbers");
    Eventually.until(
        "a warning of each",
        () ->
            first.listener().notices().stream().anyMatch(n -> n.contains("\"part_3\""))
                && first.listener().notices().stream().anyMatch(n -> n.contains("\"numbers\"")));

    MigrationReport refused = first.migration().rollback();

    assertThat(refused.status()).isEqualTo(MigrationReport.Status.FAILED);
    assertThat(refused.failure().orElseThrow())
        .contains(
            "\"public\".\"part_3\" is new and has rows",
            "\"public\".\"made\" is new and empty",
            "\"public\".\"scratch\" is new and empty",
            "\"public\".\"part_2\" has other columns",
            "\"public\".\"t\" has other columns",
            "\"public\".\"over\" is gone",
            "sequence \"public\".\"numbers\" is new");
    assertThat(refused.nextStep().orElseThrow()).contains("on the source", "finish");
    assertThat(route.read().side()).isEqualTo(Route.Side.TARGET);
    assertThat(route.read().state()).isEqualTo(Route.State.OPEN);

    // What is done on the source too, undone, or left behind, is in nobody's way.
    TwoDatabases.run(
        both.source,
        "CREATE TABLE part_3 PARTITION OF part FOR VALUES FROM (200) TO (300)",
        "DROP TABLE over");
    TwoDatabases.run(
        both.target,
        "INSERT INTO part VALUES (251, 'new too')",
        "DROP TABLE made",
        "ALTER TABLE part ATTACH PARTITION part_2 FOR VALUES FROM (100) TO (200)",
        "ALTER TABLE t DROP COLUMN w",
        "UPDATE t SET v = 'new' WHERE id = 1",
        "UPDATE part SET id = 252 WHERE id = 150",
        "DROP SEQUENCE numbers",
        "CREATE VIEW shown AS SELECT id FROM t");
    MigrationReport back =
        migration().leaveBehind("table \"public\".\"scratch\"").build().rollback();

    assertThat(back.failure().orElse("")).contains("taken back to the source");
    String rows = "SELECT string_agg(p::text, ',' ORDER BY id) FROM part p";
    assertThat(TwoDatabases.ask(both.source, rows)).isEqualTo(TwoDatabases.ask(both.target, rows));
    assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM part_3")).isEqualTo("3");
    assertThat(TwoDatabases.ask(both.source, "SELECT v FROM t WHERE id = 1")).isEqualTo("new");
    assertThat(back.findings())
        .filteredOn(finding -> finding.code().equals("schema.differs"))
        .extracting(FindingReport::object)
        .containsExactly("\"public\".\"shown\"");
  }

  @Tag("slow")
  @Test
  void finishesWhateverWasMadeOnTheTarget() throws Exception {
    Reversing reversing = reversing(migration());
    TwoDatabases.run(both.target, "CREATE TABLE made (id int PRIMARY KEY)", "DROP TABLE over");

    assertThat(reversing.migration().finish().status()).isEqualTo(MigrationReport.Status.COMPLETED);
  }

  @Test
  void looksAgainBehindTheFence() throws Exception {
    Reversing reversing =
        reversing(
            migration()
                .route(
                    pausingTarget(
                        "CREATE TABLE part_3 PARTITION OF part FOR VALUES FROM (200) TO (300)",
                        "INSERT INTO part VALUES (250, 'new')")));

    MigrationReport refused = reversing.migration().rollback();

    assertThat(refused.status()).isEqualTo(MigrationReport.Status.FAILED);
    assertThat(refused.failure().orElseThrow()).contains("\"public\".\"part_3\" is new");
    assertThat(route.read().side()).isEqualTo(Route.Side.TARGET);
    assertThat(route.read().state()).isEqualTo(Route.State.OPEN);
    TwoDatabases.run(both.target, "INSERT INTO part VALUES (251, 'still open')");
  }

  @Tag("slow")
  @Test
  void waitsForWhoeverIsMakingATable() throws Exception {
    AtomicReference<Connection> maker = new AtomicReference<>();
    Reversing reversing =
        reversing(
            migration()
                .fenceLimit(Duration.ofMillis(300))
                .route(
                    pausingTarget(
                        () -> {
                          Connection connection = both.target.connect();
                          maker.set(connection);
                          connection.setAutoCommit(false);
                          try (Statement statement = connection.createStatement()) {
                            statement.execute("CREATE TABLE hidden AS SELECT 1 AS kept");
                          }
                        })));

    MigrationReport refused = reversing.migration().rollback();

    assertThat(refused.failure().orElse("")).contains("tables that are not committed yet");
    assertThat(route.read().side()).isEqualTo(Route.Side.TARGET);
    Objects.requireNonNull(maker.get()).close();
  }

  /** The last moment in which an application can write there: it is about to be paused. */
  private RouteStore pausingTarget(String... statements) {
    return pausingTarget(() -> TwoDatabases.run(both.target, statements));
  }

  /** What may fail. */
  private interface Act {
    void run() throws SQLException;
  }

  private RouteStore pausingTarget(Act act) {
    return (RouteStore)
        Proxy.newProxyInstance(
            ChangedTargetTest.class.getClassLoader(),
            new Class<?>[] {RouteStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("compareAndSet")
                  && arguments[1] instanceof Route next
                  && next.state() == Route.State.PAUSING
                  && next.side() == Route.Side.TARGET) {
                act.run();
              }
              try {
                return method.invoke(route, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
