/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.catalog.CatalogSession;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * Waits until the target is close behind the source. How close is measured by a message that goes
 * through the stream and is timed: a lag of 0 bytes is none, it can mean that nothing moves.
 */
final class CatchUp {
  private CatchUp() {}

  /** Waits until everything that the source has committed by now is durable on the target. */
  static void awaitNow(MigrationRun run) throws SQLException {
    try (Connection source = CatalogSession.open(run.source)) {
      marker(run, run.forward()).run(source);
    }
  }

  /**
   * Waits as long as it takes.
   *
   * @return how long the last message was on its way
   */
  static Duration await(MigrationRun run, Direction direction, Duration limit) throws SQLException {
    try (Connection from = CatalogSession.open(direction.from())) {
      return await(run, direction, limit, from);
    }
  }

  /**
   * The same.
   *
   * @param from an open session where the changes come from
   */
  static Duration await(MigrationRun run, Direction direction, Duration limit, Connection from)
      throws SQLException {
    while (true) {
      Duration took = marker(run, direction).run(from);
      if (took.compareTo(limit) <= 0) {
        return took;
      }
    }
  }

  private static MarkerWait marker(MigrationRun run, Direction direction) {
    return new MarkerWait(
        direction,
        run.pace,
        () -> {
          run.checkAborted();
          run.meter.activity = "applying changes";
        });
  }
}
