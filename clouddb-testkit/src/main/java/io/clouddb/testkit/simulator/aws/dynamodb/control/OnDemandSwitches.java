/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * When a table was switched to be paid on demand: four times in a day, whichever they are.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-switching-capacity-modes.html">Switching
 *     capacity modes</a>
 */
final class OnDemandSwitches {
  private static final int MOST = 4;
  private static final Duration WINDOW = Duration.ofDays(1);

  private final Deque<Instant> moments = new ArrayDeque<>();

  /** Refuses one too many. */
  void requireMayBe(Instant now) {
    while (!moments.isEmpty() && !moments.getFirst().plus(WINDOW).isAfter(now)) {
      moments.removeFirst();
    }
    if (moments.size() >= MOST) {
      // Its words are those of the time when it was once a day.
      throw Refusals.limit(
          "Update to PayPerRequest mode are limited to "
              + MOST
              + " times in 1 day(s). Last update at "
              + Throughput.shown(moments.getLast())
              + ". Next update can be made at "
              + Throughput.shown(moments.getFirst().plus(WINDOW)));
    }
  }

  void note(Instant now) {
    moments.addLast(now);
  }
}
