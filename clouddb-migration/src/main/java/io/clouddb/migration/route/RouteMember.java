/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.route;

import java.time.Duration;
import java.util.Objects;

/**
 * What one application process says of itself, again and again, for as long as it follows a route.
 *
 * @param id unique among all members
 * @param description who it is, for people: process id and host
 * @param beat grows with every message; a member whose beat stands still for its lease is gone,
 *     which needs no agreement between clocks
 * @param epoch the newest epoch that it obeys in full: in a pause, all of its connections are back
 * @param borrowed connections that are out
 * @param lease after this time without reading the route it hands out no connection
 */
public record RouteMember(
    String id, String description, long beat, long epoch, int borrowed, Duration lease) {
  /** A pause waits for a lease of one that died. */
  static final Duration LONGEST_LEASE = Duration.ofHours(1);

  /** Checks that nothing is missing. */
  public RouteMember {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(lease, "lease");
    if (lease.isNegative()) {
      throw new IllegalArgumentException("lease is not negative");
    }
    Route.requireLength("lease", lease);
  }
}
