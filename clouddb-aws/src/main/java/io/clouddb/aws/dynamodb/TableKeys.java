/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.aws.internal.StrangeAnswerException;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Key;
import io.clouddb.table.KeyAttribute;
import io.clouddb.table.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The key attributes of a table and of its indexes. */
final class TableKeys {
  private static final int LARGEST_PARTITION = 2048;
  private static final int LARGEST_SORT = 1024;

  private final Key key;
  private final KeyAttribute partition;
  private final @Nullable KeyAttribute sort;
  private final Map<String, IndexSpec> indexes = new HashMap<>();

  TableKeys(GlobalTableSpec spec) {
    this.key = spec.key();
    this.partition = key.partition();
    this.sort = key.sort().orElse(null);
    spec.indexes().forEach(index -> indexes.put(index.name(), index));
  }

  String partitionName() {
    return partition.name();
  }

  Map<String, AttributeValue> of(ItemKey wanted) {
    Map<String, AttributeValue> values = new LinkedHashMap<>();
    values.put(
        partition.name(), value(partition, Optional.of(wanted.partition()), LARGEST_PARTITION));
    if (sort != null) {
      values.put(sort.name(), value(sort, wanted.sort(), LARGEST_SORT));
    } else if (wanted.sort().isPresent()) {
      throw Refused.invalid("The key has a sort value, and the table has no sort attribute");
    }
    return values;
  }

  /** Makes sure that an item has a key that DynamoDB can keep. */
  void require(Item item) {
    requireKey(partition, item.get(partition.name()), LARGEST_PARTITION);
    if (sort != null) {
      requireKey(sort, item.get(sort.name()), LARGEST_SORT);
    }
  }

  private static AttributeValue value(KeyAttribute attribute, Optional<Value> value, int largest) {
    return AttributeValues.of(requireKey(attribute, value, largest));
  }

  private static Value requireKey(KeyAttribute attribute, Optional<Value> given, int largest) {
    Value value =
        given.orElseThrow(
            () -> Refused.invalid("The key attribute '" + attribute.name() + "' is missing"));
    if (!attribute.type().fits(value)) {
      throw Refused.invalid(
          "The key attribute '"
              + attribute.name()
              + "' has to be a "
              + attribute.type()
              + ", and is a "
              + value.getClass().getSimpleName());
    }
    if (!(value instanceof Value.Num)) {
      long size = ItemSize.of(value);
      if (size < 1 || size > largest) {
        throw Refused.invalid(
            "The key attribute '"
                + attribute.name()
                + "' has to have 1 to "
                + largest
                + " bytes, not "
                + size);
      }
    }
    return value;
  }

  ItemKey keyOf(Map<String, AttributeValue> values) {
    Value first = part(partition, values);
    return sort == null ? ItemKey.of(first) : ItemKey.of(first, part(sort, values));
  }

  private static Value part(KeyAttribute attribute, Map<String, AttributeValue> values) {
    AttributeValue value = values.get(attribute.name());
    if (value == null) {
      throw new StrangeAnswerException("a key lacks '" + attribute.name() + "'");
    }
    return AttributeValues.value(value);
  }

  /** The key by which the table, or an index of it, is read. */
  Key read(@Nullable String index) {
    return index == null ? key : index(index).key();
  }

  /** What a position of a read consists of: the key of the table, and that of the index. */
  List<KeyAttribute> position(@Nullable String index) {
    Map<String, KeyAttribute> all = new LinkedHashMap<>();
    add(all, key);
    if (index != null) {
      add(all, index(index).key());
    }
    return List.copyOf(all.values());
  }

  private static void add(Map<String, KeyAttribute> all, Key key) {
    all.put(key.partition().name(), key.partition());
    key.sort().ifPresent(attribute -> all.put(attribute.name(), attribute));
  }

  void requireConsistent(@Nullable String index) {
    if (index != null && !index(index).isLocal()) {
      throw Refused.unsupported(
          "DynamoDB does not read the global index '"
              + index
              + "' consistently: its items come later",
          "Read the table, or an index that is local().");
    }
  }

  private IndexSpec index(String name) {
    IndexSpec index = indexes.get(name);
    if (index == null) {
      throw Refused.invalid("The table has no index '" + name + "'");
    }
    return index;
  }
}
