/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Capacity units by the clock: so many a second, of which those of the last 300 s are kept. A
 * request may take more than there is left, and leaves the next ones to wait for it.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html">Burst
 *     capacity</a>
 */
final class TokenBucket {
  private static final int BURST_SECONDS = 300;
  private static final double NANOS = 1e9;

  private final Clock clock;
  private double rate;
  private double units;
  private Instant counted;

  TokenBucket(Clock clock, long unitsPerSecond) {
    this.clock = clock;
    this.rate = unitsPerSecond;
    this.units = rate * BURST_SECONDS;
    this.counted = clock.instant();
  }

  synchronized void setRate(long unitsPerSecond) {
    count();
    rate = unitsPerSecond;
    units = Math.min(units, rate * BURST_SECONDS);
  }

  /** Tells whether something may begin. */
  synchronized boolean has() {
    count();
    return units > 0;
  }

  /** Takes what something has used. */
  synchronized void take(double used) {
    count();
    units -= used;
  }

  private void count() {
    Instant now = clock.instant();
    double seconds = Duration.between(counted, now).toNanos() / NANOS;
    units = Math.min(rate * BURST_SECONDS, units + seconds * rate);
    counted = now;
  }
}
