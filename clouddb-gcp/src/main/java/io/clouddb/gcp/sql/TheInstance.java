/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.ResourceId;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.plan.Specification;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;

/**
 * The instance that an operation is about: the one in this region, since names are unique in the
 * whole project, and the one that was there when the operation began, since a name is used again.
 */
final class TheInstance {
  /** Value: when the instance was made; one made later is another one. */
  static final String CREATED = "created";

  private final SqlAdminCalls calls;
  private final String region;

  TheInstance(SqlAdminCalls calls, String region) {
    this.calls = calls;
    this.region = region;
  }

  boolean isHere(DatabaseInstance found) {
    return region.equals(found.getRegion());
  }

  /**
   * The instance of that name, in this region.
   *
   * @param id the instance
   * @return what Google says of it
   * @throws io.clouddb.error.NotFoundException when there is none, or it is in another region
   */
  DatabaseInstance get(ResourceId id) {
    return calls
        .find(id.name())
        .filter(this::isHere)
        .orElseThrow(
            () ->
                ErrorDetails.of(
                        ErrorCategory.NOT_FOUND,
                        "There is no instance " + id.name() + " in " + region)
                    .resource(id.toString())
                    .toException());
  }

  /** The instance, before the first step, and the state that knows it again. */
  OperationState noted(StepContext context, DatabaseInstance found) {
    String created = found.getCreateTime();
    return created == null ? context.state() : context.state().with(CREATED, created);
  }

  /** The instance; somebody else's of the same name is none. */
  DatabaseInstance get(StepContext context) {
    DatabaseInstance found = calls.get(context.name());
    if (!isHere(found)) {
      throw ErrorDetails.of(
              ErrorCategory.NOT_FOUND,
              context.name() + " is in the region " + found.getRegion() + ", not in " + region)
          .nextStep("Open that region.")
          .toException();
    }
    if (!isTheSame(found, context)) {
      throw anotherOne(found, context);
    }
    return found;
  }

  /** The instance; empty when it is gone, whoever has its name now. */
  Optional<DatabaseInstance> find(StepContext context) {
    return calls.find(context.name()).filter(this::isHere).filter(it -> isTheSame(it, context));
  }

  private static boolean isTheSame(DatabaseInstance found, StepContext context) {
    return isMadeAt(context.value(CREATED), found) && isOwnOfMaker(found, context);
  }

  private static boolean isMadeAt(Optional<String> noted, DatabaseInstance found) {
    String created = found.getCreateTime();
    return created == null || created.equals(noted.orElse(created));
  }

  /** What an operation makes carries its id, so that one made later under its name is none. */
  private static boolean isOwnOfMaker(DatabaseInstance found, StepContext context) {
    Specification spec = context.state().specification().orElse(null);
    if (spec instanceof RestoreSpec && CloneRequest.isClone(context)) {
      return CloneRequest.mayBeOwn(context, found);
    }
    boolean makes =
        spec instanceof InstanceSpec || spec instanceof ReplicaSpec || spec instanceof RestoreSpec;
    return !makes
        || Labels.attempt(InstanceReader.labels(found.getSettings()))
            .filter(context.state().id()::equals)
            .isPresent();
  }

  /**
   * Refuses a source that was made, under the name of the one that was looked at, after that.
   *
   * @param noted when the one that was looked at was made; empty when that is not known
   * @param found what has the name
   * @param context the operation
   */
  static void requireMadeAt(Optional<String> noted, DatabaseInstance found, StepContext context) {
    if (!isMadeAt(noted, found)) {
      throw anotherOne(found, context);
    }
  }

  private static CloudDbException anotherOne(DatabaseInstance found, StepContext context) {
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            found.getName()
                + " was deleted after "
                + context.state().kind()
                + " had begun: the instance of that name was made at "
                + found.getCreateTime())
        .resource(context.resource().toString())
        .toException();
  }
}
