/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A clock that runs by itself, a number of times as fast as the real one. */
public final class ScaledClock extends SimulatedClock {
  private static final int THREADS = 8;

  private final Instant start;
  private final long startNanos = System.nanoTime();
  private final double factor;
  private final ScheduledThreadPoolExecutor scheduler;

  ScaledClock(Instant start, double factor) {
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw new IllegalArgumentException("The factor is greater than zero, not " + factor);
    }
    this.start = start;
    this.factor = factor;
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
    var unused = scheduler.schedule(task, (long) (delay.toNanos() / factor), TimeUnit.NANOSECONDS);
  }

  @Override
  public Instant instant() {
    return start.plusNanos((long) ((System.nanoTime() - startNanos) * factor));
  }

  @Override
  public void close() {
    scheduler.shutdown();
  }
}
