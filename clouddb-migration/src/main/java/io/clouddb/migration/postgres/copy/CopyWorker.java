/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.catalog.TableOwners;
import io.clouddb.migration.postgres.catalog.TrustedCode;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.function.Consumer;

/** Copies chunks, one after the other, over a pair of connections of its own. */
final class CopyWorker {
  private static final Duration LOCK_PATIENCE = Duration.ofSeconds(10);

  private final ConnectionDetails source;
  private final ConnectionDetails target;
  private final String snapshot;
  private final List<Table> tables;
  private final Set<TableName> finished;
  private final Runnable locked;
  private final CopyProgress progress;
  private final TrustedCode trusted;

  CopyWorker(
      ConnectionDetails source,
      ConnectionDetails target,
      String snapshot,
      List<Table> tables,
      Set<TableName> finished,
      Runnable locked,
      CopyProgress progress,
      TrustedCode trusted) {
    this.source = source;
    this.target = target;
    this.snapshot = snapshot;
    this.tables = tables;
    this.finished = finished;
    this.locked = locked;
    this.progress = progress;
    this.trusted = trusted;
  }

  void run(Queue<Chunk> chunks, Consumer<CopiedTable> whenDone) {
    try (Connection from = PinnedSession.open(source, "copy");
        Connection to = PinnedSession.openToWrite(target, "copy")) {
      importSnapshot(from);
      TableLocks locks = TableLocks.within(from, tables, LOCK_PATIENCE);
      locked.run();
      silenceTriggers(to);
      trusted.requireRows(to, tables);
      TableOwners owners = TableOwners.read(to);
      for (Chunk chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
        copy(chunk, from, to, owners, whenDone);
        locks.releaseAll(finished);
      }
    } catch (SQLException e) {
      throw SqlFailure.of("opening the copy's connections", e);
    }
  }

  private void importSnapshot(Connection from) throws SQLException {
    from.setAutoCommit(false);
    from.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    from.setReadOnly(true);
    try (Statement statement = from.createStatement()) {
      statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot.replace("'", "''") + "'");
    }
  }

  /** Where the role may not, the target's user triggers are disabled already. */
  static void silenceTriggers(Connection to) throws SQLException {
    try (Statement statement = to.createStatement()) {
      statement.execute("SET session_replication_role = replica");
    } catch (SQLException e) {
      if (!"42501".equals(e.getSQLState())) {
        throw e;
      }
    }
  }

  private void copy(
      Chunk chunk,
      Connection from,
      Connection to,
      TableOwners owners,
      Consumer<CopiedTable> whenDone) {
    TableCopy copy = chunk.copy();
    copy.started();
    String name = copy.table.name().quoted();
    String columns = SnapshotCopy.columnList(copy.table);
    String format = copy.binary ? "binary" : "text";
    String range = "ctid OPERATOR(pg_catalog.>=) '(" + chunk.from() + ",0)'::pg_catalog.tid";
    if (chunk.to() >= 0) {
      range += " AND ctid OPERATOR(pg_catalog.<) '(" + chunk.to() + ",0)'::pg_catalog.tid";
    }
    String read =
        "COPY (SELECT "
            + columns
            + " FROM ONLY "
            + name
            + " WHERE "
            + range
            + ") TO STDOUT (FORMAT "
            + format
            + ")";
    String write = "COPY " + name + list(columns) + " FROM STDIN (FORMAT " + format + ")";
    Meter meter = new Meter(chunk);
    long rows;
    try {
      TableOwners.act(to, owners.of(copy.table.name()));
      rows = CopyPipe.run(from, read, to, write, meter);
    } catch (SQLException e) {
      throw SqlFailure.of("copying " + copy.table.name(), e);
    }
    // What was counted on the way is nearly right; the target says how many there really were.
    progress.copied(copy.table.name(), rows - meter.rows, 0);
    progress.chunkFinished();
    copy.ended(rows, meter.bytes).ifPresent(whenDone);
  }

  private static String list(String columns) {
    return columns.isEmpty() ? "" : " (" + columns + ")";
  }

  /** Counts rows and bytes as they go. */
  private final class Meter implements CopyPipe.Sent {
    private final Chunk chunk;
    private long rows;
    private long bytes;

    Meter(Chunk chunk) {
      this.chunk = chunk;
    }

    @Override
    public void add(long moreRows, long moreBytes) {
      rows += moreRows;
      bytes += moreBytes;
      progress.copied(chunk.copy().table.name(), moreRows, moreBytes);
    }
  }
}
