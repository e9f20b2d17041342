/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.ItemSizes;
import io.clouddb.testkit.simulator.aws.dynamodb.expression.Condition;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.StoredTable;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One write of one item, in which nothing is wrong as far as can be told without the item. */
public final class ItemWrite {
  /** What becomes of an item. */
  @FunctionalInterface
  private interface Effect {
    @Nullable Map<String, Value> on(@Nullable StoredItem before);
  }

  private static final String FAILED = "ConditionalCheckFailedException";

  /** What the service says of an item that is put. */
  public static final String TOO_LARGE = "Item size has exceeded the maximum allowed size";

  private static final String TOO_LARGE_UPDATE =
      "Item size to update has exceeded the maximum allowed size";

  private final DynamoTable table;
  private final ItemKey key;
  private final Effect effect;
  private final boolean checkOnly;
  private final @Nullable Condition condition;
  private final boolean tellOld;

  private ItemWrite(
      DynamoTable table,
      ItemKey key,
      Effect effect,
      boolean checkOnly,
      @Nullable Condition condition,
      boolean tellOld) {
    this.table = table;
    this.key = key;
    this.effect = effect;
    this.checkOnly = checkOnly;
    this.condition = condition;
    this.tellOld = tellOld;
  }

  /**
   * Puts an item in the place of the one with its key.
   *
   * @param table the table
   * @param item the whole item
   * @param condition on what there is; null for none
   * @param tellOld whether an error tells what there is
   * @return the write
   * @throws AwsError when the item may not be in the table
   */
  public static ItemWrite put(
      DynamoTable table, Map<String, Value> item, @Nullable Condition condition, boolean tellOld) {
    ItemKey key = ItemKeys.ofItem(table.definition(), item);
    return new ItemWrite(table, key, before -> item, false, condition, tellOld);
  }

  /**
   * Deletes an item.
   *
   * @param table the table
   * @param key its key
   * @param condition on what there is; null for none
   * @param tellOld whether an error tells what there is
   * @return the write
   * @throws AwsError when it is no key of the table
   */
  public static ItemWrite delete(
      DynamoTable table, Map<String, Value> key, @Nullable Condition condition, boolean tellOld) {
    ItemKey where = ItemKeys.of(table.definition().keys(), key);
    return new ItemWrite(table, where, before -> null, false, condition, tellOld);
  }

  /**
   * Changes nothing, and fails where a condition does not hold.
   *
   * @param table the table
   * @param key the item's key
   * @param condition on what there is
   * @param tellOld whether an error tells what there is
   * @return the write
   * @throws AwsError when it is no key of the table
   */
  public static ItemWrite check(
      DynamoTable table, Map<String, Value> key, Condition condition, boolean tellOld) {
    ItemKey where = ItemKeys.of(table.definition().keys(), key);
    return new ItemWrite(
        table,
        where,
        before -> before == null ? null : before.attributes(),
        true,
        condition,
        tellOld);
  }

  /**
   * Changes an item, or makes one of its key.
   *
   * @param table the table
   * @param key the item's key
   * @param change what becomes of the item, of which there is at least the key; it leaves that
   * @param condition on what there is; null for none
   * @param tellOld whether an error tells what there is
   * @return the write
   * @throws AwsError when it is no key of the table
   */
  public static ItemWrite update(
      DynamoTable table,
      Map<String, Value> key,
      UnaryOperator<Map<String, Value>> change,
      @Nullable Condition condition,
      boolean tellOld) {
    return update(table, key, change, true, condition, tellOld);
  }

  /**
   * Changes an item.
   *
   * @param table the table
   * @param key the item's key
   * @param change what becomes of the item, of which there is at least the key; it leaves that
   * @param create whether it makes one where there is none
   * @param condition on what there is; null for none
   * @param tellOld whether an error tells what there is
   * @return the write
   * @throws AwsError when it is no key of the table
   */
  public static ItemWrite update(
      DynamoTable table,
      Map<String, Value> key,
      UnaryOperator<Map<String, Value>> change,
      boolean create,
      @Nullable Condition condition,
      boolean tellOld) {
    ItemKey where = ItemKeys.of(table.definition().keys(), key);
    Effect effect =
        before -> {
          Map<String, Value> after = change.apply(before == null ? key : before.attributes());
          ItemKeys.checkUpdatedIndexes(table.definition(), after);
          if (ItemSizes.RULE.sizeOf(after) > ItemSizes.MOST) {
            throw Validation.error(TOO_LARGE_UPDATE);
          }
          Nesting.check(after);
          return before == null && !create ? null : after;
        };
    return new ItemWrite(table, where, effect, false, condition, tellOld);
  }

  /**
   * The table.
   *
   * @return the table
   */
  public DynamoTable table() {
    return table;
  }

  /**
   * The item's key.
   *
   * @return the key
   */
  public ItemKey key() {
    return key;
  }

  /**
   * Whether it changes nothing.
   *
   * @return true for a check
   */
  public boolean checkOnly() {
    return checkOnly;
  }

  /**
   * Does it by itself.
   *
   * @param consumed counts what it uses
   * @return what there was, and what there is
   * @throws AwsError when the condition does not hold, or the change cannot be made
   */
  public StoredTable.Changed run(Consumed consumed) {
    table.capacity().beforeWrite(null);
    StoredTable.Changed changed =
        table
            .items()
            .change(
                key,
                before -> {
                  if (!holds(before)) {
                    consumed.write(before, before);
                    throw failed(before);
                  }
                  return after(before);
                });
    consumed.write(changed.before(), changed.after());
    return changed;
  }

  /**
   * Tells whether its condition holds.
   *
   * @param before what there is; null for nothing
   * @return true when there is no condition
   */
  public boolean holds(@Nullable StoredItem before) {
    return condition == null || condition.holds(before == null ? Map.of() : before.attributes());
  }

  /**
   * What becomes of the item.
   *
   * @param before what there is; null for nothing
   * @return its attributes; null when it is to go
   * @throws AwsError when the change cannot be made, or an index has no units left for it
   */
  public @Nullable Map<String, Value> after(@Nullable StoredItem before) {
    Map<String, Value> after = effect.on(before);
    if (!checkOnly && !table.capacity().onDemand()) {
      checkIndexes(before, after);
    }
    return after;
  }

  /** What an index does not follow needs none of its units. */
  private void checkIndexes(@Nullable StoredItem before, @Nullable Map<String, Value> after) {
    StoredItem next = after == null ? null : new StoredItem(after, ItemSizes.RULE.sizeOf(after));
    for (IndexDefinition index : table.definition().indexes()) {
      if (index.global() && IndexWrites.units(table.definition().keys(), index, before, next) > 0) {
        table.capacity().beforeWrite(index.name());
      }
    }
  }

  /**
   * What an error tells of the item.
   *
   * @param before what there is; null for nothing
   * @return null when it tells nothing
   */
  public @Nullable StoredItem told(@Nullable StoredItem before) {
    return tellOld ? before : null;
  }

  private AwsError failed(@Nullable StoredItem before) {
    AwsError error = AwsError.badRequest(FAILED, "The conditional request failed");
    StoredItem told = told(before);
    return told == null ? error : error.with("Item", ValueWriter.tree(told.attributes()));
  }
}
