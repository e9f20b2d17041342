/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.report.MigrationReport;
import io.clouddb.migration.route.RouteControl;

/** Undoes a migration before its switch: the source becomes as it was. */
final class SourceRestore {
  private SourceRestore() {}

  static MigrationReport run(MigrationRun run, Outcome outcome) {
    return run(run, outcome, new Traces(run.settings));
  }

  /**
   * Does so.
   *
   * @param traces removes what the migration made
   */
  static MigrationReport run(MigrationRun run, Outcome outcome, Traces traces) {
    run.history.removing("everything");
    run.notifier.notice("Stopping: the source becomes as it was");
    run.close();
    traces.removeFence(run.fence());
    boolean open = true;
    RouteControl route = run.route;
    if (route != null) {
      try {
        route.reopen();
      } catch (CloudDbException e) {
        open = false;
        run.leftBehind.add("The route of the applications: " + e.getMessage());
      }
    }
    traces.removeReplication();
    traces.removePosition();
    run.leftBehind.addAll(traces.left());
    return outcome.rolledBack(open && traces.left().isEmpty(), traces.otherTarget());
  }
}
