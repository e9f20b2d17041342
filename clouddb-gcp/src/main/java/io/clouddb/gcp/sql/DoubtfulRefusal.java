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
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tells a refusal that passes from one that may last. While another operation goes on, a request is
 * refused for now, and says so. "Not in an appropriate state" is said of what passes and of what
 * never will: it is waited for as long as what passes takes, and then ends the wait.
 */
final class DoubtfulRefusal {
  static final Duration LIMIT = Duration.ofMinutes(15);

  /** What has failed can be deleted. */
  private static final Set<String> DELETIONS =
      Set.of(InstanceDriver.DELETE.id(), InstanceDriver.DELETE_KEEPING_BACKUPS.id());

  private DoubtfulRefusal() {}

  /**
   * Sends a step's request.
   *
   * @param context the operation
   * @param calls looks at the instance when there is a doubt
   * @param asked the name of the instance whose operation it is: a replica's is its source's
   * @param request the request
   * @return what the service answered
   */
  static Operation send(
      StepContext context, SqlAdminCalls calls, String asked, Supplier<Operation> request) {
    try {
      return request.get();
    } catch (BusyException e) {
      if (!e.details()
          .providerCode()
          .filter(SqlAdminErrors.OPERATION_IN_PROGRESS::equals)
          .isPresent()) {
        throw doubtful(context, calls, asked, e);
      }
      throw e;
    }
  }

  /** The refusal, with what it is about and until when it is waited for, or what ends the wait. */
  private static CloudDbException doubtful(
      StepContext context, SqlAdminCalls calls, String asked, BusyException e) {
    Optional<DatabaseInstance> found = find(calls, asked, e);
    if (!DELETIONS.contains(context.state().kind())) {
      Optional<CloudDbException> failure =
          found.flatMap(instance -> StateChecks.failure(instance, context));
      if (failure.isPresent()) {
        return failure.get();
      }
    }
    Instant since = context.since();
    boolean passes = context.isWithin(LIMIT, since);
    String what =
        "Cloud SQL does not take the step '%s' of %s since %s; %s. Google says: %s"
            .formatted(
                context.state().step(),
                context.name(),
                since,
                found
                    .map(instance -> asked + " is " + instance.getState())
                    .orElse("there is no instance " + asked),
                e.details().message());
    ErrorDetails details = e.details();
    ErrorDetails.Builder told =
        passes
            ? ErrorDetails.of(
                    ErrorCategory.BUSY, what + " It is asked for until " + since.plus(LIMIT))
                .retryAfter(details.retryAfter().orElse(null))
            : ErrorDetails.of(ErrorCategory.DEADLINE, what)
                .nextStep(
                    "Look at "
                        + asked
                        + " and its operations in Google's console, then resume it by its token.");
    return told.operation(details.operation().orElse(null))
        .resource(context.resource().toString())
        .providerCode(details.providerCode().orElse(null))
        .toException(e);
  }

  private static Optional<DatabaseInstance> find(
      SqlAdminCalls calls, String asked, BusyException refusal) {
    try {
      return calls.find(asked);
    } catch (CloudDbException e) {
      // The refusal is what counts; it is looked again with the next one.
      refusal.addSuppressed(e);
      throw refusal;
    }
  }
}
