/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.InstanceChange;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
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
    Integer before = server.backup() == null ? null : server.backup().backupRetentionDays();
    if (days.isEmpty() || before == null || days.get() >= before) {
      return;
    }
    Instant kept = now.minus(Duration.ofDays(days.get()));
    OffsetDateTime earliest = server.backup().earliestRestoreDate();
    boolean isOlder = earliest != null && earliest.toInstant().isBefore(kept);
    throw ErrorDetails.of(
            ErrorCategory.CONDITION_FAILED,
            "%s keeps its backups for %d days. With %d Azure deletes what is older: "
                    .formatted(server.name(), before, days.get())
                + (isOlder
                    ? "now all moments from "
                        + earliest.toInstant()
                        + " to "
                        + kept
                        + byHand(server, kept)
                    : "nothing yet, and from "
                        + days.get()
                        + " days on what it would have kept until then"))
        .resource(id.toString())
        .nextStep(
            "Nothing was done. Consent by BackupPolicy.discarding(), or restore first what is still"
                + " needed.")
        .toException();
  }

  private String byHand(ServerInner server, Instant kept) {
    List<String> names =
        backups.all(server.name()).stream()
            .filter(backup -> backup.isOnDemand() && backup.isBefore(kept))
            .map(backup -> backup.id().name())
            .toList();
    return names.isEmpty() ? "" : ", and of the backups by hand " + names;
  }
}
