/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import java.util.List;
import java.util.Map;

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
   * @param data what belongs to it; no secret, no row data
   * @return the entry
   * @throws io.clouddb.error.UnavailableException when it cannot be written; the migration must not
   *     go on then
   * @throws io.clouddb.error.ConditionFailedException when another run has taken the journal over,
   *     while this process was asleep or cut off; nothing was written, and the migration must not
   *     go on here
   */
  JournalEntry append(String kind, Map<String, String> data);

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
