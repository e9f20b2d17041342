/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.aws.internal.StrangeAnswerException;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Key;
import io.clouddb.table.KeyAttribute;
import io.clouddb.table.Value;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The key attributes of a table and of its indexes. */
final class TableKeys {
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

  /** The key as a request has it; the facade has checked it. */
  Map<String, AttributeValue> of(ItemKey wanted) {
    Map<String, AttributeValue> values = new LinkedHashMap<>();
    values.put(partition.name(), AttributeValues.of(wanted.partition()));
    if (sort != null) {
      values.put(sort.name(), AttributeValues.of(wanted.sort().orElseThrow()));
    }
    return values;
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
