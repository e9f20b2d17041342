/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTables;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Placeholders;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Projection;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Answer;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ModelCall;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.List;
import java.util.Map;

/** Reads single items: {@code GetItem}. */
final class ReadActions {
  private final DynamoTables tables;

  ReadActions(DynamoTables tables) {
    this.tables = tables;
  }

  Answer get(ModelCall call) {
    Members members = call.members();
    ExpressionParameters.check(
        members,
        List.of(ExpressionParameters.PROJECTION),
        List.of(ExpressionParameters.ATTRIBUTES_TO_GET));
    Map<String, Value> values = members.item(WriteActions.KEY);
    Placeholders placeholders = ExpressionParameters.placeholders(members);
    Projection projection = ExpressionParameters.projection(members, placeholders);
    placeholders.requireAllUsed();
    DynamoTable table = tables.usable(call.region(), members.text(WriteActions.TABLE_NAME));
    ItemKey key = ItemKeys.of(table.definition().keys(), values);
    if (projection != null) {
      KeyPaths.check(table.definition(), projection.paths());
    }
    table.capacity().beforeRead(null);
    StoredItem item = table.items().get(key);
    Consumed.Detail detail = Consumed.Detail.of(members);
    Consumed consumed = new Consumed(table, 1, detail).of(members.text(WriteActions.TABLE_NAME));
    consumed.read(null, item == null ? 0 : item.size(), members.flag("ConsistentRead"));
    return json -> {
      if (item != null) {
        json.writeFieldName(WriteActions.ITEM);
        ValueWriter.write(
            json, projection == null ? item.attributes() : projection.of(item.attributes()));
      }
      consumed.write(json, detail);
    };
  }
}
