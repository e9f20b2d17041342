/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.error.NotFoundException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/** Deletes the automated backups that a replication has left in this region. */
final class DeleteReplicatedStep extends InstanceStep {
  private static final Duration LIMIT = Duration.ofHours(6);

  private final AutomatedBackupCalls backups;

  DeleteReplicatedStep(RdsCalls rds) {
    super("delete", rds);
    this.backups = new AutomatedBackupCalls(rds);
  }

  @Override
  public Duration limit() {
    return LIMIT;
  }

  @Override
  public Look look(StepContext context) {
    Optional<DBInstanceAutomatedBackup> left = EndedReplication.find(backups, context);
    if (left.isEmpty()) {
      return Look.happened();
    }
    String status = String.valueOf(left.get().status());
    return status.equals(AutomatedBackupView.DELETING) ? Look.going(status) : Look.missing(status);
  }

  @Override
  public Begun begin(StepContext context) {
    Optional<DBInstanceAutomatedBackup> left = EndedReplication.find(backups, context);
    try {
      left.ifPresent(backup -> backups.delete(backup.dbInstanceAutomatedBackupsArn()));
    } catch (NotFoundException e) {
      // It was there a moment ago: an earlier attempt of this request, or somebody else, did it.
      return Begun.done("gone");
    }
    return Begun.accepted(AutomatedBackupView.DELETING);
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }
}
