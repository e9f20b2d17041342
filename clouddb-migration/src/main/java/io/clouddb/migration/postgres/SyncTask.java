/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.copy.CopiedTable;
import io.clouddb.migration.postgres.copy.CopyProgress;
import io.clouddb.migration.postgres.copy.SnapshotCopy;
import io.clouddb.migration.postgres.copy.TableLocks;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.progress.MigrationStep;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Copies the rows at the slot's snapshot, then makes keys, indexes, constraints and the rest. */
final class SyncTask implements MigrationTask {
  private static final String ROWS = "rows.";

  @Override
  public MigrationStep step() {
    return MigrationStep.SYNC;
  }

  @Override
  public void restore(MigrationRun run, Map<String, String> facts) throws SQLException {
    run.readTables();
    facts.forEach(
        (name, value) -> {
          if (name.startsWith(ROWS)) {
            run.copied.put(name.substring(ROWS.length()), Long.valueOf(value));
            run.meter.rowsCopied.addAndGet(Long.parseLong(value));
          }
        });
  }

  @Override
  public Done run(MigrationRun run) throws SQLException {
    ReplicationSlot slot = run.slot().orElseThrow();
    TableLocks locks = run.locks().orElseThrow();
    run.meter.estimated =
        run.tables().stream()
            .filter(table -> table.kind() == Table.Kind.ORDINARY)
            .mapToLong(Table::estimatedRows)
            .sum();
    List<CopiedTable> copied =
        SnapshotCopy.between(run.source, run.target)
            .workers(run.settings.connections())
            .progress(progress(run.meter))
            .build()
            .copy(run.tables(), slot.snapshot(), locks::release);
    run.releaseSnapshot();
    Map<String, String> facts = new HashMap<>();
    long rows = 0;
    for (CopiedTable table : copied) {
      rows += table.rows();
      run.copied.put(table.table().toString(), table.rows());
      facts.put(ROWS + table.table(), Long.toString(table.rows()));
    }
    run.checkAborted();
    run.schema.afterData();
    run.checkAborted();
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
            copied.size(),
            replicaRole ? "" : "; foreign keys follow in the cutover"),
        facts);
  }

  private static CopyProgress progress(Meter meter) {
    return new CopyProgress() {
      @Override
      public void copied(TableName table, long rows, long bytes) {
        meter.rowsCopied.addAndGet(rows);
        meter.activity = "copying " + table;
      }
    };
  }
}
