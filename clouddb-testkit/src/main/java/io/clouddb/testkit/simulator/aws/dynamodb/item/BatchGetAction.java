/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import com.fasterxml.jackson.core.JsonGenerator;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Placeholders;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Projection;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.WireItem;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code BatchGetItem}: up to 100 items of several tables, up to 16 MB of them. */
final class BatchGetAction {
  static final String REQUEST_ITEMS = "RequestItems";
  static final String DUPLICATES = "Provided list of item keys contains duplicates";
  private static final String KEYS = "Keys";
  private static final int MOST = 100;
  private static final long LARGEST = 16L << 20;

  private final DynamoTables tables;

  BatchGetAction(DynamoTables tables) {
    this.tables = tables;
  }

  /** What is asked of one table. */
  private record Part(
      String name,
      DynamoTable table,
      Members members,
      List<Map<String, Value>> values,
      List<ItemKey> keys,
      @Nullable Projection projection) {}

  /** What one table has answered. */
  private record Answered(
      Part part,
      List<Map<String, Value>> items,
      List<Map<String, Value>> unprocessed,
      Consumed consumed) {}

  Answer run(ModelCall call) {
    Map<String, Members> asked = call.members().namedStructures(REQUEST_ITEMS);
    if (asked.isEmpty()) {
      throw Validation.error("The requestItems parameter is required for BatchGetItem");
    }
    checkNumber(asked);
    List<Part> parts = new ArrayList<>();
    Map<String, List<Map<String, Value>>> values = new LinkedHashMap<>();
    Map<String, Projection> projections = new LinkedHashMap<>();
    asked.forEach(
        (name, members) -> {
          ExpressionParameters.check(
              members,
              List.of(ExpressionParameters.PROJECTION),
              List.of(ExpressionParameters.ATTRIBUTES_TO_GET));
          Placeholders placeholders = ExpressionParameters.placeholders(members);
          Projection projection = ExpressionParameters.projection(members, placeholders);
          placeholders.requireAllUsed();
          if (projection != null) {
            projections.put(name, projection);
          }
          values.put(name, distinct(members.items(KEYS)));
        });
    // A table may be there by its name and by its ARN.
    Set<ReadTransaction.Target> targets = new HashSet<>();
    asked.forEach(
        (name, members) -> {
          Part part =
              part(
                  call.region(),
                  name,
                  members,
                  values.getOrDefault(name, List.of()),
                  projections.get(name));
          for (ItemKey key : part.keys()) {
            if (!targets.add(new ReadTransaction.Target(part.table(), key))) {
              throw Validation.error(DUPLICATES);
            }
          }
          parts.add(part);
        });
    return answer(parts, Consumed.Detail.of(call.members()));
  }

  private static void checkNumber(Map<String, Members> asked) {
    int all = 0;
    for (Map.Entry<String, Members> one : asked.entrySet()) {
      int keys = one.getValue().items(KEYS).size();
      all += keys;
      if (keys > MOST) {
        throw Validation.error(
            "1 validation error detected: Value at '"
                + REQUEST_ITEMS
                + "."
                + one.getKey()
                + ".member.Keys' failed to satisfy constraint: Member must have length less than"
                + " or equal to "
                + MOST);
      }
    }
    if (all > MOST) {
      throw Validation.error("Too many items requested for the BatchGetItem call");
    }
  }

  private static List<Map<String, Value>> distinct(List<WireItem> keys) {
    List<Map<String, Value>> values = keys.stream().map(WireItem::get).toList();
    Set<Map<String, Value>> distinct = new HashSet<>(values);
    if (distinct.size() < values.size()) {
      throw Validation.error(DUPLICATES);
    }
    return values;
  }

  private Part part(
      String region,
      String name,
      Members members,
      List<Map<String, Value>> values,
      @Nullable Projection projection) {
    DynamoTable table = tables.usable(region, name);
    List<ItemKey> keys = new ArrayList<>();
    for (Map<String, Value> key : values) {
      keys.add(ItemKeys.of(table.definition().keys(), key));
    }
    if (projection != null) {
      KeyPaths.check(table.definition(), projection.paths());
    }
    return new Part(name, table, members, values, keys, projection);
  }

  private static Answer answer(List<Part> parts, Consumed.Detail detail) {
    List<Answered> all = new ArrayList<>();
    long size = 0;
    int processed = 0;
    AwsError refused = null;
    for (Part part : parts) {
      Consumed consumed = new Consumed(part.table(), 1, detail).of(part.name());
      List<Map<String, Value>> items = new ArrayList<>();
      List<Map<String, Value>> unprocessed = new ArrayList<>();
      for (int i = 0; i < part.keys().size(); i++) {
        try {
          part.table().capacity().beforeRead(null);
        } catch (AwsError e) {
          refused = e;
          unprocessed.add(part.values().get(i));
          continue;
        }
        StoredItem item = part.table().items().get(part.keys().get(i));
        int bytes = item == null ? 0 : item.size();
        if (size + bytes > LARGEST) {
          unprocessed.add(part.values().get(i));
          continue;
        }
        size += bytes;
        processed++;
        consumed.read(null, bytes, part.members().flag("ConsistentRead"));
        if (item != null) {
          Projection projection = part.projection();
          items.add(projection == null ? item.attributes() : projection.of(item.attributes()));
        }
      }
      all.add(new Answered(part, items, unprocessed, consumed));
    }
    if (processed == 0 && refused != null) {
      throw refused;
    }
    return json -> {
      Consumed.write(json, all.stream().map(Answered::consumed).toList(), detail);
      json.writeObjectFieldStart("Responses");
      for (Answered one : all) {
        json.writeArrayFieldStart(one.part().name());
        for (Map<String, Value> item : one.items()) {
          ValueWriter.write(json, item);
        }
        json.writeEndArray();
      }
      json.writeEndObject();
      json.writeObjectFieldStart("UnprocessedKeys");
      for (Answered one : all) {
        if (!one.unprocessed().isEmpty()) {
          json.writeFieldName(one.part().name());
          writeUnprocessed(json, one);
        }
      }
      json.writeEndObject();
    };
  }

  /** As it was asked for, so that it can be asked for again. */
  private static void writeUnprocessed(JsonGenerator json, Answered one) throws IOException {
    Members members = one.part().members();
    json.writeStartObject();
    json.writeArrayFieldStart(KEYS);
    for (Map<String, Value> key : one.unprocessed()) {
      ValueWriter.write(json, key);
    }
    json.writeEndArray();
    if (members.has("ConsistentRead")) {
      json.writeBooleanField("ConsistentRead", members.flag("ConsistentRead"));
    }
    String projection = members.textOrNull(ExpressionParameters.PROJECTION);
    if (projection != null) {
      json.writeStringField(ExpressionParameters.PROJECTION, projection);
    }
    Map<String, String> names = members.namedTextsOrNull("ExpressionAttributeNames");
    if (names != null) {
      json.writeObjectFieldStart("ExpressionAttributeNames");
      for (Map.Entry<String, String> name : names.entrySet()) {
        json.writeStringField(name.getKey(), name.getValue());
      }
      json.writeEndObject();
    }
    if (members.has(ExpressionParameters.ATTRIBUTES_TO_GET)) {
      json.writeArrayFieldStart(ExpressionParameters.ATTRIBUTES_TO_GET);
      for (String name : members.texts(ExpressionParameters.ATTRIBUTES_TO_GET)) {
        json.writeString(name);
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }
}
