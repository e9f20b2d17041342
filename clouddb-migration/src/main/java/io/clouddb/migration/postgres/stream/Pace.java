/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.stream;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * How fast rows are copied and changes applied, and whether at all. Set by any thread, obeyed by
 * those that do the work.
 */
public final class Pace {
  private static final Duration PERIOD = Duration.ofMillis(100);
  private static final long PERIODS_A_SECOND = 10;
  // The limiter wants a bound for a turn's wait; a row waits for as long as it takes.
  private static final Duration PATIENCE = Duration.ofDays(3650);

  private volatile boolean paused;
  private volatile boolean urgent;
  private volatile @Nullable RateLimiter limiter;

  /** A pace without limits. */
  public Pace() {}

  /** Lets the work stop at the next row or transaction. */
  public void pause() {
    paused = true;
  }

  /** Lets it go on. */
  public synchronized void resume() {
    paused = false;
    notifyAll();
  }

  /**
   * Limits the rate from now on, the copy's and that of applying alike.
   *
   * @param bytesPerSecond of the rows as they travel; 0 for no limit
   */
  public void throttle(long bytesPerSecond) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("A rate is not negative: " + bytesPerSecond);
    }
    limiter =
        bytesPerSecond == 0
            ? null
            : RateLimiter.of(
                "clouddb-pace",
                RateLimiterConfig.custom()
                    .limitRefreshPeriod(PERIOD)
                    .limitForPeriod(
                        (int)
                            Math.min(
                                Integer.MAX_VALUE, Math.max(1, bytesPerSecond / PERIODS_A_SECOND)))
                    .timeoutDuration(PATIENCE)
                    .build());
  }

  /**
   * Lifts the limits while the application waits for the work, as in the pause of the cutover.
   *
   * @param now true from the beginning of that time, false at its end
   */
  public synchronized void urgent(boolean now) {
    urgent = now;
    notifyAll();
  }

  /**
   * Whether nothing shall be done at the moment.
   *
   * @return true between {@link #pause} and {@link #resume}
   */
  public boolean paused() {
    return paused && !urgent;
  }

  /**
   * Whether the work may be slow because it was asked to be.
   *
   * @return true while there is a limit to the rate
   */
  public boolean throttled() {
    return limiter != null && !urgent;
  }

  /**
   * Waits until the work goes on.
   *
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public synchronized void awaitResumed() throws InterruptedException {
    while (paused()) {
      wait();
    }
  }

  /**
   * Takes a turn: waits while the work is paused, then until the rate allows for so much.
   *
   * @param bytes how much was sent, or is about to be
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public void take(long bytes) throws InterruptedException {
    if (paused()) {
      awaitResumed();
    }
    awaitTurn(bytes);
  }

  /**
   * Waits until the rate allows for so much, whether the work is paused or not: for where it cannot
   * stop.
   *
   * @param bytes how much was sent, or is about to be
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public void awaitTurn(long bytes) throws InterruptedException {
    RateLimiter current = limiter;
    if (current == null || urgent || bytes <= 0) {
      return;
    }
    // In parts, so that a change of the rate is not waited for as long as a large row takes.
    int most = Math.max(1, current.getRateLimiterConfig().getLimitForPeriod());
    for (long left = bytes; left > 0 && limiter == current && !urgent; left -= most) {
      long nanos = current.reservePermission((int) Math.min(left, most));
      if (nanos > 0) {
        LockSupport.parkNanos(nanos);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
      }
    }
  }
}
