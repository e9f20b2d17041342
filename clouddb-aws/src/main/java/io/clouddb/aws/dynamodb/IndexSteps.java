/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.spi.workflow.StepAction;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.table.IndexSpec;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.CreateGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.DeleteGlobalSecondaryIndexAction;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexUpdate;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.UpdateTableRequest;

/**
 * Adds and removes global indexes of a table that is there: "You can create or delete only one
 * global secondary index per UpdateTable operation", and each is waited for. Replicas get them from
 * the table.
 */
final class IndexSteps {
  private IndexSteps() {}

  /** A step for each index, in the home region. */
  private abstract static class IndexStep extends SettingStep {
    IndexStep(String name, RegionalCalls regions) {
      super(name, regions);
    }

    @Override
    final String region(StepContext context) {
      return home();
    }

    final boolean has(StepContext context, TableDescription table) {
      return LiveTable.indexes(table).contains(context.item());
    }

    final void update(
        StepContext context,
        UpdateTableRequest.Builder request,
        GlobalSecondaryIndexUpdate update) {
      regions
          .home()
          .update(request.tableName(context.name()).globalSecondaryIndexUpdates(update).build());
    }
  }

  static StepAction remove(RegionalCalls calls) {
    return new IndexStep("remove index", calls) {
      @Override
      public List<String> items(StepContext context) {
        return change(context).removedIndexes();
      }

      @Override
      boolean holds(StepContext context, String region, TableDescription table) {
        return !has(context, table);
      }

      @Override
      boolean isUnderWay(StepContext context) {
        return find(context).stream()
            .anyMatch(
                table ->
                    table.globalSecondaryIndexes().stream()
                        .filter(index -> index.indexName().equals(context.item()))
                        .allMatch(index -> index.indexStatus() == IndexStatus.DELETING));
      }

      @Override
      void send(StepContext context, String region, TableDescription table) {
        update(
            context,
            UpdateTableRequest.builder(),
            GlobalSecondaryIndexUpdate.builder()
                .delete(
                    DeleteGlobalSecondaryIndexAction.builder().indexName(context.item()).build())
                .build());
      }

      @Override
      public boolean guarded(StepContext context) {
        return true;
      }
    };
  }

  static StepAction add(RegionalCalls calls) {
    return new IndexStep("index", calls) {
      @Override
      public List<String> items(StepContext context) {
        return change(context).addedIndexes().stream().map(IndexSpec::name).toList();
      }

      @Override
      boolean holds(StepContext context, String region, TableDescription table) {
        return table.globalSecondaryIndexes().stream().anyMatch(index -> isIt(context, index));
      }

      @Override
      boolean isUnderWay(StepContext context) {
        return find(context).stream()
            .flatMap(table -> table.globalSecondaryIndexes().stream())
            .anyMatch(index -> isIt(context, index) && index.indexStatus() != IndexStatus.DELETING);
      }

      /** Another one of its name, which somebody else has made, is not: DynamoDB refuses ours. */
      private boolean isIt(StepContext context, GlobalSecondaryIndexDescription index) {
        IndexSpec wanted = wanted(context).spec().index(context.item()).orElseThrow();
        return index.indexName().equals(wanted.name())
            && Set.copyOf(index.keySchema()).equals(Set.copyOf(Schemas.schema(wanted.key())))
            && Schemas.projection(index.projection()).equals(wanted.projection());
      }

      @Override
      void send(StepContext context, String region, TableDescription table) {
        Wanted wanted = wanted(context);
        IndexSpec index = wanted.spec().index(context.item()).orElseThrow();
        CreateGlobalSecondaryIndexAction.Builder create =
            CreateGlobalSecondaryIndexAction.builder()
                .indexName(index.name())
                .keySchema(Schemas.schema(index.key()))
                .projection(Schemas.projection(index.projection()));
        if (!wanted.throughput().isOnDemand()) {
          create.provisionedThroughput(Schemas.units(wanted.throughput(index)));
        }
        update(
            context,
            UpdateTableRequest.builder()
                .attributeDefinitions(Schemas.attributes(index.key(), List.of())),
            GlobalSecondaryIndexUpdate.builder().create(create.build()).build());
      }
    };
  }
}
