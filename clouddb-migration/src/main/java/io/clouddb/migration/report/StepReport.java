/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.migration.report;

import io.clouddb.migration.progress.MigrationStep;
import java.time.Instant;
import java.util.Objects;

/**
 * How one step went.
 *
 * @param step the step
 * @param start when it began
 * @param end when it ended
 * @param outcome how it ended
 * @param details what it did, in a sentence
 */
public record StepReport(
    MigrationStep step, Instant start, Instant end, Outcome outcome, String details) {
  /** How a step ended. */
  public enum Outcome {
    /** It did what it has to do. */
    DONE,
    /** It failed. */
    FAILED,
    /** It was stopped from outside. */
    ABORTED
  }

  /** Checks that nothing is missing. */
  public StepReport {
    Objects.requireNonNull(step, "step");
    Objects.requireNonNull(start, "start");
    Objects.requireNonNull(end, "end");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(details, "details");
  }
}
