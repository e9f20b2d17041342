/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What a refusal of the kind "not in this state" means. RDS says so for what passes and for what
 * never will. So an instance that is on its way to another state is waited for, and one that is not
 * only for some minutes; then the refusal is the outcome, and whoever has removed its cause goes on
 * by the token.
 */
final class Refusals {
  static final Duration LIMIT = Duration.ofMinutes(15);

  /** When the instance was last seen on its way to another state. */
  private static final String MOVED = "moved";

  private Refusals() {}

  /**
   * What a look notes of a state, for {@link #meaning}.
   *
   * @param context the operation
   * @param status the instance's
   * @return the notes
   */
  static Map<String, String> seen(StepContext context, String status) {
    return RdsStates.resting(status) ? Map.of() : Map.of(MOVED, context.now().toString());
  }

  /**
   * Says what is to be made of a refusal.
   *
   * @param context the operation, at the step that was refused
   * @param name the instance whose state RDS refuses
   * @param status that instance's
   * @param refusal what RDS said
   * @return the same as long as it may pass
   */
  static CloudDbException meaning(
      StepContext context, String name, String status, BusyException refusal) {
    if (!RdsStates.resting(status) || context.isWithin(LIMIT, waitedSince(context))) {
      return refusal;
    }
    return ended(
        refusal,
        "RDS has refused this for "
            + LIMIT.toMinutes()
            + " minutes while "
            + name
            + " was "
            + status
            + ": "
            + refusal.details().message(),
        "Mend what the message says, and resume it by its token.");
  }

  /**
   * The end of a wait for a state that RDS does not leave.
   *
   * @param refusal what RDS said last
   * @param message what was waited for
   * @param nextStep what can be done
   * @return an error from which the operation can be gone on with
   */
  static CloudDbException ended(BusyException refusal, String message, String nextStep) {
    return ErrorDetails.of(ErrorCategory.DEADLINE, message)
        .operation(refusal.details().operation().orElse(null))
        .resource(refusal.details().resource().orElse(null))
        .providerCode(refusal.details().providerCode().orElse(null))
        .requestId(refusal.details().requestId().orElse(null))
        .nextStep(nextStep)
        .toException(refusal);
  }

  /**
   * The same refusal with more advice.
   *
   * @param refusal what RDS said
   * @param more what can be done beside what is said of such refusals whatever was asked for
   */
  static CloudDbException advising(CloudDbException refusal, String more) {
    return refusal.details().toBuilder()
        .nextStep(refusal.nextStep().map(known -> known + " " + more).orElse(more))
        .toException(refusal);
  }

  /**
   * Since when the step has been waiting for an instance that is not on its way.
   *
   * @param context the operation
   * @return a time
   */
  static Instant waitedSince(StepContext context) {
    Instant since = context.since();
    return Notes.time(context, MOVED).filter(seen -> seen.isAfter(since)).orElse(since);
  }
}
