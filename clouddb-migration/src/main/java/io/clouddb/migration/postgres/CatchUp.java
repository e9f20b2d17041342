/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.DeadlineException;
import io.clouddb.migration.postgres.catalog.CatalogSession;
import io.clouddb.migration.postgres.cutover.FenceMarker;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.UUID;

/**
 * Waits until the target is close behind the source. How close is measured by a message that goes
 * through the stream and is timed: a lag of 0 bytes is none, it can mean that nothing moves.
 */
final class CatchUp {
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

  private CatchUp() {}

  /** Waits until everything that the source has committed by now is durable on the target. */
  static void awaitNow(MigrationRun run) throws SQLException {
    try (Connection source = CatalogSession.open(run.source)) {
      UUID marker = UUID.randomUUID();
      FenceMarker.write(source, marker);
      awaitApplied(run, run.forward(), marker);
    }
  }

  /**
   * Waits as long as it takes.
   *
   * @return how long the last message was on its way
   */
  static Duration await(MigrationRun run, Direction direction, Duration limit) throws SQLException {
    try (Connection source = CatalogSession.open(direction.from())) {
      while (true) {
        UUID marker = UUID.randomUUID();
        FenceMarker.write(source, marker);
        long sent = System.nanoTime();
        awaitApplied(run, direction, marker);
        Duration took = Duration.ofNanos(System.nanoTime() - sent);
        if (took.compareTo(limit) <= 0) {
          return took;
        }
      }
    }
  }

  private static void awaitApplied(MigrationRun run, Direction direction, UUID marker) {
    while (true) {
      run.checkAborted();
      direction.check();
      try {
        direction
            .applier()
            .awaitMarker(FenceMarker.PREFIX, FenceMarker.content(marker), LOOK_AGAIN);
        return;
      } catch (DeadlineException e) {
        // Not there yet. The markers are few, so a long wait does not push this one out.
        run.meter.activity = "applying changes";
      }
    }
  }
}
