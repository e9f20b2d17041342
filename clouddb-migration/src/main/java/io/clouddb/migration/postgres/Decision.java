/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.postgres;

import io.clouddb.error.CloudDbException;
import io.clouddb.migration.route.Route;

/**
 * The entry of the journal from which on the application belongs on the other side. When its append
 * fails, what is in the journal decides and not what was tried: the next run goes by the journal.
 */
final class Decision {
  private final MigrationRun run;
  private final Route.Side side;
  private boolean reached;

  Decision(MigrationRun run, Route.Side side) {
    this.run = run;
    this.side = side;
  }

  /**
   * Takes it.
   *
   * @param journal writes it down, and finds out whether it is there when that fails
   */
  void take(Runnable journal) {
    reached = true;
    run.undecided = side;
    try {
      journal.run();
      run.undecided = null;
    } catch (CloudDbException e) {
      if (e.details().outcomeKnown()) {
        reached = false;
        run.undecided = null;
      }
      throw e;
    }
  }

  /** Whether it is taken, or perhaps is: then the side that gives the application stays closed. */
  boolean reached() {
    return reached;
  }
}
