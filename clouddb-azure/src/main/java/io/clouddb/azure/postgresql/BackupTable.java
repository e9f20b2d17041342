/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What becomes of each field of a backup's spec on a flexible server, and of a spec that asks for
 * backups in another region. The request that takes one has a name, and no body.
 *
 * @see <a
 *     href="https://learn.microsoft.com/rest/api/postgresql/backups-automatic-and-on-demand/create">Backups
 *     Automatic And On Demand - Create</a>
 */
public final class BackupTable {
  /** Where Azure says what its backups can do. */
  static final String PAGE =
      "https://learn.microsoft.com/azure/postgresql/backup-restore/concepts-backup-restore";

  /** "You can take a maximum of 7 on-demand backups per flexible server instance." */
  static final int MOST_BY_HAND = 7;

  private static final String GEO =
      "a server that is created with BackupPolicy.daily().geoRedundant(true), which is restored in"
          + " the paired region by RestoreSpec.of(instance).latest()";

  private static final FieldTable<ListedBackup> TABLE =
      FieldTable.of(
          "azure",
          "backups of PostgreSQL flexible server",
          List.of(
              FieldRow.<String, ListedBackup>of(BackupField.NAME, String.class, "backupName")
                  .build(),
              take(),
              FieldRow.<ResourceId, ListedBackup>of(BackupField.COPY, ResourceId.class, "")
                  .lacking("no request of Azure's copies a backup (" + PAGE + ")", GEO),
              FieldRow.<String, ListedBackup>of(BackupField.OTHER_REGION, String.class, "")
                  .lacking(
                      "a backup is stored with its server; only \"geo-redundant backup storage\""
                          + " has it in the paired region, too ("
                          + PAGE
                          + ")",
                      GEO),
              FieldRow.<String, ListedBackup>of(BackupField.ENCRYPTION_KEY, String.class, "")
                  .lacking(
                      "a backup is encrypted as its server is, and the request has no body",
                      "a key of the server's own"),
              FieldRow.<Map<String, String>, ListedBackup>of(BackupField.TAGS, maps(), "backups")
                  .adjusted("a backup has no tags: the request that takes it has no body", "none"),
              FieldRow.<String, ListedBackup>of(BackupField.SHARING, String.class, "")
                  .lacking(
                      "\"These backup files can't be exported or used to create servers outside your"
                          + " Azure Database for PostgreSQL flexible server instance.\" ("
                          + PAGE
                          + ")",
                      "a restore, and a migration of what was restored"),
              FieldRow.<String, ListedBackup>of(BackupField.EXPORT, String.class, "")
                  .lacking(
                      "\"These backup files can't be exported\" (" + PAGE + ")",
                      "pg_dump, or Azure Backup's long-term retention, which is one"),
              replicated(BackupField.REPLICATION, ResourceId.class),
              replicated(BackupField.REPLICATION_RETENTION, Integer.class),
              replicated(BackupField.REPLICATION_KEY, String.class)));

  private BackupTable() {}

  @SuppressWarnings("unchecked") // A class cannot say what a map is of.
  private static Class<Map<String, String>> maps() {
    return (Class<Map<String, String>>) (Class<?>) Map.class;
  }

  private static FieldRow<ResourceId, ListedBackup> take() {
    return FieldRow.<ResourceId, ListedBackup>of(BackupField.TAKE, ResourceId.class, "backups")
        .only(
            SourcedServerRows.looked(
                "A server that is ready, no replica, not Burstable, and has less than "
                    + MOST_BY_HAND
                    + " by hand; kept as long as the automated ones"))
        .limit("backups.manual.max", MOST_BY_HAND)
        .shown((source, asked) -> ServerArmId.of(source))
        .build();
  }

  private static <V> FieldRow<V, ListedBackup> replicated(BackupField field, Class<V> type) {
    return FieldRow.<V, ListedBackup>of(field, type, "properties.backup.geoRedundantBackup")
        .lacking(
            "\"Geo-redundant backup can be configured only at the time of server creation.\" ("
                + PAGE
                + ")",
            GEO);
  }

  static Plan plan(Specification asked) {
    return TABLE.plan(new Asked(asked, Map.of()));
  }

  /**
   * Tells whether backups of flexible servers have a feature.
   *
   * @param feature the feature
   * @param context for which engine
   * @return the answer; empty when it is none of backups
   */
  public static Optional<Support> support(Feature feature, FeatureContext context) {
    return Arrays.stream(BackupField.values())
        .filter(field -> Feature.of(field).equals(feature))
        .findFirst()
        .map(field -> ServerFields.support(TABLE, field, context));
  }
}
