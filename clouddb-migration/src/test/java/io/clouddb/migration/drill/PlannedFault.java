/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.drill;

import org.jspecify.annotations.Nullable;

/**
 * One thing that a drill does to a migration.
 *
 * @param victim who is hit
 * @param fault what is done to a link; null for what is killed
 * @param moment the journal entry that it is tied to
 * @param delayMillis how long after that entry; 0 for right at it, while the process stands there
 * @param holdMillis how long a server is down, or a link out of order
 */
record PlannedFault(
    Victim victim,
    FaultyLink.@Nullable Fault fault,
    Moment moment,
    int delayMillis,
    int holdMillis) {

  /** Who is hit. */
  enum Victim {
    MIGRATOR,
    SOURCE,
    TARGET,
    SOURCE_LINK,
    TARGET_LINK;

    boolean isLink() {
      return this == SOURCE_LINK || this == TARGET_LINK;
    }
  }

  /**
   * A moment in the life of a journal.
   *
   * @param point which entry
   * @param occurrence which of the tables, where there is one for each; 1 otherwise
   * @param durable false when it is about to be written, true when it has been
   */
  record Moment(JournalPoint point, int occurrence, boolean durable) implements Comparable<Moment> {
    @Override
    public int compareTo(Moment other) {
      int byPoint = point.compareTo(other.point);
      if (byPoint != 0) {
        return byPoint;
      }
      int byOccurrence = Integer.compare(occurrence, other.occurrence);
      return byOccurrence != 0 ? byOccurrence : Boolean.compare(durable, other.durable);
    }

    @Override
    public String toString() {
      return (durable ? "after " : "before ")
          + point
          + (point == JournalPoint.COPY_TABLE ? " " + occurrence : "");
    }
  }

  boolean isAtEntry() {
    return delayMillis == 0;
  }

  /** What is done, in a word. */
  String what() {
    return fault == null ? "KILL" : fault.name();
  }

  @Override
  public String toString() {
    return victim
        + " "
        + what()
        + " "
        + (isAtEntry() ? "" : delayMillis + " ms ")
        + moment
        + (victim == Victim.MIGRATOR ? "" : ", for " + holdMillis + " ms");
  }
}
