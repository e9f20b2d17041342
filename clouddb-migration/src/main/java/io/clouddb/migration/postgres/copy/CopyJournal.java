/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres.copy;

import io.clouddb.migration.postgres.catalog.TableName;
import java.util.HashSet;
import java.util.Set;

/**
 * Remembers which tables are complete. A table that is not is copied again as a whole after a
 * crash, under a snapshot of its own: rows may have moved between chunks of two snapshots. Called
 * from the copy's threads, one at a time.
 */
public interface CopyJournal {
  /**
   * Whether a table was completed, perhaps by an earlier process.
   *
   * @param table the table
   * @return true when it is not to be copied again
   */
  boolean isFinished(TableName table);

  /**
   * Records a table; it is durable on the target.
   *
   * @param copied the table and its numbers
   */
  void finished(CopiedTable copied);

  /**
   * A journal for one process.
   *
   * @return an empty journal, in memory
   */
  static CopyJournal inMemory() {
    return new CopyJournal() {
      private final Set<TableName> finished = new HashSet<>();

      @Override
      public boolean isFinished(TableName table) {
        return finished.contains(table);
      }

      @Override
      public void finished(CopiedTable copied) {
        finished.add(copied.table());
      }
    };
  }
}
