/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.state;

import java.nio.file.Path;
import java.time.Clock;

/** Keeps the journals of migrations. */
public interface StateStore {
  /**
   * Journals in a folder, one file for each migration, each line forced to disk before the work
   * that depends on it.
   *
   * @param folder the folder; created when it is missing
   * @return the store
   */
  static StateStore directory(Path folder) {
    return new DirectoryStateStore(folder, Clock.systemUTC());
  }

  /**
   * Opens the journal of a migration, for this process alone.
   *
   * @param migrationId the migration's id
   * @return the journal; close it to let others have it
   * @throws io.clouddb.error.BusyException when another run of the same migration has it
   * @throws io.clouddb.error.CloudDbException of category DATA when it is damaged, other than by a
   *     last line that was never finished
   */
  Journal open(String migrationId);
}
