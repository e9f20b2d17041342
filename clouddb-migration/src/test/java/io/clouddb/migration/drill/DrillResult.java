/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What came of a drill.
 *
 * @param plan what its seed decided
 * @param hits what was inflicted
 * @param runs how many processes it took
 * @param writes that were acknowledged
 * @param retained the most bytes of log that a server kept for a slot
 * @param millis how long it took
 */
record DrillResult(
    DrillPlan plan, List<Hit> hits, int runs, int writes, long retained, long millis) {

  /**
   * A fault that hit.
   *
   * @param fault what was planned
   * @param where the journal entry at which the process stood, or that it had passed last
   * @param step the step that was under way
   */
  record Hit(PlannedFault fault, String where, String step) {
    @Override
    public String toString() {
      String done = fault.victim() + " " + fault.what();
      return done
          + (fault.isAtEntry() ? " " : " at a random time, last entry ")
          + where
          + " ("
          + step
          + ")";
    }
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "seed %d: %s %s; %d to %d%s, state in %s, route in %s; %s; %d runs, %,d writes,"
            + " %,d bytes of log kept, %.1f s",
        plan.seed(),
        plan.ending(),
        plan.live() ? "live" : "by another process",
        plan.sourceVersion(),
        plan.targetVersion(),
        plan.replicaRole() ? " with replica role" : "",
        plan.stateInDatabase() ? "database" : "folder",
        plan.routeInDatabase() ? "database" : "file",
        hits.stream().map(Hit::toString).collect(Collectors.joining("; ")),
        runs,
        writes,
        retained,
        millis / 1000.0);
  }
}
