/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.apply.PositionTable;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.stream.SourceIdentity;
import io.clouddb.migration.progress.MigrationStep;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

/** Applies the changes since the snapshot, until the target is close behind. */
final class CdcTask implements MigrationTask {
  @Override
  public MigrationStep step() {
    return MigrationStep.CDC;
  }

  @Override
  public Done run(MigrationRun run) throws SQLException {
    run.meter.activity = "applying changes";
    try (Connection source = CatalogSession.open(run.source)) {
      requirePosition(run, source);
      long before = run.meter.changesApplied();
      Duration took = CatchUp.await(run, run.forward(source), run.settings.lagLimit(), source);
      // Not held while it catches up: a connection that nothing goes over for hours may be lost.
      try (Connection target = CatalogSession.open(run.target)) {
        UncarriedChanges.requireNone(run, source, target);
      }
      return Done.of(
          String.format(
              Locale.ROOT,
              "%,d changes applied; the target is %d ms behind",
              run.meter.changesApplied() - before,
              took.toMillis()));
    }
  }

  private static void requirePosition(MigrationRun run, Connection source) throws SQLException {
    try (Connection target = CatalogSession.open(run.target)) {
      PositionTable.Position position = PositionTable.read(target, run.settings.id()).orElseThrow();
      // First: a server that took the source's place has no such slot either.
      position.identity().requireSame(SourceIdentity.read(run.source));
      run.requireUsable(source, run.settings.replicationName(), position.lsn());
    }
  }
}
