/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Looks again and again until something holds, or fails at a deadline. */
public final class Eventually {
  private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long MOST_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Long: a machine that is shared can be many times as slow, and only a failure waits for it. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private Eventually() {}

  public static void until(String what, Callable<Boolean> condition) {
    until(what, LIMIT, condition);
  }

  public static void until(String what, Duration limit, Callable<Boolean> condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        long began = System.nanoTime();
        if (condition.call()) {
          return;
        }
        long now = System.nanoTime();
        if (now > deadline) {
          throw new AssertionError("Not within " + limit + ": " + what);
        }
        // A look at a server is a connection: it is not to take what it waits for the processor.
        LockSupport.parkNanos(Math.min(MOST_NANOS, Math.max(LEAST_NANOS, 2 * (now - began))));
      }
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError(what, e);
    }
  }
}
