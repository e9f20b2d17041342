/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstance;

/** Waits until a new instance is available, with nothing pending. */
final class AvailableStep extends InstanceStep {
  static final String NAME = "available";

  AvailableStep(RdsCalls rds) {
    super(NAME, rds);
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstance> found = find(context);
    return found.isEmpty()
        ? Look.missing("not visible yet")
        : Settling.unsettled(context, found.get()).orElseGet(Look::happened);
  }
}
