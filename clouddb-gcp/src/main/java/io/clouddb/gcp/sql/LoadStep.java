/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.InstancesRestoreBackupRequest;
import com.google.api.services.sqladmin.model.Operation;
import io.clouddb.spi.workflow.Begun;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import java.util.Optional;

/**
 * Puts a backup's data into the instance that the operation has made for it. Nobody else restores
 * into that, so that the newest operation of this type tells what became of a lost request.
 */
final class LoadStep implements StepAction {
  private static final String TYPE = "RESTORE_VOLUME";

  private final BackupCalls backups;
  private final SqlAdminCalls calls;
  private final OwnOperation operations;
  private final TheInstance instance;

  LoadStep(BackupCalls backups, SqlAdminCalls calls, TheInstance instance) {
    this.backups = backups;
    this.calls = calls;
    this.operations = new OwnOperation(calls);
    this.instance = instance;
  }

  @Override
  public String name() {
    return "load";
  }

  @Override
  public boolean applies(StepContext context) {
    return !CloneRequest.isClone(context);
  }

  /** It replaces all data of the instance. */
  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  @Override
  public Look look(StepContext context) {
    Optional<Look> seen = operations.look(context);
    if (seen.isPresent()) {
      return seen.get();
    }
    DatabaseInstance found = instance.get(context);
    return operations
        .newest(context, TYPE)
        .filter(operation -> isOf(operation, found))
        .map(operation -> OwnOperation.look(operation, context))
        .or(() -> operations.mayShow(context))
        .orElseGet(() -> OwnOperation.missing(context));
  }

  /** Google lists operations by the instance's name, those of an earlier one too. */
  private static boolean isOf(Operation operation, DatabaseInstance found) {
    Instant begun = BackupReader.time(operation.getInsertTime());
    Instant made = BackupReader.time(found.getCreateTime());
    return begun == null || made == null || !begun.isBefore(made);
  }

  @Override
  public Begun begin(StepContext context) {
    InstancesRestoreBackupRequest body =
        new InstancesRestoreBackupRequest().setBackup(context.value(TakeStep.BACKUP).orElseThrow());
    // It replaces all data: never of one that somebody has made under the name meanwhile.
    instance.get(context);
    return OwnOperation.begun(
        DoubtfulRefusal.send(
            context, calls, context.name(), () -> backups.restore(context.name(), body)));
  }
}
