/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm.postgresql;

import io.clouddb.testkit.simulator.engine.ResourceKey;
import io.clouddb.testkit.simulator.engine.SimulatedOperation;
import io.clouddb.testkit.simulator.server.BackupSchedule;
import io.clouddb.testkit.simulator.server.InstanceBackups;
import io.clouddb.testkit.simulator.server.ManagedServers;
import io.clouddb.testkit.simulator.server.SimulatedBackup;
import io.clouddb.testkit.simulator.server.SimulatedInstance;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Has servers backed up as Azure does: "The first snapshot backup is scheduled immediately after a
 * server is created. Snapshot backups are currently taken once daily", at a time that nobody can
 * choose. What a server leaves is kept for five days.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore">Backup
 *     and restore</a>
 */
final class AutomatedBackups {
  private static final Duration KEPT = Duration.ofDays(5);

  private final ManagedServers managed;

  AutomatedBackups(ManagedServers managed) {
    this.managed = managed;
  }

  /** Has a new server, which may be a replica, backed up from when it can be. */
  void begin(ResourceKey key) {
    managed
        .find(key)
        .ifPresent(
            instance -> {
              schedule(instance);
              managed.backups().keepAfterDeletion(key, KEPT);
            });
  }

  /** Has a server backed up by new settings, once the change that sets them is over. */
  SimulatedOperation changing(SimulatedInstance instance, SimulatedOperation change) {
    var unused =
        change
            .completion()
            .thenAccept(
                over -> {
                  if (managed.find(instance.key()).filter(found -> found == instance).isPresent()) {
                    schedule(instance);
                  }
                });
    return change;
  }

  private void schedule(SimulatedInstance instance) {
    Duration kept = Duration.ofDays(ServerDocument.settings(instance).retentionDays());
    managed
        .backups()
        .schedule(
            instance.key(),
            BackupSchedule.daily(LocalTime.ofInstant(instance.created(), ZoneOffset.UTC))
                // "All backups required to perform a PITR within the backup retention period."
                .keep(kept.plusDays(1))
                .pointInTime(kept)
                .atOnce()
                .build());
  }

  /** The first moment to which a server can be restored. */
  Optional<Instant> earliest(SimulatedInstance instance) {
    return managed.backups().of(instance.key()).window().map(InstanceBackups.Window::earliest);
  }

  /** Those that are complete. */
  List<SimulatedBackup> of(SimulatedInstance instance) {
    return managed.backups().of(instance.key()).backups().stream()
        .filter(backup -> backup.completed().isPresent())
        .toList();
  }

  /** What the last server that had a name has left, while Azure keeps it. */
  Optional<InstanceBackups> left(ResourceKey key) {
    return managed.backups().all(key.scope()).stream()
        .filter(history -> history.instance().key().equals(key))
        .filter(history -> history.deleted().isPresent())
        .reduce((earlier, later) -> later);
  }
}
