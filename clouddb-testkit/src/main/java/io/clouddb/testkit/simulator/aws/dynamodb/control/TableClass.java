/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** How a table is stored and paid: changed twice in thirty days. */
final class TableClass {
  static final String STANDARD = "STANDARD";

  private static final int CHANGES = 2;
  private static final Duration WINDOW = Duration.ofDays(30);

  private final Deque<Instant> changes = new ArrayDeque<>();
  private @Nullable String name;
  private @Nullable Instant updated;
  private @Nullable String next;

  TableClass(@Nullable String name) {
    this.name = name;
  }

  /** What it is, whether somebody has said so or not. */
  String name() {
    return name == null ? STANDARD : name;
  }

  /** What it is as far as somebody has said so. */
  @Nullable String said() {
    return name;
  }

  /** What it is becoming; null for nothing. */
  @Nullable String next() {
    return next;
  }

  /** Refuses a change too many. */
  void requireMayChange(Instant now, String where) {
    while (!changes.isEmpty() && !changes.getFirst().plus(WINDOW).isAfter(now)) {
      changes.removeFirst();
    }
    if (changes.size() >= CHANGES) {
      throw Refusals.limit(where + "Updates to TableClass are limited to 2 times in 30 day(s).");
    }
  }

  void begin(String wanted, Instant now) {
    next = wanted;
    changes.addLast(now);
  }

  void end(Instant now) {
    if (next != null) {
      name = next;
      updated = now;
      next = null;
    }
  }

  /** What descriptions say of it; null for nothing. */
  @Nullable ObjectNode described() {
    if (name == null) {
      return null;
    }
    ObjectNode described = JsonNodeFactory.instance.objectNode().put("TableClass", name);
    if (updated != null) {
      described.put("LastUpdateDateTime", Json.seconds(updated));
    }
    return described;
  }
}
