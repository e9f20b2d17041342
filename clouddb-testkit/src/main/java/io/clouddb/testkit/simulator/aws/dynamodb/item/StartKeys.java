/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.WireItem;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.KeyAttribute;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.PageRequest.Partition;
import io.clouddb.testkit.simulator.tables.PageRequest.Position;
import io.clouddb.testkit.simulator.tables.PageRequest.Segment;
import io.clouddb.testkit.simulator.tables.SortRange;
import io.clouddb.testkit.simulator.tables.TableDefinition;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code ExclusiveStartKey}: where a page begins. */
final class StartKeys {
  static final String PARAMETER = "ExclusiveStartKey";
  private static final String INVALID = "The provided starting key is invalid";

  /** What the service says of a value as it says it everywhere. */
  private static final Pattern AS_EVERYWHERE =
      Pattern.compile(
          "contains duplicates|number set|numeric value|significant digits|number with magnitude");

  private StartKeys() {}

  /** The values of the request; null when it begins with the first item. */
  static @Nullable Map<String, Value> values(Members members) {
    WireItem item = members.itemOrNull(PARAMETER);
    if (item == null) {
      return null;
    }
    AwsError problem = item.problem();
    if (problem != null) {
      throw AS_EVERYWHERE.matcher(problem.text()).find()
          ? problem
          : Validation.error(INVALID + ": " + problem.text());
    }
    return item.values();
  }

  /** Where it is in a table, or in an index. */
  static Position position(
      TableDefinition table, @Nullable IndexDefinition index, Map<String, Value> values) {
    Set<String> names = new LinkedHashSet<>();
    table.keys().attributes().forEach(key -> names.add(key.name()));
    if (index != null) {
      index.keys().attributes().forEach(key -> names.add(key.name()));
    }
    if (values.size() != names.size()) {
      throw Validation.error(index == null ? INVALID + ": " + ItemKeys.mismatch().text() : INVALID);
    }
    if (index != null) {
      for (KeyAttribute key : index.keys().attributes()) {
        if (!values.containsKey(key.name())) {
          throw Validation.error(INVALID);
        }
      }
      if (!index.keys().fits(values)) {
        throw ItemKeys.mismatch();
      }
    }
    try {
      Position position =
          new Position(
              ItemKeys.of(table.keys(), part(values, table.keys())),
              index == null ? null : index.keys().keyOf(values));
      return position;
    } catch (AwsError e) {
      throw Validation.error(INVALID + ": " + e.text());
    }
  }

  private static Map<String, Value> part(Map<String, Value> values, KeySchema keys) {
    Map<String, Value> part = new LinkedHashMap<>();
    for (KeyAttribute key : keys.attributes()) {
      Value value = values.get(key.name());
      if (value != null) {
        part.put(key.name(), value);
      }
    }
    return part;
  }

  /** Refuses one that is not among the items that a query asks for. */
  static void check(KeySchema keys, Partition partition, Map<String, Value> start) {
    boolean same = partition.value().equals(start.get(keys.partition().name()));
    KeyAttribute sort = keys.sort();
    Value value = sort == null ? null : start.get(sort.name());
    if (value == null || partition.range().equals(SortRange.ALL)) {
      if (!same) {
        throw Validation.error(
            "The provided starting key is outside query boundaries based on provided conditions");
      }
      return;
    }
    if (!partition.range().contains(value)) {
      throw Validation.error("The provided starting key does not match the range key predicate");
    }
    if (!same) {
      throw Validation.error("The query can return at most one row and cannot be restarted");
    }
  }

  /** Refuses one that is in another segment of a scan. */
  static void check(KeySchema keys, Segment segment, Map<String, Value> start) {
    Value partition = start.get(keys.partition().name());
    if (partition != null && !segment.has(partition)) {
      throw Validation.error(
          INVALID
              + ": Invalid ExclusiveStartKey. Please use ExclusiveStartKey with correct Segment."
              + " TotalSegments: "
              + segment.of()
              + " Segment: "
              + segment.number());
    }
  }
}
