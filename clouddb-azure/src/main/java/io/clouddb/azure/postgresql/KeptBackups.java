/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Backup;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceChange;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * That a change deletes no backups which there are, unless its policy says that it may. A shorter
 * retention deletes what is older than that, also what was taken by hand.
 *
 * @see <a
 *     href="https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore">Backup
 *     retention; On-demand backups</a>
 */
final class KeptBackups {
  private final BackupCalls backups;

  KeptBackups(BackupCalls backups) {
    this.backups = backups;
  }

  /** Refuses a change that would delete some without consent. */
  void require(ResourceId id, ServerInner server, InstanceChange change, Instant now) {
    Optional<BackupPolicy> policy = change.backups().filter(asked -> !asked.isDiscarding());
    Optional<Integer> days = policy.flatMap(BackupPolicy::retentionDays).map(BackupFields::kept);
    Backup before = server.backup();
    if (days.isEmpty()
        || before == null
        || before.backupRetentionDays() == null
        || before.earliestRestoreDate() == null
        || days.get() >= before.backupRetentionDays()) {
      return;
    }
    Instant earliest = before.earliestRestoreDate().toInstant();
    Instant kept = now.minus(Duration.ofDays(days.get()));
    if (!earliest.isBefore(kept)) {
      return;
    }
    List<String> byHand =
        backups.all(server.name()).stream()
            .filter(backup -> backup.isOnDemand() && backup.isBefore(kept))
            .map(backup -> backup.id().name())
            .toList();
    throw ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "%s keeps its backups for %d days. With %d Azure deletes those from %s to %s, and all"
                    .formatted(
                        server.name(), before.backupRetentionDays(), days.get(), earliest, kept)
                + " moments between them"
                + (byHand.isEmpty() ? "" : "; of those by hand " + byHand))
        .resource(id.toString())
        .nextStep(
            "Nothing was done. Consent by BackupPolicy.discarding(), or restore first what is still"
                + " needed.")
        .toException();
  }
}
