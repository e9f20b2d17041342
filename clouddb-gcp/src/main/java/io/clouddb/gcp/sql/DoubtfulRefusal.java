/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.error.BusyException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Tells a refusal that passes from one that may last. While another operation goes on, a request is
 * refused for now, and says so. "Not in an appropriate state" is said of what passes and of what
 * never will: it is waited for as long as what passes takes, and then ends the wait.
 */
final class DoubtfulRefusal {
  static final Duration LIMIT = Duration.ofMinutes(15);

  private DoubtfulRefusal() {}

  /**
   * Sends a step's request.
   *
   * @param context the operation
   * @param calls looks at the instance when there is a doubt
   * @param request the request
   * @return what the service answered
   */
  static Operation send(StepContext context, SqlAdminCalls calls, Supplier<Operation> request) {
    try {
      return request.get();
    } catch (BusyException e) {
      if (!e.details()
          .providerCode()
          .filter(SqlAdminErrors.OPERATION_IN_PROGRESS::equals)
          .isPresent()) {
        requirePassing(context, calls, e);
      }
      throw e;
    }
  }

  private static void requirePassing(StepContext context, SqlAdminCalls calls, BusyException e) {
    Optional<DatabaseInstance> found = find(context, calls, e);
    if (!context.state().kind().equals(InstanceDriver.DELETE.id())) {
      found
          .flatMap(instance -> StateChecks.failure(instance, context))
          .ifPresent(
              failure -> {
                throw failure;
              });
    }
    Instant since = context.state().since().orElse(context.now());
    if (Duration.between(since, context.now()).compareTo(LIMIT) < 0) {
      return;
    }
    ErrorDetails details = e.details();
    throw ErrorDetails.of(
            ErrorCategory.DEADLINE,
            "Cloud SQL does not take the step '%s' of %s since %s; the instance is %s. Google says: %s"
                .formatted(
                    context.state().step(),
                    context.name(),
                    since,
                    found.map(DatabaseInstance::getState).orElse("not there"),
                    details.message()))
        .operation(details.operation().orElse(null))
        .resource(context.resource().toString())
        .providerCode(details.providerCode().orElse(null))
        .nextStep(
            "Look at "
                + context.name()
                + " and its operations in Google's console, then resume it by its token.")
        .toException(e);
  }

  private static Optional<DatabaseInstance> find(
      StepContext context, SqlAdminCalls calls, BusyException refusal) {
    try {
      return calls.find(context.name());
    } catch (CloudDbException e) {
      // The refusal is what counts; it is looked again with the next one.
      refusal.addSuppressed(e);
      throw refusal;
    }
  }
}
