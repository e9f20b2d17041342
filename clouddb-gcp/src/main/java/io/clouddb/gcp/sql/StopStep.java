/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.spi.workflow.StepContext;

/** Stops the instance. */
final class StopStep extends ActivationStep {
  StopStep(SqlAdminCalls calls, TheInstance instance) {
    super("stop", InstanceReader.NEVER, calls, instance);
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
