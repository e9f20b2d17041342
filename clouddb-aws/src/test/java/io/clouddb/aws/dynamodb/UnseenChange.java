/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.table.Capacity;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.Throughput;
import java.util.List;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ReplicationGroupUpdate;
import software.amazon.awssdk.services.dynamodb.model.Tag;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/** A change by the vendor's own client, of what the contract has somebody else change. */
final class UnseenChange {
  private final TableCloud aws;
  private final String table;
  private final String arn;

  UnseenChange(TableCloud aws, String table, String arn) {
    this.aws = aws;
    this.table = table;
    this.arn = arn;
  }

  void make(TableChange change) {
    try (DynamoDbClient client = aws.client(TableCloud.HOME)) {
      UpdateTableRequest.Builder update = UpdateTableRequest.builder().tableName(table);
      UpdateTableRequest before = update.build();
      if (change.deletionProtection().isPresent()) {
        update.deletionProtectionEnabled(change.deletionProtection().get());
      }
      if (change.isNoChangeFeed()) {
        update.streamSpecification(stream -> stream.streamEnabled(false));
      }
      change.tableClass().ifPresent(its -> update.tableClass(SettingFields.vendor(its)));
      change.addedIndexes().forEach(index -> add(update, index));
      change
          .removedRegions()
          .forEach(
              region ->
                  update.replicaUpdates(
                      ReplicationGroupUpdate.builder()
                          .delete(replica -> replica.regionName(region))
                          .build()));
      if (!update.build().equals(before)) {
        client.updateTable(update.build());
      }
      if (change.isNoTimeToLive()) {
        aws.passAnHour();
        client.updateTimeToLive(
            request ->
                request
                    .tableName(table)
                    .timeToLiveSpecification(ttl -> ttl.enabled(false).attributeName("expires")));
      }
      change
          .pointInTimeRecoveryDays()
          .ifPresent(
              days ->
                  client.updateContinuousBackups(
                      request ->
                          request
                              .tableName(table)
                              .pointInTimeRecoverySpecification(
                                  recovery -> recovery.pointInTimeRecoveryEnabled(days > 0))));
      change
          .tags()
          .forEach(
              (key, value) ->
                  client.tagResource(
                      request ->
                          request
                              .resourceArn(arn)
                              .tags(Tag.builder().key(key).value(value).build())));
    }
    change.throughput().ifPresent(this::scale);
  }

  private static void add(UpdateTableRequest.Builder update, IndexSpec index) {
    update
        .attributeDefinitions(Schemas.attributes(index.key(), List.of()))
        .globalSecondaryIndexUpdates(
            GlobalSecondaryIndexUpdate.builder()
                .create(
                    create ->
                        create
                            .indexName(index.name())
                            .keySchema(Schemas.schema(index.key()))
                            .projection(Schemas.projection(index.projection()))
                            .provisionedThroughput(
                                ProvisionedThroughput.builder()
                                    .readCapacityUnits(5L)
                                    .writeCapacityUnits(5L)
                                    .build()))
                .build());
  }

  /** Of the table alone: its indexes stay as they are. */
  private void scale(Throughput throughput) {
    scale(false, throughput.reads().orElseThrow());
    scale(true, throughput.writes().orElseThrow());
  }

  private void scale(boolean writes, Capacity capacity) {
    Scaled scaled = new Scaled(table, "", writes);
    ScalingClient scaling = aws.scaling(TableCloud.HOME);
    scaling.register(scaled, capacity, false);
    scaling.track(scaled, scaled.policy(), capacity);
  }
}
