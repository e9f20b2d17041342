/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Waits until the parameters are in force, and until RDS has made the password that it manages. */
final class ReadyStep extends InstanceStep {
  static final String NAME = "ready";

  /**
   * The only status of {@code MasterUserSecret} in which there is no password yet: an {@code
   * impaired} one "can be used to access database credentials, but it can't be rotated".
   */
  private static final String SECRET_IN_THE_MAKING = "creating";

  ReadyStep(RdsCalls rds) {
    super(NAME, rds);
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstance> found = find(context);
    return found.isEmpty() ? Look.missing("not visible") : look(context, found.get());
  }

  static Look look(StepContext context, DBInstance instance) {
    Optional<Look> unsettled = Settling.unsettled(context, instance);
    if (unsettled.isPresent()) {
      return unsettled.get();
    }
    String applied = Settling.parameterStatus(instance);
    boolean leftMarked =
        applied.equals(Settling.PENDING_REBOOT) && !Settling.mayNeedRestart(context);
    if (!applied.equals(Settling.IN_SYNC) && !leftMarked) {
      return Settling.applying(context, applied);
    }
    boolean secret =
        instance.masterUserSecret() == null
            || !SECRET_IN_THE_MAKING.equals(instance.masterUserSecret().secretStatus());
    return secret
        ? Look.happened()
        : Settling.soon(
            context,
            "RDS has not made its password",
            "see that RDS may use its secret and the secret's KMS key");
  }
}
