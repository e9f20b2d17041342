/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.copy.CopiedTable;
import io.clouddb.migration.postgres.copy.CopyJournal;
import io.clouddb.migration.postgres.copy.CopyProgress;
import io.clouddb.migration.postgres.copy.SnapshotCopy;
import io.clouddb.migration.postgres.copy.TableLocks;
import io.clouddb.migration.postgres.copy.TableShape;
import io.clouddb.migration.postgres.stream.ReplicationSlot;
import io.clouddb.migration.report.CopyReport;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Copies the tables that the journal does not have, and puts each one down as it is complete. */
final class JournalledCopy implements CopyJournal {
  private final MigrationRun run;
  private final CopyHistory before;
  private final Map<TableName, TableShape> shapes = new HashMap<>();

  private JournalledCopy(MigrationRun run, CopyHistory before) {
    this.run = run;
    this.before = before;
  }

  static JournalledCopy of(MigrationRun run) {
    return new JournalledCopy(run, CopyHistory.of(run.history));
  }

  /** Copies; when all tables are complete there is no slot with a snapshot, nor a need for it. */
  void run() throws SQLException {
    Optional<ReplicationSlot> slot = run.slot();
    Optional<TableLocks> locks = run.locks();
    if (slot.isEmpty() || locks.isEmpty()) {
      return;
    }
    try (Connection source = CatalogSession.open(run.source)) {
      shapes.putAll(TableShape.read(source, run.tables()));
    }
    TableLocks held = locks.get();
    SnapshotCopy.between(run.source, run.target)
        .workers(run.settings.connections())
        .progress(progress(run))
        .journal(this)
        .trusting(run.settings.trustedCode())
        .build()
        .copy(run.tables(), slot.get().snapshot(), held::release);
  }

  @Override
  public boolean isFinished(TableName table) {
    return before.copied(table).isPresent();
  }

  @Override
  public void finished(CopiedTable copied) {
    TableShape shape = shapes.get(copied.table());
    ReplicationSlot slot = run.slot().orElseThrow();
    if (shape == null) {
      throw new IllegalStateException(copied.table() + " is locked and not in the catalog");
    }
    Instant now = run.settings.clock().instant();
    CopyReport report =
        new CopyReport(copied.rows(), copied.bytes(), now.minus(copied.duration()), now);
    CopyHistory.copied(
        run.history,
        copied.table(),
        new CopyHistory.CopiedAt(
            copied.table().toString(), report, slot.consistentPoint(), shape.file()));
    run.copied.put(copied.table().toString(), report);
  }

  private static CopyProgress progress(MigrationRun run) {
    return new CopyProgress() {
      @Override
      public void copied(TableName table, long rows, long bytes) {
        run.meter.rowsCopied.addAndGet(rows);
        run.meter.activity = "copying " + table;
        run.takeTurn(bytes);
      }

      @Override
      public void locked() {
        run.stopLockWatch();
      }

      @Override
      public void planned(int chunks) {
        run.meter.chunks = chunks;
      }

      @Override
      public void chunkFinished() {
        run.meter.chunksDone.incrementAndGet();
      }
    };
  }
}
