/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.table.BatchIncompleteException;
import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemConditionFailedException;
import io.clouddb.table.Query;
import io.clouddb.table.Table;
import io.clouddb.table.Transaction;
import io.clouddb.table.TransactionConditionFailedException;
import io.clouddb.table.Update;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Versions: of two who have read the same item, one writes it. */
abstract class VersionContract extends TableCases {
  VersionContract(TableContract kit) {
    super(kit);
  }

  private Table table() {
    return tables().versions();
  }

  @Test
  void countsEachWrite() {
    String p = newPartition();
    Item first = table().put(item(p, "a").build());
    assertThat(first.longValue("version")).isEqualTo(1);
    Item second = table().put(first.toBuilder().set("n", 1).build());
    assertThat(second.longValue("version")).isEqualTo(2);
    Item third = table().update(key(p, "a"), Update.of().add("n", 1));
    assertThat(third.longValue("version")).isEqualTo(3);
    assertThat(table().get(key(p, "a"), true)).contains(third);
    assertThat(table().update(key(p, "new"), Update.of().add("n", 1)).longValue("version"))
        .isEqualTo(1);
  }

  @Test
  void makesNoItemToCountWhatOnlyTakesAway() {
    String p = newPartition();
    assertThatThrownBy(() -> table().update(key(p, "a"), Update.of().remove("n")))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThatThrownBy(
            () -> table().transact(Transaction.of().update(key(p, "a"), Update.of().remove("n"))))
        .isInstanceOf(TransactionConditionFailedException.class);
    assertThat(table().get(key(p, "a"), true)).isEmpty();
    table().put(item(p, "a").set("n", 1).build());
    Item without = table().update(key(p, "a"), Update.of().remove("n"));
    assertThat(without.longValue("version")).isEqualTo(2);
    assertThat(without.has("n")).isFalse();
  }

  @Test
  void refusesAnOlderOne() {
    String p = newPartition();
    Item first = table().put(item(p, "a").build());
    Item second = table().put(first);
    for (Item stale : List.of(first, item(p, "a").build())) {
      assertThatThrownBy(() -> table().put(stale))
          .isInstanceOfSatisfying(
              ItemConditionFailedException.class, e -> assertThat(e.item()).contains(second));
    }
    assertThatThrownBy(() -> table().put(second, Condition.attribute("n").exists()))
        .isInstanceOf(ItemConditionFailedException.class);
    table().delete(key(p, "a"));
    assertThatThrownBy(() -> table().put(second))
        .isInstanceOfSatisfying(
            ItemConditionFailedException.class, e -> assertThat(e.item()).isEmpty());
  }

  @Test
  void letsOneOfManyWrite() {
    String p = newPartition();
    Item read = table().put(item(p, "a").build());
    List<CompletableFuture<Boolean>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      all.add(
          table()
              .async()
              .put(read.toBuilder().set("by", i).build())
              .handle((done, failure) -> failure == null)
              .toCompletableFuture());
    }
    assertThat(all.stream().filter(CompletableFuture::join)).hasSize(1);
    assertThat(table().get(key(p, "a"), true).orElseThrow().longValue("version")).isEqualTo(2);
  }

  @Test
  void countsInTransactions() {
    String p = newPartition();
    Item first = table().put(item(p, "a").build());
    table()
        .transact(
            Transaction.of()
                .put(first)
                .put(item(p, "b").build())
                .update(key(p, "c"), Update.of().add("n", 1)));
    assertThat(table().query(Query.partition(p).consistent()))
        .extracting(item -> item.longValue("version"))
        .containsExactly(2L, 1L, 1L);
    assertThatThrownBy(
            () -> table().transact(Transaction.of().put(item(p, "d").build()).put(first)))
        .isInstanceOfSatisfying(
            TransactionConditionFailedException.class,
            e -> assertThat(e.failures().get(0).action()).isEqualTo(1));
  }

  @Test
  void namesThoseOfABatchThatWereOlder() {
    String p = newPartition();
    List<Item> stored =
        table()
            .putAll(
                IntStream.range(0, 20)
                    .mapToObj(i -> item(p, "s%02d".formatted(i)).build())
                    .toList());
    assertThat(stored).allMatch(item -> item.longValue("version") == 1);
    table().put(stored.get(3));
    table().put(stored.get(17));
    BatchIncompleteException e =
        catchThrowableOfType(BatchIncompleteException.class, () -> table().putAll(stored));
    assertThat(e.notDone()).containsExactlyInAnyOrder(key(p, "s03"), key(p, "s17"));
    assertThat(e.unknown()).isEmpty();
    assertThat(table().query(Query.partition(p).consistent()))
        .hasSize(20)
        .allMatch(item -> item.longValue("version") == 2);
  }
}
