/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/** Ends the replication of automated backups into this region, where it goes on. */
final class StopReplicationStep extends InstanceStep {
  private static final Duration LIMIT = Duration.ofHours(6);

  private final AutomatedBackupCalls backups;

  StopReplicationStep(RdsCalls rds) {
    super("end of the replication", rds);
    this.backups = new AutomatedBackupCalls(rds);
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstanceAutomatedBackup> found =
        EndedReplication.find(backups, context).filter(AutomatedBackupView::isReplicating);
    return found.isEmpty() ? Look.happened() : Look.missing(String.valueOf(found.get().status()));
  }

  @Override
  public Begun begin(StepContext context) {
    backups.stopReplication(context.value(Notes.SOURCE).orElseThrow());
    return Begun.accepted("the replication ends");
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
