/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** What the steps of the workflows on DB instances have in common. */
abstract class InstanceStep implements StepAction {
  /** RDS may take hours for a change of a large disk, and for the first backup of one. */
  private static final Duration LONGEST = Duration.ofDays(1);

  private static final String ANSWERED = "answered.";

  protected final RdsCalls rds;
  private final String name;

  InstanceStep(String name, RdsCalls rds) {
    this.name = name;
    this.rds = rds;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public Duration limit() {
    return LONGEST;
  }

  private String note(StepContext context) {
    return ANSWERED + (context.item().isEmpty() ? name : name + "/" + context.item());
  }

  /** The operation's instance; a later one of its name, which an old token may find, is not it. */
  final Optional<DBInstance> find(StepContext context) {
    return find(context, rds);
  }

  private static Optional<DBInstance> find(StepContext context, RdsCalls rds) {
    Optional<DBInstance> found = rds.find(context.name());
    if (found.isPresent() && !isThatOne(context, found.get())) {
      throw gone(context, "There is another DB instance of its name now");
    }
    return found;
  }

  /** The same, where it has to be there. */
  final DBInstance get(StepContext context) {
    return get(context, rds);
  }

  /** The same for what comes of the operation. */
  static DBInstance get(StepContext context, RdsCalls rds) {
    return find(context, rds).orElseThrow(() -> gone(context, "There is none of its name"));
  }

  /**
   * Whether an instance is the one that the operation began with, or made. Tokens of creations from
   * before its id was noted are held to the instance's tag.
   */
  static boolean isThatOne(StepContext context, DBInstance instance) {
    Optional<String> id = context.value(Notes.RESOURCE);
    return id.isPresent()
        ? id.get().equals(instance.dbiResourceId())
        : !Settling.isCreation(context) || CreateStep.isOwn(instance, context);
  }

  private static CloudDbException gone(StepContext context, String why) {
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND, "The DB instance " + context.name() + " is gone. " + why)
        .operation("rds.DescribeDBInstances")
        .resource(context.resource().toString())
        .providerCode("DBInstanceNotFound")
        .toException();
  }

  /** Whether RDS has answered the step's request: then it need not show its effect at once. */
  final boolean answered(StepContext context) {
    return context.value(note(context)).isPresent();
  }

  /** An answered request, whose effect later steps wait for. */
  final Begun answered(StepContext context, String message) {
    return answered(context, message, Map.of());
  }

  /** The same, with what later steps need of the answer. */
  final Begun answered(StepContext context, String message, Map<String, String> more) {
    Map<String, String> notes = new HashMap<>(more);
    notes.put(note(context), Notes.YES);
    return Begun.done(message).noting(notes);
  }

  /** Sends a request that RDS may refuse because of the instance's state. */
  final void send(StepContext context, Runnable request) {
    try {
      request.run();
    } catch (BusyException e) {
      Optional<DBInstance> now = rds.find(context.name());
      throw Refusals.meaning(
          context,
          context.name(),
          now.map(DBInstance::dbInstanceStatus).orElse(RdsStates.DELETING),
          e);
    }
  }

  /** It goes on, or is waited for before the request can be sent. */
  static Look going(StepContext context, String status) {
    return new Look.Going(status, null, Refusals.seen(context, status));
  }

  /** The request is to be sent; since when the instance is in this state is noted. */
  static Look missing(StepContext context, String status) {
    return Look.missing(status, Refusals.seen(context, status));
  }
}
