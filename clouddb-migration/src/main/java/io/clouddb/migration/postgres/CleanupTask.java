/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.schema.CatalogComparison;
import io.clouddb.migration.postgres.schema.Difference;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.FindingReport;
import java.sql.SQLException;
import java.util.List;

/** Validates foreign keys that were added in the pause, and removes what the migration made. */
final class CleanupTask implements MigrationTask {
  @Override
  public MigrationStep step() {
    return MigrationStep.CLEANUP;
  }

  @Override
  public Done run(MigrationRun run) throws SQLException {
    // First of all: while rows are read, a slot would keep log.
    run.meter.activity = "removing slot and publication";
    run.stopApplier();
    run.history.removing("slot and publication");
    Traces traces = new Traces(run.settings);
    traces.removeReplication();
    run.meter.activity = "validating foreign keys";
    ForeignKeyCheck.requireTrusted(run.settings, run.target);
    ForeignKeyCheck.onTarget(run, run.schema.validateForeignKeys());
    if (run.settings.reverses()) {
      SourceReopening.validateForeignKeys(run);
    }
    int differences = compareSchemas(run);
    if (run.settings.reverses()) {
      // A return that failed left it there, without effect.
      traces.removeTargetFence(run.fence());
    }
    traces.removePosition();
    if (!run.settings.keepFence()) {
      traces.removeFence(run.fence());
    }
    traces.requireNothingLeft();
    if (run.settings.keepFence()) {
      run.leftBehind.add(
          ("On the source, on purpose: the fence, by which it refuses writes (trigger"
                  + " clouddb_%s_fence on %d tables, schema clouddb_migration). It goes with the"
                  + " database, or by Migration.releaseSource()")
              .formatted(run.settings.id(), run.tables().size()));
    }
    return Done.of(
        "slot, publication and the schema clouddb_migration of the target removed"
            + (differences == 0
                ? "; the schemas are the same"
                : "; "
                    + (differences == 1 ? "1 difference" : differences + " differences")
                    + " of the schemas, see the findings"));
  }

  /**
   * What was changed in the source's schema after it was read is named, since it was not carried.
   */
  private static int compareSchemas(MigrationRun run) {
    return compareSchemas(run, "change the target by hand.");
  }

  /** Names what differs between both schemas when the application has come to its place. */
  static int compareSchemas(MigrationRun run, String remedy) {
    run.meter.activity = "comparing the schemas";
    List<Difference> differences =
        CatalogComparison.compare(
            run.source, run.target, run.settings.selection(), run.settings.leaveBehind());
    for (Difference difference : differences) {
      run.findings.add(
          new FindingReport(
              "schema.differs",
              "WARNING",
              difference.object(),
              difference + ".",
              "See whether it was changed during the migration, and " + remedy));
    }
    return differences.size();
  }
}
