/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.Page;
import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Batches of any size: all of it is done. */
abstract class BatchContract extends TableCases {
  BatchContract(TableContract kit) {
    super(kit);
  }

  private static List<Item> items(String partition, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> item(partition, "s%05d".formatted(i)).set("n", i).build())
        .toList();
  }

  private static List<ItemKey> keys(String partition, int count) {
    return items(partition, count).stream().map(it -> key(partition, it.text("sk"))).toList();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 24, 25, 26, 99, 100, 101, 1000})
  void writesReadsAndDeletesSoMany(int count) {
    String partition = newPartition();
    List<Item> items = items(partition, count);
    assertThat(texts().putAll(items)).isEqualTo(items);
    assertThat(texts().query(Query.partition(partition).consistent()))
        .containsExactlyElementsOf(items);
    List<ItemKey> asked = new ArrayList<>(keys(partition, count + 3));
    Collections.shuffle(asked, new Random(count));
    assertThat(texts().getAll(asked, true).values()).containsExactlyInAnyOrderElementsOf(items);
    assertThat(texts().getAll(asked, true).keySet())
        .containsExactlyElementsOf(
            asked.stream().filter(keys(partition, count)::contains).toList());
    texts().deleteAll(asked);
    assertThat(texts().query(Query.partition(partition).consistent())).isEmpty();
  }

  @Test
  void overwritesWhatIsThere() {
    String partition = newPartition();
    texts().putAll(items(partition, 30));
    List<Item> others =
        items(partition, 30).stream()
            .map(it -> it.toBuilder().set("x", 1).remove("n").build())
            .toList();
    texts().inFlight(1).putAll(others);
    assertThat(texts().query(Query.partition(partition).consistent()))
        .containsExactlyElementsOf(others);
  }

  @Test
  void cutsWhatIsLarge() {
    String partition = newPartition();
    String large = "x".repeat(350_000);
    List<Item> items =
        items(partition, 60).stream().map(it -> it.toBuilder().set("l", large).build()).toList();
    texts().putAll(items);
    assertThat(texts().getAll(keys(partition, 60), true).values()).containsExactlyElementsOf(items);
    texts().deleteAll(keys(partition, 60));
  }

  @Test
  void isReadInSegments() {
    String partition = newPartition();
    List<Item> items =
        IntStream.range(0, 300)
            .mapToObj(i -> item(partition + "-" + i, "a").set("mine", partition).build())
            .toList();
    texts().putAll(items);
    Condition mine = Condition.attribute("mine").equalTo(partition);
    for (int segments : List.of(1, 2, 7, 100)) {
      assertThat(texts().scan(Scan.all().consistent().segments(segments).pageSize(50).filter(mine)))
          .containsExactlyInAnyOrderElementsOf(items);
    }
    List<Item> pushed = new ArrayList<>();
    try {
      texts()
          .async()
          .scan(Scan.all().consistent().segments(4).filter(mine), pushed::add)
          .toCompletableFuture()
          .join();
    } catch (CompletionException e) {
      throw new AssertionError("The scan failed", e);
    }
    assertThat(pushed).containsExactlyInAnyOrderElementsOf(items);
  }

  @Test
  void isReadPageByPage() {
    String partition = newPartition();
    List<Item> items =
        IntStream.range(0, 30)
            .mapToObj(i -> item(partition + "-" + i, "a").set("mine", partition).build())
            .toList();
    texts().putAll(items);
    Condition mine = Condition.attribute("mine").equalTo(partition);
    for (int segments : List.of(1, 3)) {
      Scan scan = Scan.all().consistent().segments(segments).filter(mine);
      List<Item> read = new ArrayList<>();
      String token = null;
      do {
        Page<Item> page = texts().page(scan.pageSize(50), token);
        read.addAll(page.items());
        token = page.nextToken();
      } while (token != null);
      assertThat(read).containsExactlyInAnyOrderElementsOf(items);
    }
  }
}
