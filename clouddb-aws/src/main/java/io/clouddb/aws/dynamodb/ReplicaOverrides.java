/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.table.Capacity;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.TableClass;
import io.clouddb.table.Throughput;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputOverride;
import software.amazon.awssdk.services.dynamodb.model.ReplicaDescription;
import software.amazon.awssdk.services.dynamodb.model.ReplicaGlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.ReplicaGlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.ReplicationGroupUpdate;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateReplicationGroupMemberAction;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/**
 * What a replica has of its own, in place of what the table has: its reads (scaling of reads leaves
 * them so, too) and its class. A change of the table leaves it as it is there, so that it is
 * changed in each region in which the table was before.
 */
final class ReplicaOverrides {
  private ReplicaOverrides() {}

  /** A step for each replica, all by way of the home region, which tells what they have. */
  private abstract static class ReplicaSettingStep extends SettingStep {
    ReplicaSettingStep(String name, RegionalCalls regions) {
      super(name, regions);
    }

    @Override
    public final List<String> items(StepContext context) {
      return kept(context).stream().filter(region -> !region.equals(home())).toList();
    }

    @Override
    final String region(StepContext context) {
      return home();
    }

    /** What has to be changed; null for nothing. */
    abstract UpdateReplicationGroupMemberAction.@Nullable Builder update(
        StepContext context, TableDescription table);

    @Override
    final boolean holds(StepContext context, String region, TableDescription table) {
      return update(context, table) == null;
    }

    @Override
    final void send(StepContext context, String region, TableDescription table) {
      UpdateReplicationGroupMemberAction.Builder update = update(context, table);
      if (update != null) {
        regions
            .home()
            .update(
                UpdateTableRequest.builder()
                    .tableName(context.name())
                    .replicaUpdates(
                        ReplicationGroupUpdate.builder()
                            .update(update.regionName(context.item()).build())
                            .build())
                    .build());
      }
    }
  }

  /** Of what is asked to have fixed reads; what is scaled is brought within its limits by that. */
  static StepAction reads(RegionalCalls calls) {
    return new ReplicaSettingStep("reads of replicas", calls) {
      @Override
      public boolean applies(StepContext context) {
        return change(context).throughput().isPresent()
            || !change(context).indexThroughput().isEmpty();
      }

      @Override
      UpdateReplicationGroupMemberAction.@Nullable Builder update(
          StepContext context, TableDescription table) {
        Optional<ReplicaDescription> replica = ReplicaStep.replica(table, context.item());
        if (replica.isEmpty()) {
          return null;
        }
        Optional<ProvisionedThroughputOverride> reads =
            fixed(context, "")
                .filter(wanted -> isOther(replica.get().provisionedThroughputOverride(), wanted))
                .map(ReplicaOverrides::override);
        List<ReplicaGlobalSecondaryIndex> indexes = new ArrayList<>();
        for (ReplicaGlobalSecondaryIndexDescription index :
            replica.get().globalSecondaryIndexes()) {
          fixed(context, index.indexName())
              .filter(wanted -> isOther(index.provisionedThroughputOverride(), wanted))
              .ifPresent(wanted -> indexes.add(override(index.indexName(), wanted)));
        }
        if (reads.isEmpty() && indexes.isEmpty()) {
          return null;
        }
        UpdateReplicationGroupMemberAction.Builder update =
            UpdateReplicationGroupMemberAction.builder();
        reads.ifPresent(update::provisionedThroughputOverride);
        return indexes.isEmpty() ? update : update.globalSecondaryIndexes(indexes);
      }

      private Optional<Long> fixed(StepContext context, String index) {
        Wanted wanted = wanted(context);
        if (!ScaleStep.isAsked(context, wanted, new Scaled(context.name(), index, false))) {
          return Optional.empty();
        }
        Optional<IndexSpec> spec = wanted.spec().index(index);
        Throughput throughput = spec.map(wanted::throughput).orElseGet(wanted::throughput);
        return throughput.reads().filter(reads -> !reads.autoscaled()).map(Capacity::minimum);
      }
    };
  }

  private static boolean isOther(@Nullable ProvisionedThroughputOverride own, long wanted) {
    return own != null && own.readCapacityUnits() != null && own.readCapacityUnits() != wanted;
  }

  private static ProvisionedThroughputOverride override(long reads) {
    return ProvisionedThroughputOverride.builder().readCapacityUnits(reads).build();
  }

  private static ReplicaGlobalSecondaryIndex override(String index, long reads) {
    return ReplicaGlobalSecondaryIndex.builder()
        .indexName(index)
        .provisionedThroughputOverride(override(reads))
        .build();
  }

  static StepAction tableClass(RegionalCalls calls) {
    return new ReplicaSettingStep("table class of replicas", calls) {
      @Override
      public boolean applies(StepContext context) {
        return change(context).tableClass().isPresent();
      }

      @Override
      UpdateReplicationGroupMemberAction.@Nullable Builder update(
          StepContext context, TableDescription table) {
        TableClass wanted = change(context).tableClass().orElseThrow();
        return regions
                .in(context.item())
                .find(context.name())
                .filter(there -> LiveSpec.tableClass(there) != wanted)
                .isPresent()
            ? UpdateReplicationGroupMemberAction.builder()
                .tableClassOverride(SettingFields.vendor(wanted))
            : null;
      }
    };
  }
}
