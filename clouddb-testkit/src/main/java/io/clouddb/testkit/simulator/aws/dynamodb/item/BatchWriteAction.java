/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import com.fasterxml.jackson.core.JsonGenerator;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.ItemSizes;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code BatchWriteItem}: up to 25 items put or deleted, each by itself. */
final class BatchWriteAction {
  private static final String PUT = "PutRequest";
  private static final String DELETE = "DeleteRequest";
  private static final int MOST = 25;
  private static final long LARGEST = 16L << 20;

  private final DynamoTables tables;

  BatchWriteAction(DynamoTables tables) {
    this.tables = tables;
  }

  /** One write: which kind, with an item or a key. */
  private record One(String kind, Map<String, Value> values) {}

  /** What was done in one table. */
  private record Done(
      String name,
      DynamoTable table,
      List<One> unprocessed,
      Set<Value> partitions,
      Consumed consumed) {}

  Answer run(ModelCall call) {
    Map<String, List<Members>> asked = call.members().namedLists(BatchGetAction.REQUEST_ITEMS);
    if (asked.isEmpty()) {
      throw Validation.error("The requestItems parameter is required for BatchWriteItem");
    }
    Map<String, List<One>> requests = new LinkedHashMap<>();
    int number = 0;
    long size = 0;
    for (Map.Entry<String, List<Members>> table : asked.entrySet()) {
      List<One> all = new ArrayList<>();
      for (Members request : table.getValue()) {
        One one = one(request);
        all.add(one);
        size += ItemSizes.RULE.sizeOf(one.values());
        number++;
      }
      requests.put(table.getKey(), all);
    }
    if (number > MOST) {
      throw Validation.error("Too many items requested for the BatchWriteItem call");
    }
    if (size > LARGEST) {
      throw Validation.error("Size of batch request has exceeded the maximum size limit of 16 MB");
    }
    Map<String, List<ItemWrite>> writes = new LinkedHashMap<>();
    // A table may be there by its name and by its ARN.
    Set<ReadTransaction.Target> targets = new HashSet<>();
    requests.forEach((name, all) -> writes.put(name, writes(call.region(), name, all, targets)));
    return answer(call.members(), requests, writes);
  }

  private static One one(Members request) {
    Members put = request.membersOrNull(PUT);
    Members delete = request.membersOrNull(DELETE);
    if ((put == null) == (delete == null)) {
      throw Validation.error(
          "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the"
              + " supported datatypes");
    }
    if (put == null) {
      return new One(DELETE, request.members(DELETE).item(WriteActions.KEY));
    }
    Map<String, Value> item = put.item(WriteActions.ITEM);
    if (ItemSizes.RULE.sizeOf(item) > ItemSizes.MOST) {
      throw Validation.error(ItemWrite.TOO_LARGE);
    }
    return new One(PUT, item);
  }

  private List<ItemWrite> writes(
      String region, String name, List<One> requests, Set<ReadTransaction.Target> targets) {
    DynamoTable table = tables.usable(region, name);
    List<ItemWrite> writes = new ArrayList<>();
    for (One one : requests) {
      // Of a key in an item, too, a batch says what is said of one alone.
      if (!table.definition().keys().fits(one.values())) {
        throw ItemKeys.mismatch();
      }
      ItemWrite write =
          one.kind().equals(PUT)
              ? ItemWrite.put(table, one.values(), null, false)
              : ItemWrite.delete(table, one.values(), null, false);
      if (!targets.add(new ReadTransaction.Target(table, write.key()))) {
        throw Validation.error(BatchGetAction.DUPLICATES);
      }
      writes.add(write);
    }
    return writes;
  }

  private static Answer answer(
      Members members, Map<String, List<One>> requests, Map<String, List<ItemWrite>> writes) {
    Consumed.Detail detail = Consumed.Detail.of(members);
    List<Done> all = new ArrayList<>();
    int processed = 0;
    AwsError refused = null;
    for (Map.Entry<String, List<ItemWrite>> table : writes.entrySet()) {
      List<One> asked = requests.getOrDefault(table.getKey(), List.of());
      Done done = done(table.getKey(), table.getValue().get(0).table(), detail);
      for (int i = 0; i < asked.size(); i++) {
        ItemWrite write = table.getValue().get(i);
        try {
          write.run(done.consumed());
          processed++;
          done.partitions().add(write.key().partition());
        } catch (AwsError e) {
          // All that can be wrong with it by itself has been looked for: only throughput is left.
          refused = e;
          done.unprocessed().add(asked.get(i));
        }
      }
      all.add(done);
    }
    if (processed == 0 && refused != null) {
      throw refused;
    }
    return json -> write(json, all, detail, CollectionMetrics.asked(members));
  }

  private static Done done(String name, DynamoTable table, Consumed.Detail detail) {
    return new Done(
        name,
        table,
        new ArrayList<>(),
        new LinkedHashSet<>(),
        new Consumed(table, 1, detail).of(name));
  }

  private static void write(
      JsonGenerator json, List<Done> all, Consumed.Detail detail, boolean metrics)
      throws IOException {
    json.writeObjectFieldStart("UnprocessedItems");
    for (Done done : all) {
      if (!done.unprocessed().isEmpty()) {
        json.writeArrayFieldStart(done.name());
        for (One one : done.unprocessed()) {
          write(json, one);
        }
        json.writeEndArray();
      }
    }
    json.writeEndObject();
    Consumed.write(json, all.stream().map(Done::consumed).toList(), detail);
    if (metrics) {
      json.writeObjectFieldStart("ItemCollectionMetrics");
      for (Done done : all) {
        CollectionMetrics.write(json, done.name(), done.table(), done.partitions());
      }
      json.writeEndObject();
    }
  }

  private static void write(JsonGenerator json, One one) throws IOException {
    json.writeStartObject();
    json.writeObjectFieldStart(one.kind());
    json.writeFieldName(one.kind().equals(PUT) ? WriteActions.ITEM : WriteActions.KEY);
    ValueWriter.write(json, one.values());
    json.writeEndObject();
    json.writeEndObject();
  }
}
