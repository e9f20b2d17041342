/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A clock that moves only when it is told to. What falls due is done by the thread that advances
 * it, before {@link #advance} returns, so a test needs no waiting.
 */
public final class ManualClock extends SimulatedClock {
  private record Task(Instant due, long order, Runnable work) {}

  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparing(Task::due).thenComparing(Task::order));
  private final Object advancing = new Object();
  private final MachineTime machine;
  private final NavigableMap<Instant, MachineTime.Reading> reached = new TreeMap<>();
  private Instant now;
  private long order;
  private boolean closed;

  ManualClock(Instant start, MachineTime machine) {
    super(machine);
    this.machine = machine;
    this.now = start;
    reached.put(start, machine.read());
  }

  /**
   * Lets time pass, and does what falls due, in order.
   *
   * @param duration how much time
   */
  public void advance(Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("Time does not run backwards");
    }
    synchronized (advancing) {
      Instant target = instant().plus(duration);
      Task task;
      while ((task = takeDue(target)) != null) {
        task.work().run();
      }
      moveTo(target);
    }
  }

  /** Lets time pass until nothing is left to be done. */
  public void advanceUntilIdle() {
    synchronized (advancing) {
      Task task;
      while ((task = takeDue(Instant.MAX)) != null) {
        task.work().run();
      }
    }
  }

  private synchronized @Nullable Task takeDue(Instant target) {
    Task next = tasks.peek();
    if (next == null || next.due().isAfter(target)) {
      return null;
    }
    tasks.remove();
    moveTo(next.due());
    return next;
  }

  private synchronized void moveTo(Instant target) {
    if (!target.equals(now)) {
      now = target;
      reached.put(target, machine.read());
    }
  }

  @Override
  public Clock ofCallers() {
    return this;
  }

  @Override
  public synchronized Instant realTimeOf(Instant simulated) {
    Map.Entry<Instant, MachineTime.Reading> next = reached.higherEntry(simulated);
    return next == null ? machine.now() : machine.at(next.getValue(), 0);
  }

  @Override
  public synchronized void schedule(Duration delay, Runnable task) {
    if (closed) {
      throw new RejectedExecutionException("The simulated clock is closed");
    }
    tasks.add(new Task(now.plus(delay), order++, task));
  }

  /** It moves only when it is told to, in any case. */
  @Override
  public Runnable standStill() {
    return () -> {};
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized void close() {
    closed = true;
    tasks.clear();
  }
}
