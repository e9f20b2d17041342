/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.dynamodb.KeyTypes;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Legacy;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Update;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.ValueType;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.TableDefinition;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What updates may do to the keys of a table and its indexes. */
public final class Updates {
  static final String ATTRIBUTE_UPDATES = "AttributeUpdates";

  private Updates() {}

  /** The older way to say what is to be changed; null when the request does not use it. */
  static @Nullable Update older(Members members) {
    Map<String, Members> all = members.namedStructures(ATTRIBUTE_UPDATES);
    if (all.isEmpty()) {
      return null;
    }
    if (all.containsKey("")) {
      throw Validation.noName();
    }
    Map<String, Legacy.AttributeUpdate> updates = new LinkedHashMap<>();
    all.forEach(
        (name, one) ->
            updates.put(
                name,
                new Legacy.AttributeUpdate(one.textOrNull("Action"), one.valueOrNull("Value"))));
    return Legacy.attributeUpdates(updates);
  }

  static UnaryOperator<Map<String, Value>> change(@Nullable Update update) {
    return update == null || update.paths().isEmpty() ? item -> item : update::apply;
  }

  /** Whether it makes an item where there is none: one that only takes away does not. */
  static boolean creates(@Nullable Update update) {
    return update == null || update.createsItem();
  }

  /**
   * Refuses an update that no item of a table may have.
   *
   * @param table the table
   * @param update the update
   * @throws io.clouddb.testkit.simulator.aws.AwsError when it changes the key, or gives the key of
   *     an index another type
   */
  public static void check(TableDefinition table, Update update) {
    for (KeyAttribute key : table.keys().attributes()) {
      if (update.paths().stream().anyMatch(path -> path.attribute().equals(key.name()))) {
        throw Validation.parameter(
            "Cannot update attribute " + key.name() + ". This attribute is part of the key");
      }
    }
    for (IndexDefinition index : table.indexes()) {
      for (KeyAttribute key : index.keys().attributes()) {
        ValueType type = update.typeOf(key.name());
        if (type != null && !type.name().equals(KeyTypes.letter(key.type()))) {
          throw Validation.parameter(
              "Type mismatch for Index Key "
                  + key.name()
                  + " Expected: "
                  + KeyTypes.letter(key.type())
                  + " Actual: "
                  + type
                  + " IndexName: "
                  + index.name());
        }
      }
    }
    KeyPaths.check(table, update.paths());
    KeyPaths.check(table, update.reads());
  }
}
