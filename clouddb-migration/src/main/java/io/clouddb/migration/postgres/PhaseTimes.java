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
  private String part = "";
  private long last = began;

  /** Begins a part, and ends the one before. */
  void begin(String next) {
    end();
    part = next;
  }

  /** Ends the part that is under way. */
  void end() {
    long now = System.nanoTime();
    if (!part.isEmpty()) {
      parts.merge(part, Duration.ofNanos(now - last), Duration::plus);
    }
    part = "";
    last = now;
  }

  /** The part that is under way; empty between two. */
  String part() {
    return part;
  }

  /** Since the beginning. */
  long millis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  /** The parts that are over, in order. */
  Map<String, Duration> parts() {
    return Collections.unmodifiableMap(new LinkedHashMap<>(parts));
  }

  /** The parts that are over, in order, with milliseconds. */
  @Override
  public String toString() {
    return parts.entrySet().stream()
        .map(each -> each.getKey() + " " + each.getValue().toMillis())
        .collect(Collectors.joining(", "));
  }
}
