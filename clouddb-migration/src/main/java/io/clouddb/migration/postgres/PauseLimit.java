/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one time that a pause may take, from the request to pause to the decision. When it has
 * passed, whatever the sessions of the pause are waiting for is cancelled, and where a server does
 * not hear that, their connections are closed.
 *
 * <p>Either the time passes or the decision comes, never both: a decision that has begun is not
 * interrupted, and none begins once the time has passed. A cancellation that comes late meets a
 * session of a pause that is over: every pause has sessions of its own, and what puts things right
 * afterwards has others.
 */
final class PauseLimit implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PauseLimit.class);
  private static final Duration CANCEL_AGAIN = Duration.ofMillis(100);
  private static final Duration GRACE = Duration.ofSeconds(2);

  private enum State {
    RUNNING,
    PASSED,
    DECIDED,
    CLOSED
  }

  private final Duration limit;
  private final List<Connection> sessions;
  private final Runnable others;
  private final PhaseTimes times = new PhaseTimes();
  private final long deadline;
  private State state = State.RUNNING;
  private @Nullable CloudDbException passed;

  private PauseLimit(Duration limit, List<Connection> sessions, Runnable others) {
    this.limit = limit;
    this.sessions = List.copyOf(sessions);
    this.others = others;
    this.deadline = System.nanoTime() + limit.toNanos();
  }

  /**
   * Tells sessions, before the pause, that none of their statements may take longer than all of it:
   * a server that is cut off from this process ends them by itself.
   */
  static void prepare(Duration limit, List<Connection> sessions) throws SQLException {
    long millis = Math.max(1, Math.min(limit.toMillis(), Integer.MAX_VALUE));
    for (Connection session : sessions) {
      try (Statement setting = session.createStatement()) {
        setting.execute("SET statement_timeout = " + millis);
      }
    }
  }

  /** Lets a session go on after the decision, without any limit. */
  static void lift(Connection session) throws SQLException {
    try (Statement setting = session.createStatement()) {
      setting.execute("SET statement_timeout = 0");
    }
  }

  /**
   * The time runs from here on.
   *
   * @param sessions are cancelled when it has passed
   * @param others ends what else is at work then, on a thread of its own
   */
  static PauseLimit begin(Duration limit, List<Connection> sessions, Runnable others) {
    PauseLimit begun = new PauseLimit(limit, sessions, others);
    Thread watch = new Thread(begun::watch, "clouddb-pause");
    watch.setDaemon(true);
    watch.start();
    return begun;
  }

  /** What took how long. */
  PhaseTimes times() {
    return times;
  }

  /**
   * How long a part may take that has a limit of its own.
   *
   * @throws CloudDbException of category DEADLINE when no time is left
   */
  Duration atMost(Duration own) {
    Duration left = Duration.ofNanos(deadline - System.nanoTime());
    if (left.isNegative() || left.isZero()) {
      throw passed(null);
    }
    return own.compareTo(left) < 0 ? own : left;
  }

  /** How long something may take that has no limit of its own. */
  Duration left() {
    return atMost(limit);
  }

  /**
   * From here on nothing is cancelled any more.
   *
   * @throws CloudDbException of category DEADLINE when the time has passed
   */
  synchronized void decide() {
    if (state != State.RUNNING || deadline - System.nanoTime() <= 0) {
      throw passed(null);
    }
    state = State.DECIDED;
    notifyAll();
  }

  /** What went wrong is that the time has passed, whatever the sessions said of it. */
  CloudDbException explain(CloudDbException failure) {
    return switch (failure.category()) {
      case DATA, CONDITION_FAILED -> failure;
      default -> hasPassed() ? passed(failure) : failure;
    };
  }

  /** As for another failure. */
  SQLException explain(SQLException failure) {
    if (hasPassed()) {
      throw passed(failure);
    }
    return failure;
  }

  private synchronized boolean hasPassed() {
    return state == State.PASSED || (state == State.RUNNING && deadline - System.nanoTime() <= 0);
  }

  private CloudDbException passed(@Nullable Exception failure) {
    CloudDbException before = passed;
    if (before != null) {
      return before;
    }
    String during = times.part();
    times.end();
    CloudDbException now =
        ErrorDetails.of(
                ErrorCategory.DEADLINE,
                "The pause was over its limit of %d ms%s (%s)"
                    .formatted(
                        limit.toMillis(), during.isEmpty() ? "" : " in the part " + during, times))
            .nextStep(
                "See which part took the time, and who holds locks on either side; or raise"
                    + " pauseLimit. The side that the application works on is open again.")
            .toException(failure);
    passed = now;
    return now;
  }

  private void watch() {
    try {
      synchronized (this) {
        for (long left = deadline - System.nanoTime();
            state == State.RUNNING && left > 0;
            left = deadline - System.nanoTime()) {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        if (state != State.RUNNING) {
          return;
        }
        state = State.PASSED;
      }
      // Each on its own: one server that does not answer keeps no other from being told.
      Thread ending = new Thread(this::endOthers, "clouddb-pause-others");
      ending.setDaemon(true);
      ending.start();
      for (Connection session : sessions) {
        Thread canceller = new Thread(() -> cancel(session), "clouddb-pause-cancel");
        canceller.setDaemon(true);
        canceller.start();
      }
      if (!awaitClosed(GRACE)) {
        for (Connection session : sessions) {
          abort(session);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Again and again: what is at work may open another session. */
  private void endOthers() {
    try {
      do {
        others.run();
      } while (!awaitClosed(CANCEL_AGAIN));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Again and again: a cancellation that comes between two statements ends neither. */
  private void cancel(Connection session) {
    try {
      do {
        session.unwrap(PGConnection.class).cancelQuery();
      } while (!awaitClosed(CANCEL_AGAIN));
    } catch (SQLException e) {
      LOG.debug("A session of the pause could not be cancelled", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void abort(Connection session) {
    try {
      session.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("A session of the pause could not be closed", e);
    }
  }

  private synchronized boolean awaitClosed(Duration atMost) throws InterruptedException {
    long until = System.nanoTime() + atMost.toNanos();
    for (long left = until - System.nanoTime();
        state != State.CLOSED && left > 0;
        left = until - System.nanoTime()) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return state == State.CLOSED;
  }

  /** The pause is over; nothing more is cancelled from here on, but for what is on its way. */
  @Override
  public synchronized void close() {
    state = State.CLOSED;
    notifyAll();
  }
}
