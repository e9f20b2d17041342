/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.progress.MigrationStep;
import java.sql.SQLException;
import java.util.Map;

/** The work of one step. Doing it again, after it was interrupted anywhere, is safe. */
interface MigrationTask {
  /** What a step did: in a sentence, and as facts for a later run. */
  record Done(String details, Map<String, String> facts) {
    static Done of(String details) {
      return new Done(details, Map.of());
    }
  }

  MigrationStep step();

  /** Takes over what an earlier run put down, instead of {@link #run}. */
  default void restore(MigrationRun run, Map<String, String> facts) throws SQLException {}

  Done run(MigrationRun run) throws SQLException;
}
