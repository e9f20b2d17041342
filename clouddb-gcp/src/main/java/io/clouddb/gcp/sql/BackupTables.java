/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import com.google.api.services.sqladmin.model.BackupRun;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.BackupField;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Cloud SQL makes of a backup's spec: by <a
 * href="https://cloud.google.com/sql/docs/postgres/backup-recovery/backups">Cloud SQL backups
 * overview</a>. Name and tags become the {@link BackupDescription}.
 */
final class BackupTables {
  private static final String DESCRIPTION = "description";
  private static final String RESTORE_THERE =
      "cloud.in(region).backups().restore(RestoreSpec.from(backup)), which restores it in any"
          + " region";

  private static final FieldTable<BackupRun> TABLE =
      FieldTable.of(
          "gcp",
          "Cloud SQL's backup runs",
          List.of(
              FieldRow.<String, BackupRun>of(BackupField.NAME, String.class, DESCRIPTION).build(),
              FieldRow.<ResourceId, BackupRun>of(
                      BackupField.TAKE, ResourceId.class, "backupRuns.insert")
                  .shown((source, asked) -> source.name())
                  .build(),
              FieldRow.<ResourceId, BackupRun>of(BackupField.COPY, ResourceId.class, "")
                  .lacking(
                      "Cloud SQL copies no backups: one can be stored in more than one region, and"
                          + " be restored in any",
                      RESTORE_THERE),
              FieldRow.<String, BackupRun>of(BackupField.OTHER_REGION, String.class, "")
                  .lacking(
                      "a backup is of the region of its instance, wherever it is stored",
                      "BackupPolicy.storedIn(...) with another place, or " + RESTORE_THERE),
              FieldRow.<String, BackupRun>of(BackupField.ENCRYPTION_KEY, String.class, "")
                  .lacking(
                      "a backup is encrypted with the key of its instance",
                      "an instance with that key: Storage.encryptedWith(...)"),
              tags(),
              FieldRow.<String, BackupRun>of(BackupField.SHARING, String.class, "")
                  .lacking(
                      "Cloud SQL shares no single backup: who may restore those of a project, its"
                          + " IAM says",
                      "the right cloudsql.backupRuns.get on this project, for who calls"
                          + " instances.restoreBackup of the other one"),
              FieldRow.<String, BackupRun>of(BackupField.EXPORT, String.class, "")
                  .lacking(
                      "an export is no backup: \"Cloud SQL backups differ from an export uploaded"
                          + " to Cloud Storage, where you manage the lifecycle\"",
                      "instances.export of Google's client: unwrap(SQLAdmin.class)"),
              FieldRow.<ResourceId, BackupRun>of(BackupField.REPLICATION, ResourceId.class, "")
                  .lacking(
                      "Cloud SQL keeps each backup in one place, which may be a multi-region",
                      "BackupPolicy.geoRedundant(true), or storedIn(...) with another region"),
              lackingReplication(BackupField.REPLICATION_RETENTION, Integer.class),
              lackingReplication(BackupField.REPLICATION_KEY, String.class)));

  private BackupTables() {}

  private static <V> FieldRow<V, BackupRun> lackingReplication(BackupField field, Class<V> type) {
    return FieldRow.<V, BackupRun>of(field, type, "")
        .lacking("Cloud SQL replicates no backups", "BackupPolicy.geoRedundant(true)");
  }

  @SuppressWarnings("rawtypes") // A class is of no parameters.
  private static FieldRow<Map, BackupRun> tags() {
    return FieldRow.<Map, BackupRun>of(BackupField.TAGS, Map.class, DESCRIPTION).build();
  }

  static Plan plan(Specification spec, Place place) {
    return TABLE.plan(new Asked(spec, place));
  }

  /** Whether there is a feature of backups; empty when it is none of theirs. */
  static Optional<Support> supports(Feature feature, FeatureContext context) {
    for (BackupField field : BackupField.values()) {
      if (feature.equals(Feature.of(field))) {
        return Optional.of(TABLE.support(field, context));
      }
    }
    return Optional.empty();
  }
}
