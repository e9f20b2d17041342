/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Waits until an instance is available, and starts it where it is stopped. */
final class StartStep extends InstanceStep {
  static final String NAME = "start";

  /** RDS shows the new status after some seconds only. */
  static final Duration SHOWN_WITHIN = Duration.ofMinutes(5);

  StartStep(RdsCalls rds) {
    super(NAME, rds);
  }

  @Override
  public Duration shownWithin() {
    return SHOWN_WITHIN;
  }

  @Override
  public Look look(StepContext context) {
    return look(context, get(context));
  }

  static Look look(StepContext context, DBInstance instance) {
    String status = instance.dbInstanceStatus();
    if (RdsStates.usable(status)) {
      return Look.happened();
    }
    return RdsStates.startable(status) ? missing(context, status) : onTheWay(context, status);
  }

  /** Nothing can be asked for in such a state: it passes, or it does not. */
  static Look onTheWay(StepContext context, String status) {
    return RdsStates.failed(status) || status.equals(RdsStates.DELETING)
        ? Look.failed(ended(context, status))
        : going(context, status);
  }

  private static CloudDbException ended(StepContext context, String status) {
    return ErrorDetails.of(
            ErrorCategory.OTHER,
            context.name() + " is " + status + " after " + context.state().kind())
        .resource(context.resource().toString())
        .providerCode(status)
        .nextStep(RdsStates.remedy(status))
        .toException();
  }

  @Override
  public Begun begin(StepContext context) {
    send(context, () -> rds.start(context.name()));
    return Begun.accepted("starting");
  }
}
