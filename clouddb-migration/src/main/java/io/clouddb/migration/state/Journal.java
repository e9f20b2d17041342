/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a migration has done, in order; only ever added to. Safe for use by many threads. */
public interface Journal extends AutoCloseable {
  /**
   * All entries.
   *
   * @return the entries, oldest first
   */
  List<JournalEntry> entries();

  /**
   * Adds an entry. It is durable when this returns.
   *
   * @param kind what happened
   * @param data what belongs to it; no row data, and a secret only under {@link
   *     JournalEntry#SECRET}
   * @return the entry
   * @throws io.clouddb.error.UnavailableException when it cannot be written; the migration must not
   *     go on then. Whether the entry is in the journal all the same is known when its details say
   *     so ({@code outcomeKnown()}: it is not); otherwise {@link #settle} finds out, and nothing is
   *     added before it has
   * @throws io.clouddb.error.ConditionFailedException when another run has taken the journal over,
   *     while this process was asleep or cut off; the migration must not go on here
   */
  JournalEntry append(String kind, Map<String, String> data);

  /**
   * Finds out what became of the last {@link #append}, when it failed with an unknown outcome.
   *
   * @return the entry when it is in the journal, durable, and in {@link #entries} from here on;
   *     empty when it is not there and never will be, or no append is open
   * @throws io.clouddb.error.UnavailableException when that cannot be known now; ask again. A
   *     journal that does not override this never knows
   * @throws io.clouddb.error.ConditionFailedException when another run has taken the journal over
   */
  default Optional<JournalEntry> settle() {
    throw ErrorDetails.of(
            ErrorCategory.UNAVAILABLE,
            "The store cannot say whether the last entry of the journal was written")
        .outcomeKnown(false)
        .nextStep("Look into the journal where it is kept; then run the migration again.")
        .toException();
  }

  /**
   * Checks, without asking anybody, that nothing is known against this process having the journal.
   * Work that appends nothing for long calls it now and then. Does nothing where a journal cannot
   * be lost.
   *
   * @throws io.clouddb.error.ConditionFailedException when another run has taken the journal over
   */
  default void requireHeld() {}

  /** Lets others have the journal. */
  @Override
  void close();
}
