/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.time.Instant;
import java.util.Objects;

/**
 * One point of the series that the report plots.
 *
 * @param at the moment
 * @param copiedPerSecond rows copied per second since the point before
 * @param appliedPerSecond changes applied per second since the point before
 * @param lagBytes write-ahead log not applied yet
 * @param lagMillis how far the target is behind, in milliseconds
 */
public record Sample(
    Instant at, double copiedPerSecond, double appliedPerSecond, long lagBytes, long lagMillis) {
  /** Checks that nothing is missing. */
  public Sample {
    Objects.requireNonNull(at, "at");
  }
}
