/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteMember;
import io.clouddb.migration.route.RouteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An application that was killed after the switch, and whose lease is longer than the drain. */
class DeadMemberRollbackTest {
  @TempDir Path folder;

  @Tag("slow")
  @Test
  void aProcessThatDiedAfterTheSwitchDoesNotKeepTheRestFromGoingBack() throws Exception {
    try (TwoDatabases both = TwoDatabases.startForBothWays(16, 16, true);
        RouteStore route = RouteStore.file(folder.resolve("route.json"))) {
      ShopSchema.create(both.source, 50);
      CountDownLatch reversing = new CountDownLatch(1);
      MigrationBuilder builder =
          both.migration(folder)
              .route(route)
              .reverseReplication(Duration.ofDays(365))
              .drainLimit(Duration.ofSeconds(1));
      Migration migration =
          builder
              .listener(RecordingListener.at(MigrationStep.REVERSE, reversing::countDown))
              .build();
      CompletableFuture<MigrationReport> run = CompletableFuture.supplyAsync(migration::run);
      assertThat(reversing.await(120, TimeUnit.SECONDS)).isTrue();
      // As one of 12 s with the usual limit of 10 s, and as a file that nobody can read (a minute).
      route.beat(
          new RouteMember("dead", "killed", 1, route.read().epoch(), 0, Duration.ofSeconds(3)));

      MigrationReport report = migration.rollback();
      run.get(60, TimeUnit.SECONDS);
      assertThat(report.status())
          .as(report.failure().orElse(""))
          .isEqualTo(MigrationReport.Status.ROLLED_BACK);
    }
  }
}
