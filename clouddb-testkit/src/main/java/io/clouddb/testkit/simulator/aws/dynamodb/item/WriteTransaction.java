/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoTable;
import io.clouddb.testkit.simulator.aws.dynamodb.ItemSizes;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.StoredTable;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes that are done together, or not at all, while nobody sees or does anything else in their
 * tables.
 */
public final class WriteTransaction {
  private static final long LARGEST = 4L << 20;

  private record Prepared(
      ItemWrite write, @Nullable StoredItem before, @Nullable Map<String, Value> after) {}

  private WriteTransaction() {}

  /**
   * Does them.
   *
   * @param writes which
   * @param detail what is told of capacity
   * @return what was used of each table
   * @throws AwsError when one of them cannot be done, with the reasons
   */
  public static Map<DynamoTable, Consumed> run(List<ItemWrite> writes, Consumed.Detail detail) {
    if (new HashSet<>(targets(writes)).size() < writes.size()) {
      throw Validation.error("Transaction request cannot include multiple operations on one item");
    }
    List<StoredTable> tables = writes.stream().map(write -> write.table().items()).toList();
    return StoredTable.holding(tables, () -> runAlone(writes, detail));
  }

  /**
   * Which items are written.
   *
   * @param writes by what
   * @return them, in the same order
   */
  public static List<ReadTransaction.Target> targets(List<ItemWrite> writes) {
    return writes.stream()
        .map(write -> new ReadTransaction.Target(write.table(), write.key()))
        .toList();
  }

  /**
   * Reads what they have written, which is all that the second request of a token does.
   *
   * @param written which items
   * @param detail what is told of capacity
   * @return what was used of each table
   */
  public static Map<DynamoTable, Consumed> again(
      List<ReadTransaction.Target> written, Consumed.Detail detail) {
    Map<DynamoTable, Consumed> consumed = new LinkedHashMap<>();
    for (ReadTransaction.Target one : written) {
      DynamoTable table = one.table();
      StoredItem item = table.items().get(one.key());
      consumed
          .computeIfAbsent(table, of -> new Consumed(of, 2, detail))
          .read(null, item == null ? 0 : item.size(), true);
    }
    return consumed;
  }

  private static Map<DynamoTable, Consumed> runAlone(
      List<ItemWrite> writes, Consumed.Detail detail) {
    Cancellation cancellation = new Cancellation();
    List<Prepared> prepared = new ArrayList<>();
    long size = 0;
    for (ItemWrite write : writes) {
      StoredItem before = write.table().items().get(write.key());
      try {
        write.table().capacity().beforeWrite(null);
        if (!write.holds(before)) {
          cancellation.conditionFailed(write.told(before));
          continue;
        }
        Map<String, Value> after = write.after(before);
        size += after == null || write.checkOnly() ? 0 : ItemSizes.RULE.sizeOf(after);
        prepared.add(new Prepared(write, before, after));
        cancellation.none();
      } catch (AwsError e) {
        cancellation.refused(e);
      }
    }
    cancellation.check();
    if (size > LARGEST) {
      throw Validation.error(
          "Aggregated size of all items in the transaction has exceeded the maximum size limit of"
              + " 4 MB");
    }
    Map<DynamoTable, Consumed> consumed = new LinkedHashMap<>();
    for (Prepared one : prepared) {
      DynamoTable table = one.write().table();
      Consumed used = consumed.computeIfAbsent(table, which -> new Consumed(which, 2, detail));
      if (one.write().checkOnly()) {
        used.write(one.before(), one.before());
      } else {
        StoredTable.Changed changed =
            table.items().change(one.write().key(), before -> one.after());
        used.write(changed.before(), changed.after());
      }
    }
    return consumed;
  }
}
