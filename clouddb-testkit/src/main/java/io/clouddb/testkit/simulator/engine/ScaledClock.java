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

/**
 * A clock that runs by itself, a number of times as fast as the real one. Where it is faster, it
 * stands still while this process does: what a test waits for is done in real time, and would be
 * hours late after a collection of garbage, or where other processes have the processors.
 */
public final class ScaledClock extends SimulatedClock {
  private static final int THREADS = 8;

  /** How often it looks whether this process goes on. */
  private static final Duration BEAT = Duration.ofMillis(25);

  /** So much real time counts at most where it was not looked. */
  static final Duration LONGEST_BEAT = Duration.ofMillis(200);

  /** Of a clock that goes on whatever happens. */
  static final Duration ANY_BEAT = Duration.ofNanos(Long.MAX_VALUE);

  /** So many times it is known exactly when it went on. */
  static final int MOST_RUNS = 20_000;

  private static final int EXACT_RUNS = 1_000;

  private final Instant start;
  private final double factor;
  private final ScheduledThreadPoolExecutor scheduler;
  private final ScheduledThreadPoolExecutor heart;
  private final MachineTime machine;
  private final long longestBeat;
  private final NavigableMap<Long, MachineTime.Reading> ran = new TreeMap<>();
  private final List<Task> waiting = new ArrayList<>();
  private MachineTime.Reading runsSince;
  private MachineTime.Reading seen;
  private long passed;
  private int still;

  /**
   * What is to be done.
   *
   * @param due when, in simulated nanoseconds since the start
   */
  private record Task(long due, Runnable work) {}

  /**
   * @param longestBeat the real time that counts at most between two times that somebody looked
   */
  ScaledClock(Instant start, double factor, MachineTime machine, Duration longestBeat) {
    super(machine);
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("The factor is greater than zero, not " + factor);
    }
    this.start = start;
    this.factor = factor;
    this.machine = machine;
    this.longestBeat = longestBeat.toNanos();
    this.runsSince = machine.read();
    this.seen = runsSince;
    ran.put(0L, runsSince);
    AtomicInteger number = new AtomicInteger();
    this.scheduler =
        new ScheduledThreadPoolExecutor(
            THREADS, task -> daemon(task, "clouddb-simulator-" + number.incrementAndGet()));
    scheduler.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.heart =
        new ScheduledThreadPoolExecutor(1, task -> daemon(task, "clouddb-simulator-heart"));
  }

  /** One of this machine, which looks whether the process goes on, where it is a fast one. */
  static ScaledClock ofMachine(double factor) {
    Duration longest = factor > 1 ? LONGEST_BEAT : ANY_BEAT;
    ScaledClock clock = new ScaledClock(Instant.now(), factor, new MachineTime(), longest);
    if (factor > 1) {
      var unused =
          clock.heart.scheduleAtFixedRate(
              clock::look, BEAT.toNanos(), BEAT.toNanos(), TimeUnit.NANOSECONDS);
    }
    return clock;
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
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
    MachineTime.Reading now = look();
    return still > 0 ? passed : passed + scaled(now.tick() - runsSince.tick());
  }

  private long scaled(long nanos) {
    return (long) (nanos * factor);
  }

  /** Where nobody has looked for long, nobody went on: it was no longer than a beat. */
  private synchronized MachineTime.Reading look() {
    MachineTime.Reading now = machine.read();
    if (still == 0 && now.tick() - seen.tick() > longestBeat) {
      passed += scaled(seen.tick() + longestBeat - runsSince.tick());
      runSince(now);
    }
    seen = now;
    return now;
  }

  private void runSince(MachineTime.Reading now) {
    runsSince = now;
    ran.put(passed, now);
    if (ran.size() > MOST_RUNS) {
      thinOut();
    }
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
    seen = machine.read();
    runSince(seen);
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
    heart.shutdown();
    scheduler.shutdown();
  }
}
