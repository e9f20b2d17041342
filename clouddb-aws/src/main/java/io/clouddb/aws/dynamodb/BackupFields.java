/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.ResourceId;
import io.clouddb.backup.BackupField;
import io.clouddb.plan.Plan;
import io.clouddb.spi.mapping.Asked;
import io.clouddb.spi.mapping.FieldRow;
import io.clouddb.spi.mapping.FieldTable;
import io.clouddb.table.ChangeImages;
import io.clouddb.table.TableField;
import io.clouddb.table.TableRestoreField;
import io.clouddb.table.TableRestoreSpec;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * How backups and restores are asked for: <em>CreateBackup</em>, <em>RestoreTableFromBackup</em>
 * and <em>RestoreTableToPointInTime</em> in the API Reference. What is known beside a spec is the
 * region.
 */
final class BackupFields {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{3,255}");

  /** What a restored table has only once it is set again: the developer guide's list. */
  private static final Map<TableRestoreField, String> SET_AGAIN =
      Map.of(
          TableRestoreField.TIME_TO_LIVE, "is off, as it is not asked for",
          TableRestoreField.CHANGE_FEED, "there is none, as it is not asked for",
          TableRestoreField.DELETION_PROTECTION, "is off, as it is not asked for",
          TableRestoreField.POINT_IN_TIME_RECOVERY, "is off, as it is not asked for",
          TableRestoreField.TAGS, "there are none, as they are not asked for",
          TableRestoreField.THROUGHPUT,
              "is the source's, without what scales it, as it is not asked for");

  private BackupFields() {}

  static FieldTable<Object> backups(String provider) {
    return FieldTable.of(
        provider,
        "DynamoDB's backups",
        List.of(
            FieldRow.<String, Object>of(BackupField.NAME, String.class, "BackupName")
                .only(
                    "3 to 255 letters, digits, hyphens, dots and underscores",
                    (name, asked) ->
                        NAME.matcher(name).matches()
                            ? Optional.empty()
                            : Optional.of(
                                "DynamoDB takes 3 to 255 letters, digits, hyphens, dots and"
                                    + " underscores"),
                    "another name")
                .build(),
            FieldRow.<ResourceId, Object>of(BackupField.TAKE, ResourceId.class, "TableName")
                .shown((table, asked) -> table.name())
                .build(),
            FieldRow.<ResourceId, Object>of(BackupField.COPY, ResourceId.class, "")
                .lacking(
                    "DynamoDB copies no backup", "AWS Backup, which copies those that it takes"),
            FieldRow.<String, Object>of(BackupField.OTHER_REGION, String.class, "")
                .lacking(
                    "DynamoDB keeps a backup in the region in which it is taken",
                    "in(...) of this cloud for another region of the table"),
            FieldRow.<String, Object>of(BackupField.ENCRYPTION_KEY, String.class, "")
                .lacking("DynamoDB encrypts a backup with its table's key", "take it without"),
            FieldRow.<String, Object>of(BackupField.SHARING, String.class, "")
                .lacking(
                    "DynamoDB shares no backup with another account",
                    "AWS Backup, which copies to other accounts"),
            FieldRow.<String, Object>of(BackupField.EXPORT, String.class, "")
                .lacking(
                    "an export to S3 is files, from which DynamoDB restores nothing",
                    "unwrap(DynamoDbClient.class).exportTableToPointInTime(...)"),
            FieldRow.<Map<String, String>, Object>of(BackupField.TAGS, Types.TEXTS, "")
                .lacking("DynamoDB's backups have no tags", "a name that says it, or AWS Backup")));
  }

  static FieldTable<Object> restores(String provider) {
    return FieldTable.of(
        provider,
        "DynamoDB's restores",
        List.of(
            FieldRow.<String, Object>of(TableRestoreField.NAME, String.class, "TargetTableName")
                .build(),
            FieldRow.<ResourceId, Object>of(TableRestoreField.BACKUP, ResourceId.class, "BackupArn")
                .shown((backup, asked) -> backup.nativeId().orElse(backup.name()))
                .build(),
            FieldRow.<Instant, Object>of(TableRestoreField.MOMENT, Instant.class, "RestoreDateTime")
                .noted((moment, asked) -> Optional.of("within the window of the source"))
                .build(),
            FieldRow.<Boolean, Object>of(
                    TableRestoreField.LATEST, Boolean.class, "UseLatestRestorableTime")
                .build(),
            FieldRow.<String, Object>of(
                    TableRestoreField.OTHER_REGION, String.class, "BackupArn of the other region")
                .build(),
            FieldRow.<Set<String>, Object>of(TableRestoreField.INDEXES, names(), "")
                .vendorField(asked -> "GlobalSecondaryIndexOverride, LocalSecondaryIndexOverride")
                .build(),
            FieldRow.<Throughput, Object>of(
                    TableRestoreField.THROUGHPUT, Throughput.class, "BillingModeOverride")
                .vendorField(asked -> "BillingModeOverride, ProvisionedThroughputOverride")
                .build(),
            FieldRow.<String, Object>of(
                    TableRestoreField.ENCRYPTION_KEY, String.class, "SSESpecificationOverride")
                .build(),
            FieldRow.<TimeToLive, Object>of(
                    TableRestoreField.TIME_TO_LIVE, TimeToLive.class, "UpdateTimeToLive")
                .only(
                    "At the time in an attribute",
                    (ttl, asked) ->
                        ttl.after().isPresent()
                            ? Optional.of(
                                "DynamoDB lets an item expire at a time that it has in itself")
                            : Optional.empty(),
                    "TimeToLive.at(attribute)")
                .build(),
            FieldRow.<ChangeImages, Object>of(
                    TableRestoreField.CHANGE_FEED,
                    ChangeImages.class,
                    "UpdateTable StreamSpecification")
                .build(),
            FieldRow.<Boolean, Object>of(
                    TableRestoreField.DELETION_PROTECTION,
                    Boolean.class,
                    "UpdateTable DeletionProtectionEnabled")
                .build(),
            FieldRow.<Integer, Object>of(
                    TableRestoreField.POINT_IN_TIME_RECOVERY,
                    Integer.class,
                    "UpdateContinuousBackups RecoveryPeriodInDays")
                .build(),
            FieldRow.<Map<String, String>, Object>of(
                    TableRestoreField.TAGS, Types.TEXTS, "TagResource Tags")
                .only(
                    "Letters, digits, spaces and + - = . _ : / @; none begins with aws:",
                    (tags, asked) -> TableTags.whyNot(tags),
                    "another key or value")
                .build()));
  }

  @SuppressWarnings("unchecked") // The field has sets of names only.
  private static Class<Set<String>> names() {
    return (Class<Set<String>>) (Class<?>) Set.class;
  }

  /** With what the source gives, and what it does not. */
  static Plan plan(FieldTable<Object> restores, TableRestoreSpec spec, String region) {
    List<Plan.Inherited> inherited = new ArrayList<>();
    inherited.add(new Plan.Inherited(TableField.KEY, "the key and the items are the source's"));
    if (spec.indexes().isEmpty()) {
      inherited.add(new Plan.Inherited(TableRestoreField.INDEXES, "all of the source's"));
    }
    if (spec.encryptionKey().isEmpty()) {
      inherited.add(
          new Plan.Inherited(
              TableRestoreField.ENCRYPTION_KEY,
              spec.backup().filter(backup -> !backup.location().equals(region)).isPresent()
                  ? "AWS' own key, as the source's: where that has one of KMS, name one for "
                      + region
                  : "the source's encryption"));
    }
    for (TableRestoreField field : TableRestoreField.values()) {
      String text = SET_AGAIN.get(field);
      if (text != null && !spec.values().containsKey(field)) {
        inherited.add(new Plan.Inherited(field, text));
      }
    }
    return restores.plan(new Asked(spec, region)).inheriting(inherited);
  }
}
