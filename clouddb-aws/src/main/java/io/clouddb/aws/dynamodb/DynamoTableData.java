/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.table.TableData;
import io.clouddb.table.Condition;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import io.clouddb.table.TableConsistency;
import io.clouddb.table.Transaction;
import io.clouddb.table.Update;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * The data of a table on DynamoDB. An item is an item of DynamoDB, attribute by attribute, so that
 * what is written here is what any other program reads.
 */
public final class DynamoTableData implements TableData {
  private final DynamoCalls calls;
  private final TableKeys keys;
  private final PageCalls pages;
  private final BatchCalls batches;
  private final TransactionCalls transactions;
  private final Limits limits;

  private DynamoTableData(
      DynamoCalls calls, DynamoCalls single, TableKeys keys, TransactionCalls transactions) {
    this.calls = calls;
    this.keys = keys;
    this.pages = new PageCalls(calls, keys);
    this.batches = new BatchCalls(single, keys);
    this.transactions = transactions;
    this.limits = new DynamoLimits(transactions.mostActions());
  }

  /**
   * The data of a table, without a remote call.
   *
   * @param spec what the table is
   * @param region from where it is read and written
   * @param client the client of that region
   * @param calls through which every request goes
   * @return its data
   */
  public static DynamoTableData of(
      GlobalTableSpec spec,
      String region,
      Supplier<DynamoDbAsyncClient> client,
      RemoteCalls calls) {
    DynamoCalls own = new DynamoCalls(client, region, spec.name(), calls);
    TableKeys keys = new TableKeys(spec);
    boolean transactions = spec.consistency().orElse(null) != TableConsistency.GLOBAL;
    // What is left of a batch, or throttled, whoever asked for it sends again: not both do.
    DynamoCalls single = new DynamoCalls(client, region, spec.name(), calls.singly());
    return new DynamoTableData(
        own,
        single,
        keys,
        new TransactionCalls(
            own, keys, transactions, () -> UUID.randomUUID().toString(), System::nanoTime));
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public CompletionStage<Optional<Item>> get(ItemKey key, boolean consistent) {
    return DynamoCalls.begun(
        () -> {
          GetItemRequest.Builder request =
              GetItemRequest.builder().tableName(calls.table()).key(keys.of(key));
          if (consistent) {
            request.consistentRead(true);
          }
          GetItemRequest get = request.build();
          return calls.read(
              "dynamodb.GetItem",
              client -> client.getItem(get),
              answer ->
                  answer.hasItem()
                      ? Optional.of(AttributeValues.item(answer.item()))
                      : Optional.empty());
        });
  }

  @Override
  public CompletionStage<Void> put(Item item, @Nullable Condition condition) {
    return DynamoCalls.begun(
        () -> {
          PutItemRequest.Builder request =
              PutItemRequest.builder().tableName(calls.table()).item(AttributeValues.of(item));
          if (condition != null) {
            Expression expression = new Expression(keys.partitionName());
            request
                .conditionExpression(expression.condition(condition))
                .expressionAttributeNames(expression.names())
                .expressionAttributeValues(expression.values())
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
          }
          PutItemRequest put = request.build();
          return calls.write("dynamodb.PutItem", client -> client.putItem(put), answer -> null);
        });
  }

  @Override
  public CompletionStage<Item> update(ItemKey key, Update update, @Nullable Condition condition) {
    return DynamoCalls.begun(
        () -> {
          Expression expression = new Expression(keys.partitionName());
          UpdateItemRequest.Builder request =
              UpdateItemRequest.builder()
                  .tableName(calls.table())
                  .key(keys.of(key))
                  .updateExpression(UpdateExpression.of(update, expression))
                  .returnValues(ReturnValue.ALL_NEW);
          if (condition != null) {
            request
                .conditionExpression(expression.condition(condition))
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
          }
          UpdateItemRequest change =
              request
                  .expressionAttributeNames(expression.names())
                  .expressionAttributeValues(expression.values())
                  .build();
          return calls.write(
              "dynamodb.UpdateItem",
              client -> client.updateItem(change),
              answer -> AttributeValues.item(answer.attributes()));
        });
  }

  @Override
  public CompletionStage<Optional<Item>> delete(ItemKey key, @Nullable Condition condition) {
    return DynamoCalls.begun(
        () -> {
          DeleteItemRequest.Builder request =
              DeleteItemRequest.builder()
                  .tableName(calls.table())
                  .key(keys.of(key))
                  .returnValues(ReturnValue.ALL_OLD);
          if (condition != null) {
            Expression expression = new Expression(keys.partitionName());
            request
                .conditionExpression(expression.condition(condition))
                .expressionAttributeNames(expression.names())
                .expressionAttributeValues(expression.values())
                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
          }
          DeleteItemRequest delete = request.build();
          return calls.write(
              "dynamodb.DeleteItem",
              client -> client.deleteItem(delete),
              answer ->
                  answer.hasAttributes() && !answer.attributes().isEmpty()
                      ? Optional.of(AttributeValues.item(answer.attributes()))
                      : Optional.empty());
        });
  }

  @Override
  public CompletionStage<Items> query(Query query, @Nullable String position, int most) {
    return DynamoCalls.begun(() -> pages.query(query, position, most));
  }

  @Override
  public CompletionStage<Items> scan(Scan scan, int segment, @Nullable String position) {
    return DynamoCalls.begun(() -> pages.scan(scan, segment, position));
  }

  @Override
  public CompletionStage<List<Item>> putBatch(List<Item> items) {
    return DynamoCalls.begun(() -> batches.put(items));
  }

  @Override
  public CompletionStage<List<ItemKey>> deleteBatch(List<ItemKey> wanted) {
    return DynamoCalls.begun(() -> batches.delete(wanted));
  }

  @Override
  public CompletionStage<Read> getBatch(List<ItemKey> wanted, boolean consistent) {
    return DynamoCalls.begun(() -> batches.get(wanted, consistent));
  }

  @Override
  public CompletionStage<Void> transact(Transaction transaction) {
    return DynamoCalls.begun(() -> transactions.transact(transaction));
  }
}
