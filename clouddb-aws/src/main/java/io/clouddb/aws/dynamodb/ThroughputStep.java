/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.spi.workflow.StepContext;
import io.clouddb.table.Capacity;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Throughput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputDescription;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/**
 * Switches between on demand and provisioned, and sets what is provisioned of a table and of its
 * indexes. What is autoscaled is only brought within its limits. DynamoDB refuses to set what is
 * set.
 */
final class ThroughputStep extends SettingStep {
  ThroughputStep(RegionalCalls regions) {
    super("throughput", regions);
  }

  @Override
  public boolean applies(StepContext context) {
    return change(context).throughput().isPresent() || !change(context).indexThroughput().isEmpty();
  }

  @Override
  boolean holds(StepContext context, String region, TableDescription table) {
    return request(context, table).isEmpty();
  }

  @Override
  void send(StepContext context, String region, TableDescription table) {
    request(context, table).ifPresent(regions.home()::update);
  }

  private Optional<UpdateTableRequest> request(StepContext context, TableDescription table) {
    Wanted wanted = wanted(context);
    boolean onDemand = LiveReader.isOnDemand(table);
    UpdateTableRequest.Builder request = UpdateTableRequest.builder().tableName(context.name());
    if (wanted.throughput().isOnDemand()) {
      return onDemand
          ? Optional.empty()
          : Optional.of(request.billingMode(BillingMode.PAY_PER_REQUEST).build());
    }
    ProvisionedThroughput units =
        units(wanted.throughput(), onDemand ? null : table.provisionedThroughput());
    List<GlobalSecondaryIndexUpdate> indexes = indexes(wanted, table, onDemand);
    if (onDemand) {
      request.billingMode(BillingMode.PROVISIONED);
    } else if (units == null && indexes.isEmpty()) {
      return Optional.empty();
    }
    if (units != null) {
      request.provisionedThroughput(units);
    }
    if (!indexes.isEmpty()) {
      request.globalSecondaryIndexUpdates(indexes);
    }
    return Optional.of(request.build());
  }

  private static List<GlobalSecondaryIndexUpdate> indexes(
      Wanted wanted, TableDescription table, boolean onDemand) {
    List<GlobalSecondaryIndexUpdate> updates = new ArrayList<>();
    for (GlobalSecondaryIndexDescription index : table.globalSecondaryIndexes()) {
      Optional<IndexSpec> spec = wanted.spec().index(index.indexName());
      ProvisionedThroughput units =
          units(
              spec.map(wanted::throughput).orElseGet(wanted::throughput),
              onDemand ? null : index.provisionedThroughput());
      if (units != null) {
        updates.add(
            GlobalSecondaryIndexUpdate.builder()
                .update(
                    UpdateGlobalSecondaryIndexAction.builder()
                        .indexName(index.indexName())
                        .provisionedThroughput(units)
                        .build())
                .build());
      }
    }
    return updates;
  }

  /** What has to be set; null where that is so already. */
  private static @Nullable ProvisionedThroughput units(
      Throughput wanted, @Nullable ProvisionedThroughputDescription now) {
    if (now == null) {
      return Schemas.units(wanted);
    }
    long reads = within(wanted.reads().orElseThrow(), now.readCapacityUnits());
    long writes = within(wanted.writes().orElseThrow(), now.writeCapacityUnits());
    return reads == now.readCapacityUnits() && writes == now.writeCapacityUnits()
        ? null
        : ProvisionedThroughput.builder()
            .readCapacityUnits(reads)
            .writeCapacityUnits(writes)
            .build();
  }

  private static long within(Capacity wanted, long now) {
    return Math.min(Math.max(now, wanted.minimum()), wanted.maximum());
  }
}
