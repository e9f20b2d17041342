/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * One line of a migration's journal. No row data is in it, and no secret but the one that the
 * migration made for its marks: who can read the journal can make transactions that the way back
 * leaves out.
 *
 * @param sequence counts from 1, without gaps
 * @param at when it was written
 * @param kind what happened, in the migration's own vocabulary, for example {@code step.started}
 * @param data what belongs to it, in the order it was given
 */
public record JournalEntry(long sequence, Instant at, String kind, Map<String, String> data) {
  /** The name of the one value that is not shown. */
  public static final String SECRET = "secret";

  /** Checks that nothing is missing. */
  public JournalEntry {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(kind, "kind");
    data = Map.copyOf(data);
  }

  /** All but the secret. */
  @Override
  public String toString() {
    Map<String, String> shown = new TreeMap<>(data);
    shown.computeIfPresent(SECRET, (name, secret) -> "***");
    return "JournalEntry[" + sequence + ", " + at + ", " + kind + ", " + shown + "]";
  }
}
