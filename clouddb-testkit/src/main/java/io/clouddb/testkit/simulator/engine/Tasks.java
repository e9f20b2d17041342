/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a simulated cloud does later, until it is closed. May be used from any thread. */
public final class Tasks implements AutoCloseable {
  /** Twice what a start of a database may take. */
  private static final Duration CLOSE_LIMIT = Duration.ofMinutes(2);

  private final SimulatedClock clock;
  private int working;
  private boolean closed;

  Tasks(SimulatedClock clock) {
    this.clock = clock;
  }

  /**
   * Does something later, unless the cloud is closed by then. The time stands still meanwhile: what
   * it takes is in the delay.
   *
   * @param delay how much later, in simulated time
   * @param work what; it must not throw
   */
  public void later(Duration delay, Runnable work) {
    clock.schedule(
        delay,
        () -> {
          if (begin()) {
            Runnable goOn = clock.standStill();
            try {
              work.run();
            } finally {
              goOn.run();
              end();
            }
          }
        });
  }

  private synchronized boolean begin() {
    if (!closed) {
      working++;
    }
    return !closed;
  }

  private synchronized void end() {
    working--;
    notifyAll();
  }

  /**
   * To be called before something is begun.
   *
   * @throws IllegalStateException when the cloud is closed
   */
  public synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("This simulated cloud is closed");
    }
  }

  /**
   * Lets what is being done end; what has not begun will not. Also on a thread that is interrupted,
   * which it is afterwards, too.
   *
   * @throws io.clouddb.error.CloudDbException when something does not end
   */
  @Override
  public synchronized void close() {
    closed = true;
    boolean interrupted = false;
    long deadline = System.nanoTime() + CLOSE_LIMIT.toNanos();
    while (working > 0 && System.nanoTime() < deadline) {
      try {
        wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (working > 0) {
      throw ErrorDetails.of(
              ErrorCategory.DEADLINE,
              "A change in a simulated cloud did not end within " + CLOSE_LIMIT)
          .leftBehind("what it starts, for example a database, until this JVM ends")
          .toException();
    }
  }
}
