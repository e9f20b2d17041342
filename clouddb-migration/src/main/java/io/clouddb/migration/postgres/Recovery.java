/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.migration.postgres.stream.PinnedSession;
import io.clouddb.migration.postgres.stream.SlotStatus;
import io.clouddb.migration.progress.MigrationStep;
import io.clouddb.migration.route.RouteControl;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** Puts right what an earlier run that was killed left half done, before the next goes on. */
final class Recovery {
  private static final Duration FENCE_LIMIT = Duration.ofSeconds(30);

  private Recovery() {}

  static void recover(MigrationRun run) throws SQLException {
    MigrationSettings settings = run.settings;
    OwnSessions.end(settings.source(), settings.sessionName());
    OwnSessions.end(settings.target(), settings.sessionName());
    run.history.lastReport().ifPresent(last -> run.meter.appliedBefore(last.changesApplied()));
    if (run.history.pastPointOfNoReturn()) {
      recoverFromGoingBack(run);
      return;
    }
    try (Connection source = PinnedSession.open(run.source, "recovery");
        Connection target = run.outsideOfPauses(run.target, FENCE_LIMIT)) {
      run.fence().lower(source);
      reopen(run);
      if (settings.reverses()) {
        // The next cutover makes it anew. Until then it would keep log, and nobody watches it.
        SlotStatus.drop(target, settings.reverseName(), FENCE_LIMIT);
        run.removeSpill(settings.reverseName());
      }
      boolean keysStandInTheWay =
          !run.history.finished(MigrationStep.SYNC) || !ReplicaRole.available(target);
      TargetRewind.rewind(run, target, keysStandInTheWay);
    }
  }

  /** An earlier run was taking the application back, and had not decided to. */
  private static void recoverFromGoingBack(MigrationRun run) throws SQLException {
    run.history.endAsked().ifPresent(run.requests::end);
    if (run.history.rollbackDecided() || !run.history.finished(MigrationStep.CUTOVER)) {
      return;
    }
    try (Connection target = PinnedSession.open(run.target, "recovery")) {
      run.fence().lower(target);
    }
    reopen(run);
  }

  private static void reopen(MigrationRun run) {
    RouteControl route = run.route;
    if (route != null) {
      route.reopen();
    }
  }
}
