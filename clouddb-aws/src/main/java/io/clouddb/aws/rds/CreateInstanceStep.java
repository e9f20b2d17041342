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
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * Makes the DB instance. It is known again by the operation's id, which it has as a tag; whatever
 * else has its name is somebody else's.
 */
final class CreateInstanceStep extends InstanceStep {
  static final String NAME = "instance";

  /** No state of the instance is waited for here, but whatever else RDS finds busy. */
  private static final Duration LIMIT = Duration.ofMinutes(30);

  private final String provider;

  CreateInstanceStep(String provider, RdsCalls rds) {
    super(NAME, rds);
    this.provider = provider;
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  private CreateRequest request(StepContext context) {
    return new CreateRequest(provider, context);
  }

  private static boolean isOwn(DBInstance instance, StepContext context) {
    return context
        .state()
        .id()
        .equals(RdsCalls.tags(instance.tagList()).get(OperationState.CREATION_TAG));
  }

  static CloudDbException exists(DBInstance existing) {
    return ErrorDetails.of(
            ErrorCategory.ALREADY_EXISTS,
            "There is a DB instance " + existing.dbInstanceIdentifier() + " already")
        .resource(existing.dbInstanceArn())
        .nextStep("Choose another name, or take the existing one by ensure(...).")
        .toException();
  }

  @Override
  public Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    Optional<DBInstance> found = rds.find(context.name());
    if (found.isEmpty()) {
      return Look.missing();
    }
    return isOwn(found.get(), context) ? Look.found(Map.of()) : Look.failed(exists(found.get()));
  }

  @Override
  public Begun begin(StepContext context) {
    CreateRequest request = request(context);
    CreateDbInstanceRequest built =
        request.build(
            request
                .password()
                .map(reference -> MasterPassword.readLater(reference, context))
                .orElse(null));
    try {
      rds.create(built);
    } catch (AlreadyExistsException e) {
      requireOwn(context, e);
    }
    return answered(context, "creation has begun");
  }

  /** The HTTP client may have sent the request twice, or an earlier attempt shows only now. */
  private void requireOwn(StepContext context, AlreadyExistsException e) {
    Optional<DBInstance> found = rds.find(context.name());
    if (found.isPresent()) {
      if (!isOwn(found.get(), context)) {
        throw exists(found.get());
      }
    } else if (context.state().tries() > 1) {
      throw e.details().toBuilder().outcomeKnown(false).retryable(false).toException(e);
    } else {
      throw e;
    }
  }

  @Override
  public boolean needsSecret(StepContext context) {
    return request(context).password().isPresent();
  }

  @Override
  public boolean guarded(StepContext context) {
    return needsSecret(context) || request(context).isPublic();
  }

  @Override
  public String makes(StepContext context) {
    return "the DB instance " + context.name();
  }

  /** An instance that failed stays, for its events to be looked at. */
  @Override
  public Undone undo(StepContext context) {
    Optional<DBInstance> found =
        rds.find(context.name()).filter(instance -> isOwn(instance, context));
    if (found.isPresent()) {
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
