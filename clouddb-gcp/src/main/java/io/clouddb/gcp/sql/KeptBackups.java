/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.util.List;

/**
 * What stays of an instance that is deleted: its backups, where its setting {@code
 * retainBackupsOnDelete} says so.
 */
final class KeptBackups {
  /** Value: the instance was to keep its backups before it was to be deleted without them. */
  static final String RETAINING = "retaining";

  private KeptBackups() {}

  /** Whether an instance keeps its backups when it is deleted. */
  static boolean isRetaining(DatabaseInstance instance) {
    Settings settings = instance.getSettings();
    return settings != null && Boolean.TRUE.equals(settings.getRetainBackupsOnDelete());
  }

  /** The state that knows whether it does. One that has failed takes no patch, and is deleted. */
  static OperationState noted(OperationState state, DatabaseInstance instance) {
    return isRetaining(instance) && !InstanceReader.FAILED.equals(instance.getState())
        ? state.with(RETAINING, "true")
        : state;
  }

  /** A patch by which it does, or does not. */
  static DatabaseInstance patch(boolean retaining, DatabaseInstance current) {
    return WholePatch.of(
        new DatabaseInstance().setSettings(new Settings().setRetainBackupsOnDelete(retaining)),
        current);
  }

  /** Refuses to delete what nothing would be kept of, as if it were. */
  static void require(List<Backup> all, StepContext context) {
    List<Backup> its =
        all.stream().filter(backup -> backup.getInstanceDeletionTime() == null).toList();
    if (its.stream().anyMatch(KeptBackups::isRestorable)) {
      return;
    }
    boolean making =
        its.stream()
            .anyMatch(each -> BackupReader.state(each) == io.clouddb.backup.Backup.State.CREATING);
    throw ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            context.name()
                + " has no backup"
                + (making ? " that is complete" : "")
                + ", so that nothing of it could be restored once it is deleted")
        .resource(context.resource().toString())
        .nextStep(
            (making ? "Wait until the one that is being made is there, or take" : "Take")
                + " one by hand: backups().take(...); or delete it with all that it has:"
                + " delete(...).")
        .toException();
  }

  private static boolean isRestorable(Backup backup) {
    return BackupReader.state(backup) == io.clouddb.backup.Backup.State.AVAILABLE;
  }
}
