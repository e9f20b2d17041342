/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.operation;

import io.clouddb.operation.OperationLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is written of one operation, as whoever follows it knows. It is replaced only while it is
 * that, so that of two who follow the operation one finds out. Not for use by several threads at
 * once.
 */
final class LogEntry {
  private final @Nullable OperationLog log;
  private final String id;

  /** Null is nothing. More than one after a write that failed and may be there all the same. */
  private List<@Nullable String> known = new ArrayList<>();

  private LogEntry(@Nullable OperationLog log, String id, @Nullable String written) {
    this.log = log;
    this.id = id;
    known.add(written);
  }

  /**
   * The entry of an operation.
   *
   * @param log where it is; empty where nothing is written down
   * @param id the operation's own id
   * @param written what is written of it, null for nothing
   * @return the entry
   */
  static LogEntry of(Optional<OperationLog> log, String id, @Nullable String written) {
    return new LogEntry(log.orElse(null), id, written);
  }

  /** Nothing is written of what anybody can have written, nor taken out for it. */
  static LogEntry none(String id) {
    return new LogEntry(null, id, null);
  }

  boolean isKept() {
    return log != null;
  }

  /** Whether a write failed that may have arrived all the same. */
  boolean isUncertain() {
    return known.size() > 1;
  }

  /** Returns false when somebody else has written or removed it; then nothing was written. */
  boolean write(String token) {
    if (log == null) {
      return true;
    }
    List<@Nullable String> before = known;
    List<@Nullable String> meanwhile = new ArrayList<>(before);
    meanwhile.add(token);
    known = meanwhile;
    boolean written = false;
    for (int i = 0; i < before.size() && !written; i++) {
      written = log.write(id, before.get(i), token);
    }
    known = written ? oneOf(token) : before;
    return written;
  }

  private static List<@Nullable String> oneOf(String token) {
    List<@Nullable String> one = new ArrayList<>();
    one.add(token);
    return one;
  }

  /** Returns false when there is none of this process: of somebody else, or none at all. */
  boolean remove() {
    boolean removed = false;
    for (String each : known) {
      if (log != null && each != null && !removed) {
        removed = log.remove(id, each);
      }
    }
    return removed;
  }
}
