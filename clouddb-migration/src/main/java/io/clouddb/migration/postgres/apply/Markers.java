/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The logical messages that were seen in applied transactions. Only a few of the latest are kept:
 * whoever waits for one has just written it.
 */
final class Markers {
  static final String OWN_PREFIX = "clouddb";
  private static final int KEPT = 256;

  /** A message by prefix and content. */
  record Marker(String prefix, String content) {}

  private final Deque<Marker> durable = new ArrayDeque<>();
  private final List<Marker> pending = new ArrayList<>();

  /** Seen in a transaction that is not yet durable on the target. Apply thread only. */
  void seen(String prefix, String content) {
    if (prefix.equals(OWN_PREFIX)) {
      pending.add(new Marker(prefix, content));
    }
  }

  /** What was seen is durable. */
  void commit() {
    synchronized (durable) {
      durable.addAll(pending);
      while (durable.size() > KEPT) {
        durable.removeFirst();
      }
    }
    pending.clear();
  }

  void rollback() {
    pending.clear();
  }

  boolean isDurable(String prefix, String content) {
    synchronized (durable) {
      return durable.contains(new Marker(prefix, content));
    }
  }
}
