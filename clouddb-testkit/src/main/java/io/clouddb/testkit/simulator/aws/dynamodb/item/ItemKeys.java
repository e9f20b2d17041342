/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.ItemSizes;
import io.clouddb.testkit.simulator.aws.dynamodb.KeyTypes;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.ValueWriter;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.TableDefinition;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.Map;

/** Checks the keys that requests have, alone or in items. */
public final class ItemKeys {
  /** In all that the service says of a key that is empty. */
  private static final String EMPTY =
      "The AttributeValue for a key attribute cannot contain an empty ";

  private ItemKeys() {}

  /** Whether it is said of a key that is empty. */
  static boolean isOfEmptyKey(AwsError error) {
    return error.text().contains(EMPTY);
  }

  /** What the service says of a key that is not the table's. */
  static AwsError mismatch() {
    return Validation.error("The provided key element does not match the schema");
  }

  /**
   * The key of an item, by itself.
   *
   * @param keys the table's key
   * @param key as a request has it
   * @return the key
   * @throws AwsError when it is no key of the table
   */
  public static ItemKey of(KeySchema keys, Map<String, Value> key) {
    if (key.size() != keys.attributes().size() || !keys.fits(key)) {
      throw mismatch();
    }
    for (KeyAttribute attribute : keys.attributes()) {
      checkContent(keys, attribute, key);
    }
    return keys.keyOf(key);
  }

  private static void checkContent(
      KeySchema keys, KeyAttribute attribute, Map<String, Value> values) {
    Value value = values.get(attribute.name());
    if (value == null) {
      throw mismatch();
    }
    String empty = emptyKind(value);
    if (empty != null) {
      throw Validation.error(
          "One or more parameter values are not valid. "
              + EMPTY
              + empty
              + " value. Key: "
              + attribute.name());
    }
    int size = ItemSizes.of(value);
    if (attribute.equals(keys.partition())) {
      if (size > ItemSizes.MOST_PARTITION) {
        throw Validation.parameter(
            "Size of hashkey has exceeded the maximum size limit of"
                + ItemSizes.MOST_PARTITION
                + " bytes");
      }
    } else if (size > ItemSizes.MOST_SORT) {
      throw Validation.parameter(
          "Aggregated size of all range keys has exceeded the size limit of "
              + ItemSizes.MOST_SORT
              + " bytes");
    }
  }

  private static @org.jspecify.annotations.Nullable String emptyKind(Value value) {
    if (value instanceof Value.Text text && text.text().isEmpty()) {
      return "string";
    }
    return value instanceof Value.Bytes bytes && bytes.length() == 0 ? "binary" : null;
  }

  /**
   * The key of an item that is to be written.
   *
   * @param table the table
   * @param item the whole item
   * @return its key
   * @throws AwsError when it has none, or cannot be in an index
   */
  public static ItemKey ofItem(TableDefinition table, Map<String, Value> item) {
    for (KeyAttribute key : table.keys().attributes()) {
      Value value = item.get(key.name());
      if (value == null) {
        throw Validation.parameter("Missing the key " + key.name() + " in the item");
      }
      if (!key.type().holds(value)) {
        throw Validation.parameter(
            "Type mismatch for key "
                + key.name()
                + " expected: "
                + KeyTypes.letter(key.type())
                + " actual: "
                + ValueWriter.typeOf(value));
      }
      checkContent(table.keys(), key, item);
    }
    checkIndexes(table, item);
    return table.keys().keyOf(item);
  }

  /**
   * Checks what an item has of the keys of indexes.
   *
   * @param table the table
   * @param item the whole item
   * @throws AwsError when a value has another type than the index, is empty or too long
   */
  public static void checkIndexes(TableDefinition table, Map<String, Value> item) {
    checkIndexes(table, item, false);
  }

  /**
   * Checks what an update leaves of the keys of indexes, of which the service says less.
   *
   * @param table the table
   * @param item the whole item
   * @throws AwsError when a value has another type than the index, is empty or too long
   */
  static void checkUpdatedIndexes(TableDefinition table, Map<String, Value> item) {
    checkIndexes(table, item, true);
  }

  private static void checkIndexes(TableDefinition table, Map<String, Value> item, boolean update) {
    for (IndexDefinition index : table.indexes()) {
      for (KeyAttribute key : index.keys().attributes()) {
        Value value = item.get(key.name());
        if (value == null || table.keys().has(key.name())) {
          continue;
        }
        if (!key.type().holds(value)) {
          throw Validation.parameter(
              "Type mismatch for Index Key "
                  + key.name()
                  + " Expected: "
                  + KeyTypes.letter(key.type())
                  + " Actual: "
                  + ValueWriter.typeOf(value)
                  + " IndexName: "
                  + index.name());
        }
        String empty = emptyKind(value);
        if (empty != null && update) {
          throw Validation.error(
              "One or more parameter values are not valid. The update expression attempted to"
                  + " update a secondary index key to a value that is not supported. "
                  + EMPTY
                  + empty
                  + " value.");
        }
        if (empty != null) {
          throw Validation.error(
              "One or more parameter values are not valid. A value specified for a secondary"
                  + " index key is not supported. "
                  + EMPTY
                  + empty
                  + " value. IndexName: "
                  + index.name()
                  + ", IndexKey: "
                  + key.name());
        }
        int size = ItemSizes.of(value);
        int most =
            key.equals(index.keys().partition()) ? ItemSizes.MOST_PARTITION : ItemSizes.MOST_SORT;
        if (size > most) {
          throw Validation.parameter(
              "Size limit exceeded for Index Key "
                  + key.name()
                  + " Actual Size: "
                  + size
                  + " bytes Max Size: "
                  + most
                  + " bytes IndexName: "
                  + index.name());
        }
      }
    }
  }
}
