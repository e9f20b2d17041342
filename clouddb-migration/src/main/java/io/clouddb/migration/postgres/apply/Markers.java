/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.apply;

import io.clouddb.migration.postgres.cutover.FenceMarker;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The logical messages that somebody waits for, and which of them are durable on the target. Every
 * role may write such messages, as many as it likes; so what is not waited for is not kept.
 */
final class Markers {
  /** By content, whether it is durable. */
  private final Map<String, Boolean> expected = new ConcurrentHashMap<>();

  private final Set<String> pending = new HashSet<>();

  /** Looks out for a message that is not written yet. */
  void expect(String content) {
    if (expected.putIfAbsent(content, false) != null) {
      throw new IllegalArgumentException("Somebody waits for " + content + " already");
    }
  }

  void forget(String content) {
    expected.remove(content);
  }

  /** Seen in a transaction that is not yet durable on the target. Apply thread only. */
  void seen(String prefix, String content) {
    if (prefix.equals(FenceMarker.PREFIX) && expected.containsKey(content)) {
      pending.add(content);
    }
  }

  /** What was seen is durable. */
  void commit() {
    for (String content : pending) {
      expected.computeIfPresent(content, (key, before) -> true);
    }
    pending.clear();
  }

  void rollback() {
    pending.clear();
  }

  boolean isDurable(String content) {
    return expected.getOrDefault(content, false);
  }
}
