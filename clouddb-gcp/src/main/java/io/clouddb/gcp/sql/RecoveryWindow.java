/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.SqlInstancesGetLatestRecoveryTimeResponse;
import io.clouddb.ResourceId;
import io.clouddb.backup.RestorableWindow;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * To which moments an instance can be restored, by <a
 * href="https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr">its page on point-in-time
 * recovery</a>: one that is there, or the last deleted one of its name whose backups were retained.
 */
final class RecoveryWindow {
  /**
   * What is restored to a moment.
   *
   * @param instance the instance, or what it was when it was deleted
   * @param deleted when that was, as the service writes it; null for one that is there
   */
  record Source(DatabaseInstance instance, @Nullable String deleted) {
    /** Whether it has logs to go by. */
    boolean hasLogs() {
      BackupConfiguration backups =
          instance.getSettings() == null ? null : instance.getSettings().getBackupConfiguration();
      return backups != null
          && Boolean.TRUE.equals(backups.getEnabled())
          && Boolean.TRUE.equals(backups.getPointInTimeRecoveryEnabled());
    }
  }

  private final BackupCalls calls;
  private final SqlAdminCalls instances;
  private final BackupFinder finder;

  RecoveryWindow(BackupCalls calls, SqlAdminCalls instances, BackupFinder finder) {
    this.calls = calls;
    this.instances = instances;
    this.finder = finder;
  }

  /** The instance, or what is left of it; empty when there is neither in its region. */
  Optional<Source> source(ResourceId id) {
    Optional<DatabaseInstance> there = instances.find(id.name());
    if (there.isPresent()) {
      return there
          .filter(found -> id.location().equals(found.getRegion()))
          .map(found -> new Source(found, null));
    }
    return last(finder.of(id.name()).stream()
            .filter(backup -> backup.getInstanceDeletionTime() != null)
            .filter(backup -> BackupReader.region(backup).filter(id.location()::equals).isPresent())
            .toList())
        .map(backup -> new Source(backup.getInstanceSettings(), backup.getInstanceDeletionTime()));
  }

  /**
   * The newest backup of what was deleted last and has kept its backups: the logs stay with these,
   * and not with a final backup alone. Each tells what the instance was when it was taken, and
   * nobody promises in which order the service lists them.
   */
  static Optional<Backup> last(List<Backup> ofDeleted) {
    return ofDeleted.stream()
        .filter(backup -> !KeptBackups.isFinal(backup))
        .map(RecoveryWindow::deleted)
        .max(Comparator.naturalOrder())
        .flatMap(
            last ->
                ofDeleted.stream()
                    .filter(backup -> deleted(backup).equals(last))
                    .max(Comparator.comparing(RecoveryWindow::begun)));
  }

  private static Instant deleted(Backup backup) {
    return Instant.parse(backup.getInstanceDeletionTime());
  }

  private static Instant begun(Backup backup) {
    Instant begun =
        backup.getBackupInterval() == null
            ? null
            : BackupReader.time(backup.getBackupInterval().getStartTime());
    return Objects.requireNonNullElse(begun, Instant.MIN);
  }

  /** The moments of a source. */
  RestorableWindow of(ResourceId id, Source source) {
    boolean deleted = source.deleted() != null;
    if (!source.hasLogs()) {
      return new RestorableWindow(id, null, null, deleted);
    }
    SqlInstancesGetLatestRecoveryTimeResponse window = calls.window(id.name(), source.deleted());
    return new RestorableWindow(
        id,
        BackupReader.time(window.getEarliestRecoveryTime()),
        BackupReader.time(window.getLatestRecoveryTime()),
        deleted);
  }
}
