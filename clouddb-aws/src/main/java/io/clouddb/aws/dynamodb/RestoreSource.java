/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.table.TableRestoreSpec;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.BackupDescription;
import software.amazon.awssdk.services.dynamodb.model.BackupSummary;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.LocalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * What a table is restored from: a backup, or a table and its point-in-time recovery.
 *
 * @param arn of the backup or of the table
 * @param schema its key
 * @param onDemand whether it is paid by request
 * @param encrypted whether a key of KMS encrypts it
 * @param indexes its global indexes, with what is provisioned of them
 * @param locals its local indexes
 */
record RestoreSource(
    String arn,
    List<KeySchemaElement> schema,
    boolean onDemand,
    boolean encrypted,
    List<GlobalSecondaryIndex> indexes,
    List<LocalSecondaryIndex> locals) {

  /**
   * Looks at it: a backup may be in another region, a table is in this one.
   *
   * @param noted the ARN of the one that was looked at first: by its name a backup is the newest
   */
  static RestoreSource read(RegionalCalls regions, TableRestoreSpec spec, Optional<String> noted) {
    Optional<ResourceId> backup = spec.backup().map(id -> noted.map(id::withNativeId).orElse(id));
    return backup.isPresent()
        ? of(backup(regions, backup.get()))
        : of(regions.home().get(spec.source().name()));
  }

  private static BackupDescription backup(RegionalCalls regions, ResourceId id) {
    return find(new BackupCalls(regions.in(id.location())), id).orElseThrow(() -> missing(id));
  }

  /** By its ARN, or by its name among those of its table. */
  static Optional<BackupDescription> find(BackupCalls calls, ResourceId id) {
    return id.nativeId()
        .or(
            () ->
                calls
                    .newest(BackupView.table(id), BackupView.name(id))
                    .map(BackupSummary::backupArn))
        .flatMap(calls::find);
  }

  static CloudDbException missing(ResourceId id) {
    return ErrorDetails.of(
            ErrorCategory.NOT_FOUND,
            "There is no backup "
                + BackupView.name(id)
                + " of "
                + BackupView.table(id)
                + " in "
                + id.location())
        .operation("dynamodb.DescribeBackup")
        .resource(id.toString())
        .providerCode("BackupNotFoundException")
        .toException();
  }

  private static RestoreSource of(BackupDescription backup) {
    var features = backup.sourceTableFeatureDetails();
    return new RestoreSource(
        backup.backupDetails().backupArn(),
        backup.sourceTableDetails().keySchema(),
        backup.sourceTableDetails().billingMode() == BillingMode.PAY_PER_REQUEST,
        features != null && features.sseDescription() != null,
        features == null
            ? List.of()
            : features.globalSecondaryIndexes().stream()
                .map(
                    index ->
                        GlobalSecondaryIndex.builder()
                            .indexName(index.indexName())
                            .keySchema(index.keySchema())
                            .projection(index.projection())
                            .provisionedThroughput(index.provisionedThroughput())
                            .build())
                .toList(),
        features == null
            ? List.of()
            : features.localSecondaryIndexes().stream()
                .map(
                    index ->
                        LocalSecondaryIndex.builder()
                            .indexName(index.indexName())
                            .keySchema(index.keySchema())
                            .projection(index.projection())
                            .build())
                .toList());
  }

  private static RestoreSource of(TableDescription table) {
    return new RestoreSource(
        table.tableArn(),
        table.keySchema(),
        LiveReader.isOnDemand(table),
        table.sseDescription() != null,
        table.globalSecondaryIndexes().stream()
            .map(
                index ->
                    GlobalSecondaryIndex.builder()
                        .indexName(index.indexName())
                        .keySchema(index.keySchema())
                        .projection(index.projection())
                        .provisionedThroughput(units(index.provisionedThroughput()))
                        .build())
            .toList(),
        table.localSecondaryIndexes().stream()
            .map(
                index ->
                    LocalSecondaryIndex.builder()
                        .indexName(index.indexName())
                        .keySchema(index.keySchema())
                        .projection(index.projection())
                        .build())
            .toList());
  }

  /** Whether it is in another region than the one in which a table is made of it. */
  boolean isElsewhere(String region) {
    return !arn.split(":", -1)[RegionFields.REGION_OF_ARN].equals(region);
  }

  private static ProvisionedThroughput units(ProvisionedThroughputDescription units) {
    return ProvisionedThroughput.builder()
        .readCapacityUnits(units.readCapacityUnits())
        .writeCapacityUnits(units.writeCapacityUnits())
        .build();
  }
}
