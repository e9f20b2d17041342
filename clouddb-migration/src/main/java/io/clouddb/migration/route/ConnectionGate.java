/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets threads through to a connection or holds them, and counts the connections that are out. The
 * decision to let one through and the count are under one lock, so that a pause either sees a
 * connection as out or stops it.
 */
final class ConnectionGate {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final LongSupplier nanoTime;
  private final long leaseNanos;
  private final String routeId;

  private @Nullable Route route;
  private long readBeganAt;
  private long delayNanos;
  private long delayLeaseNanos;
  private long delayedSince;
  private long suspectedAt;
  private boolean suspected;
  private int borrowed;
  private boolean closed;
  private boolean nudged;

  ConnectionGate(String routeId, Duration lease, LongSupplier nanoTime) {
    this.routeId = routeId;
    this.leaseNanos = lease.toNanos();
    this.nanoTime = nanoTime;
  }

  /**
   * Waits until connections are handed out, and counts one.
   *
   * @return the side to take it from
   */
  Route.Side enter(Duration limit) throws SQLTransientConnectionException {
    long enteredAt = nanoTime.getAsLong();
    long limitNanos = Route.nanos(limit);
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new SQLTransientConnectionException("The data source is closed", "08003");
        }
        Route current = route;
        long now = nanoTime.getAsLong();
        boolean open = current != null && current.state() == Route.State.OPEN && fresh(now);
        long delay =
            open ? Math.min(delayed(now) - (now - enteredAt), left(now, enteredAt, limitNanos)) : 0;
        if (current != null && open && delay <= 0) {
          borrowed++;
          return current.side();
        }
        if (open) {
          changed.awaitNanos(delay);
          continue;
        }
        long left = left(now, enteredAt, limitNanos);
        if (left <= 0) {
          throw new SQLTransientConnectionException(whyNot(current, now, limit), "08001");
        }
        // A lease can also run out without anyone saying so: look again at least this often.
        changed.awaitNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLTransientConnectionException(
          "Interrupted while waiting for the route " + routeId, "08001", e);
    } finally {
      lock.unlock();
    }
  }

  private static long left(long now, long since, long limit) {
    return limit - (now - since);
  }

  /** How long a connection is held back now. */
  private long delayed(long now) {
    return delayNanos == 0 || now - delayedSince >= delayLeaseNanos ? 0 : delayNanos;
  }

  private boolean fresh(long now) {
    return now - readBeganAt < leaseNanos && !(suspected && readBeganAt - suspectedAt <= 0);
  }

  private String whyNot(@Nullable Route current, long now, Duration limit) {
    String waited = "Waited " + limit.toMillis() + " ms for a connection: ";
    if (current == null) {
      return waited + "the route " + routeId + " could not be read";
    }
    if (now - readBeganAt >= leaseNanos) {
      return waited
          + "the route "
          + routeId
          + " was last read "
          + TimeUnit.NANOSECONDS.toMillis(now - readBeganAt)
          + " ms ago, which is longer than this process may trust it";
    }
    return waited
        + "the route "
        + routeId
        + " is "
        + current.state()
        + " (epoch "
        + current.epoch()
        + "), a migration is switching the application over";
  }

  /** A connection came back. */
  void leave() {
    lock.lock();
    try {
      borrowed--;
      if (borrowed == 0 && route != null && route.state() != Route.State.OPEN) {
        nudge();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The route was read; the read began at the given time. */
  void observe(Route read, long beganAt) {
    lock.lock();
    try {
      if (route == null || route.epoch() != read.epoch()) {
        delayNanos = read.delay().toNanos();
        delayLeaseNanos = read.delayLease().toNanos();
        delayedSince = beganAt;
      }
      route = read;
      readBeganAt = beganAt;
      if (suspected && beganAt - suspectedAt > 0) {
        suspected = false;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A database refused a write as read-only: what was read before now is not to be trusted. */
  void suspect() {
    lock.lock();
    try {
      suspected = true;
      suspectedAt = nanoTime.getAsLong();
      nudge();
    } finally {
      lock.unlock();
    }
  }

  private void nudge() {
    nudged = true;
    changed.signalAll();
  }

  /** Waits until the follower has something to do, at most for the given time. */
  void awaitNudge(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (!nudged && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      nudged = false;
    } finally {
      lock.unlock();
    }
  }

  int borrowed() {
    lock.lock();
    try {
      return borrowed;
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

  boolean closed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
