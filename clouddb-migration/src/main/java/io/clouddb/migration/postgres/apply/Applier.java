/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.sql.ConnectionDetails;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Applies the changes of a slot to the target until it is closed: transactions in the order of
 * their commits, whole, and together with the position that they bring the target to. The source is
 * told only what is durable on the target.
 *
 * <p>Two threads of its own do the work; all methods may be called from any thread, {@link #hold},
 * {@link #applyUpTo} and {@link #release} from one at a time. On the target, triggers do not fire
 * when the role may set {@code session_replication_role}; otherwise ({@link #replicaRole} false)
 * they must be disabled and foreign keys absent while this runs.
 *
 * <p>A value arrives as text in one message with the rest of its row, and with the old row where
 * the replica identity is full: the server refuses to send a message of 1 GiB or more. The heap
 * must hold the row of an insert once and that of an update twice, as the benchmark {@code large}
 * finds; where each change is a statement of its own, up to six times.
 */
public final class Applier implements AutoCloseable {
  private final ApplyOptions options;
  private final ApplyGate gate = new ApplyGate();
  private final ApplyProgress progress;
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final ApplyLoop loop;
  private final Thread thread;
  private final LagProbe lag;

  /**
   * Makes an applier; nothing is connected before {@link #start}. The target has a row in {@link
   * PositionTable}, the slot is at that position or before.
   *
   * @param source the source
   * @param target the target
   * @param tables the tables as they were copied; the stream may bring no others
   * @param options the rest
   */
  public Applier(
      ConnectionDetails source,
      ConnectionDetails target,
      List<Table> tables,
      ApplyOptions options) {
    this.options = options;
    this.progress = new ApplyProgress(options.migration, gate, options.changedKeysPerTable);
    this.loop =
        new ApplyLoop(source, target, List.copyOf(tables), options, gate, progress, failure);
    this.thread = new Thread(loop, "clouddb-apply-" + options.migration);
    this.thread.setDaemon(true);
    this.lag = new LagProbe(source, progress);
  }

  /**
   * Starts to apply from the position on the target.
   *
   * @throws IllegalThreadStateException when it was started before
   */
  public void start() {
    thread.start();
  }

  /**
   * Stops between two transactions of the source and waits until everything before is durable. The
   * source goes on being read ahead.
   *
   * @param patience how long a transaction that is being applied may take
   * @throws io.clouddb.error.CloudDbException when it takes longer, after which the applier goes
   *     on; when the applier is held already, failed or closed
   */
  public void hold(Duration patience) {
    gate.hold(patience, loop::wake);
  }

  /**
   * While held: applies exactly the transactions whose commit is before a position, then is held
   * again. Returns when all of them are durable.
   *
   * @param limit a position in the source's log
   * @param patience how long that may take
   * @throws io.clouddb.error.CloudDbException when it takes longer, when the applier is not held,
   *     failed or closed
   */
  public void applyUpTo(LogSequenceNumber limit, Duration patience) {
    gate.runUpTo(limit, patience, loop::wake);
  }

  /** Goes on after a hold. Harmless when not held. */
  public void release() {
    gate.release();
    loop.wake();
  }

  /**
   * Looks out for a logical message of the prefix {@link
   * io.clouddb.migration.postgres.cutover.FenceMarker#PREFIX}, which is written afterwards.
   *
   * @param content its content, which nobody can foresee
   * @return what waits for it; to be closed
   */
  public ExpectedMarker expectMarker(String content) {
    return new ExpectedMarker(progress.markers(), gate, content);
  }

  /**
   * How far the target is.
   *
   * @return all transactions whose commit is before are durable on the target
   */
  public LogSequenceNumber position() {
    return progress.durable();
  }

  /**
   * How much was worked off, durable or not, what was done again counted again. Within a large
   * transaction this moves on while the position does not.
   *
   * @return a number of messages since this applier was made
   */
  public long worked() {
    return progress.taken();
  }

  /**
   * Asks the source how far it is and compares. One call at a time does so, others wait.
   *
   * @return the lag
   * @throws io.clouddb.error.CloudDbException when the source cannot be asked
   */
  public Lag lag() {
    return lag.measure();
  }

  /**
   * What was applied.
   *
   * @return numbers since this applier was made
   */
  public ApplyCounters counters() {
    return progress.counters();
  }

  /**
   * How many transactions began with a mark that is not the one to be left out, but looks like it.
   * They were applied like any other; those that were read twice are counted twice.
   *
   * @return a number since this applier was made
   */
  public long imitatedMarks() {
    return progress.imitatedMarks();
  }

  /**
   * Whether the target's role may set {@code session_replication_role}.
   *
   * @return empty before the first connection
   */
  public Optional<Boolean> replicaRole() {
    return Optional.ofNullable(progress.replicaRole());
  }

  /**
   * Starts or ends to note the keys of changed rows. Either way those noted before are forgotten.
   * Call it while held, for a defined beginning.
   *
   * @param record whether to note them
   */
  public void recordChangedKeys(boolean record) {
    progress.record(record);
  }

  /**
   * Takes the keys noted so far out; noting goes on from here. Call it while held.
   *
   * @return the keys of the rows that changed since the last call or {@link #recordChangedKeys}
   */
  public ChangedKeys drainChangedKeys() {
    return progress.drain(options.changedKeysPerTable);
  }

  /**
   * Puts keys back that were taken out, when what they were meant for failed.
   *
   * @param earlier what {@link #drainChangedKeys} returned
   */
  public void restoreChangedKeys(ChangedKeys earlier) {
    progress.restore(earlier);
  }

  /**
   * Completes with the reason when the applier stops by itself. It never completes when it is
   * closed.
   *
   * @return a future; completing it has no effect on the applier
   */
  public CompletableFuture<Throwable> failure() {
    return failure.copy();
  }

  /**
   * Ends the work after the transactions that are being applied. The slot and the position stay, so
   * another applier can go on from there.
   */
  @Override
  public void close() {
    gate.close();
    loop.wake();
    @Nullable InterruptedException interrupted = null;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    } catch (InterruptedException e) {
      interrupted = e;
    }
    if (thread.isAlive()) {
      thread.interrupt();
    }
    lag.close();
    if (interrupted != null) {
      Thread.currentThread().interrupt();
    }
  }
}
