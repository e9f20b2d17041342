/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import io.clouddb.migration.drill.PlannedFault.Moment;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a migration has come, over all its processes, by what they say at the gate. */
final class JournalWatch {
  private static final String STEP_STARTED = "step.started";
  private static final String CLEANUP = "CLEANUP";

  private @Nullable Moment now;
  private String where = "the start";
  private String step = "START";
  private int tables;
  private boolean attempt;
  private boolean over;

  void note(DrillProcess.Standing standing) {
    where = (standing.durable() ? "after " : "before ") + standing.kind() + " " + standing.detail();
    if (standing.kind().equals(STEP_STARTED)) {
      step = standing.detail();
    }
    Optional<JournalPoint> point =
        JournalPoint.of(standing.kind(), standing.detail(), step.equals(CLEANUP));
    if (point.isEmpty()) {
      now = null;
      return;
    }
    int occurrence = 1;
    if (point.get() == JournalPoint.COPY_TABLE) {
      tables += standing.durable() ? 0 : 1;
      occurrence = Math.max(1, tables);
    }
    if (point.get() == JournalPoint.ABORTING) {
      step = "ROLLBACK";
    }
    attempt |= standing.durable() && point.get() == JournalPoint.ATTEMPT_STARTED;
    over |= standing.durable() && point.get() == JournalPoint.ENDED;
    now = new Moment(point.get(), occurrence, standing.durable());
  }

  /** The moment at which the process stands, or that it has passed; empty for one of trouble. */
  Optional<Moment> now() {
    return Optional.ofNullable(now);
  }

  boolean isAt(JournalPoint point) {
    return now != null && now.point() == point;
  }

  /** The last entry that it came to. */
  String where() {
    return where;
  }

  /** The step that is under way. */
  String step() {
    return step;
  }

  /** Whether there is a migration that could be undone. */
  boolean hasAttempt() {
    return attempt;
  }

  /** Whether the journal says that it ended for good. */
  boolean isOver() {
    return over;
  }

  @Override
  public String toString() {
    return where + " in " + step;
  }
}
