/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.NotFoundException;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.report.RepairReport;
import io.clouddb.migration.route.RouteStore;
import io.clouddb.migration.route.SwitchableDataSource;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A target that something else wrote to is repaired, and the migration goes on. */
class RepairedMigrationTest {
  @TempDir Path folder;

  @Test
  @Tag("slow")
  void goesOnAfterARepairOfTheRowsThatDiffered() throws Exception {
    try (TwoDatabases both = TwoDatabases.start(16, 17, true);
        RouteStore route = RouteStore.file(folder.resolve("route.json"));
        SwitchableDataSource shop = both.follow(route)) {
      ShopSchema.create(both.source, 300);
      RecordingListener listener = RecordingListener.at(MigrationStep.VALIDATE, () -> spoil(both));
      Migration migration = both.migration(folder).route(route).listener(listener).build();
      assertThatThrownBy(migration::repair).isInstanceOf(NotFoundException.class);
      ShopWriters writers = new ShopWriters(shop, 2, 300);
      try {
        MigrationReport failed = migration.run();

        assertThat(failed.status()).isEqualTo(MigrationReport.Status.FAILED);
        assertThat(failed.failure().orElseThrow())
            .startsWith("3 rows differ")
            .contains("public.Order Items (505, 1) MISSING")
            .contains("public.orders (7) DIFFERENT");
        assertThat(failed.nextStep().orElseThrow()).contains("repair");
        assertThat(failed.mismatches()).isEqualTo(3);
        assertThat(listener.progress())
            .filteredOn(moment -> moment.step() == MigrationStep.VALIDATE)
            .allMatch(moment -> moment.rowsEstimated() > 0 || moment.activity().isEmpty());

        RepairReport report = migration.repair();

        assertThat(report.rowsRepaired()).isEqualTo(3);
        assertThat(report.tables())
            .extracting(table -> table.table() + " " + table.rows())
            .containsExactly(
                "public.Order Items [(505, 1) MISSING, (506, 9) EXTRA]",
                "public.orders [(7) DIFFERENT]");
        assertThat(report.rowsCompared()).isGreaterThan(300);
        assertThat(report.tablesCompared()).isEqualTo(7);

        MigrationReport completed = both.migration(folder).route(route).build().run();

        assertThat(completed.failure()).isEmpty();
        assertThat(completed.status()).isEqualTo(MigrationReport.Status.COMPLETED);
        assertThat(completed.mismatches()).isZero();
      } finally {
        writers.close();
      }
      assertThat(writers.errors()).isEmpty();
      assertThat(writers.lost(both.target)).isEmpty();
    }
  }

  private static void spoil(TwoDatabases both) {
    try {
      TwoDatabases.run(
          both.target,
          "DELETE FROM \"Order Items\" WHERE \"order\" = 505",
          "INSERT INTO \"Order Items\" VALUES (506, 9, 'extra')",
          "UPDATE orders SET total = total + 0.01 WHERE id = 7");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
