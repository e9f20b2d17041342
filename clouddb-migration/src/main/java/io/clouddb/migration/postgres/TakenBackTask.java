/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.progress.MigrationStep;
import java.sql.SQLException;

/** Cleans up after the application was taken back: the target takes no more writes. */
final class TakenBackTask implements MigrationTask {
  @Override
  public MigrationStep step() {
    return MigrationStep.CLEANUP;
  }

  @Override
  public Done run(MigrationRun run) throws SQLException {
    run.stopReverse();
    run.meter.activity = "validating the source's foreign keys";
    SourceReopening.validateForeignKeys(run);
    CleanupTask.compareSchemas(run, "change the source by hand.");
    run.meter.activity = "removing slot and publication";
    run.history.removing("slot and publication");
    Traces traces = new Traces(run.settings);
    // The forward one too: the source may not have answered when it was to go.
    traces.removeReplication();
    traces.removePosition();
    traces.removeFence(run.fence());
    if (!run.settings.keepFence()) {
      traces.removeTargetFence(run.fence());
    }
    traces.requireNothingLeft();
    if (run.settings.keepFence()) {
      run.leftBehind.add(
          ("On the target, on purpose: the fence, by which it refuses writes (trigger"
                  + " clouddb_%s_fence on %d tables, schema clouddb_migration). It goes with the"
                  + " database, or by Migration.releaseTarget()")
              .formatted(run.settings.id(), run.tables().size()));
    }
    return Done.of("slot, publication and fence of the source removed");
  }
}
