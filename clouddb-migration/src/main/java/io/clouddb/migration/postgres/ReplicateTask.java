/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.copy.TableLocks;
import io.clouddb.migration.postgres.copy.TableShape;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.migration.progress.MigrationStep;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the bare tables on the target, then publication and slot on the source. The tables are
 * locked against being rewritten first, and the publication stands before the slot.
 *
 * <p>The snapshot that the slot exports lives no longer than this process. A run that goes on with
 * an earlier one, whose copy was not complete, keeps what is there and takes a later snapshot for
 * the tables that are not: {@link ResumedCopy}.
 */
final class ReplicateTask implements MigrationTask {
  static final Duration LOCK_PATIENCE = Duration.ofSeconds(30);
  static final int TRIES = 5;
  private static final Duration DROP_PATIENCE = Duration.ofSeconds(30);

  @Override
  public MigrationStep step() {
    return MigrationStep.REPLICATE;
  }

  @Override
  public Done run(MigrationRun run) throws SQLException {
    try (Connection source = CatalogSession.open(run.source);
        Connection target = CatalogSession.open(run.target)) {
      for (int attempt = 1; ; attempt++) {
        try {
          return attempt(run, source, target);
        } catch (GiveWayException e) {
          run.releaseSnapshot();
          if (attempt == TRIES) {
            throw neverStill();
          }
          run.notifier.notice("The locks on the tables were let go, for " + e.getMessage());
        }
      }
    }
  }

  private static Done attempt(MigrationRun run, Connection source, Connection target)
      throws SQLException {
    CopyHistory before = CopyHistory.of(run.history);
    if (before.begun().isPresent()) {
      ResumedCopy resumed = new ResumedCopy(run, before, source, target);
      Optional<String> lost = resumed.whatIsLost();
      if (lost.isEmpty()) {
        return resumed.prepare();
      }
      run.notifier.notice("The copy begins anew: " + lost.get());
    }
    return begin(run, before, source, target);
  }

  private static Done begin(
      MigrationRun run, CopyHistory before, Connection source, Connection target)
      throws SQLException {
    String name = run.settings.replicationName();
    // What an earlier try of this step left. The names are the migration's own.
    SlotStatus.drop(source, name, DROP_PATIENCE);
    run.removeSpill(name);
    Publication.drop(source, name);
    List<Table> tables = lock(run, source);
    run.tables(tables);
    run.checkAborted();
    Map<TableName, TableShape> shapes = TableShape.read(source, tables);
    AlteredTables.requireSameColumns(before.planned(), shapes);
    CopyHistory.planned(run.history, shapes);
    // The server plans generated columns and partition keys when it makes a table, as the
    // migration. The locks keep out what would add some now.
    run.settings.trustedCode().requireToRead(source, tables);
    run.meter.activity = "making tables";
    run.schema.readIn(source, target);
    run.schema.beforeData();
    run.checkAborted();
    Publication.create(source, name, tables);
    run.meter.activity = "waiting for open transactions, to make the slot";
    ReplicationSlot slot = ReplicationSlot.create(run.source, name, run.settings.slotLimit());
    run.hold(slot);
    run.requireLocks();
    PositionTable.create(target);
    PositionTable.Position position =
        new PositionTable.Position(slot.consistentPoint(), slot.identity());
    PositionTable.start(target, run.settings.id(), position);
    CopyHistory.begun(run.history, position);
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

  /** Locks the tables and reads them under their locks; those that appear meanwhile too. */
  private static List<Table> lock(MigrationRun run, Connection source) throws SQLException {
    List<Table> seen = run.selected(source);
    for (int i = 0; i < TRIES; i++) {
      TableLocks locks = TableLocks.acquire(run.source, seen, LOCK_PATIENCE);
      run.hold(locks);
      List<Table> now = run.selected(source);
      if (names(now).equals(names(seen))) {
        return now;
      }
      run.releaseSnapshot();
      seen = now;
    }
    throw neverStill();
  }

  static CloudDbException neverStill() {
    return ErrorDetails.of(
            ErrorCategory.BUSY,
            "Tables of the source kept being made, altered, emptied or dropped while they were locked")
        .nextStep("Stop what does that, or select fewer tables; then run it again.")
        .toException();
  }

  static List<TableName> names(List<Table> tables) {
    return tables.stream().map(Table::name).toList();
  }
}
