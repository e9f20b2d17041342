/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.apply.Applier;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.sql.ConnectionDetails;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The numbers of a run as they grow. Written by the steps, read by the sampler. */
final class Meter {
  final AtomicLong rowsCopied = new AtomicLong();
  final AtomicLong rowsValidated = new AtomicLong();
  volatile MigrationStep step = MigrationStep.PREFLIGHT;
  volatile String activity = "";
  volatile long estimated;
  volatile @Nullable Applier applier;
  final AtomicLong chunksDone = new AtomicLong();
  volatile long chunks;
  private volatile @Nullable SlotWatch slot;
  private volatile @Nullable SlotWatch waiting;
  private volatile long appliedBefore;
  private volatile long copiedBefore;

  /** A step begins; nothing is known of its size yet. */
  void begin(MigrationStep next) {
    estimated = 0;
    chunks = 0;
    chunksDone.set(0);
    activity = "";
    step = next;
  }

  /** Changes that earlier runs of the same migration applied. */
  void appliedBefore(long changes) {
    appliedBefore = changes;
  }

  /** Whose log is looked at from now on. */
  void watch(ConnectionDetails server, String replicationSlot) {
    slot = new SlotWatch(server, replicationSlot);
  }

  /** What is looked at; null before there is a slot. */
  @Nullable SlotWatch slot() {
    return slot;
  }

  /** A slot that nobody reads yet is looked at too from now on; null for none any more. */
  void watchWaiting(@Nullable SlotWatch unread) {
    waiting = unread;
  }

  /** The slot that nobody reads yet; null when there is none. */
  @Nullable SlotWatch waiting() {
    return waiting;
  }

  /** Rows that earlier runs of the same migration copied; they count as done, not as a speed. */
  void copiedBefore(long rows) {
    copiedBefore = rows;
  }

  long rowsDone() {
    return switch (step) {
      case SYNC -> copiedBefore + rowsCopied.get();
      case VALIDATE -> rowsValidated.get();
      default -> 0;
    };
  }

  long changesApplied() {
    Applier current = applier;
    return appliedBefore + (current == null ? 0 : current.counters().rows());
  }
}
