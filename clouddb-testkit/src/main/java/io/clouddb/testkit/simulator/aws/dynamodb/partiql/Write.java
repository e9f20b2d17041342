/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.ItemSizes;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Condition;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Path;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Projection;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Update;
import io.clouddb.testkit.simulator.aws.dynamodb.item.Consumed;
import io.clouddb.testkit.simulator.aws.dynamodb.item.ItemWrite;
import io.clouddb.testkit.simulator.aws.dynamodb.item.Updates;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.StoredTable;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A statement that writes one item, or looks whether one is as it has to be.
 *
 * @param item what is done with the item
 * @param inserts whether the condition is that there is none
 * @param returning what is given back, if anything
 * @param changed the paths that an UPDATE changes
 */
record Write(
    ItemWrite item, boolean inserts, Statement.@Nullable Returning returning, List<Path> changed) {
  private static final String CONDITION_FAILED = "ConditionalCheckFailedException";

  /** What the service says of an item that is there already. */
  static final String DUPLICATE = "Duplicate primary key exists in table";

  /**
   * Looks at what a statement is to write.
   *
   * @param prepared the statement, which is no SELECT
   * @param table its table
   * @param tellOld whether a condition that fails says which item there is
   * @return the write
   * @throws AwsError when it cannot be written into this table
   */
  static Write of(Prepared prepared, DynamoTable table, boolean tellOld) {
    Statement statement = prepared.statement();
    if (statement instanceof Statement.Insert insert) {
      return insert(prepared, insert, table);
    }
    if (statement instanceof Statement.Update update) {
      return update(prepared, update, table, tellOld);
    }
    if (statement instanceof Statement.Delete delete) {
      return delete(prepared, delete, table, tellOld);
    }
    if (statement instanceof Statement.Exists exists) {
      return exists(prepared, exists, table, tellOld);
    }
    throw new IllegalArgumentException("No write: " + statement);
  }

  private static Write insert(Prepared prepared, Statement.Insert insert, DynamoTable table) {
    Map<String, Value> item = prepared.literals().item(insert.item());
    if (ItemSizes.RULE.sizeOf(item) > ItemSizes.MOST) {
      throw Malformed.refused(ItemWrite.TOO_LARGE);
    }
    Condition absent = present(prepared, table).not();
    return new Write(ItemWrite.put(table, item, absent, false), true, null, List.of());
  }

  /** Holds for an item that is there. */
  private static Condition present(Prepared prepared, DynamoTable table) {
    return prepared.present(table.definition().keys().partition().name());
  }

  private static Write update(
      Prepared prepared, Statement.Update statement, DynamoTable table, boolean tellOld) {
    KeySchema keys = table.definition().keys();
    WhereKey where = WhereKey.required(statement.where(), keys, prepared.literals());
    Update update = prepared.change(statement);
    Updates.check(table.definition(), update);
    Condition condition = both(present(prepared, table), prepared.condition(where.rest()));
    return new Write(
        ItemWrite.update(table, where.typed(keys), update::apply, condition, tellOld),
        false,
        statement.returning(),
        update.paths());
  }

  private static Condition both(Condition one, @Nullable Condition other) {
    return other == null ? one : one.and(other);
  }

  private static Write delete(
      Prepared prepared, Statement.Delete statement, DynamoTable table, boolean tellOld) {
    KeySchema keys = table.definition().keys();
    WhereKey where = WhereKey.required(statement.where(), keys, prepared.literals());
    Condition rest = prepared.condition(where.rest());
    // What is not there may be deleted, whatever it would have to be.
    Condition condition = rest == null ? null : present(prepared, table).not().or(rest);
    return new Write(
        ItemWrite.delete(table, where.typed(keys), condition, tellOld),
        false,
        statement.returning(),
        List.of());
  }

  private static Write exists(
      Prepared prepared, Statement.Exists exists, DynamoTable table, boolean tellOld) {
    KeySchema keys = table.definition().keys();
    WhereKey where = whereOf(exists, keys, prepared.literals());
    Condition condition = both(present(prepared, table), prepared.condition(where.rest()));
    return new Write(
        ItemWrite.check(table, where.typed(keys), condition, tellOld), false, null, List.of());
  }

  /** The key and the condition of an EXISTS, which has to have both. */
  static WhereKey whereOf(Statement.Exists exists, KeySchema keys, Literals literals) {
    return WhereKey.of(exists.select().where(), keys, literals)
        .filter(of -> !of.rest().isEmpty() && exists.source().index() == null)
        .orElseThrow(
            () ->
                Malformed.refused(
                    "EXISTS() must contain a single item read with additional condition"));
  }

  /**
   * Does it by itself.
   *
   * @param consumed counts what it uses
   * @return what the statement gives back; empty for nothing
   * @throws AwsError when its condition does not hold
   */
  Map<String, Value> run(Consumed consumed) {
    try {
      return returned(item.run(consumed));
    } catch (AwsError e) {
      if (inserts && e.code().equals(CONDITION_FAILED)) {
        throw AwsError.badRequest("DuplicateItemException", DUPLICATE);
      }
      throw e;
    }
  }

  private Map<String, Value> returned(StoredTable.Changed done) {
    if (returning == null) {
      return Map.of();
    }
    StoredItem told =
        switch (returning) {
          case ALL_OLD, MODIFIED_OLD -> done.before();
          case ALL_NEW, MODIFIED_NEW -> done.after();
        };
    if (told == null) {
      return Map.of();
    }
    return switch (returning) {
      case ALL_OLD, ALL_NEW -> told.attributes();
      case MODIFIED_OLD, MODIFIED_NEW -> Projection.onto(changed).of(told.attributes());
    };
  }
}
