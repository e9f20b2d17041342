/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.ItemSizes;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Condition;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Placeholders;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Projection;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Update;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Up to 100 items at once: {@code TransactWriteItems}, {@code TransactGetItems}. */
final class TransactActions {
  private static final String ITEMS = "TransactItems";

  private final DynamoTables tables;
  private final IdempotencyTokens tokens;

  TransactActions(DynamoTables tables, IdempotencyTokens tokens) {
    this.tables = tables;
    this.tokens = tokens;
  }

  Answer write(ModelCall call) {
    Members members = call.members();
    // What is wrong with any action as such comes before a table of another that is not there.
    List<Read> read = members.structures(ITEMS).stream().map(TransactActions::read).toList();
    List<Action> unchecked = new ArrayList<>();
    for (Read one : read) {
      DynamoTable table = tables.transactional(call.region(), one.table());
      unchecked.add(new Action(table, () -> one.write().apply(table)));
    }
    Consumed.Detail detail = Consumed.Detail.of(members);
    AtomicReference<Map<DynamoTable, Consumed>> done = new AtomicReference<>();
    List<ReadTransaction.Target> written =
        tokens.once(
            call.region(),
            members.textOrNull("ClientRequestToken"),
            () -> members.fingerprint(ITEMS),
            unchecked.stream().map(Action::table).toList(),
            () -> {
              List<ItemWrite> writes = checked(unchecked);
              done.set(WriteTransaction.run(writes, detail));
              return WriteTransaction.targets(writes);
            });
    Map<DynamoTable, Consumed> now = done.get();
    Map<DynamoTable, Consumed> consumed =
        now == null ? WriteTransaction.again(written, detail) : now;
    Map<DynamoTable, String> names = names(call.region(), members);
    consumed.forEach((table, used) -> used.of(names.getOrDefault(table, table.name())));
    return json -> {
      Consumed.write(json, consumed.values(), detail);
      if (CollectionMetrics.asked(members)) {
        Map<DynamoTable, Set<Value>> partitions = new LinkedHashMap<>();
        for (ReadTransaction.Target one : written) {
          partitions
              .computeIfAbsent(one.table(), table -> new LinkedHashSet<>())
              .add(one.key().partition());
        }
        json.writeObjectFieldStart("ItemCollectionMetrics");
        for (Map.Entry<DynamoTable, Set<Value>> one : partitions.entrySet()) {
          DynamoTable table = one.getKey();
          CollectionMetrics.write(
              json, names.getOrDefault(table, table.name()), table, one.getValue());
        }
        json.writeEndObject();
      }
    };
  }

  /** How a transaction names its tables: by name or by ARN, as it does first. */
  private Map<DynamoTable, String> names(String region, Members members) {
    Map<DynamoTable, String> names = new LinkedHashMap<>();
    for (Members item : members.structures(ITEMS)) {
      for (String action : item.names()) {
        String name = item.members(action).text(WriteActions.TABLE_NAME);
        tables.find(region, name).ifPresent(table -> names.putIfAbsent(table, name));
      }
    }
    return names;
  }

  /** A write of a transaction, whose table has not been looked for. */
  private record Read(String table, Function<DynamoTable, ItemWrite> write) {}

  /** A write of a transaction, whose key has not been looked at. */
  private record Action(DynamoTable table, Supplier<ItemWrite> write) {}

  /** What is wrong with the key of an action cancels the transaction. */
  private static List<ItemWrite> checked(List<Action> unchecked) {
    Cancellation cancellation = new Cancellation();
    List<ItemWrite> writes = new ArrayList<>();
    for (Action one : unchecked) {
      try {
        writes.add(one.write().get());
        cancellation.none();
      } catch (AwsError e) {
        cancellation.refused(e);
      }
    }
    cancellation.check();
    return writes;
  }

  /** Reads an action: what is wrong with it as such is said at once. */
  private static Read read(Members item) {
    Members put = item.membersOrNull("Put");
    Members update = item.membersOrNull("Update");
    Members delete = item.membersOrNull("Delete");
    Members check = item.membersOrNull("ConditionCheck");
    List<Members> given = Stream.of(put, update, delete, check).filter(Objects::nonNull).toList();
    if (given.size() != 1) {
      throw Validation.error("TransactItems can only contain one of Check, Put, Update or Delete");
    }
    Members action = given.get(0);
    List<String> expressions =
        update == null
            ? List.of(ExpressionParameters.CONDITION)
            : List.of(ExpressionParameters.UPDATE, ExpressionParameters.CONDITION);
    ExpressionParameters.check(action, expressions, List.of());
    Map<String, Value> values = action.item(put == null ? WriteActions.KEY : WriteActions.ITEM);
    Placeholders placeholders = ExpressionParameters.placeholders(action);
    String text = update == null ? null : update.textOrNull(ExpressionParameters.UPDATE);
    Update change = text == null ? null : Update.parse(text, placeholders);
    Condition condition =
        ExpressionParameters.condition(action, ExpressionParameters.CONDITION, placeholders);
    placeholders.requireAllUsed();
    String name = action.text(WriteActions.TABLE_NAME);
    boolean tell = WriteActions.tellsOld(action);
    if (put != null) {
      return new Read(name, table -> put(table, values, condition, tell));
    }
    if (delete != null) {
      return new Read(name, table -> ItemWrite.delete(table, values, condition, tell));
    }
    if (condition != null && check != null) {
      return new Read(name, table -> ItemWrite.check(table, values, condition, tell));
    }
    return new Read(
        name,
        table -> {
          if (change != null) {
            Updates.check(table.definition(), change);
          }
          return ItemWrite.update(
              table, values, Updates.change(change), Updates.creates(change), condition, tell);
        });
  }

  private static ItemWrite put(
      DynamoTable table, Map<String, Value> item, @Nullable Condition condition, boolean tell) {
    if (ItemSizes.RULE.sizeOf(item) > ItemSizes.MOST) {
      throw Validation.error(ItemWrite.TOO_LARGE);
    }
    return ItemWrite.put(table, item, condition, tell);
  }

  /** A read of a transaction. */
  private record Get(String table, Map<String, Value> values, @Nullable Projection projection) {}

  Answer get(ModelCall call) {
    Members members = call.members();
    List<Get> gets = new ArrayList<>();
    for (Members item : members.structures(ITEMS)) {
      gets.add(get(item.members("Get")));
    }
    List<DynamoTable> of = new ArrayList<>();
    for (Get get : gets) {
      DynamoTable table = tables.transactional(call.region(), get.table());
      if (get.projection() != null) {
        KeyPaths.check(table.definition(), get.projection().paths());
      }
      of.add(table);
    }
    Cancellation cancellation = new Cancellation();
    List<ReadTransaction.Target> targets = new ArrayList<>();
    for (int i = 0; i < gets.size(); i++) {
      DynamoTable table = of.get(i);
      try {
        targets.add(
            new ReadTransaction.Target(
                table, ItemKeys.of(table.definition().keys(), gets.get(i).values())));
        cancellation.none();
      } catch (AwsError e) {
        cancellation.refused(e);
      }
    }
    cancellation.check();
    List<@Nullable StoredItem> items = ReadTransaction.run(targets);
    Consumed.Detail detail = Consumed.Detail.of(members);
    Map<DynamoTable, Consumed> consumed = ReadTransaction.consumed(targets, items, detail);
    Map<DynamoTable, String> names = names(call.region(), members);
    consumed.forEach((table, used) -> used.of(names.getOrDefault(table, table.name())));
    return json -> {
      Consumed.write(json, consumed.values(), detail);
      json.writeArrayFieldStart("Responses");
      for (int i = 0; i < gets.size(); i++) {
        json.writeStartObject();
        StoredItem item = items.get(i);
        if (item != null) {
          Projection projection = gets.get(i).projection();
          Map<String, Value> told =
              projection == null ? item.attributes() : projection.of(item.attributes());
          // An item of which nothing is asked for is as one that is not there.
          if (!told.isEmpty()) {
            json.writeFieldName(WriteActions.ITEM);
            ValueWriter.write(json, told);
          }
        }
        json.writeEndObject();
      }
      json.writeEndArray();
    };
  }

  private static Get get(Members get) {
    ExpressionParameters.check(get, List.of(ExpressionParameters.PROJECTION), List.of());
    Map<String, Value> values = get.item(WriteActions.KEY);
    Placeholders placeholders = ExpressionParameters.placeholders(get);
    Projection projection = ExpressionParameters.projection(get, placeholders);
    placeholders.requireAllUsed();
    return new Get(get.text(WriteActions.TABLE_NAME), values, projection);
  }
}
