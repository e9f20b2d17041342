/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.DynamoTestTable.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemConditionFailedException;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Query;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Conditions by chance mean in DynamoDB what their documentation says. */
class RandomConditionsTest {
  private static final int ITEMS = 60;
  private static final int CONDITIONS = 250;
  private static final long SEED = 20_261_130;

  @Test
  void conditionsMeanWhatTheModelSays() {
    RandomConditions random = new RandomConditions(SEED);
    try (DynamoTestTable table = new DynamoTestTable()) {
      List<Item> items = new ArrayList<>();
      for (int i = 0; i < ITEMS; i++) {
        items.add(random.item("p", String.format("%02d", i)));
        await(table.data.put(items.get(i), null));
      }
      int held = 0;
      for (int i = 0; i < CONDITIONS; i++) {
        Condition condition = random.condition(0);
        List<Item> expected =
            items.stream().filter(item -> ConditionModel.holds(condition, item)).toList();
        held += expected.size();
        assertThat(await(table.data.query(Query.partition("p").filter(condition), null, 0)).items())
            .as("seed %d, condition %d: %s", SEED, i, condition)
            .isEqualTo(expected);
        Item item = items.get(i % ITEMS);
        assertThat(writes(table, item, condition))
            .as("seed %d, condition %d of a write: %s", SEED, i, condition)
            .isEqualTo(ConditionModel.holds(condition, item));
      }
      // A generator of conditions that never hold, or always, would show nothing.
      assertThat(held).isBetween(ITEMS * CONDITIONS / 10, ITEMS * CONDITIONS * 9 / 10);
    }
  }

  private static boolean writes(DynamoTestTable table, Item item, Condition condition) {
    try {
      await(table.data.put(item, condition));
      return true;
    } catch (ItemConditionFailedException e) {
      assertThat(e.item()).contains(item);
      assertThat(await(table.data.get(ItemKey.of("p", item.text("sk")), true))).contains(item);
      return false;
    }
  }
}
