/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Tries a target, case after case, for a while. A case has a limit of time and of memory: what
 * waits for ever, or believes a length that lies, fails like any other.
 */
final class FuzzRun {
  /** Long, since a machine may be busy; what hangs does so for ever. */
  static final Duration CASE_LIMIT = Duration.ofSeconds(20);

  /** No input is longer than a megabyte or so. */
  static final long CASE_BYTES = 256L << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final long seed;
  private final Duration caseLimit;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private volatile long number;
  private volatile long startedAt;

  FuzzRun(long seed, Duration caseLimit) {
    this.seed = seed;
    this.caseLimit = caseLimit;
  }

  /** The input of one case, whatever ran before it. */
  Source source(Target target, long caseNumber) {
    SplittableRandom random = new SplittableRandom(seed * 31 + target.name().hashCode());
    long start = random.nextLong() ^ (caseNumber * 0x9E3779B97F4A7C15L);
    return new Source(new SplittableRandom(start));
  }

  /**
   * Tries cases until the time is over, at least one.
   *
   * @param target what is tried
   * @param first the first case
   * @param time for how long
   * @return how many cases there were
   */
  long run(Target target, long first, Duration time) throws InterruptedException {
    startedAt = Long.MAX_VALUE;
    number = first;
    Thread worker = new Thread(() -> cases(target, time), "fuzz-" + target.name());
    worker.setDaemon(true);
    worker.start();
    while (worker.isAlive()) {
      worker.join(100);
      long started = startedAt;
      if (worker.isAlive()
          && started != Long.MAX_VALUE
          && System.nanoTime() - started > caseLimit.toNanos()) {
        AssertionError hangs =
            new AssertionError(where(target) + " goes on after " + caseLimit + shown(target));
        hangs.setStackTrace(worker.getStackTrace());
        worker.interrupt();
        throw hangs;
      }
    }
    Throwable failed = failure.get();
    if (failed != null) {
      throw new AssertionError(
          where(target) + ": " + Source.escaped(failed.toString()) + shown(target), failed);
    }
    return number - first + 1;
  }

  private void cases(Target target, Duration time) {
    long deadline = 0;
    long first = number;
    for (long next = first; ; next++) {
      number = next;
      try {
        startedAt = Long.MAX_VALUE;
        target.ready().make();
        startedAt = System.nanoTime();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        target.body().run(source(target, number));
        long took = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (took > CASE_BYTES) {
          throw new AssertionError("It took " + took + " bytes of memory");
        }
      } catch (Throwable e) {
        failure.set(e);
        return;
      }
      if (next == first) {
        // Not before: a simulator may have been started for the first case.
        deadline = System.nanoTime() + time.toNanos();
      }
      if (System.nanoTime() - deadline >= 0) {
        return;
      }
    }
  }

  private String where(Target target) {
    return "%s, case %d (again: -Dfuzz.only=%s -Dfuzz.seed=%d -Dfuzz.case=%d)"
        .formatted(target.name(), number, target.name(), seed, number);
  }

  /** The input, by trying the case once more: what failed is kept by nothing else. */
  private String shown(Target target) {
    Source again = source(target, number);
    Thread thread =
        new Thread(
            () -> {
              try {
                target.body().run(again);
              } catch (Throwable e) {
                // It fails as it did before.
              }
            });
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(1000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "; its input:" + again;
  }
}
