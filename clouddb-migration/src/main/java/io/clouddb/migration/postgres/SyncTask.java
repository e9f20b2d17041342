/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.report.CopyReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.Map;

/**
 * Copies the rows that are not there yet at the slot's snapshot, then makes keys, indexes,
 * constraints and the rest.
 */
final class SyncTask implements MigrationTask {
  @Override
  public MigrationStep step() {
    return MigrationStep.SYNC;
  }

  @Override
  public void restore(MigrationRun run, Map<String, String> facts) throws SQLException {
    run.readTables();
    run.copied.putAll(CopyHistory.of(run.history).reports());
    run.meter.copiedBefore(rows(run));
  }

  @Override
  public Done run(MigrationRun run) throws SQLException {
    run.meter.estimated =
        run.tables().stream()
            .filter(table -> table.kind() == Table.Kind.ORDINARY)
            .mapToLong(Table::estimatedRows)
            .sum();
    run.copySpill.begin();
    JournalledCopy.of(run).run();
    run.releaseSnapshot();
    run.checkAborted();
    run.schema.afterData();
    run.checkAborted();
    bringToOnePosition(run);
    run.copySpill.begin();
    boolean replicaRole;
    try (Connection target = CatalogSession.open(run.target);
        Statement analyze = target.createStatement()) {
      // Foreign keys look at the rows as the migration, by casts of the types' owners.
      run.settings.trustedCode().requireToRead(target, run.tables());
      replicaRole = ReplicaRole.available(target);
      if (replicaRole) {
        run.schema.addForeignKeys(true);
      }
      run.schema.finish();
      run.checkAborted();
      run.meter.activity = "collecting statistics";
      for (Table table : run.tables()) {
        analyze.execute("ANALYZE " + table.name().quoted());
        run.checkAborted();
      }
    }
    return Done.of(
        String.format(
            Locale.ROOT,
            "%,d rows of %d tables copied; keys, indexes and constraints made%s",
            rows(run),
            run.copied.size(),
            replicaRole ? "" : "; foreign keys follow in the cutover"));
  }

  private static long rows(MigrationRun run) {
    return run.copied.values().stream().mapToLong(CopyReport::rows).sum();
  }

  /**
   * Tables that were copied at different positions contradict each other until the changes between
   * them are applied: a foreign key, or a view that joins them, would fail or be wrong.
   */
  private static void bringToOnePosition(MigrationRun run) throws SQLException {
    if (CopyHistory.of(run.history).starts(run.tables()).isEmpty()) {
      return;
    }
    run.meter.activity = "applying changes up to where the last table was copied";
    CatchUp.awaitNow(run);
    run.stopApplier();
    run.checkAborted();
  }
}
