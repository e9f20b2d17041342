/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** How long the parts of a pause took. */
final class PhaseTimes {
  private final long began = System.nanoTime();
  private final List<String> parts = new ArrayList<>();
  private long last = began;

  /** Ends a part. */
  void done(String part) {
    long now = System.nanoTime();
    parts.add(part + " " + TimeUnit.NANOSECONDS.toMillis(now - last));
    last = now;
  }

  /** Since the beginning. */
  long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  /** The parts in order, with milliseconds. */
  @Override
  public String toString() {
    return String.join(", ", parts);
  }
}
