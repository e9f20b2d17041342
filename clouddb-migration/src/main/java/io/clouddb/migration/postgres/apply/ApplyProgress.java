/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/** What the apply thread tells everyone else. Written by that thread only, after each commit. */
final class ApplyProgress {
  private final ApplyGate gate;
  private final Markers markers = new Markers();
  private final ChangedKeys changed;
  private final ChangedKeys pendingChanges;
  private volatile LogSequenceNumber durable = LogSequenceNumber.INVALID_LSN;
  private volatile LogSequenceNumber applied = LogSequenceNumber.INVALID_LSN;
  private volatile @Nullable Instant lastCommit;
  private volatile ApplyCounters counters = ApplyCounters.NONE;
  private volatile boolean recording;
  private volatile @Nullable Boolean replicaRole;

  ApplyProgress(ApplyGate gate, int changedKeysPerTable) {
    this.gate = gate;
    this.changed = new ChangedKeys(changedKeysPerTable);
    this.pendingChanges = new ChangedKeys(changedKeysPerTable);
  }

  void opened(LogSequenceNumber position, boolean mayBeReplica) {
    durable = position;
    if (applied.compareTo(position) < 0) {
      applied = position;
    }
    replicaRole = mayBeReplica;
    pendingChanges.clear();
    markers.rollback();
    gate.signal();
  }

  void committed(LogSequenceNumber position, @Nullable Instant commitTime, ApplyCounters batch) {
    durable = position;
    appliedTo(position);
    if (commitTime != null) {
      lastCommit = commitTime;
    }
    counters = counters.plus(batch);
    if (!pendingChanges.isEmpty()) {
      synchronized (changed) {
        changed.addAll(pendingChanges);
      }
      pendingChanges.clear();
    }
    markers.commit();
    gate.signal();
  }

  /** The source has nothing before this position that is not applied. */
  void appliedTo(LogSequenceNumber position) {
    if (position.compareTo(applied) > 0) {
      applied = position;
    }
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
