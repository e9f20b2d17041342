/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.stream.ChangeFeed;
import io.clouddb.migration.postgres.stream.ChangeMessage;
import io.clouddb.migration.postgres.stream.TupleData;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Applies messages on one session: several transactions of the source in one of the target, never a
 * part of one without the rest.
 */
final class TransactionApplier {
  /** An idle source's position is written to the target once in so many status intervals. */
  private static final int IDLE_INTERVALS = 10;

  private final TargetSession session;
  private final ChangeFeed feed;
  private final ApplyOptions options;
  private final ApplyProgress progress;
  private final WriteOrder order;
  private final Map<TableName, Table> tables;
  private final Map<Long, Table> tablesByOid;
  private final Map<Long, TableWriter> writers = new HashMap<>();
  private final Map<Long, ChangeMessage.Relation> relations = new HashMap<>();
  private final Set<TableWriter> dirty = new LinkedHashSet<>();

  private ChangeMessage.@Nullable Begin transaction;
  private boolean skipping;
  private boolean atStart;
  private LogSequenceNumber applied;
  private LogSequenceNumber committedTo;
  private @Nullable Instant commitTime;
  private ApplyCounters batch = ApplyCounters.NONE;
  private long batchStarted;
  private int pendingRows;
  private long pendingBytes;
  private long idlePositionAt = System.nanoTime();

  TransactionApplier(
      TargetSession session,
      ChangeFeed feed,
      List<Table> tables,
      ApplyOptions options,
      ApplyProgress progress,
      WriteOrder order) {
    this.session = session;
    this.feed = feed;
    this.options = options;
    this.progress = progress;
    this.order = order;
    this.tables = tables.stream().collect(Collectors.toMap(Table::name, Function.identity()));
    this.tablesByOid = tables.stream().collect(Collectors.toMap(Table::oid, Function.identity()));
    this.applied = session.position().lsn();
    this.committedTo = applied;
  }

  static LogSequenceNumber commitOf(ChangeMessage message) {
    return message instanceof ChangeMessage.Begin begin
        ? begin.commitLsn()
        : LogSequenceNumber.INVALID_LSN;
  }

  boolean betweenTransactions() {
    return transaction == null;
  }

  LogSequenceNumber applied() {
    return applied;
  }

  void take(ChangeMessage message) throws SQLException {
    if (message instanceof ChangeMessage.Begin begin) {
      transaction = begin;
      atStart = true;
      skipping = begin.commitLsn().compareTo(session.position().lsn()) < 0;
      return;
    }
    if (message instanceof ChangeMessage.Relation relation) {
      learn(relation);
      return;
    }
    if (message instanceof ChangeMessage.LogicalMessage logical) {
      take(logical);
      return;
    }
    if (message instanceof ChangeMessage.Commit commit) {
      end(commit);
      return;
    }
    if (message instanceof ChangeMessage.Origin || message instanceof ChangeMessage.Type) {
      return;
    }
    atStart = false;
    if (!skipping) {
      change(message);
    }
  }

  private void take(ChangeMessage.LogicalMessage message) {
    if (!message.transactional()) {
      return;
    }
    if (atStart && !skipping && options.leaveOut != null && transaction != null) {
      if (options.leaveOut.marks(message, transaction)) {
        skipping = true;
      } else if (options.leaveOut.imitates(message)) {
        progress.imitatedMark(transaction);
      }
    }
    atStart = false;
    if (!skipping) {
      progress.markers().seen(message.prefix(), message.content());
    }
  }

  private void end(ChangeMessage.Commit commit) throws SQLException {
    transaction = null;
    if (commit.endLsn().compareTo(committedTo) <= 0) {
      // Of a spill, which begins before the position with a whole file.
      return;
    }
    applied = commit.endLsn();
    if (batchStarted == 0) {
      batchStarted = System.nanoTime();
    }
    commitTime = commit.commitTime();
    if (!skipping) {
      count(1, 0, 0, 0, 0);
    }
    if (System.nanoTime() - batchStarted > options.commitAfter.toNanos()) {
      commit();
    }
  }

  /** Nothing was waiting at the source at this position. */
  void idleAt(LogSequenceNumber position) throws SQLException {
    commit();
    if (position.compareTo(applied) > 0) {
      applied = position;
      progress.appliedTo(position);
    }
    long now = System.nanoTime();
    if (now - idlePositionAt > IDLE_INTERVALS * options.statusInterval.toNanos()) {
      commit(null, ApplyCounters.NONE);
    }
  }

  /** Makes everything that was taken durable on the target, then confirms it to the source. */
  void commit() throws SQLException {
    if (batchStarted == 0) {
      return;
    }
    flush();
    commit(commitTime, batch);
    batch = ApplyCounters.NONE;
    batchStarted = 0;
  }

  private void commit(@Nullable Instant lastCommit, ApplyCounters brings) throws SQLException {
    progress.committing(applied, lastCommit, brings);
    session.commit(applied);
    progress.committed();
    committedTo = applied;
    feed.confirm(committedTo);
    idlePositionAt = System.nanoTime();
  }

  private void flush() throws SQLException {
    if (!dirty.isEmpty()) {
      session.begin();
      for (TableWriter writer : dirty) {
        flush(writer);
      }
      dirty.clear();
    }
    pendingRows = 0;
    pendingBytes = 0;
  }

  private void flush(TableWriter writer) throws SQLException {
    try {
      session.actFor(writer.applied().table.name());
      writer.flush();
    } catch (RearrangedException e) {
      order.refused(e.table(), transaction == null ? applied : transaction.commitLsn());
      throw e;
    }
  }

  private void learn(ChangeMessage.Relation relation) throws SQLException {
    Table byOid = tablesByOid.get(relation.oid());
    Table table = byOid != null ? byOid : tables.get(relation.table());
    if (table == null) {
      throw ErrorDetails.of(
              ErrorCategory.CONDITION_FAILED,
              "The change stream carries table "
                  + relation.table()
                  + ", which is not part of the migration")
          .nextStep("Take it out of the publication " + options.publication)
          .toException();
    }
    if (relation.equals(relations.put(relation.oid(), relation))) {
      return;
    }
    flush();
    // The owner of what was written last may not even look into the schema of this one.
    session.learn();
    // What runs may have been added since the session was opened.
    options.trusted.requireRows(session.connection(), List.of(table));
    // A table dropped and created again comes with another oid; its columns are checked all the
    // same.
    writers.put(
        relation.oid(),
        new TableWriter(
            AppliedTable.check(table, relation, session.connection()), session.connection()));
  }

  private TableWriter writerOf(long relation) throws SQLException {
    TableWriter writer = writers.get(relation);
    if (writer == null) {
      throw ErrorDetails.of(
              ErrorCategory.DATA, "The change stream did not describe relation " + relation)
          .toException();
    }
    boolean inOrder =
        transaction != null && order.isKept(writer.applied().table.name(), transaction.commitLsn());
    if (writer.isInOrder() != inOrder) {
      session.begin();
      flush(writer);
      writer.inOrder(inOrder);
    }
    return writer;
  }

  private void change(ChangeMessage message) throws SQLException {
    if (batchStarted == 0) {
      batchStarted = System.nanoTime();
    }
    if (message instanceof ChangeMessage.Insert insert) {
      TableWriter writer = writerOf(insert.relation());
      if (!inCopy(writer)) {
        writer.insert(insert);
        count(0, 1, 0, 0, 0);
        gathered(writer, insert.row(), null);
      }
    } else if (message instanceof ChangeMessage.Update sent) {
      TableWriter writer = writerOf(sent.relation());
      if (!inCopy(writer)) {
        ChangeMessage.Update update = writer.applied().withKey(sent);
        writer.update(update);
        count(0, 0, 1, 0, 0);
        TupleData old = update.oldKey() != null ? update.oldKey() : update.oldRow();
        gathered(writer, old == null ? update.row() : old, old == null ? null : update.row());
      }
    } else if (message instanceof ChangeMessage.Delete delete) {
      TableWriter writer = writerOf(delete.relation());
      if (!inCopy(writer)) {
        writer.delete(delete);
        count(0, 0, 0, 1, 0);
        gathered(writer, delete.oldKey() != null ? delete.oldKey() : delete.oldRow(), null);
      }
    } else if (message instanceof ChangeMessage.Truncate truncate) {
      truncate(truncate);
    } else {
      throw new IllegalStateException("No way to apply " + message.getClass());
    }
  }

  /** Whether the table's copy was made after this transaction and has its change. */
  private boolean inCopy(TableWriter writer) {
    LogSequenceNumber start = options.tableStarts.get(writer.applied().table.name());
    return start != null && transaction != null && transaction.commitLsn().compareTo(start) < 0;
  }

  private void gathered(TableWriter writer, @Nullable TupleData row, @Nullable TupleData moved)
      throws SQLException {
    dirty.add(writer);
    pendingRows++;
    pendingBytes += size(row) + size(moved);
    ChangedKeys recorder = progress.recorder();
    if (recorder != null) {
      note(recorder, writer, row);
      note(recorder, writer, moved);
    }
    if (pendingRows >= options.flushRows || pendingBytes >= options.flushBytes) {
      flush();
    }
  }

  private static void note(ChangedKeys recorder, TableWriter writer, @Nullable TupleData row) {
    if (row == null) {
      return;
    }
    RowKey key = writer.applied().table.key().isEmpty() ? null : writer.keyOf(row);
    if (key == null) {
      recorder.addWhole(writer.applied().table.name());
    } else {
      recorder.add(writer.applied().table.name(), key);
    }
  }

  private static long size(@Nullable TupleData row) {
    return row == null ? 0 : row.messageBytes();
  }

  private void truncate(ChangeMessage.Truncate truncate) throws SQLException {
    flush();
    session.begin();
    List<TableName> names = new ArrayList<>();
    for (long relation : truncate.relations()) {
      TableWriter writer = writerOf(relation);
      if (!inCopy(writer)) {
        names.add(writer.applied().table.name());
        ChangedKeys recorder = progress.recorder();
        if (recorder != null) {
          recorder.addWhole(writer.applied().table.name());
        }
      }
    }
    if (names.isEmpty()) {
      return;
    }
    // The message lists what it reached on the source. Where sequences stand is copied later.
    session.empty(names);
    count(0, 0, 0, 0, names.size());
  }

  private void count(long transactions, long inserted, long updated, long deleted, long truncated) {
    batch = batch.plus(new ApplyCounters(transactions, inserted, updated, deleted, truncated, 0));
  }
}
