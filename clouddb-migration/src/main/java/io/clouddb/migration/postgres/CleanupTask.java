/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.progress.MigrationStep;

/** Validates foreign keys that were added in the pause, and removes what the migration made. */
final class CleanupTask implements MigrationTask {
  @Override
  public MigrationStep step() {
    return MigrationStep.CLEANUP;
  }

  @Override
  public Done run(MigrationRun run) {
    run.meter.activity = "validating foreign keys";
    run.schema.validateForeignKeys();
    run.meter.activity = "removing slot and publication";
    run.stopApplier();
    Traces traces = new Traces(run.settings);
    traces.removeReplication();
    traces.removePosition();
    if (run.settings.keepFence()) {
      run.leftBehind.add(
          ("On the source, on purpose: the fence, by which it refuses writes (trigger"
                  + " clouddb_%s_fence on %d tables, schema clouddb_migration). It goes with the"
                  + " database, or by Migration.releaseSource()")
              .formatted(run.settings.id(), run.tables().size()));
    } else {
      traces.removeFence(run.fence());
    }
    run.leftBehind.addAll(traces.left());
    return Done.of(
        traces.left().isEmpty()
            ? "slot, publication and the schema clouddb_migration of the target removed"
            : "%d things could not be removed".formatted(traces.left().size()));
  }
}
