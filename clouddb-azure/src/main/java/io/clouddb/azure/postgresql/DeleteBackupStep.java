/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.spi.workflow.Look;
import io.clouddb.spi.workflow.StepContext;
import java.time.Duration;

/**
 * Deletes a backup by hand.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/how-to-delete-backups">Delete
 *     on-demand backups</a>
 */
final class DeleteBackupStep extends OperationStep {
  /**
   * Azure lists a backup while it is deleted: until then nothing shows that the request was lost.
   */
  private static final Duration GONE = Duration.ofMinutes(10);

  private final BackupCalls backups;

  DeleteBackupStep(ServerCalls calls, BackupCalls backups, Duration interval) {
    super("delete", calls, interval);
    this.backups = backups;
  }

  /** It takes the backup away. */
  @Override
  public boolean guarded(StepContext context) {
    return true;
  }

  @Override
  public Duration shownWithin() {
    return GONE;
  }

  @Override
  Accepted send(StepContext context) {
    BackupName name = BackupName.of(context.resource());
    return backups.delete(name.server(), name.backup());
  }

  @Override
  Look unsent(StepContext context) {
    return effect(context, false);
  }

  @Override
  Look effect(StepContext context, boolean succeeded) {
    try {
      if (server(context).isEmpty() && !succeeded) {
        return hidden(context);
      }
    } catch (ConditionFailedException another) {
      // "If you delete a server, all backups that belong to the server are also deleted."
      return Look.happened();
    }
    BackupName name = BackupName.of(context.resource());
    return SameBackup.of(context, backups.find(name.server(), name.backup())).isPresent()
        ? Look.missing("the backup is still there")
        : Look.happened();
  }

  /** While Azure hides the server, its backups seem to be gone; once it is gone, they are. */
  private Look hidden(StepContext context) {
    Look look = notShown(context);
    return look instanceof Look.Failed ? Look.happened() : look;
  }
}
