/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.Undone;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.Tag;

/**
 * Makes a DB instance, be it a replica. It is known again by the operation's id, which it has as a
 * tag; whatever else has its name is somebody else's.
 */
abstract class CreateStep extends InstanceStep {
  private final String kind;
  private final String advice;

  /**
   * A step.
   *
   * @param name its name
   * @param rds the calls
   * @param kind what it makes, for example {@code DB instance}
   * @param advice what to do beside choosing another name, where one is there already
   */
  CreateStep(String name, RdsCalls rds, String kind, String advice) {
    super(name, rds);
    this.kind = kind;
    this.advice = advice;
  }

  /** Sends the request that makes it, and gives what RDS answers of it. */
  abstract Optional<DBInstance> create(StepContext context);

  /** What is seen while it is not there. */
  Look absent(StepContext context) {
    return Look.missing();
  }

  /** Whether one that this operation has made is still what it made. */
  boolean stillOwn(DBInstance instance) {
    return true;
  }

  /** The caller's tags, and the one by which it is known again. */
  static List<Tag> tags(List<Tag> wanted, StepContext context) {
    return Tags.together(wanted, context);
  }

  /** Whether the operation has made an instance. */
  static boolean isOwn(DBInstance instance, StepContext context) {
    return maker(instance).filter(context.state().id()::equals).isPresent();
  }

  /** The operation that made an instance; empty for others, and as long as no tags show. */
  private static Optional<String> maker(DBInstance instance) {
    return Optional.ofNullable(RdsCalls.tags(instance.tagList()).get(OperationState.CREATION_TAG));
  }

  private CloudDbException exists(DBInstance existing) {
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS,
            "There is a DB instance " + existing.dbInstanceIdentifier() + " already")
        .resource(existing.dbInstanceArn())
        .nextStep("Choose another name, or " + advice + ".")
        .toException();
  }

  /**
   * Refuses a name that is taken, before anything is made.
   *
   * @param checks the calls of what is looked at while the caller waits
   * @param context the operation
   */
  final void requireFree(RdsCalls checks, StepContext context) {
    Optional<DBInstance> found = checks.find(context.name());
    if (found.isPresent()) {
      throw exists(found.get());
    }
  }

  @Override
  public final Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    Optional<DBInstance> found = rds.find(context.name());
    if (found.isEmpty()) {
      return absent(context);
    }
    if (isOwn(found.get(), context)) {
      return Look.found(Notes.identity(found.get()));
    }
    return context.asked() && maker(found.get()).isEmpty()
        ? Look.missing("its tags are not visible yet")
        : Look.failed(exists(found.get()));
  }

  @Override
  public final Begun begin(StepContext context) {
    Optional<DBInstance> made;
    try {
      made = create(context);
    } catch (AlreadyExistsException e) {
      made = Optional.of(own(context, e));
    }
    return answered(context, "creation has begun", made.map(Notes::identity).orElseGet(Map::of));
  }

  /** The HTTP client may have sent the request twice, or an earlier attempt shows only now. */
  private DBInstance own(StepContext context, AlreadyExistsException e) {
    Optional<DBInstance> found = rds.find(context.name());
    if (found.isPresent()) {
      if (!isOwn(found.get(), context)) {
        throw exists(found.get());
      }
      return found.get();
    }
    if (context.state().tries() > 1) {
      throw e.details().toBuilder().outcomeKnown(false).retryable(false).toException(e);
    }
    throw e;
  }

  @Override
  public final String makes(StepContext context) {
    return "the " + kind + " " + context.name();
  }

  /** An instance that failed stays, for its events to be looked at. */
  @Override
  public final Undone undo(StepContext context) {
    Optional<DBInstance> found =
        rds.find(context.name()).filter(instance -> isOwn(instance, context));
    if (found.isPresent()) {
      if (!stillOwn(found.get())) {
        return Undone.gone();
      }
      return found.get().dbInstanceStatus().equals(RdsStates.DELETING)
          ? Undone.going("is being deleted")
          : Undone.stays(makes(context));
    }
    boolean lost = context.state().failure().filter(e -> !e.details().outcomeKnown()).isPresent();
    return lost
        ? Undone.stays(makes(context) + ", if a request whose answer was lost has made it")
        : Undone.gone();
  }
}
