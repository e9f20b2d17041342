/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The entries of a journal at which a drill may hit, in the order in which a migration comes to
 * them. A run that writes an entry which is not known here fails its drill, so none is left out.
 */
enum JournalPoint {
  ATTEMPT_STARTED("attempt.started", ""),
  PREFLIGHT_STARTED("step.started", "PREFLIGHT"),
  PREFLIGHT_FINISHED("step.finished", "PREFLIGHT"),
  REPLICATE_STARTED("step.started", "REPLICATE"),
  COPY_PLANNED("copy.planned", ""),
  COPY_BEGUN("copy.begun", ""),
  REPLICATE_FINISHED("step.finished", "REPLICATE"),
  SYNC_STARTED("step.started", "SYNC"),
  /** One for each table that is complete. */
  COPY_TABLE("copy.table", ""),
  SYNC_FINISHED("step.finished", "SYNC"),
  CDC_STARTED("step.started", "CDC"),
  CDC_FINISHED("step.finished", "CDC"),
  VALIDATE_STARTED("step.started", "VALIDATE"),
  VALIDATE_FINISHED("step.finished", "VALIDATE"),
  CUTOVER_STARTED("step.started", "CUTOVER"),
  /** The slot of the way back stands. */
  WAY_BACK("reverse.prepared", ""),
  /** The point of no return. */
  SWITCH_DECIDED("cutover.point-of-no-return", ""),
  CUTOVER_FINISHED("step.finished", "CUTOVER"),
  REVERSE_STARTED("step.started", "REVERSE"),
  SOURCE_REMOVING("run.removing", "slot and publication of the source"),
  END_ASKED("reverse.end-asked", ""),
  RETURN_DECIDED("rollback.point-of-no-return", ""),
  REVERSE_FINISHED("step.finished", "REVERSE"),
  CLEANUP_STARTED("step.started", "CLEANUP"),
  REMOVING("run.removing", "slot and publication"),
  CLEANUP_FINISHED("step.finished", "CLEANUP"),
  /** What a rollback before the switch begins with. */
  ABORTING("run.removing", "everything"),
  ENDED("run.ended", "");

  /** Before the application is switched, where every migration comes by, but for the tables. */
  static final List<JournalPoint> FORWARD =
      List.of(
          ATTEMPT_STARTED,
          PREFLIGHT_STARTED,
          PREFLIGHT_FINISHED,
          REPLICATE_STARTED,
          COPY_PLANNED,
          COPY_BEGUN,
          REPLICATE_FINISHED,
          SYNC_STARTED,
          SYNC_FINISHED,
          CDC_STARTED,
          CDC_FINISHED,
          VALIDATE_STARTED,
          VALIDATE_FINISHED,
          CUTOVER_STARTED);

  /** Entries that only a run which was hit writes, and so none that a plan can count on. */
  private static final Set<String> OF_TROUBLE =
      Set.of("step.failed", "rollback.failed", "copy.again", "target.emptied", "target.removed");

  /** Written by each migration with a way back, a moment before the point that follows. */
  private static final String MARKS = "marks.secret";

  /** What a cutover that did not come to its decision takes away. */
  private static final Set<String> TRIED_AGAIN =
      Set.of("fence", "pause", "slot and publication of the target");

  private final String kind;
  private final String detail;

  JournalPoint(String kind, String detail) {
    this.kind = kind;
    this.detail = detail;
  }

  /**
   * Finds the point that an entry is.
   *
   * @param kind what the journal calls it
   * @param detail its step, what is removed, or how the run ended
   * @param cleaning whether the run is in its last step
   * @return empty for an entry that belongs to a failure
   */
  static Optional<JournalPoint> of(String kind, String detail, boolean cleaning) {
    if (OF_TROUBLE.contains(kind)
        || kind.equals(MARKS)
        || (kind.equals(ENDED.kind) && detail.equals(DrillGate.UNFINISHED))) {
      return Optional.empty();
    }
    if (kind.equals(REMOVING.kind)
        && (TRIED_AGAIN.contains(detail) || (detail.equals(REMOVING.detail) && !cleaning))) {
      return Optional.empty();
    }
    for (JournalPoint point : values()) {
      if (point.kind.equals(kind) && (point.detail.isEmpty() || point.detail.equals(detail))) {
        return Optional.of(point);
      }
    }
    throw new AssertionError("No drill knows the entry " + kind + " " + detail + " of the journal");
  }
}
