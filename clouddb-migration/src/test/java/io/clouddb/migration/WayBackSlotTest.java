/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The slot of the way back keeps log on the target before the switch, too. */
class WayBackSlotTest {
  private static final long LOG = 8_000_000;

  @TempDir Path folder;

  @Test
  void isNamedWatchedAndDroppedWhenItIsNotNeeded() throws Exception {
    AtomicReference<Runnable> atPause = new AtomicReference<>(() -> {});
    CountDownLatch ready = new CountDownLatch(1);
    RecordingListener listener = RecordingListener.at(MigrationStep.CUTOVER, ready::countDown);
    try (TwoDatabases both = TwoDatabases.startForBothWays(16, 16, true);
        RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      TwoDatabases.run(both.source, "CREATE TABLE t (id int PRIMARY KEY)");
      Migration migration =
          both.migration(folder)
              .route(pausing(route, atPause))
              .reverseReplication(Duration.ofDays(1))
              .cutoverOnRequest(true)
              .listener(listener)
              .build();

      assertThat(migration.preflight().findings())
          .filteredOn(finding -> finding.code().equals("target.way-back"))
          .singleElement()
          .satisfies(
              finding -> assertThat(finding.object()).isEqualTo("clouddb_shop_reverse"),
              finding -> assertThat(finding.severity()).isEqualTo("INFO"),
              finding -> assertThat(finding.message()).contains("write-ahead log"));

      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      assertThat(ready.await(60, TimeUnit.SECONDS)).isTrue();
      atPause.set(() -> fill(both, listener));
      migration.rehearse();

      assertThat(slots(both)).as("after a rehearsal").isEqualTo("0");

      // What keeps the cutover from beginning ends the run.
      atPause.set(
          () -> {
            throw ErrorDetails.of(ErrorCategory.UNAVAILABLE, "No route").toException();
          });
      migration.cutOver();
      MigrationReport failed = run.get(60, TimeUnit.SECONDS);

      assertThat(failed.failure().orElseThrow()).contains("No route");
      assertThat(slots(both)).as("after a run that failed").isEqualTo("0");
      assertThat(failed.leftBehind()).noneMatch(left -> left.contains("clouddb_shop_reverse"));
    }
  }

  private static String slots(TwoDatabases both) throws SQLException {
    return TwoDatabases.ask(both.target, "SELECT count(*) FROM pg_replication_slots");
  }

  /** Writes on the target, and waits for somebody to see how much is kept there. */
  private static void fill(TwoDatabases both, RecordingListener listener) {
    try {
      TwoDatabases.run(
          both.target,
          "SELECT pg_logical_emit_message(false, 'filler', repeat('x', 1000000))"
              + " FROM generate_series(1, 8)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    Eventually.until(
        "the log of the target to be seen",
        () -> listener.progress().stream().anyMatch(now -> now.retainedWal() > LOG));
  }

  private static RouteStore pausing(RouteStore route, AtomicReference<Runnable> act) {
    return (RouteStore)
        Proxy.newProxyInstance(
            WayBackSlotTest.class.getClassLoader(),
            new Class<?>[] {RouteStore.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("compareAndSet")
                  && arguments[1] instanceof Route next
                  && next.state() == Route.State.PAUSING) {
                Objects.requireNonNull(act.get()).run();
              }
              try {
                return method.invoke(route, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
