/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * The record that says where the application works. There is one for a migration; it only ever
 * changes by compare-and-set, and each change raises the epoch by one.
 *
 * @param id names the route, for messages
 * @param epoch number of changes so far; 0 is the route that nobody has written yet
 * @param state whether connections are handed out
 * @param side the database that connections go to, or, in a pause, the one they went to before it
 * @param updatedAt when it was changed, by the clock of whoever changed it; for people only
 * @param pauseLease how long a pause may last before the applications end it themselves, going back
 *     to {@code side}; zero when the route is open
 * @param delay how long each connection is held back while the route is open, to slow the
 *     application down; zero in a pause
 * @param delayLease how long a member delays on the strength of this record; zero without a delay
 */
public record Route(
    String id,
    long epoch,
    State state,
    Side side,
    Instant updatedAt,
    Duration pauseLease,
    Duration delay,
    Duration delayLease) {
  /** No lease and no delay is longer: a hundred years, of which nanoseconds can be counted. */
  static final Duration LONGEST = Duration.ofDays(36_525);

  /** No route was ever changed as often. */
  static final long LAST_EPOCH = 1_000_000_000_000L;

  /** Whether connections are handed out. */
  public enum State {
    /** They are. */
    OPEN,
    /** No new ones are; those that are out are waited for. */
    PAUSING,
    /** None is out. */
    PAUSED
  }

  /** One of the two databases. */
  public enum Side {
    /** The database that is migrated. */
    SOURCE,
    /** The database that it is migrated to. */
    TARGET
  }

  /** Checks that nothing is missing. */
  public Route {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(side, "side");
    Objects.requireNonNull(updatedAt, "updatedAt");
    Objects.requireNonNull(pauseLease, "pauseLease");
    Objects.requireNonNull(delay, "delay");
    Objects.requireNonNull(delayLease, "delayLease");
    if (epoch < 0 || pauseLease.isNegative() || delay.isNegative() || delayLease.isNegative()) {
      throw new IllegalArgumentException("epoch, leases and delay are not negative");
    }
    if (epoch > LAST_EPOCH) {
      throw new IllegalArgumentException("epoch is at most " + LAST_EPOCH);
    }
    requireLength("pauseLease", pauseLease);
    requireLength("delay", delay);
    requireLength("delayLease", delayLease);
  }

  static void requireLength(String name, Duration value) {
    if (value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(name + " is at most " + LONGEST.toDays() + " days");
    }
  }

  /** A limit of waiting in nanoseconds; a longer one waits as long as anybody lives. */
  static long nanos(Duration limit) {
    return limit.compareTo(LONGEST) > 0 ? LONGEST.toNanos() : limit.toNanos();
  }

  /**
   * The route that holds as long as nobody has written one: open, to the source.
   *
   * @param id names the route
   * @return the route of epoch 0
   */
  public static Route initial(String id) {
    return undelayed(id, 0, State.OPEN, Side.SOURCE, Instant.EPOCH, Duration.ZERO);
  }

  Route opened(Side to, Instant at) {
    return undelayed(id, epoch + 1, State.OPEN, to, at, Duration.ZERO);
  }

  Route pausing(Duration lease, Instant at) {
    return undelayed(id, epoch + 1, State.PAUSING, side, at, lease);
  }

  Route paused(Instant at) {
    return undelayed(id, epoch + 1, State.PAUSED, side, at, pauseLease);
  }

  Route delayed(Duration time, Duration lease, Instant at) {
    return new Route(id, epoch + 1, state, side, at, pauseLease, time, lease);
  }

  private static Route undelayed(
      String id, long epoch, State state, Side side, Instant at, Duration lease) {
    return new Route(id, epoch, state, side, at, lease, Duration.ZERO, Duration.ZERO);
  }
}
