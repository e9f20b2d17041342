/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.progress.MigrationStep;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Copies the rows that are not there yet at the slot's snapshot, then makes keys, indexes,
 * constraints and the rest.
 */
final class SyncTask implements MigrationTask {
  private static final String ROWS = "rows.";

  @Override
  public MigrationStep step() {
    return MigrationStep.SYNC;
  }

  @Override
  public void restore(MigrationRun run, Map<String, String> facts) throws SQLException {
    run.readTables();
    long rows = 0;
    for (Map.Entry<String, String> fact : facts.entrySet()) {
      if (fact.getKey().startsWith(ROWS)) {
        long ofTable = Long.parseLong(fact.getValue());
        run.copied.put(fact.getKey().substring(ROWS.length()), ofTable);
        rows += ofTable;
      }
    }
    run.meter.copiedBefore(rows);
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
    Map<String, String> facts = new HashMap<>();
    long rows = 0;
    for (Map.Entry<String, Long> table : run.copied.entrySet()) {
      rows += table.getValue();
      facts.put(ROWS + table.getKey(), Long.toString(table.getValue()));
    }
    run.checkAborted();
    run.schema.afterData();
    run.checkAborted();
    bringToOnePosition(run);
    run.copySpill.begin();
    boolean replicaRole;
    try (Connection target = CatalogSession.open(run.target);
        Statement analyze = target.createStatement()) {
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
    return new Done(
        String.format(
            Locale.ROOT,
            "%,d rows of %d tables copied; keys, indexes and constraints made%s",
            rows,
            run.copied.size(),
            replicaRole ? "" : "; foreign keys follow in the cutover"),
        facts);
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
