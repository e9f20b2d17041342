/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.spi;

import java.time.Duration;

/**
 * How often a single request is made again, and after what pause. Pauses double, with jitter, and
 * are not shorter than what the service asked for, unless that is longer than the longest pause.
 *
 * @param maxAttempts how often a request is made at most, the first time included
 * @param firstPause the pause before the second attempt
 * @param longestPause no pause is longer, whatever the service asks for
 */
public record RetryPolicy(int maxAttempts, Duration firstPause, Duration longestPause) {
  /** Five attempts within about half a minute. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(5, Duration.ofMillis(500), Duration.ofSeconds(30));

  /** One attempt. */
  public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ofMillis(1), Duration.ZERO);

  /** Refuses nonsense. */
  public RetryPolicy {
    if (maxAttempts < 1 || firstPause.toMillis() < 1 || longestPause.isNegative()) {
      throw new IllegalArgumentException(
          "At least one attempt and pauses of at least a millisecond are needed");
    }
  }
}
