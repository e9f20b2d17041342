/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import io.clouddb.ResourceId;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.rds.model.DBInstanceAutomatedBackup;

/**
 * What RDS says of automated backups: {@code DBInstanceAutomatedBackup} in the API Reference, and
 * <em>Replicating automated backups to another AWS Region</em> in the user guide.
 */
final class AutomatedBackupView {
  /** Of an instance that is gone, or of a replication that has ended. */
  static final String RETAINED = "retained";

  static final String DELETING = "deleting";

  private AutomatedBackupView() {}

  /**
   * Those of an instance, of which there can be several of one name, one after the other; and those
   * of an instance of the same name in another region, which are kept here, are not.
   *
   * @param all what RDS gives for the name
   * @param instance the instance
   * @param resourceId its {@code DbiResourceId}, which no other one of its name has; null for
   *     whichever
   * @return the living one's, or else those that can be restored to the latest moment
   */
  static Optional<DBInstanceAutomatedBackup> of(
      List<DBInstanceAutomatedBackup> all, ResourceId instance, @Nullable String resourceId) {
    return all.stream()
        .filter(backup -> isOf(backup, instance))
        .filter(
            backup ->
                resourceId == null
                    || backup.dbiResourceId() == null
                    || resourceId.equals(backup.dbiResourceId()))
        .filter(backup -> !DELETING.equals(backup.status()))
        .max(
            Comparator.comparing((DBInstanceAutomatedBackup backup) -> !isRetained(backup))
                .thenComparing(
                    backup -> latest(backup),
                    Comparator.nullsFirst(Comparator.<Instant>naturalOrder())));
  }

  static boolean isOf(DBInstanceAutomatedBackup backup, ResourceId instance) {
    return InstanceArn.of(backup.dbInstanceArn())
        .filter(arn -> arn.region().equals(instance.location()))
        .filter(arn -> arn.name().equals(instance.name()))
        .isPresent();
  }

  static boolean isRetained(DBInstanceAutomatedBackup backup) {
    return RETAINED.equals(backup.status());
  }

  /** Not retained, and not deleted either. */
  static boolean isReplicating(DBInstanceAutomatedBackup backup) {
    return !isRetained(backup) && !DELETING.equals(backup.status());
  }

  static @Nullable Instant earliest(DBInstanceAutomatedBackup backup) {
    return backup.restoreWindow() == null ? null : backup.restoreWindow().earliestTime();
  }

  static @Nullable Instant latest(DBInstanceAutomatedBackup backup) {
    return backup.restoreWindow() == null ? null : backup.restoreWindow().latestTime();
  }

  /**
   * The last moment that a restore may ask for. The API Reference, {@code RestoreTime}: "Must be
   * before the latest restorable time for the DB instance"; where that stays as it is, it is asked
   * for as the latest.
   *
   * @return null when there is none yet
   */
  static @Nullable Instant last(DBInstanceAutomatedBackup backup) {
    Instant earliest = earliest(backup);
    Instant latest = latest(backup);
    if (latest == null || isRetained(backup)) {
      return latest;
    }
    // RDS counts in milliseconds.
    Instant last = latest.minusMillis(1);
    return earliest != null && last.isBefore(earliest) ? null : last;
  }
}
