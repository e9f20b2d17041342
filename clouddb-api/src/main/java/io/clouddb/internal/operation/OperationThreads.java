/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.CloudConfig;
import io.clouddb.spi.OperationTimer;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls any number of operations, of all regions of a cloud, with one timer thread and a small pool
 * that makes the calls. Its threads are daemons and begin with the first operation.
 */
final class OperationThreads {
  private static final Logger log = LoggerFactory.getLogger(OperationThreads.class);

  private static final int CALLERS = 4;

  /** Whatever a service asks for: what is looked at no more goes on unseen. */
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

  /** How long close() waits for steps that it has interrupted and whose clients it has closed. */
  private static final Duration LAST_STEPS = Duration.ofSeconds(1);

  private final ScheduledExecutorService realTime;
  private final OperationTimer timer;
  private final ExecutorService callers;
  private final Set<Followed> running = ConcurrentHashMap.newKeySet();

  OperationThreads(CloudConfig config) {
    String name = "clouddb-" + config.provider();
    this.realTime = Executors.newSingleThreadScheduledExecutor(threads(name + "-timer"));
    this.timer = config.timer().orElse(this::scheduleInRealTime);
    this.callers = Executors.newFixedThreadPool(CALLERS, threads(name + "-poll"));
  }

  private void scheduleInRealTime(Duration delay, Runnable task) {
    ScheduledFuture<?> unused = realTime.schedule(task, delay.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static ThreadFactory threads(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  void follow(Followed operation) {
    running.add(operation);
    execute(operation);
  }

  void later(Followed operation, Duration pause) {
    try {
      Duration shortened = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
      // The timer only hands over: a slow call never delays another operation's timer.
      timer.schedule(shortened.isNegative() ? Duration.ZERO : shortened, () -> execute(operation));
    } catch (RejectedExecutionException e) {
      operation.abandon();
    }
  }

  private void execute(Followed operation) {
    try {
      callers.execute(operation::poll);
    } catch (RejectedExecutionException e) {
      operation.abandon();
    }
  }

  void ended(Followed operation) {
    running.remove(operation);
  }

  /** Begins nothing more, and interrupts the steps that are under way. */
  void stop() {
    realTime.shutdownNow();
    callers.shutdownNow();
  }

  /**
   * Returns when no step is under way any more, so that none sends a request afterwards. What
   * nothing interrupts, and whoever closes the cloud at the end of a step, is not waited for to the
   * end.
   */
  void awaitLastSteps() {
    try {
      if (!callers.awaitTermination(LAST_STEPS.toMillis(), TimeUnit.MILLISECONDS)) {
        log.debug("A step goes on after close()");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells everybody who still waits. */
  void abandonAll() {
    Set.copyOf(running).forEach(Followed::abandon);
  }
}
