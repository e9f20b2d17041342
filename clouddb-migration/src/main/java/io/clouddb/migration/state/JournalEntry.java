/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * One line of a migration's journal. No secret and no row data is in it.
 *
 * @param sequence counts from 1, without gaps
 * @param at when it was written
 * @param kind what happened, in the migration's own vocabulary, for example {@code step.started}
 * @param data what belongs to it, in the order it was given
 */
public record JournalEntry(long sequence, Instant at, String kind, Map<String, String> data) {
  /** Checks that nothing is missing. */
  public JournalEntry {
    Objects.requireNonNull(at, "at");
    Objects.requireNonNull(kind, "kind");
    data = Map.copyOf(data);
  }
}
