/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/** Waits until there is a moment to which the instance can be restored here. */
final class ReplicatedStep extends InstanceStep {
  private final AutomatedBackupCalls backups;

  ReplicatedStep(RdsCalls rds) {
    super("replicated", rds);
    this.backups = new AutomatedBackupCalls(rds);
  }

  @Override
  public boolean changes() {
    return false;
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstanceAutomatedBackup> found = ReplicationStep.replicated(backups, context);
    if (found.isEmpty()) {
      return Look.missing("not visible yet");
    }
    return AutomatedBackupView.last(found.get()) == null
        ? Look.going(String.valueOf(found.get().status()))
        : Look.happened();
  }
}
