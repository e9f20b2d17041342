/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.BusyException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.Step;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;

/**
 * Waits until an instance is what was asked for: available, no value pending, its parameters in
 * force (restarted where that needs it), its managed password made.
 */
final class Settling {
  private static final String REBOOT = "reboot";
  private static final String REBOOTED = "rebooted";
  private static final String PENDING_REBOOT = "pending-reboot";
  private static final String IN_SYNC = "in-sync";
  private static final String SECRET_ACTIVE = "active";

  /** RDS shows a new instance after some seconds only. */
  private static final Duration MISSING_LIMIT = Duration.ofMinutes(2);

  /** RDS marks an instance for a restart after some seconds only. */
  private static final Duration UNMARKED_LIMIT = Duration.ofMinutes(1);

  /** How long a state that a change is to mend may last after it. */
  private static final Duration MENDING_LIMIT = Duration.ofMinutes(30);

  /** Set when RDS has marked the instance for the restart that is to come. */
  private static final String MARKED = "marked";

  private final RdsCalls rds;
  private final RdsInstances instances;
  private final Clock clock;

  Settling(RdsCalls rds, RdsInstances instances, Clock clock) {
    this.rds = rds;
    this.instances = instances;
    this.clock = clock;
  }

  Step poll(PolledState state) {
    Optional<DBInstance> found = rds.find(Progress.name(state));
    if (found.isEmpty()) {
      Instant now = clock.instant();
      if (Progress.waited(state, now).compareTo(MISSING_LIMIT) < 0) {
        return Progress.waitFrom(state, now, "not visible yet");
      }
      throw ErrorDetails.of(
              ErrorCategory.NOT_FOUND,
              Progress.name(state) + " has vanished during " + state.kind())
          .resource(state.resource().toString())
          .toException();
    }
    return poll(state, found.get());
  }

  private Step poll(PolledState state, DBInstance instance) {
    String status = instance.dbInstanceStatus();
    if (state.value(Progress.MENDS).filter(status::equals).isPresent()) {
      return mending(state, instance);
    }
    if (RdsStates.failed(status) || status.equals(RdsStates.DELETING)) {
      throw failed(state, instance);
    }
    if (!RdsStates.usable(status)) {
      return Progress.wait(state, status);
    }
    Set<String> pending = pending(state, instance);
    if (!pending.isEmpty()) {
      return Progress.wait(state, String.join(", ", pending) + " pending");
    }
    return switch (state.step()) {
      case REBOOT -> reboot(state, instance);
      case REBOOTED -> parameters(state, instance, false);
      default -> parameters(state, instance, true);
    };
  }

  /** The change takes effect after a while; parameters do by a restart. */
  private Step mending(PolledState state, DBInstance instance) {
    boolean restarts =
        instance.dbInstanceStatus().equals(RdsStates.INCOMPATIBLE_PARAMETERS)
            && state.value(Progress.RESTART).isPresent();
    if (restarts && state.step().equals(Progress.SETTLE)) {
      return Progress.next(state, REBOOT, "restart for its parameters");
    }
    if (restarts && state.step().equals(REBOOT)) {
      return reboot(state, instance);
    }
    Instant now = clock.instant();
    if (Progress.waited(state, now).compareTo(MENDING_LIMIT) < 0) {
      return Progress.waitFrom(state, now, instance.dbInstanceStatus());
    }
    throw failed(state, instance);
  }

  private Step parameters(PolledState state, DBInstance instance, boolean mayReboot) {
    String status = parameterStatus(instance);
    boolean marked = status.equals(PENDING_REBOOT);
    if (marked && mayReboot && mayNeedRestart(state)) {
      return Progress.next(state.with(MARKED, "yes"), REBOOT, "restart for its parameters");
    }
    boolean leftMarked = marked && !mayNeedRestart(state);
    if (!status.equals(IN_SYNC) && !leftMarked) {
      return Progress.wait(state, "parameters are " + status);
    }
    if (mayReboot && state.value(Progress.RESTART).filter(Progress.NEEDED::equals).isPresent()) {
      Instant now = clock.instant();
      return Progress.waited(state, now).compareTo(UNMARKED_LIMIT) < 0
          ? Progress.waitFrom(state, now, "to be marked for its restart")
          : Progress.next(state, REBOOT, "restart for its parameters");
    }
    if (instance.masterUserSecret() != null
        && !SECRET_ACTIVE.equals(instance.masterUserSecret().secretStatus())) {
      return Progress.wait(state, "its password is being made");
    }
    return new Step.Done(instances.toInstance(instance));
  }

  /** What somebody else left for the maintenance window is not waited for: that can take days. */
  private static Set<String> pending(PolledState state, DBInstance instance) {
    Set<String> pending = PendingValues.of(instance);
    if (state.kind().equals(PolledState.MODIFY)) {
      pending.retainAll(
          Set.of(state.value(Progress.CHANGED).orElse("").split(Progress.SEPARATOR, -1)));
    }
    return pending;
  }

  /** A change that needs no restart does not make the one that somebody else put off. */
  private static boolean mayNeedRestart(PolledState state) {
    return !state.kind().equals(PolledState.MODIFY) || state.value(Progress.RESTART).isPresent();
  }

  private static String parameterStatus(DBInstance instance) {
    return ParameterGroups.of(instance)
        .map(DBParameterGroupStatus::parameterApplyStatus)
        .orElse(IN_SYNC);
  }

  private Step reboot(PolledState state, DBInstance instance) {
    if (state.value(MARKED).isPresent() && parameterStatus(instance).equals(IN_SYNC)) {
      // The answer to the request was lost, and it has had its effect.
      return Progress.next(state, REBOOTED, "restarted");
    }
    try {
      rds.reboot(Progress.name(state));
    } catch (BusyException e) {
      return Progress.refused(state, clock.instant(), instance.dbInstanceStatus(), e);
    }
    return Progress.next(state, REBOOTED, "restarting");
  }

  private static RuntimeException failed(PolledState state, DBInstance instance) {
    ErrorDetails.Builder details =
        ErrorDetails.of(
                ErrorCategory.OTHER,
                instance.dbInstanceIdentifier()
                    + " became "
                    + instance.dbInstanceStatus()
                    + " during "
                    + state.kind())
            .resource(state.resource().toString())
            .providerCode(instance.dbInstanceStatus())
            .nextStep(RdsStates.remedy(instance.dbInstanceStatus()));
    if (state.kind().equals(PolledState.CREATE)) {
      details.leftBehind(
          "the DB instance "
              + instance.dbInstanceIdentifier()
              + state.value(Progress.GROUP).map(g -> ", the DB parameter group " + g).orElse(""));
    }
    return details.toException();
  }
}
