/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.cutover.SuspendedTriggers;
import io.clouddb.migration.postgres.cutover.WriteFence;
import io.clouddb.migration.postgres.schema.FailedForeignKey;
import io.clouddb.migration.postgres.schema.SuspendedForeignKeys;
import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.sql.ConnectionDetails;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the old source what it was: what the reverse replication switched off comes on again, and
 * at last the fence goes. Each part can be done again.
 */
final class SourceReopening {
  private static final Duration FENCE_LIMIT = Duration.ofSeconds(30);

  private SourceReopening() {}

  /** Triggers, rules and foreign keys; after it no changes can be applied to the source. */
  static void restore(MigrationRun run, Connection source) throws SQLException {
    ConnectionDetails side =
        run.source.toBuilder().parameter("ApplicationName", inPause(run.settings)).build();
    ForeignKeyCheck.onSource(run, foreignKeys(run.settings, side).restore());
    new SuspendedTriggers(run.settings.id()).resume(source);
  }

  /** How the sessions are called that make foreign keys in the pause; by it they are ended. */
  static String inPause(MigrationSettings settings) {
    return settings.sessionName() + "-pause";
  }

  /** Checks the rows that were written while the foreign keys were away. */
  static void validateForeignKeys(MigrationRun run) throws SQLException {
    ForeignKeyCheck.requireTrusted(run.settings, run.source);
    SuspendedForeignKeys keys = foreignKeys(run.settings, run.source);
    ForeignKeyCheck.onSource(run, keys.validate());
    keys.forget();
  }

  /** Those that were dropped since changes could not be applied past them. */
  static SuspendedForeignKeys foreignKeys(MigrationSettings settings, ConnectionDetails source) {
    return new SuspendedForeignKeys(
        source, settings.selection(), settings.id(), settings.connections());
  }

  static void open(MigrationRun run, Connection source) throws SQLException {
    run.fence().lower(source);
  }

  /**
   * Opens it for good, without the target, which may be lost: what was switched off or dropped for
   * the way back is as it was.
   *
   * @return the foreign keys that cannot be as they were
   */
  static List<FailedForeignKey> release(MigrationSettings settings) throws SQLException {
    SuspendedForeignKeys keys = foreignKeys(settings, settings.source());
    List<FailedForeignKey> failed = new ArrayList<>(keys.restore());
    try (Connection source = PinnedSession.open(settings.source(), "release")) {
      new SuspendedTriggers(settings.id()).resume(source);
      new WriteFence(settings.id(), List.of()).remove(source, FENCE_LIMIT);
    }
    ForeignKeyCheck.requireTrusted(settings, settings.source());
    failed.addAll(keys.validate());
    keys.forget();
    try (Connection source = PinnedSession.open(settings.source(), "release")) {
      WriteFence.dropSchemaWhenEmpty(source);
    }
    return failed;
  }
}
