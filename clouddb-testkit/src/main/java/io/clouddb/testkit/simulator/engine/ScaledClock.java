/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A clock that runs by itself, a number of times as fast as the real one. */
public final class ScaledClock extends SimulatedClock {
  private static final int THREADS = 8;

  /** So many times it is known exactly when it went on. */
  static final int MOST_RUNS = 20_000;

  private static final int EXACT_RUNS = 1_000;

  private final Instant start;
  private final double factor;
  private final ScheduledThreadPoolExecutor scheduler;
  private final MachineTime machine;
  private final NavigableMap<Long, MachineTime.Reading> ran = new TreeMap<>();
  private final List<Task> waiting = new ArrayList<>();
  private MachineTime.Reading runsSince;
  private long passed;
  private int still;

  /**
   * What is to be done.
   *
   * @param due when, in simulated nanoseconds since the start
   */
  private record Task(long due, Runnable work) {}

  ScaledClock(Instant start, double factor, MachineTime machine) {
    super(machine);
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("The factor is greater than zero, not " + factor);
    }
    this.start = start;
    this.factor = factor;
    this.machine = machine;
    this.runsSince = machine.read();
    ran.put(0L, runsSince);
    AtomicInteger number = new AtomicInteger();
    this.scheduler =
        new ScheduledThreadPoolExecutor(
            THREADS,
            task -> {
              Thread thread = new Thread(task, "clouddb-simulator-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  @Override
  public void schedule(Duration delay, Runnable task) {
    later(new Task(passed() + delay.toNanos(), task), delay.toNanos());
  }

  private void later(Task task, long simulatedNanos) {
    var unused =
        scheduler.schedule(
            () -> runDue(task), (long) Math.ceil(simulatedNanos / factor), TimeUnit.NANOSECONDS);
  }

  /** Where the clock stood still meanwhile, it is too early. */
  private void runDue(Task task) {
    long left;
    synchronized (this) {
      left = task.due() - passed();
      if (left > 0 && still > 0) {
        waiting.add(task);
        return;
      }
    }
    if (left > 0) {
      later(task, left);
    } else {
      task.work().run();
    }
  }

  /** The simulated nanoseconds since the start. */
  private synchronized long passed() {
    return still > 0
        ? passed
        : passed + (long) ((machine.read().tick() - runsSince.tick()) * factor);
  }

  @Override
  public synchronized Instant instant() {
    return start.plusNanos(passed());
  }

  @Override
  public Clock ofCallers() {
    return factor > 1 ? Clock.systemUTC() : this;
  }

  @Override
  public synchronized Instant realTimeOf(Instant simulated) {
    long nanos = Duration.between(start, simulated).toNanos();
    Map.Entry<Long, MachineTime.Reading> run = ran.floorEntry(Math.max(0, nanos));
    if (run == null || nanos >= passed()) {
      return machine.now();
    }
    return machine.at(run.getValue(), (long) ((nanos - run.getKey()) / factor));
  }

  @Override
  public synchronized Runnable standStill() {
    passed = passed();
    still++;
    AtomicBoolean gone = new AtomicBoolean();
    return () -> {
      if (gone.compareAndSet(false, true)) {
        goOn();
      }
    };
  }

  private synchronized void goOn() {
    still--;
    if (still > 0) {
      return;
    }
    runsSince = machine.read();
    ran.put(passed, runsSince);
    if (ran.size() > MOST_RUNS) {
      thinOut();
    }
    try {
      waiting.forEach(task -> later(task, task.due() - passed));
    } catch (RejectedExecutionException e) {
      // It was closed meanwhile, and forgets them.
    }
    waiting.clear();
  }

  /**
   * Forgets each second one but of the newest: by the one before it, a time was shown a little
   * earlier than it was.
   */
  private void thinOut() {
    int left = MOST_RUNS - EXACT_RUNS;
    boolean stays = true;
    for (Iterator<Long> oldest = ran.keySet().iterator(); left > 0; left--) {
      oldest.next();
      if (!stays) {
        oldest.remove();
      }
      stays = !stays;
    }
  }

  /** Of how many times it is known when it went on. */
  synchronized int runs() {
    return ran.size();
  }

  @Override
  public void close() {
    scheduler.shutdown();
  }
}
