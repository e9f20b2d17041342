/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * How one table was copied.
 *
 * @param rows how many rows
 * @param bytes their size on the way, in the form of the server's COPY
 * @param start when its first part began
 * @param end when its last part was durable on the target
 */
public record CopyReport(long rows, long bytes, Instant start, Instant end) {
  /** Checks that nothing is missing. */
  public CopyReport {
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(end, "end");
  }

  /**
   * How long it took; other tables may have been copied at the same time.
   *
   * @return from the start to the end
   */
  public Duration duration() {
    return Duration.between(start, end);
  }
}
