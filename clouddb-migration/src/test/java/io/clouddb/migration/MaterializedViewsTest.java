/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.sql.ConnectionDetails;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A materialized view is as fresh after the switch as it was on the source before it. */
class MaterializedViewsTest {
  @TempDir Path folder;

  @Tag("slow")
  @Test
  void viewsThatWereRefreshedMeanwhileAreAsFreshAfterTheSwitch() throws SQLException {
    try (TwoDatabases both = TwoDatabases.start(16, 17, false)) {
      TwoDatabases.run(
          both.source,
          "CREATE TABLE sale (id int PRIMARY KEY)",
          "INSERT INTO sale SELECT generate_series(1, 10)",
          // Read by the other, and named so that it does not come first by its name.
          "CREATE MATERIALIZED VIEW z_sales AS SELECT count(*) AS n FROM sale",
          "CREATE MATERIALIZED VIEW a_twice AS SELECT 2 * n AS n FROM z_sales",
          "CREATE MATERIALIZED VIEW unfilled AS SELECT id FROM sale WITH NO DATA");
      Migration migration =
          both.migration(folder)
              .listener(RecordingListener.at(MigrationStep.CUTOVER, () -> sellAndRefresh(both)))
              .build();

      MigrationReport report = migration.run();

      assertThat(report.failure()).isEmpty();
      for (ConnectionDetails side : new ConnectionDetails[] {both.source, both.target}) {
        assertThat(TwoDatabases.ask(side, "SELECT n FROM z_sales")).isEqualTo("11");
        assertThat(TwoDatabases.ask(side, "SELECT n FROM a_twice")).isEqualTo("22");
        assertThat(
                TwoDatabases.ask(
                    side, "SELECT relispopulated FROM pg_class WHERE relname = 'unfilled'"))
            .isEqualTo("f");
      }
    }
  }

  private static void sellAndRefresh(TwoDatabases both) {
    try {
      TwoDatabases.run(
          both.source,
          "INSERT INTO sale VALUES (11)",
          "REFRESH MATERIALIZED VIEW z_sales",
          "REFRESH MATERIALIZED VIEW a_twice");
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }
}
