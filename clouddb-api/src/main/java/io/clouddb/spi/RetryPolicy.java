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
  // Before the constants below, which are checked by them.
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(1);
  private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

  /** Five attempts within about half a minute. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(5, Duration.ofMillis(500), Duration.ofSeconds(30));

  /** One attempt. */
  public static final RetryPolicy NONE = new RetryPolicy(1, Duration.ofMillis(1), Duration.ZERO);

  /** Refuses nonsense. */
  public RetryPolicy {
    if (maxAttempts < 1
        || firstPause.compareTo(SHORTEST_PAUSE) < 0
        || firstPause.compareTo(LONGEST_PAUSE) > 0
        || longestPause.isNegative()
        || longestPause.compareTo(LONGEST_PAUSE) > 0) {
      throw new IllegalArgumentException(
          "At least one attempt and pauses of a millisecond to a day are needed");
    }
  }

  /**
   * The pause after so many failures in a row: doubled each time, up to the longest.
   *
   * @param failures at least 1
   * @return the pause
   */
  public Duration pause(int failures) {
    Duration pause = firstPause;
    for (int i = 1; i < failures && pause.compareTo(longestPause) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    return pause.compareTo(longestPause) < 0 ? pause : longestPause;
  }
}
