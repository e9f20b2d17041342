/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A migration whose process is killed is gone on with by the next run, and nothing is lost. */
class KilledMigrationTest {
  private static final int CUSTOMERS = 300;

  @TempDir Path folder;

  @Test
  @Tag("slow")
  void goesOnAfterTheDecisionForTheTargetThatTheApplicationsDidNotHear() throws Exception {
    killAndGoOn("before-OPEN-TARGET", true);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({
    "start-of-REPLICATE, true",
    "start-of-VALIDATE, false",
    "start-of-CUTOVER, false",
    "after-PAUSING-SOURCE, true",
    "after-PAUSED-SOURCE, false",
    "before-OPEN-TARGET, false",
    "after-OPEN-TARGET, true",
    "start-of-CLEANUP, false"
  })
  void goesOnFromWhereItDied(String moment, boolean replicaRole) throws Exception {
    killAndGoOn(moment, replicaRole);
  }

  private void killAndGoOn(String moment, boolean replicaRole) throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 16, replicaRole);
        RouteStore route = MigrationProcess.route(folder);
        SwitchableDataSource shop = both.follow(route)) {
      ShopSchema.create(both.source, CUSTOMERS);
      ShopWriters writers = new ShopWriters(shop, 2, CUSTOMERS);
      try {
        assertThat(MigrationProcess.run(folder, both, moment)).isEqualTo(MigrationProcess.DIED);

        MigrationReport report =
            MigrationProcess.migration(folder, both.source, both.target, route).build().run();

        assertThat(report.failure()).isEmpty();
        assertThat(report.status()).isEqualTo(MigrationReport.Status.COMPLETED);
        int switched = writers.written();
        Eventually.until("writes on the target", () -> writers.written() > switched + 10);
      } finally {
        writers.close();
      }
      assertThat(writers.errors()).isEmpty();
      assertThat(writers.lost(both.target)).isEmpty();
      assertThat(writers.unknown(both.target)).isEmpty();
      assertThat(TwoDatabases.ask(both.source, "SELECT count(*) FROM pg_replication_slots"))
          .isEqualTo("0");
      assertThat(
              TwoDatabases.ask(
                  both.target,
                  "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"))
          .isEqualTo("2");
      assertThat(
              TwoDatabases.ask(
                  both.target,
                  "SELECT (SELECT count(*) FROM audit) = (SELECT count(*) FROM orders)"))
          .isEqualTo("t");
    }
  }
}
