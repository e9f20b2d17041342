/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * Sets again what the source had, RDS takes from no backup, and no restore has a member for. None
 * of it waits for a maintenance window, nor interrupts the instance.
 */
final class RestoredSettingsStep extends InstanceStep {
  RestoredSettingsStep(RdsCalls rds) {
    super("settings of the source", rds);
  }

  @Override
  public Look look(StepContext context) {
    if (answered(context)) {
      return Look.happened();
    }
    DBInstance instance = get(context);
    if (rest(context, instance).isEmpty()) {
      return Look.happened();
    }
    String status = instance.dbInstanceStatus();
    return RdsStates.resting(status) ? missing(context, status) : going(context, status);
  }

  private static Optional<ModifyDbInstanceRequest> rest(StepContext context, DBInstance instance) {
    return new RestoredSettings(context).rest(instance);
  }

  @Override
  public Begun begin(StepContext context) {
    Optional<ModifyDbInstanceRequest> rest = rest(context, get(context));
    try {
      rest.ifPresent(
          request ->
              send(
                  context,
                  () ->
                      rds.modify(
                          request.toBuilder().dbInstanceIdentifier(context.name()).build())));
    } catch (InvalidArgumentException | ConditionFailedException e) {
      throw e.details().toBuilder()
          .nextStep(
              "All data is in "
                  + context.name()
                  + " again, and it can be used: what RDS refuses can be changed by"
                  + " instances().modify(...). Or:")
          .toException(e);
    }
    return answered(context, "the settings of its source have been accepted");
  }
}
