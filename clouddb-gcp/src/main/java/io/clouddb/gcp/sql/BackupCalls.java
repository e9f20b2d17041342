/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.BackupRun;
import com.google.api.services.sqladmin.model.CloneContext;
import com.google.api.services.sqladmin.model.InstancesCloneRequest;
import com.google.api.services.sqladmin.model.InstancesRestoreBackupRequest;
import com.google.api.services.sqladmin.model.ListBackupsResponse;
import com.google.api.services.sqladmin.model.Operation;
import com.google.api.services.sqladmin.model.SqlInstancesGetLatestRecoveryTimeResponse;
import io.clouddb.error.NotFoundException;
import io.clouddb.spi.RemoteCalls;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The requests about backups to the Cloud SQL Admin API, each a single one. */
final class BackupCalls {
  private final Supplier<SQLAdmin> client;
  private final RemoteCalls reads;
  private final RemoteCalls changes;
  private final String project;

  BackupCalls(Supplier<SQLAdmin> client, RemoteCalls calls, String project) {
    this.client = client;
    this.reads = calls.translating(SqlAdminErrors.ofReads());
    this.changes = calls.translating(SqlAdminErrors.ofChanges());
    this.project = project;
  }

  private String parent() {
    return "projects/" + project;
  }

  /** Takes a backup of an instance. */
  Operation insertRun(String instance, BackupRun body) {
    return changes.once(
        "sqladmin.backupRuns.insert",
        instance,
        () -> SqlAdminAnswers.operation(client.get().backupRuns().insert(project, instance, body)));
  }

  /** Deletes a backup of an instance that is there. */
  Operation deleteRun(String instance, long id) {
    return changes.once(
        "sqladmin.backupRuns.delete",
        instance,
        () -> SqlAdminAnswers.operation(client.get().backupRuns().delete(project, instance, id)));
  }

  /** Deletes a backup, also of an instance that is gone. */
  Operation delete(String name) {
    return changes.once(
        "sqladmin.backups.deleteBackup",
        name,
        () -> SqlAdminAnswers.operation(client.get().backups().deleteBackup(name)));
  }

  /** A page of the project's backups, those of deleted instances among them. */
  ListBackupsResponse list(@Nullable String filter, @Nullable String pageToken) {
    return reads.repeatable(
        "sqladmin.backups.listBackups",
        project,
        () ->
            SqlAdminAnswers.of(
                client
                    .get()
                    .backups()
                    .listBackups(parent())
                    .setFilter(filter)
                    .setPageToken(pageToken)));
  }

  Optional<Backup> find(String name) {
    try {
      return Optional.of(
          reads.repeatable(
              "sqladmin.backups.getBackup",
              name,
              () -> SqlAdminAnswers.backup(client.get().backups().getBackup(name))));
    } catch (NotFoundException e) {
      return Optional.empty();
    }
  }

  /** Makes an instance as another one is, with its data of a moment. */
  Operation clone(String source, CloneContext context) {
    return changes.once(
        "sqladmin.instances.clone",
        context.getDestinationInstanceName(),
        () ->
            SqlAdminAnswers.operation(
                client
                    .get()
                    .instances()
                    .clone(project, source, new InstancesCloneRequest().setCloneContext(context))));
  }

  /** Makes an instance with the data of a backup. */
  Operation restore(String target, InstancesRestoreBackupRequest body) {
    return changes.once(
        "sqladmin.instances.restoreBackup",
        target,
        () ->
            SqlAdminAnswers.operation(
                client.get().instances().restoreBackup(project, target, body)));
  }

  /**
   * The moments to which an instance can be restored.
   *
   * @param instance its name
   * @param deleted when it was deleted, as the service wrote it; null for one that is there
   * @return the earliest and the latest
   */
  SqlInstancesGetLatestRecoveryTimeResponse window(String instance, @Nullable String deleted) {
    return reads.repeatable(
        "sqladmin.projects.instances.getLatestRecoveryTime",
        instance,
        () ->
            SqlAdminAnswers.of(
                client
                    .get()
                    .projects()
                    .instances()
                    .getLatestRecoveryTime(project, instance)
                    .setSourceInstanceDeletionTime(deleted)));
  }
}
