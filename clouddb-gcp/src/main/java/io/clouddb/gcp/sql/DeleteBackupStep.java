/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.util.Optional;

/** Deletes a backup. The service's name of it is used once only. */
final class DeleteBackupStep implements StepAction {
  private final BackupCalls backups;
  private final SqlAdminCalls calls;
  private final OwnOperation operations;

  DeleteBackupStep(BackupCalls backups, SqlAdminCalls calls) {
    this.backups = backups;
    this.calls = calls;
    this.operations = new OwnOperation(calls);
  }

  @Override
  public String name() {
    return "delete";
  }

  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  private Optional<Backup> find(StepContext context) {
    return backups.find(context.value(TakeStep.BACKUP).orElseThrow());
  }

  @Override
  public Look look(StepContext context) {
    Optional<Look> seen = operations.look(context);
    if (seen.isPresent() && !(seen.get() instanceof Look.Happened)) {
      return seen.get();
    }
    Optional<Backup> found = find(context);
    if (found.isEmpty()) {
      return Look.happened();
    }
    if (BackupReader.DELETING.equals(found.get().getState())) {
      return Look.going("the backup is " + BackupReader.DELETING);
    }
    return operations.mayShow(context).orElseGet(() -> OwnOperation.missing(context));
  }

  @Override
  public Begun begin(StepContext context) {
    Optional<Backup> found = find(context);
    if (found.isEmpty()) {
      return Begun.done("the backup is gone");
    }
    String instance = BackupId.instance(found.get());
    try {
      return OwnOperation.begun(
          DoubtfulRefusal.send(context, calls, instance, () -> send(found.get(), instance)));
    } catch (NotFoundException e) {
      return Begun.done("the backup is gone");
    }
  }

  /** The run of an instance that is there is that one's; what an instance left is the project's. */
  private Operation send(Backup found, String instance) {
    return BackupId.run(found)
        .filter(run -> found.getInstanceDeletionTime() == null)
        .map(run -> backups.deleteRun(instance, run))
        .orElseGet(() -> backups.delete(found.getName()));
  }
}
