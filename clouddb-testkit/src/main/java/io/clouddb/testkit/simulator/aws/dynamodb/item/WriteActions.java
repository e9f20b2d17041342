/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.ItemSizes;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Condition;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Path;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Placeholders;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Projection;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Update;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.StoredTable;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes single items: {@code PutItem}, {@code DeleteItem}, {@code UpdateItem}. */
final class WriteActions {
  static final String TABLE_NAME = "TableName";
  static final String KEY = "Key";
  static final String ITEM = "Item";
  private static final String ALL_OLD = "ALL_OLD";

  private final DynamoTables tables;

  WriteActions(DynamoTables tables) {
    this.tables = tables;
  }

  Answer put(ModelCall call) {
    Members members = call.members();
    ExpressionParameters.check(
        members,
        List.of(ExpressionParameters.CONDITION),
        List.of(ExpressionParameters.EXPECTED, ExpressionParameters.CONDITIONAL_OPERATOR));
    Map<String, Value> item = members.item(ITEM);
    requireOldOrNone(members);
    if (ItemSizes.RULE.sizeOf(item) > ItemSizes.MOST) {
      throw Validation.error(ItemWrite.TOO_LARGE);
    }
    Condition condition = condition(members);
    DynamoTable table = table(call);
    return run(call, ItemWrite.put(table, item, condition, tellsOld(members)));
  }

  Answer delete(ModelCall call) {
    Members members = call.members();
    ExpressionParameters.check(
        members,
        List.of(ExpressionParameters.CONDITION),
        List.of(ExpressionParameters.EXPECTED, ExpressionParameters.CONDITIONAL_OPERATOR));
    Map<String, Value> key = members.item(KEY);
    requireOldOrNone(members);
    Condition condition = condition(members);
    DynamoTable table = table(call);
    return run(call, ItemWrite.delete(table, key, condition, tellsOld(members)));
  }

  private static void requireOldOrNone(Members members) {
    String returned = members.textOrNull("ReturnValues");
    if (returned != null && !returned.equals(ALL_OLD) && !returned.equals("NONE")) {
      throw Validation.error("ReturnValues can only be ALL_OLD or NONE");
    }
  }

  static boolean tellsOld(Members members) {
    return ALL_OLD.equals(members.textOrNull("ReturnValuesOnConditionCheckFailure"));
  }

  private static @Nullable Condition condition(Members members) {
    Condition expected = ExpressionParameters.expected(members);
    Placeholders placeholders = ExpressionParameters.placeholders(members);
    Condition condition =
        ExpressionParameters.condition(members, ExpressionParameters.CONDITION, placeholders);
    placeholders.requireAllUsed();
    return expected == null ? condition : expected;
  }

  private DynamoTable table(ModelCall call) {
    return tables.usable(call.region(), call.members().text(TABLE_NAME));
  }

  private static Answer run(ModelCall call, ItemWrite write) {
    Consumed.Detail detail = Consumed.Detail.of(call.members());
    Consumed consumed = new Consumed(write.table(), 1, detail).of(call.members().text(TABLE_NAME));
    StoredTable.Changed changed = write.run(consumed);
    StoredItem old =
        ALL_OLD.equals(call.members().textOrNull("ReturnValues")) ? changed.before() : null;
    return answer(
        call.members(), write, consumed, detail, old == null ? Map.of() : old.attributes());
  }

  private static Answer answer(
      Members members,
      ItemWrite write,
      Consumed consumed,
      Consumed.Detail detail,
      Map<String, Value> attributes) {
    return json -> {
      if (!attributes.isEmpty()) {
        json.writeFieldName("Attributes");
        ValueWriter.write(json, attributes);
      }
      consumed.write(json, detail);
      if (CollectionMetrics.asked(members) && CollectionMetrics.has(write.table())) {
        json.writeFieldName("ItemCollectionMetrics");
        CollectionMetrics.write(json, write.table(), write.key().partition());
      }
    };
  }

  Answer update(ModelCall call) {
    Members members = call.members();
    ExpressionParameters.check(
        members,
        List.of(ExpressionParameters.UPDATE, ExpressionParameters.CONDITION),
        List.of(
            Updates.ATTRIBUTE_UPDATES,
            ExpressionParameters.EXPECTED,
            ExpressionParameters.CONDITIONAL_OPERATOR));
    Map<String, Value> key = members.item(KEY);
    Update update = Updates.older(members);
    Condition expected = ExpressionParameters.expected(members);
    Placeholders placeholders = ExpressionParameters.placeholders(members);
    String text = members.textOrNull(ExpressionParameters.UPDATE);
    if (text != null) {
      update = Update.parse(text, placeholders);
    }
    Condition condition =
        ExpressionParameters.condition(members, ExpressionParameters.CONDITION, placeholders);
    placeholders.requireAllUsed();
    DynamoTable table = table(call);
    if (update != null) {
      Updates.check(table.definition(), update);
    }
    UnaryOperator<Map<String, Value>> change = Updates.change(update);
    ItemWrite write =
        ItemWrite.update(
            table,
            key,
            change,
            Updates.creates(update),
            expected == null ? condition : expected,
            tellsOld(members));
    Consumed.Detail detail = Consumed.Detail.of(members);
    Consumed consumed = new Consumed(table, 1, detail).of(members.text(TABLE_NAME));
    StoredTable.Changed changed = write.run(consumed);
    List<Path> paths = update == null ? List.of() : update.paths();
    return answer(members, write, consumed, detail, returned(members, changed, paths));
  }

  private static Map<String, Value> returned(
      Members members, StoredTable.Changed changed, List<Path> paths) {
    String asked = members.textOrNull("ReturnValues");
    if (asked == null) {
      return Map.of();
    }
    Map<String, Value> before = attributes(changed.before());
    Map<String, Value> after = attributes(changed.after());
    return switch (asked) {
      case ALL_OLD -> before;
      case "ALL_NEW" -> after;
      case "UPDATED_OLD" -> Projection.onto(paths).of(before);
      case "UPDATED_NEW" -> Projection.onto(paths).of(after);
      default -> new LinkedHashMap<>();
    };
  }

  private static Map<String, Value> attributes(@Nullable StoredItem item) {
    return item == null ? Map.of() : item.attributes();
  }
}
