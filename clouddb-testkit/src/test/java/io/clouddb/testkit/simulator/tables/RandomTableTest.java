/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.tables.IndexDefinition.Projection;
import io.clouddb.testkit.simulator.tables.IndexDefinition.Reach;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random changes, and after each of them a page, against a plain map that is searched in full. */
class RandomTableTest {
  private static final KeySchema KEYS =
      new KeySchema(new KeyAttribute("pk", KeyType.TEXT), new KeyAttribute("sk", KeyType.TEXT));
  private static final IndexDefinition INDEX =
      new IndexDefinition(
          "index",
          new KeySchema(new KeyAttribute("g", KeyType.TEXT), new KeyAttribute("h", KeyType.TEXT)),
          Reach.GLOBAL,
          Projection.ALL,
          List.of());

  private final Map<ItemKey, Map<String, Value>> model = new HashMap<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void answersAsAPlainMapDoes(long seed) {
    Random random = new Random(seed);
    StoredTable table =
        new StoredTable(
            new TableDefinition("t", KEYS, List.of(INDEX)),
            SimulatedClock.manual(Instant.EPOCH),
            Map::size);
    for (int i = 0; i < 2_000; i++) {
      change(table, random);
      boolean index = random.nextBoolean();
      KeySchema schema = index ? INDEX.keys() : KEYS;
      Value partition = word(random, 3);
      SortRange range = range(random);
      boolean forward = random.nextBoolean();
      int limit = 1 + random.nextInt(5);
      List<Map<String, Value>> expected = expected(schema, partition, range, forward);
      List<Map<String, Value>> found = new ArrayList<>();
      PageRequest.Position after = null;
      boolean more = true;
      while (more) {
        Page page =
            table.page(
                new PageRequest(
                    index ? "index" : null,
                    new PageRequest.Partition(partition, range),
                    forward,
                    after,
                    limit,
                    Long.MAX_VALUE));
        page.items().forEach(item -> found.add(item.attributes()));
        more = !page.complete();
        if (more) {
          Map<String, Value> last = found.get(found.size() - 1);
          after =
              new PageRequest.Position(KEYS.keyOf(last), index ? INDEX.keys().keyOf(last) : null);
        }
      }
      assertThat(keys(found, schema))
          .as("seed %s, step %s, %s %s", seed, i, schema, range)
          .isEqualTo(keys(expected, schema));
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }
    assertThat(table.count(null)).isEqualTo(model.size());
  }

  private static List<ItemKey> keys(List<Map<String, Value>> items, KeySchema schema) {
    return items.stream().map(schema::keyOf).toList();
  }

  private void change(StoredTable table, Random random) {
    Map<String, Value> item = new LinkedHashMap<>();
    item.put("pk", word(random, 3));
    item.put("sk", word(random, 40));
    ItemKey key = KEYS.keyOf(item);
    if (random.nextInt(4) == 0) {
      table.change(key, before -> null);
      model.remove(key);
      return;
    }
    if (random.nextInt(3) > 0) {
      item.put("g", word(random, 3));
    }
    if (random.nextInt(3) > 0) {
      item.put("h", word(random, 10));
    }
    table.change(key, before -> item);
    model.put(key, item);
  }

  private static Value word(Random random, int of) {
    return new Value.Text(Integer.toString(random.nextInt(of), 3));
  }

  private static SortRange range(Random random) {
    Value one = word(random, 40);
    Value other = word(random, 40);
    return switch (random.nextInt(8)) {
      case 0 -> SortRange.equalTo(one);
      case 1 -> SortRange.lessThan(one);
      case 2 -> SortRange.atMost(one);
      case 3 -> SortRange.greaterThan(one);
      case 4 -> SortRange.atLeast(one);
      case 5 -> SortRange.between(one, other);
      case 6 -> SortRange.beginningWith(one);
      default -> SortRange.ALL;
    };
  }

  private static Value.Text value(Map<String, Value> item, KeyAttribute key) {
    return (Value.Text) Objects.requireNonNull(item.get(key.name()));
  }

  private List<Map<String, Value>> expected(
      KeySchema schema, Value partition, SortRange range, boolean forward) {
    KeyAttribute sort = schema.attributes().get(1);
    List<Map<String, Value>> items =
        new ArrayList<>(
            model.values().stream()
                .filter(schema::fits)
                .filter(item -> partition.equals(item.get(schema.partition().name())))
                .filter(item -> range.contains(value(item, sort)))
                .sorted(Comparator.comparing(item -> value(item, sort).text()))
                .toList());
    if (!forward) {
      Collections.reverse(items);
    }
    return items;
  }
}
