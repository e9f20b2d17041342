/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.Catalog;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.copy.TableLocks;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.migration.progress.MigrationStep;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Makes the bare tables on the target, then publication and slot on the source. The tables are
 * locked against being rewritten first, and the publication stands before the slot.
 *
 * <p>The snapshot that the slot exports lives no longer than this process, so a run that goes on
 * with an earlier one begins here unless the copy was complete.
 */
final class ReplicateTask implements MigrationTask {
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);
  private static final Duration DROP_PATIENCE = Duration.ofSeconds(30);
  private static final int TRIES = 5;

  @Override
  public MigrationStep step() {
    return MigrationStep.REPLICATE;
  }

  @Override
  public Done run(MigrationRun run) throws SQLException {
    String name = run.settings.replicationName();
    try (Connection source = CatalogSession.open(run.source);
        Connection target = CatalogSession.open(run.target)) {
      // What an earlier try of this step left. The names are the migration's own.
      SlotStatus.drop(source, name, DROP_PATIENCE);
      Publication.drop(source, name);
      List<Table> tables = lock(run, source);
      run.tables(tables);
      run.checkAborted();
      run.meter.activity = "making tables";
      run.schema.beforeData();
      run.checkAborted();
      Publication.create(source, name, tables);
      run.meter.activity = "waiting for open transactions, to make the slot";
      ReplicationSlot slot = ReplicationSlot.create(run.source, name, run.settings.slotLimit());
      run.hold(slot);
      PositionTable.create(target);
      PositionTable.start(
          target,
          run.settings.id(),
          new PositionTable.Position(slot.consistentPoint(), slot.identity()));
      long rows =
          tables.stream()
              .filter(table -> table.kind() == Table.Kind.ORDINARY)
              .mapToLong(Table::estimatedRows)
              .sum();
      return Done.of(
          String.format(
              Locale.ROOT,
              "%d tables with about %,d rows; publication and slot %s at %s",
              tables.stream().filter(t -> t.kind() == Table.Kind.ORDINARY).count(),
              rows,
              name,
              slot.consistentPoint().asString()));
    }
  }

  /** Locks the tables and reads them under their locks; those that appear meanwhile too. */
  private static List<Table> lock(MigrationRun run, Connection source) throws SQLException {
    List<Table> seen = Catalog.read(source, run.settings.selection());
    for (int i = 0; i < TRIES; i++) {
      TableLocks locks = TableLocks.acquire(run.source, seen, LOCK_PATIENCE);
      run.hold(locks);
      List<Table> now = Catalog.read(source, run.settings.selection());
      if (names(now).equals(names(seen))) {
        return now;
      }
      run.releaseSnapshot();
      seen = now;
    }
    throw ErrorDetails.of(
            ErrorCategory.BUSY, "Tables of the source kept coming and going while they were locked")
        .nextStep("Stop what creates and drops tables, or select fewer; then run it again.")
        .toException();
  }

  private static List<TableName> names(List<Table> tables) {
    return tables.stream().map(Table::name).collect(Collectors.toList());
  }
}
