/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.Route;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import io.clouddb.migration.state.StateStore;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.SQLException;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The append of the decision fails: it is there, or it is not, or nobody can say. */
@Tag("slow")
class LostDecisionTest {
  private static final int CUSTOMERS = 20;
  private static final String SWITCH = "cutover.point-of-no-return";
  private static final String RETURN = "rollback.point-of-no-return";

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
    ShopSchema.create(both.source, CUSTOMERS);
  }

  private RouteStore route() {
    return RouteStore.file(folder.resolve("route.json"));
  }

  private MigrationBuilder migration(RouteStore route) {
    // It is how long the journal is asked, too.
    return both.migration(folder).route(route).catchUpLimit(Duration.ofSeconds(2));
  }

  private MigrationBuilder uncertain(
      RouteStore route, String kind, boolean written, boolean answers) {
    StateStore real = StateStore.directory(folder.resolve("state"));
    return migration(route).state(new UncertainStore(real, kind, written, answers));
  }

  private static void write(ConnectionDetails side) throws SQLException {
    TwoDatabases.run(side, "INSERT INTO audit (what) VALUES ('written')");
  }

  private static void isClosed(ConnectionDetails side) {
    assertThatThrownBy(() -> write(side))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
  }

  @Test
  void opensTheSourceAgainWhenItIsNotThere() throws Exception {
    try (RouteStore route = route();
        SwitchableDataSource shop = both.follow(route)) {
      ShopWriters writers = new ShopWriters(shop, 1, CUSTOMERS);
      try {
        MigrationReport failed = uncertain(route, SWITCH, false, true).build().run();

        assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
        assertThat(failed.failure().orElseThrow()).contains("journal does not answer");
        assertThat(failed.nextStep().orElseThrow())
            .doesNotContain("target")
            .contains("Run the migration again to go on, or abort it");
        assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
        assertThat(route.read().state()).isEqualTo(Route.State.OPEN);
        int written = writers.written();
        Eventually.until("the application goes on", () -> writers.written() > written + 10);
        assertThat(
                TwoDatabases.ask(
                    both.target, "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal"))
            .isEqualTo("0");

        assertThat(migration(route).build().run().status())
            .isEqualTo(MigrationReport.Status.COMPLETED);
      } finally {
        writers.close();
      }
      assertThat(writers.errors()).isEmpty();
      assertThat(writers.lost(both.target)).isEmpty();
    }
  }

  @Tag("slow")
  @Test
  void goesOnWhenItIsThere() throws Exception {
    try (RouteStore route = route()) {
      MigrationReport report = uncertain(route, SWITCH, true, true).build().run();

      assertThat(report.failure()).isEmpty();
      assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(route.read().side()).isEqualTo(Route.Side.TARGET);
    }
  }

  @Tag("slow")
  @Test
  void leavesTheSourceClosedWhenNobodyCanSay() throws Exception {
    try (RouteStore route = route()) {
      MigrationReport failed = uncertain(route, SWITCH, true, false).build().run();

      assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(failed.nextStep().orElseThrow())
          .contains("not known", "source refuses writes", "run the migration again");
      assertThat(failed.leftBehind()).anyMatch(left -> left.contains("clouddb_shop_fence"));
      assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
      isClosed(both.source);

      MigrationReport completed = migration(route).build().run();

      assertThat(completed.failure()).isEmpty();
      assertThat(completed.status()).isEqualTo(MigrationReport.Status.COMPLETED);
      assertThat(route.read().side()).isEqualTo(Route.Side.TARGET);
      isClosed(both.source);
      write(both.target);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @Tag("slow")
  void doesTheSameOnTheWayBack(boolean answers) throws Exception {
    try (RouteStore route = route()) {
      CountDownLatch reversing = new CountDownLatch(1);
      Migration migration =
          uncertain(route, RETURN, false, answers)
              .reverseReplication(Duration.ofDays(1))
              .listener(RecordingListener.at(MigrationStep.REVERSE, reversing::countDown))
              .build();
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      assertThat(reversing.await(60, TimeUnit.SECONDS)).isTrue();
      write(both.target);

      MigrationReport failed = migration.rollback();

      assertThat(run.get(60, TimeUnit.SECONDS)).isEqualTo(failed);
      assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
      assertThat(failed.failure().orElseThrow()).contains("journal does not answer");
      assertThat(route.read().side()).isEqualTo(Route.Side.TARGET);
      isClosed(both.source);
      if (answers) {
        assertThat(failed.nextStep().orElseThrow()).contains("works on the target");
        write(both.target);
      } else {
        assertThat(failed.nextStep().orElseThrow())
            .contains("not known", "target refuses writes", "run the migration again");
        isClosed(both.target);
      }

      MigrationReport back =
          migration(route).reverseReplication(Duration.ofDays(1)).build().rollback();

      assertThat(back.failure().orElseThrow()).contains("taken back to the source");
      assertThat(route.read().side()).isEqualTo(Route.Side.SOURCE);
      write(both.source);
      assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM audit WHERE what = 'written'"))
          .isEqualTo(answers ? "3" : "2");
    }
  }
}
