/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.migration.postgres.catalog.Table;
import io.clouddb.migration.postgres.catalog.TableName;
import io.clouddb.migration.postgres.spill.SpilledFeed;
import io.clouddb.migration.postgres.spill.Spilling;
import io.clouddb.migration.postgres.stream.ChangeFeed;
import io.clouddb.migration.postgres.stream.ChangeStream;
import io.clouddb.migration.postgres.stream.SqlFailure;
import io.clouddb.sql.ConnectionDetails;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The apply thread. Whatever can pass, a deadlock, a restart, a lost connection, is met in one way:
 * both connections are opened anew and the work is done again from the position that is durable on
 * the target.
 */
final class ApplyLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ApplyLoop.class);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final ConnectionDetails source;
  private final ConnectionDetails target;
  private final List<Table> tables;
  private final ApplyOptions options;
  private final ApplyGate gate;
  private final ApplyProgress progress;
  private final CompletableFuture<Throwable> failure;
  private final WriteOrder order = new WriteOrder();
  private volatile @Nullable ChangeFeed feed;

  ApplyLoop(
      ConnectionDetails source,
      ConnectionDetails target,
      List<Table> tables,
      ApplyOptions options,
      ApplyGate gate,
      ApplyProgress progress,
      CompletableFuture<Throwable> failure) {
    this.source = source;
    this.target = target;
    this.tables = tables;
    this.options = options;
    this.gate = gate;
    this.progress = progress;
    this.failure = failure;
  }

  /** Ends a wait for messages, so that a change of the gate is seen at once. */
  void wake() {
    ChangeFeed current = feed;
    if (current != null) {
      current.wake();
    }
  }

  @Override
  public void run() {
    try {
      long failingSince = 0;
      int attempts = 0;
      @Nullable LogSequenceNumber failedAt = null;
      while (!gate.closed()) {
        SQLException passing;
        try {
          runSession();
          continue;
        } catch (RearrangedException e) {
          progress.retried();
          LOG.info("{}, from the durable position on", e.getMessage());
          continue;
        } catch (SQLException e) {
          if (!SqlFailure.isTransient(e)) {
            throw SqlFailure.of("applying changes", e);
          }
          passing = e;
        }
        LogSequenceNumber at = progress.durable();
        if (failedAt == null || !failedAt.equals(at)) {
          failedAt = at;
          failingSince = System.nanoTime();
          attempts = 0;
        }
        if (System.nanoTime() - failingSince > options.retryFor.toNanos()) {
          throw SqlFailure.of("applying changes, again and again", passing);
        }
        progress.retried();
        LOG.warn(
            "Apply starts again from the durable position: SQLSTATE {}", passing.getSQLState());
        long pause = Math.min(LONGEST_PAUSE.toMillis(), 50L << Math.min(attempts++, 10));
        gate.pause(Duration.ofMillis(pause));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      fail(e);
    } catch (RuntimeException | Error e) {
      fail(e);
    }
  }

  private void fail(Throwable why) {
    if (gate.closed()) {
      return;
    }
    LOG.error("Apply stopped: {}", why.getMessage());
    gate.fail(why);
    failure.complete(why);
  }

  private void runSession() throws SQLException, InterruptedException {
    List<TableName> names = tables.stream().map(Table::name).toList();
    try (TargetSession session = TargetSession.open(target, names, options)) {
      PositionTable.Position position = session.position();
      progress.opened(position.lsn(), session.replicaRole());
      try (ChangeFeed opened = open(position)) {
        feed = opened;
        TransactionApplier applier =
            new TransactionApplier(session, opened, tables, options, progress, order);
        consume(opened, applier);
      } finally {
        feed = null;
      }
    }
  }

  private ChangeFeed open(PositionTable.Position position) throws SQLException {
    ChangeStream.Slot slot =
        new ChangeStream.Slot(
            source, options.slot, options.publication, position.identity(), options.statusInterval);
    Spilling spilling = options.spilling;
    return spilling == null
        ? StreamFeed.start(slot.open(position.lsn()), position.lsn(), options)
        : SpilledFeed.start(slot, position.lsn(), spilling, options.queueBytes);
  }

  private void consume(ChangeFeed from, TransactionApplier applier)
      throws SQLException, InterruptedException {
    while (!gate.closed()) {
      if (applier.betweenTransactions() && gate.wantsStop(applier.applied())) {
        applier.commit();
        gate.stop();
        continue;
      }
      if (applier.betweenTransactions() && options.pace.paused()) {
        applier.commit();
        Throwable ended = from.failure();
        if (ended != null) {
          throw rethrown(ended);
        }
        // In short waits: a hold, or the end, is seen meanwhile.
        gate.pause(LOOK_AGAIN);
        continue;
      }
      ChangeFeed.Chunk chunk = from.poll(0);
      if (chunk == null) {
        if (applier.betweenTransactions()) {
          applier.commit();
        }
        if (gate.limited()) {
          from.askForPosition();
        }
        chunk = from.poll(20);
      }
      if (chunk != null) {
        options.pace.awaitTurn(chunk.bytes());
        if (!take(chunk, applier)) {
          return;
        }
      }
    }
    if (applier.betweenTransactions()) {
      applier.commit();
    }
  }

  /** Works a chunk off, with the stops that the gate wants. False when closed in between. */
  private boolean take(ChangeFeed.Chunk chunk, TransactionApplier applier)
      throws SQLException, InterruptedException {
    if (chunk.failure() != null) {
      throw rethrown(chunk.failure());
    }
    for (var message : chunk.messages()) {
      while (applier.betweenTransactions()
          && (gate.wantsStop(applier.applied())
              || gate.isBeyondLimit(TransactionApplier.commitOf(message)))) {
        applier.commit();
        gate.stop();
        if (gate.closed()) {
          return false;
        }
      }
      applier.take(message);
    }
    progress.took(chunk.messages().size());
    if (chunk.idleAt() != null) {
      applier.idleAt(chunk.idleAt());
    }
    return true;
  }

  private static SQLException rethrown(Throwable failure) {
    if (failure instanceof SQLException sql) {
      return sql;
    }
    if (failure instanceof CloudDbException known) {
      throw known;
    }
    throw ErrorDetails.of(ErrorCategory.OTHER, "Reading the change stream failed")
        .toException(failure);
  }
}
