/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;

/**
 * Where the apply thread stops between two transactions when it is told to, and where others wait
 * for it.
 */
final class ApplyGate {
  private enum State {
    RUNNING,
    HOLDING,
    HELD,
    LIMITED
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile State state = State.RUNNING;
  private volatile @Nullable LogSequenceNumber limit;
  private volatile boolean closed;
  private @Nullable Throwable failure;

  /** Asks the apply thread to stop, and waits until it has. */
  void hold(Duration patience, Runnable wake) {
    lock.lock();
    try {
      if (state != State.RUNNING) {
        throw misuse("The applier is held already");
      }
      change(State.HOLDING);
      wake.run();
      try {
        awaitHeld(patience, "The applier did not come to the end of its transaction");
      } catch (RuntimeException e) {
        change(State.RUNNING);
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Lets the apply thread go on up to a position, and waits until it is there and held again. */
  void runUpTo(LogSequenceNumber position, Duration patience, Runnable wake) {
    lock.lock();
    try {
      if (state != State.HELD) {
        throw misuse("The applier is not held");
      }
      limit = position;
      change(State.LIMITED);
      wake.run();
      awaitHeld(patience, "The applier did not reach " + position.asString());
    } finally {
      lock.unlock();
    }
  }

  /** Lets the apply thread go on without a limit. */
  void release() {
    lock.lock();
    try {
      limit = null;
      change(State.RUNNING);
    } finally {
      lock.unlock();
    }
  }

  private void awaitHeld(Duration patience, String otherwise) {
    await(() -> state == State.HELD, patience, otherwise);
  }

  private void requireAlive() {
    if (failure instanceof CloudDbException known) {
      throw CloudDbException.of(known.details(), known);
    }
    if (failure != null) {
      throw ErrorDetails.of(ErrorCategory.OTHER, "The applier failed").toException(failure);
    }
    if (closed) {
      throw misuse("The applier is closed");
    }
  }

  private static RuntimeException misuse(String message) {
    return ErrorDetails.of(ErrorCategory.CONDITION_FAILED, message).toException();
  }

  private void change(State to) {
    state = to;
    changed.signalAll();
  }

  // What the apply thread asks, between two transactions.

  boolean closed() {
    return closed;
  }

  /** Whether to stop here: a hold is wanted, or the limit is reached. */
  boolean wantsStop(LogSequenceNumber applied) {
    State now = state;
    if (now == State.RUNNING) {
      return false;
    }
    LogSequenceNumber bound = limit;
    return now != State.LIMITED || (bound != null && applied.compareTo(bound) >= 0);
  }

  /** Whether a transaction is behind the limit. */
  boolean isBeyondLimit(LogSequenceNumber commitLsn) {
    LogSequenceNumber bound = limit;
    return state == State.LIMITED && bound != null && commitLsn.compareTo(bound) >= 0;
  }

  boolean limited() {
    return state == State.LIMITED;
  }

  /** Stops until the applier is let go on, or closed. All that was begun is committed. */
  void stop() throws InterruptedException {
    lock.lock();
    try {
      if (state == State.RUNNING) {
        return;
      }
      limit = null;
      change(State.HELD);
      while (state == State.HELD && !closed) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for at most so long, but not past a close. */
  void pause(Duration time) throws InterruptedException {
    lock.lock();
    try {
      long left = time.toNanos();
      while (left > 0 && !closed) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void fail(Throwable why) {
    lock.lock();
    try {
      failure = why;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until something holds that {@link #signal} may have made true. */
  void await(BooleanSupplier condition, Duration patience, String otherwise) {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (!condition.getAsBoolean()) {
        requireAlive();
        if (left <= 0) {
          throw ErrorDetails.of(
                  ErrorCategory.DEADLINE, otherwise + " within " + patience.toMillis() + " ms")
              .toException();
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw ErrorDetails.of(ErrorCategory.OTHER, "Interrupted while waiting for the applier")
          .toException(e);
    } finally {
      lock.unlock();
    }
  }

  void signal() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
