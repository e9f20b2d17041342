/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Indexes: the items of a table by other attributes, some time after they are written. */
abstract class IndexContract extends TableCases {
  private static final String GLOBAL = SharedTables.BY_GROUP.name();
  private static final String LOCAL = SharedTables.BY_DATE.name();

  IndexContract(TableContract kit) {
    super(kit);
  }

  private static List<String> sorts(Iterable<Item> items) {
    List<String> all = new ArrayList<>();
    items.forEach(item -> all.add(item.text("sk")));
    return all;
  }

  /** An index is some time behind its table. */
  private void eventually(Supplier<List<String>> look, String... expected) {
    Duration limit = kit().indexLag();
    long end = System.nanoTime() + limit.toNanos();
    List<String> seen = look.get();
    while (!seen.equals(List.of(expected)) && System.nanoTime() < end) {
      Thread.onSpinWait();
      seen = look.get();
    }
    assertThat(seen).containsExactly(expected);
  }

  @Test
  void hasTheItemsThatHaveItsAttributes() {
    String group = newPartition();
    String partition = newPartition();
    texts()
        .putAll(
            List.of(
                item(partition, "a").set("group", group).set("rank", 3).build(),
                item(partition, "b").set("group", group).set("rank", -1).build(),
                item(partition, "c").set("group", group).build(),
                item(partition, "d").set("rank", 5).build(),
                item(newPartition(), "e").set("group", group).set("rank", 10).build()));
    Query query = Query.index(GLOBAL).partition(group);
    eventually(() -> sorts(texts().query(query)), "b", "a", "e");
    eventually(() -> sorts(texts().query(query.descending())), "e", "a", "b");
    eventually(
        () -> sorts(texts().query(query.sort(Condition.Comparison.GREATER, Value.of(0)))),
        "a",
        "e");
    eventually(() -> sorts(texts().query(query.sortBetween(Value.of(-1), Value.of(3)))), "b", "a");
    eventually(
        () ->
            sorts(texts().query(query.filter(Condition.attribute("sk").notEqualTo(Value.of("a"))))),
        "b",
        "e");
    for (int size = 1; size < 4; size++) {
      Query paged = query.pageSize(size);
      eventually(() -> sorts(texts().query(paged)), "b", "a", "e");
      eventually(() -> sorts(texts().query(paged.limit(2))), "b", "a");
    }
    assertThat(
            texts()
                .scan(
                    Scan.all()
                        .index(GLOBAL)
                        .segments(2)
                        .filter(Condition.attribute("group").equalTo(group))))
        .hasSize(3);
  }

  @Test
  void followsItsTable() {
    String group = newPartition();
    String partition = newPartition();
    texts().put(item(partition, "a").set("group", group).set("rank", 1).build());
    Query query = Query.index(GLOBAL).partition(group);
    eventually(() -> sorts(texts().query(query)), "a");
    texts().put(item(partition, "b").set("group", group).set("rank", 2).build());
    texts().update(key(partition, "a"), Update.of().set("rank", Value.of(3)));
    eventually(() -> sorts(texts().query(query)), "b", "a");
    texts().update(key(partition, "a"), Update.of().remove("rank"));
    eventually(() -> sorts(texts().query(query)), "b");
    texts().delete(key(partition, "b"));
    eventually(() -> sorts(texts().query(query)));
  }

  @Test
  void hasSeveralItemsOfOneKey() {
    String group = newPartition();
    String partition = newPartition();
    texts()
        .putAll(
            IntStream.range(0, 9)
                .mapToObj(i -> item(partition, "s" + i).set("group", group).set("rank", 1).build())
                .toList());
    Query query = Query.index(GLOBAL).partition(group).sortEquals(Value.of(1));
    for (int size : List.of(1, 2, 4, 9)) {
      long end = System.nanoTime() + kit().indexLag().toNanos();
      while (sorts(texts().query(query.pageSize(size))).size() < 9 && System.nanoTime() < end) {
        Thread.onSpinWait();
      }
      assertThat(sorts(texts().query(query.pageSize(size)))).hasSize(9).doesNotHaveDuplicates();
    }
  }

  @Test
  void isReadConsistentlyWithinAPartition() {
    String partition = newPartition();
    Query query = Query.index(LOCAL).partition(partition).consistent();
    texts().put(item(partition, "a").set("date", "2026-02").build());
    texts().put(item(partition, "b").set("date", "2026-01").build());
    texts().put(item(partition, "c").build());
    assertThat(sorts(texts().query(query))).containsExactly("b", "a");
    assertThat(sorts(texts().query(query.sortBeginsWith("2026-02")))).containsExactly("a");
    assertThat(sorts(texts().query(query.descending().pageSize(1)))).containsExactly("a", "b");
    texts().update(key(partition, "c"), Update.of().set("date", Value.of("2025")));
    assertThat(sorts(texts().query(query))).containsExactly("c", "b", "a");
    texts().delete(key(partition, "b"));
    assertThat(sorts(texts().query(query))).containsExactly("c", "a");
  }
}
