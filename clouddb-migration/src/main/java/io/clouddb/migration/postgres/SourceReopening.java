/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.cutover.SuspendedTriggers;
import io.clouddb.migration.postgres.schema.SchemaTransfer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Makes the old source what it was: what the reverse replication switched off comes on again, and
 * at last the fence goes. Each part can be done again.
 */
final class SourceReopening {
  private static final Duration FENCE_LIMIT = Duration.ofSeconds(30);

  private SourceReopening() {}

  /** Triggers, rules and foreign keys; after it no changes can be applied to the source. */
  static void restore(MigrationRun run, Connection source) throws SQLException {
    if (!ReplicaRole.available(source)) {
      foreignKeys(run).prepareForeignKeys().make(source);
    }
    new SuspendedTriggers(run.settings.id()).resume(source);
  }

  /** Checks the rows that were written while the foreign keys were away. */
  static void validateForeignKeys(MigrationRun run) {
    foreignKeys(run).validateForeignKeys();
  }

  /** They are on the target as they were on the source, or there is no reverse replication. */
  private static SchemaTransfer foreignKeys(MigrationRun run) {
    return SchemaTransfer.of(
            /* source= */ run.target, /* target= */ run.source, run.settings.selection())
        .withConnections(run.settings.connections())
        .leavingBehind(run.settings.leaveBehind());
  }

  static void open(MigrationRun run, Connection source) throws SQLException {
    run.fence().lower(source, FENCE_LIMIT);
  }
}
