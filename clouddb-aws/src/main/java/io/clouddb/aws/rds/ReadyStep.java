/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Waits until the parameters are in force, and until RDS has made the password that it manages. */
final class ReadyStep extends InstanceStep {
  static final String NAME = "ready";

  private static final String SECRET_ACTIVE = "active";

  ReadyStep(RdsCalls rds) {
    super(NAME, rds);
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstance> found = rds.find(context.name());
    return found.isEmpty() ? Look.missing("not visible") : look(context, found.get());
  }

  private static Look look(StepContext context, DBInstance instance) {
    Optional<Look> unsettled = Settling.unsettled(context, instance);
    if (unsettled.isPresent()) {
      return unsettled.get();
    }
    String applied = Settling.parameterStatus(instance);
    boolean leftMarked =
        applied.equals(Settling.PENDING_REBOOT) && !Settling.mayNeedRestart(context);
    if (!applied.equals(Settling.IN_SYNC) && !leftMarked) {
      return Look.going("parameters are " + applied);
    }
    boolean secret =
        instance.masterUserSecret() == null
            || SECRET_ACTIVE.equals(instance.masterUserSecret().secretStatus());
    return secret ? Look.happened() : Look.going("its password is being made");
  }
}
