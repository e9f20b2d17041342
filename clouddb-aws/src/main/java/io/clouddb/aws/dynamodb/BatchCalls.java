/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.spi.table.TableData.Read;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteRequest;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Several items in one request, each by itself. */
final class BatchCalls {
  static final int MOST_WRITES = 25;
  static final int MOST_READS = 100;
  static final long MOST_BYTES = 16L * 1024 * 1024;

  private final DynamoCalls calls;
  private final TableKeys keys;

  BatchCalls(DynamoCalls calls, TableKeys keys) {
    this.calls = calls;
    this.keys = keys;
  }

  CompletionStage<List<Item>> put(List<Item> items) {
    List<WriteRequest> writes = new ArrayList<>(items.size());
    for (Item item : items) {
      writes.add(
          WriteRequest.builder()
              .putRequest(PutRequest.builder().item(AttributeValues.of(item)).build())
              .build());
    }
    return write(writes, write -> AttributeValues.item(write.putRequest().item()));
  }

  CompletionStage<List<ItemKey>> delete(List<ItemKey> wanted) {
    List<WriteRequest> writes = new ArrayList<>(wanted.size());
    for (ItemKey key : wanted) {
      writes.add(
          WriteRequest.builder()
              .deleteRequest(DeleteRequest.builder().key(keys.of(key)).build())
              .build());
    }
    return write(writes, write -> keys.keyOf(write.deleteRequest().key()));
  }

  private <R> CompletionStage<List<R>> write(
      List<WriteRequest> writes, Function<WriteRequest, R> unwritten) {
    BatchWriteItemRequest request =
        BatchWriteItemRequest.builder().requestItems(Map.of(calls.table(), writes)).build();
    return calls.write(
        "dynamodb.BatchWriteItem",
        client -> client.batchWriteItem(request),
        answer -> {
          List<R> left = new ArrayList<>();
          for (WriteRequest write :
              answer.unprocessedItems().getOrDefault(calls.table(), List.of())) {
            left.add(unwritten.apply(write));
          }
          return left;
        });
  }

  CompletionStage<Read> get(List<ItemKey> wanted, boolean consistent) {
    List<Map<String, AttributeValue>> all = new ArrayList<>(wanted.size());
    for (ItemKey key : wanted) {
      all.add(keys.of(key));
    }
    KeysAndAttributes.Builder of = KeysAndAttributes.builder().keys(all);
    if (consistent) {
      of.consistentRead(true);
    }
    BatchGetItemRequest request =
        BatchGetItemRequest.builder().requestItems(Map.of(calls.table(), of.build())).build();
    return calls.read(
        "dynamodb.BatchGetItem",
        client -> client.batchGetItem(request),
        answer -> {
          List<Item> found = new ArrayList<>();
          for (Map<String, AttributeValue> item :
              answer.responses().getOrDefault(calls.table(), List.of())) {
            found.add(AttributeValues.item(item));
          }
          List<ItemKey> unread = new ArrayList<>();
          KeysAndAttributes left = answer.unprocessedKeys().get(calls.table());
          if (left != null) {
            for (Map<String, AttributeValue> key : left.keys()) {
              unread.add(keys.keyOf(key));
            }
          }
          return new Read(found, unread);
        });
  }
}
