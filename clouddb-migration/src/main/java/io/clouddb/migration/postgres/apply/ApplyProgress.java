/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.stream.ChangeMessage;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the apply thread tells everyone else. Written by that thread only, after each commit. */
final class ApplyProgress {
  private static final Logger LOG = LoggerFactory.getLogger(ApplyProgress.class);

  /** Whoever writes such messages could fill the log with them. */
  private static final long LOGGED_IMITATIONS = 10;

  /** What a commit brings. */
  private record Batch(
      LogSequenceNumber position, @Nullable Instant commitTime, ApplyCounters counters) {}

  private final String migration;
  private final ApplyGate gate;
  private final Markers markers = new Markers();
  private final ChangedKeys changed;
  private final ChangedKeys pendingChanges;
  private volatile LogSequenceNumber durable = LogSequenceNumber.INVALID_LSN;
  private volatile LogSequenceNumber applied = LogSequenceNumber.INVALID_LSN;
  private volatile @Nullable Instant lastCommit;
  private volatile ApplyCounters counters = ApplyCounters.NONE;
  private final AtomicLong taken = new AtomicLong();
  private final AtomicLong imitatedMarks = new AtomicLong();
  private volatile boolean recording;
  private volatile @Nullable Boolean replicaRole;

  /** Sent and not yet answered; apply thread only. */
  private @Nullable Batch sent;

  ApplyProgress(String migration, ApplyGate gate, int changedKeysPerTable) {
    this.migration = migration;
    this.gate = gate;
    this.changed = new ChangedKeys(changedKeysPerTable);
    this.pendingChanges = new ChangedKeys(changedKeysPerTable);
  }

  /**
   * A session has begun, from the position that it found on the target. By it is known what became
   * of a commit whose answer was lost: the position moved with it or stayed with it.
   */
  void opened(LogSequenceNumber position, boolean mayBeReplica) {
    replicaRole = mayBeReplica;
    Batch unanswered = sent;
    if (unanswered != null && position.equals(unanswered.position)) {
      committed();
      return;
    }
    sent = null;
    if (!durable.equals(LogSequenceNumber.INVALID_LSN) && position.compareTo(durable) > 0) {
      // Its changes were never seen here, nor their keys.
      throw PositionTable.appliedByAnother(migration, durable);
    }
    pendingChanges.clear();
    markers.rollback();
    durable = position;
    if (applied.compareTo(position) < 0) {
      applied = position;
    }
    gate.signal();
  }

  /**
   * A commit is about to be sent.
   *
   * @param position all before is durable when it comes through
   * @param commitTime of the last transaction in it; null when there is none
   * @param counters what it brings
   */
  void committing(
      LogSequenceNumber position, @Nullable Instant commitTime, ApplyCounters counters) {
    sent = new Batch(position, commitTime, counters);
  }

  /** What was sent last is durable on the target. */
  void committed() {
    Batch batch = Objects.requireNonNull(sent);
    sent = null;
    if (batch.commitTime != null) {
      lastCommit = batch.commitTime;
    }
    counters = counters.plus(batch.counters);
    if (!pendingChanges.isEmpty()) {
      synchronized (changed) {
        changed.addAll(pendingChanges);
      }
      pendingChanges.clear();
    }
    markers.commit();
    // The last of all: who sees the position sees what came with it.
    durable = batch.position;
    appliedTo(batch.position);
    gate.signal();
  }

  /** The source has nothing before this position that is not applied. */
  void appliedTo(LogSequenceNumber position) {
    if (position.compareTo(applied) > 0) {
      applied = position;
    }
  }

  /** Messages were worked off, durable or not. */
  void took(int messages) {
    taken.addAndGet(messages);
  }

  long taken() {
    return taken.get();
  }

  /** A transaction began with a mark that the migration did not make, and is carried. */
  void imitatedMark(ChangeMessage.Begin transaction) {
    if (imitatedMarks.incrementAndGet() <= LOGGED_IMITATIONS) {
      LOG.warn(
          "Migration {}: transaction {}, committed at {}, begins with a mark that this migration"
              + " did not make; it is carried like any other",
          migration,
          transaction.xid(),
          transaction.commitTime());
    }
  }

  long imitatedMarks() {
    return imitatedMarks.get();
  }

  void retried() {
    counters = counters.plus(new ApplyCounters(0, 0, 0, 0, 0, 1));
  }

  Markers markers() {
    return markers;
  }

  /** Where the apply thread notes keys of what is not yet committed; null when none are wanted. */
  @Nullable ChangedKeys recorder() {
    return recording ? pendingChanges : null;
  }

  void record(boolean wanted) {
    synchronized (changed) {
      changed.clear();
    }
    recording = wanted;
  }

  ChangedKeys drain(int perTable) {
    ChangedKeys drained = new ChangedKeys(perTable);
    synchronized (changed) {
      drained.addAll(changed);
      changed.clear();
    }
    return drained;
  }

  void restore(ChangedKeys earlier) {
    synchronized (changed) {
      changed.addAll(earlier);
    }
  }

  LogSequenceNumber durable() {
    return durable;
  }

  LogSequenceNumber applied() {
    return applied;
  }

  @Nullable Instant lastCommit() {
    return lastCommit;
  }

  ApplyCounters counters() {
    return counters;
  }

  @Nullable Boolean replicaRole() {
    return replicaRole;
  }
}
