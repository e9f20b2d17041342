/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.StoredTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Items that are read together, as they are at one moment. */
public final class ReadTransaction {
  private static final long LARGEST = 4L << 20;

  /**
   * What is read.
   *
   * @param table where
   * @param key which item
   */
  public record Target(DynamoTable table, ItemKey key) {}

  private ReadTransaction() {}

  /**
   * Reads them.
   *
   * @param targets which
   * @return the items, in their order; null where there is none
   * @throws AwsError when one is named twice, units are exhausted, or it is too much
   */
  public static List<@Nullable StoredItem> run(List<Target> targets) {
    if (new HashSet<>(targets).size() < targets.size()) {
      throw Validation.error("Transaction request cannot include multiple operations on one item");
    }
    List<StoredTable> all = targets.stream().map(target -> target.table().items()).toList();
    return StoredTable.holding(all, () -> runAlone(targets));
  }

  private static List<@Nullable StoredItem> runAlone(List<Target> targets) {
    Cancellation cancellation = new Cancellation();
    List<@Nullable StoredItem> items = new ArrayList<>();
    long size = 0;
    for (Target target : targets) {
      try {
        target.table().capacity().beforeRead(null);
        cancellation.none();
      } catch (AwsError e) {
        cancellation.refused(e);
      }
      StoredItem item = target.table().items().get(target.key());
      size += item == null ? 0 : item.size();
      items.add(item);
    }
    cancellation.check();
    if (size > LARGEST) {
      throw Validation.error(
          "Aggregated size of all items in the transaction has exceeded the maximum size"
              + " limit of 4 MB");
    }
    return items;
  }

  /**
   * Counts what it uses.
   *
   * @param targets what was read
   * @param items what there was, in the same order
   * @param detail what is told of capacity
   * @return what was used of each table
   */
  public static Map<DynamoTable, Consumed> consumed(
      List<Target> targets, List<@Nullable StoredItem> items, Consumed.Detail detail) {
    Map<DynamoTable, Consumed> consumed = new LinkedHashMap<>();
    for (int i = 0; i < targets.size(); i++) {
      StoredItem item = items.get(i);
      consumed
          .computeIfAbsent(targets.get(i).table(), table -> new Consumed(table, 2, detail))
          .read(null, item == null ? 0 : item.size(), true);
    }
    return consumed;
  }
}
