/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** What a simulated cloud does later, until it is closed. May be used from any thread. */
public final class Tasks implements AutoCloseable {
  /** Twice what a start of a database may take. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** For what is interrupted then, as a long log that is replayed: it removes what it has made. */
  private static final Duration END = Duration.ofMinutes(1);

  private final SimulatedClock clock;
  private final Consumer<Throwable> bugs;
  private final Duration patience;
  private final Duration end;

  /** Who works, and whether it was interrupted here. */
  private final Map<Thread, Boolean> working = new HashMap<>();

  private boolean closed;

  Tasks(SimulatedClock clock, Consumer<Throwable> bugs) {
    this(clock, bugs, PATIENCE, END);
  }

  /**
   * @param bugs is told of what a task throws
   * @param patience how long what is being done may go on once this is closed
   * @param end how long it may go on once it is interrupted after that
   */
  Tasks(SimulatedClock clock, Consumer<Throwable> bugs, Duration patience, Duration end) {
    this.clock = clock;
    this.bugs = bugs;
    this.patience = patience;
    this.end = end;
  }

  /**
   * Does something later, unless the cloud is closed by then. The time stands still meanwhile: what
   * it takes is in the delay.
   *
   * @param delay how much later, in simulated time
   * @param work what; it must not throw, and what it throws is kept as a bug
   */
  public void later(Duration delay, Runnable work) {
    clock.schedule(delay, () -> run(work, clock::standStill));
  }

  /**
   * Does something later that takes no time worth speaking of, however often it is done: the time
   * goes on meanwhile.
   *
   * @param delay how much later, in simulated time
   * @param work what; it must not throw, and what it throws is kept as a bug
   */
  public void laterAtOnce(Duration delay, Runnable work) {
    clock.schedule(delay, () -> run(work, () -> () -> {}));
  }

  private void run(Runnable work, Supplier<Runnable> stop) {
    if (begin()) {
      Runnable goOn = stop.get();
      try {
        work.run();
      } catch (RuntimeException | Error e) {
        // Some clocks swallow it.
        bugs.accept(e);
        throw e;
      } finally {
        goOn.run();
        end();
      }
    }
  }

  private synchronized boolean begin() {
    if (!closed) {
      working.put(Thread.currentThread(), false);
    }
    return !closed;
  }

  private synchronized void end() {
    if (Boolean.TRUE.equals(working.remove(Thread.currentThread()))) {
      // It was meant for the work, and the thread is somebody else's where a test sets the time.
      var unused = Thread.interrupted();
    }
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
   * Lets what is being done end, and interrupts what does not; what has not begun will not. Also on
   * a thread that is interrupted, which it is afterwards, too.
   *
   * @throws io.clouddb.error.CloudDbException when something does not end
   */
  @Override
  public synchronized void close() {
    closed = true;
    boolean interrupted = awaitEnd(patience);
    working.replaceAll(
        (thread, before) -> {
          thread.interrupt();
          return true;
        });
    interrupted |= awaitEnd(end);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (!working.isEmpty()) {
      throw ErrorDetails.of(
              ErrorCategory.DEADLINE,
              "A change in a simulated cloud did not end within " + patience.plus(end))
          .leftBehind("what it starts, for example a database, until this JVM ends")
          .toException();
    }
  }

  /** Returns whether this thread was interrupted meanwhile. */
  private boolean awaitEnd(Duration limit) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + limit.toNanos();
    while (!working.isEmpty() && System.nanoTime() < deadline) {
      try {
        wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
