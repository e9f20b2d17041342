/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.backup.Backup;
import io.clouddb.backup.Backups;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.BackupDescription;
import software.amazon.awssdk.services.dynamodb.model.BackupDetails;
import software.amazon.awssdk.services.dynamodb.model.BackupStatus;
import software.amazon.awssdk.services.dynamodb.model.BackupSummary;
import software.amazon.awssdk.services.dynamodb.model.BackupType;

/** What DynamoDB says of backups, in portable terms. */
final class BackupView {
  private static final String BETWEEN = "/";

  /** Sizes are told in whole ones, rounded up. */
  private static final long MIB = 1024 * 1024;

  private final String provider;
  private final String region;
  private final Supplier<String> account;
  private final TableView tables;

  BackupView(String provider, String region, Supplier<String> account) {
    this.provider = provider;
    this.region = region;
    this.account = account;
    this.tables = new TableView(provider, account);
  }

  /** The id of one that may be there: names are a table's own. */
  ResourceId id(String table, String name) {
    return ResourceId.of(
        provider, account.get(), region, Backups.TABLE_KIND, table + BETWEEN + name);
  }

  /** The table of a backup, by the backup's id. */
  static String table(ResourceId backup) {
    String name = backup.name();
    return name.substring(0, Math.max(0, name.indexOf(BETWEEN)));
  }

  /** The name of a backup among those of its table, by its id. */
  static String name(ResourceId backup) {
    return backup.name().substring(backup.name().indexOf(BETWEEN) + 1);
  }

  Backup backup(BackupSummary summary) {
    return builder(
            summary.tableName(),
            summary.backupName(),
            summary.backupArn(),
            summary.backupType(),
            summary.backupStatus(),
            summary.backupSizeBytes())
        .takenAt(summary.backupCreationDateTime())
        .expiresAt(summary.backupExpiryDateTime())
        .nativeObject(summary)
        .build();
  }

  Backup backup(BackupDescription description) {
    BackupDetails details = description.backupDetails();
    return builder(
            description.sourceTableDetails().tableName(),
            details.backupName(),
            details.backupArn(),
            details.backupType(),
            details.backupStatus(),
            details.backupSizeBytes())
        .takenAt(details.backupCreationDateTime())
        .expiresAt(details.backupExpiryDateTime())
        .nativeObject(description)
        .build();
  }

  /** All of DynamoDB's are encrypted; with what, they do not tell. */
  private Backup.Builder builder(
      String table,
      String name,
      String arn,
      BackupType type,
      BackupStatus status,
      @Nullable Long size) {
    return Backup.builder(
            id(table, name).withNativeId(arn),
            name,
            type == BackupType.USER ? Backup.Origin.MANUAL : Backup.Origin.AUTOMATIC,
            state(status),
            String.valueOf(status))
        .source(tables.id(table))
        .size(size == null || size == 0 ? null : DataSize.mib((size + MIB - 1) / MIB))
        .encrypted(true, null)
        .storageLocation(region);
  }

  private static Backup.State state(BackupStatus status) {
    return switch (status) {
      case CREATING -> Backup.State.CREATING;
      case AVAILABLE -> Backup.State.AVAILABLE;
      case DELETED -> Backup.State.DELETING;
      default -> Backup.State.UNKNOWN;
    };
  }
}
