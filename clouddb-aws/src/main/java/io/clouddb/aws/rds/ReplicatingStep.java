/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Waits until the replica follows its source. */
final class ReplicatingStep extends InstanceStep {
  /** RDS counts it as available before it has caught up with what it needs to follow. */
  private static final Duration LIMIT = Duration.ofHours(6);

  private static final Duration BROKEN_LIMIT = Duration.ofMinutes(30);

  /** When it was last seen on its way. */
  private static final String WORKED = "worked";

  ReplicatingStep(RdsCalls rds) {
    super("replicating", rds);
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstance> found = find(context);
    return found.isEmpty() ? Look.missing("not visible") : look(context, found.get());
  }

  static Look look(StepContext context, DBInstance replica) {
    if (!ReplicaView.isReplica(replica)) {
      return Look.failed(promoted(context));
    }
    String status = ReplicaView.status(replica);
    return switch (ReplicaView.state(replica)) {
      case REPLICATING -> Look.happened();
      case TERMINATED ->
          Look.failed(
              ErrorDetails.of(
                      ErrorCategory.OTHER,
                      context.name() + " does not follow its source any more: " + status)
                  .resource(context.resource().toString())
                  .providerCode(ReplicaView.word(replica))
                  .nextStep("Look whether its source is there; delete it when it is of no use.")
                  .toException());
      case BROKEN -> broken(context, replica);
      default -> new Look.Going(status, null, Map.of(WORKED, context.now().toString()));
    };
  }

  /** Its source may restart, or it catches up: that passes. */
  private static Look broken(StepContext context, DBInstance replica) {
    Instant since = context.since();
    Instant worked = Notes.time(context, WORKED).filter(since::isBefore).orElse(since);
    if (context.isWithin(BROKEN_LIMIT, worked)) {
      return Look.going(ReplicaView.status(replica));
    }
    throw ErrorDetails.of(
            ErrorCategory.DEADLINE,
            context.name()
                + " is made, and has not followed its source for "
                + BROKEN_LIMIT.toMinutes()
                + " minutes: "
                + ReplicaView.status(replica))
        .resource(context.resource().toString())
        .providerCode(ReplicaView.word(replica))
        .nextStep("Mend what RDS says, and resume it by its token; or delete the replica.")
        .toException();
  }

  private static CloudDbException promoted(StepContext context) {
    return ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            context.name() + " was made, and was promoted since: it follows no source any more")
        .resource(context.resource().toString())
        .nextStep(
            "It takes writes itself, and may have data that nobody else has: look at it by"
                + " instances().get(...).")
        .toException();
  }
}
