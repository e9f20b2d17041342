/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.edgecases;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.migration.Migration;
import io.clouddb.migration.TwoDatabases;
import io.clouddb.migration.progress.MigrationListener;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.state.StateStore;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A label of an enum is renamed on the source: every row says something else, and none is written.
 */
class RenamedLabelTest {
  @TempDir Path folder;

  @Test
  void isNotSwitchedPastInSilence() throws SQLException {
    try (TwoDatabases both = TwoDatabases.start(16, 16, true)) {
      TwoDatabases.run(
          both.source,
          "CREATE TYPE mood AS ENUM ('sad', 'ok')",
          "CREATE TABLE t (id int PRIMARY KEY, m mood)",
          "INSERT INTO t SELECT i, 'sad' FROM generate_series(1, 100) i");
      MigrationListener renaming =
          new MigrationListener() {
            @Override
            public void stepStarted(MigrationStep step) {
              if (step == MigrationStep.CUTOVER) {
                try {
                  TwoDatabases.run(both.source, "ALTER TYPE mood RENAME VALUE 'sad' TO 'unhappy'");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              }
            }
          };
      MigrationReport report =
          Migration.builder()
              .id("label")
              .from(both.source)
              .to(both.target)
              .state(StateStore.directory(folder.resolve("state")))
              .listener(renaming)
              .build()
              .run();
      if (report.status() == MigrationReport.Status.COMPLETED) {
        assertThat(TwoDatabases.ask(both.target, "SELECT string_agg(DISTINCT m::text, ',') FROM t"))
            .as("what the target's rows say after a migration that reports %s", report.status())
            .isEqualTo("unhappy");
      }
    }
  }
}
