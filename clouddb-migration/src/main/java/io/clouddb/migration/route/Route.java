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
 */
public record Route(
    String id, long epoch, State state, Side side, Instant updatedAt, Duration pauseLease) {
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
    if (epoch < 0 || pauseLease.isNegative()) {
      throw new IllegalArgumentException("epoch and pauseLease are not negative");
    }
  }

  /**
   * The route that holds as long as nobody has written one: open, to the source.
   *
   * @param id names the route
   * @return the route of epoch 0
   */
  public static Route initial(String id) {
    return new Route(id, 0, State.OPEN, Side.SOURCE, Instant.EPOCH, Duration.ZERO);
  }

  Route opened(Side to, Instant at) {
    return new Route(id, epoch + 1, State.OPEN, to, at, Duration.ZERO);
  }

  Route pausing(Duration lease, Instant at) {
    return new Route(id, epoch + 1, State.PAUSING, side, at, lease);
  }

  Route paused(Instant at) {
    return new Route(id, epoch + 1, State.PAUSED, side, at, pauseLease);
  }
}
