/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** How long the parts of a pause took. */
final class PhaseTimes {
  private final long began = System.nanoTime();
  private final Map<String, Duration> parts = new LinkedHashMap<>();
  private long last = began;

  /** Ends a part. */
  void done(String part) {
    long now = System.nanoTime();
    parts.put(part, Duration.ofNanos(now - last));
    last = now;
  }

  /** Since the beginning. */
  long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  /** The parts in order. */
  Map<String, Duration> parts() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  /** The parts in order, with milliseconds. */
  @Override
  public String toString() {
    return parts.entrySet().stream()
        .map(part -> part.getKey() + " " + part.getValue().toMillis())
        .collect(Collectors.joining(", "));
  }
}
