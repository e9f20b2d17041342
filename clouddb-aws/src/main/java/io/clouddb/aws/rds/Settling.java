/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.ReplicaDriver;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;

/** What an instance's state means for an operation that waits until it is as was asked for. */
final class Settling {
  static final String PENDING_REBOOT = "pending-reboot";
  static final String IN_SYNC = "in-sync";

  /** Nothing leads out of it but other parameters. */
  private static final String NOT_APPLIED = "failed-to-apply";

  /** How long RDS may take for what takes it minutes, on an instance that is available. */
  private static final Duration USABLE_LIMIT = Duration.ofMinutes(30);

  /** How long a state that a change is to mend may last after it. */
  private static final Duration MENDING_LIMIT = Duration.ofMinutes(30);

  private Settling() {}

  /**
   * Says what there is to wait for.
   *
   * @param context the operation
   * @param instance the instance as it is
   * @return what was seen; empty when the instance is usable and nothing of this operation is
   *     pending, or when a restart is what would help
   */
  static Optional<Look> unsettled(StepContext context, DBInstance instance) {
    String status = instance.dbInstanceStatus();
    if (context.value(Notes.MENDS).filter(status::equals).isPresent()) {
      return mending(context, instance);
    }
    if (RdsStates.failed(status) || status.equals(RdsStates.DELETING)) {
      return Optional.of(Look.failed(failed(context, instance)));
    }
    if (!RdsStates.usable(status)) {
      return Optional.of(InstanceStep.going(context, status));
    }
    Set<String> pending = pending(context, instance);
    return pending.isEmpty()
        ? Optional.empty()
        : Optional.of(Look.going(String.join(", ", pending) + " pending"));
  }

  /** The change takes effect after a while; parameters do by a restart. */
  private static Optional<Look> mending(StepContext context, DBInstance instance) {
    String status = instance.dbInstanceStatus();
    if (status.equals(RdsStates.INCOMPATIBLE_PARAMETERS)
        && context.value(Notes.RESTART).isPresent()
        && context.value(Notes.RESTARTED).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        context.isWithin(MENDING_LIMIT)
            ? Look.going(status)
            : Look.failed(failed(context, instance)));
  }

  /** What somebody else left for the maintenance window is not waited for: that can take days. */
  private static Set<String> pending(StepContext context, DBInstance instance) {
    Set<String> pending = PendingValues.of(instance);
    if (!isCreation(context)) {
      pending.retainAll(Set.of(context.value(Notes.CHANGED).orElse("").split(Notes.SEPARATOR, -1)));
    }
    return pending;
  }

  static boolean isCreation(StepContext context) {
    String kind = context.state().kind();
    return kind.equals(InstanceDriver.CREATE.id())
        || kind.equals(ReplicaDriver.CREATE.id())
        || kind.equals(BackupDriver.RESTORE.id());
  }

  private static boolean isChange(StepContext context) {
    return context.state().kind().equals(InstanceDriver.MODIFY.id());
  }

  /** A change that needs no restart does not make the one that somebody else put off. */
  static boolean mayNeedRestart(StepContext context) {
    return !isChange(context) || context.value(Notes.RESTART).isPresent();
  }

  static String parameterStatus(DBInstance instance) {
    return ParameterGroups.of(instance)
        .map(DBParameterGroupStatus::parameterApplyStatus)
        .orElse(IN_SYNC);
  }

  /** Parameters that are not in force yet. */
  static Look applying(StepContext context, String status) {
    if (status.equals(NOT_APPLIED)) {
      return Look.failed(
          ErrorDetails.of(
                  ErrorCategory.OTHER,
                  "RDS could not apply the parameters of "
                      + context.name()
                      + ": they are "
                      + status)
              .resource(context.resource().toString())
              .providerCode(status)
              .nextStep("Look at its events in the RDS console, and set other parameters.")
              .toException());
    }
    return soon(context, "its parameters are " + status, "restart it, or mend its parameters");
  }

  /**
   * What RDS does within minutes on an instance that is available.
   *
   * @param context the operation
   * @param what what is waited for
   * @param mend what can be done when it does not come
   * @return that it goes on
   * @throws CloudDbException when it does not come; from its token the operation goes on waiting
   */
  static Look soon(StepContext context, String what, String mend) {
    if (context.isWithin(USABLE_LIMIT, Refusals.waitedSince(context))) {
      return Look.going(what);
    }
    throw ErrorDetails.of(
            ErrorCategory.DEADLINE,
            context.name()
                + " is available, and for "
                + USABLE_LIMIT.toMinutes()
                + " minutes "
                + what)
        .resource(context.resource().toString())
        .nextStep("Look at its events in the RDS console, " + mend + ", and resume by its token.")
        .toException();
  }

  private static CloudDbException failed(StepContext context, DBInstance instance) {
    return ErrorDetails.of(
            ErrorCategory.OTHER,
            instance.dbInstanceIdentifier()
                + " became "
                + instance.dbInstanceStatus()
                + " during "
                + context.state().kind())
        .resource(context.resource().toString())
        .providerCode(instance.dbInstanceStatus())
        .nextStep(
            context.state().kind().equals(ReplicaDriver.PROMOTE.id())
                ? RdsStates.remedyOfPromoted(instance.dbInstanceStatus())
                : RdsStates.remedy(instance.dbInstanceStatus()))
        .toException();
  }
}
