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
import software.amazon.awssdk.services.rds.model.DBInstance;

/**
 * Starts and stops an instance. What is in the wished state already is left alone; what is on the
 * way somewhere is waited for first.
 */
final class PowerSteps {
  /** The first step of either kind; the facade's {@code ensure} begins with a name of its own. */
  static final String BEGIN = "begin";

  private static final String REQUESTED = "requested";

  /** RDS shows the new status after some seconds only. */
  private static final Duration UNCHANGED_LIMIT = Duration.ofMinutes(5);

  private final RdsCalls rds;
  private final RdsInstances instances;
  private final Clock clock;

  PowerSteps(RdsCalls rds, RdsInstances instances, Clock clock) {
    this.rds = rds;
    this.instances = instances;
    this.clock = clock;
  }

  Step start(PolledState state) {
    DBInstance instance = rds.get(Progress.name(state));
    String status = instance.dbInstanceStatus();
    if (RdsStates.usable(status)) {
      return new Step.Done(instances.toInstance(instance));
    }
    return RdsStates.startable(status)
        ? request(state, status, () -> rds.start(Progress.name(state)))
        : onTheWay(state, status);
  }

  Step stop(PolledState state) {
    DBInstance instance = rds.get(Progress.name(state));
    String status = instance.dbInstanceStatus();
    if (status.equals(RdsStates.STOPPED)) {
      return new Step.Done(instances.toInstance(instance));
    }
    return RdsStates.usable(status)
        ? request(state, status, () -> rds.stop(Progress.name(state)))
        : onTheWay(state, status);
  }

  private Step request(PolledState state, String status, Runnable call) {
    if (!state.step().equals(REQUESTED)) {
      try {
        call.run();
      } catch (BusyException e) {
        return Progress.refused(state, clock.instant(), status, e);
      }
      return Progress.wait(state.at(REQUESTED, null), status);
    }
    Instant now = clock.instant();
    if (Progress.waited(state, now).compareTo(UNCHANGED_LIMIT) < 0) {
      return Progress.waitFrom(state, now, status);
    }
    throw ended(state, status);
  }

  private static Step onTheWay(PolledState state, String status) {
    if (RdsStates.failed(status) || status.equals(RdsStates.DELETING)) {
      throw ended(state, status);
    }
    return Progress.wait(state, status);
  }

  private static RuntimeException ended(PolledState state, String status) {
    return ErrorDetails.of(
            ErrorCategory.OTHER, Progress.name(state) + " is " + status + " after " + state.kind())
        .resource(state.resource().toString())
        .providerCode(status)
        .nextStep(RdsStates.remedy(status))
        .toException();
  }
}
