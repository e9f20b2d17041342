/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.dynamodb.ItemSizes;
import io.clouddb.testkit.simulator.tables.IndexDefinition;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.StoredItem;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an index costs that follows a write: nothing when it does not change, one write for an item
 * that comes, goes or changes, two for one whose key in the index changes.
 *
 * @see <a href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html">Global
 *     secondary indexes: write capacity units</a>
 */
final class IndexWrites {
  private IndexWrites() {}

  static int units(
      KeySchema table,
      IndexDefinition index,
      @Nullable StoredItem before,
      @Nullable StoredItem after) {
    Map<String, Value> gone = entry(table, index, before);
    Map<String, Value> come = entry(table, index, after);
    if (gone == null || come == null) {
      return units(gone) + units(come);
    }
    if (gone.equals(come)) {
      return 0;
    }
    boolean moved = !index.keys().keyOf(gone).equals(index.keys().keyOf(come));
    return moved ? units(gone) + units(come) : Math.max(units(gone), units(come));
  }

  private static @Nullable Map<String, Value> entry(
      KeySchema table, IndexDefinition index, @Nullable StoredItem item) {
    return item == null || !ItemSizes.RULE.fits(index.keys(), item.attributes())
        ? null
        : index.project(item.attributes(), table);
  }

  private static int units(@Nullable Map<String, Value> entry) {
    return entry == null ? 0 : Consumed.units(ItemSizes.RULE.sizeOf(entry));
  }
}
