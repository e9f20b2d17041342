/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.Page;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.KeyType;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import io.clouddb.table.SortRange;
import io.clouddb.table.Table;
import io.clouddb.table.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Queries: ranges of every type of key, order, pages of every size, limits, filters, tokens. */
abstract class QueryContract extends TableCases {
  private static final String PARTITION = "ranges";

  QueryContract(TableContract kit) {
    super(kit);
  }

  static Stream<Arguments> ranges() {
    List<Arguments> all = new ArrayList<>();
    for (KeyType type : KeyType.values()) {
      List<Value> values = inOrder(type);
      List<SortRange> ranges = new ArrayList<>();
      for (int at : List.of(0, 3, values.size() / 2, values.size() - 1)) {
        for (Condition.Comparison how : Condition.Comparison.values()) {
          if (how != Condition.Comparison.NOT_EQUAL) {
            ranges.add(new SortRange.Compares(how, values.get(at)));
          }
        }
        ranges.add(new SortRange.Between(values.get(at / 2), values.get(at)));
        if (type != KeyType.NUMBER) {
          ranges.add(new SortRange.BeginsWith(values.get(at)));
        }
      }
      for (int i = 0; i < ranges.size(); i++) {
        all.add(Arguments.of(type, i, ranges.get(i)));
      }
    }
    return all.stream();
  }

  private Table filled(KeyType type) {
    Table table = tables().sorted(type);
    tables()
        .once(
            PARTITION + type,
            () -> {
              List<Item> items = new ArrayList<>();
              inOrder(type)
                  .forEach(
                      sort ->
                          items.add(Item.builder().set("pk", PARTITION).set("sk", sort).build()));
              Collections.shuffle(items, new Random(1));
              table.putAll(items);
            });
    return table;
  }

  private static List<Value> sorts(Iterable<Item> items) {
    List<Value> all = new ArrayList<>();
    items.forEach(item -> all.add(item.get("sk").orElseThrow()));
    return all;
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("ranges")
  void givesARange(KeyType type, int number, SortRange range) {
    List<Value> expected =
        new ArrayList<>(inOrder(type).stream().filter(it -> ItemModel.isIn(it, range)).toList());
    Query query = Query.partition(PARTITION).sort(range).consistent();
    assertThat(sorts(filled(type).query(query))).isEqualTo(expected);
    assertThat(sorts(filled(type).query(query.pageSize(2)))).isEqualTo(expected);
    Collections.reverse(expected);
    assertThat(sorts(filled(type).query(query.descending()))).isEqualTo(expected);
    assertThat(sorts(filled(type).query(query.descending().pageSize(2)))).isEqualTo(expected);
  }

  static Stream<Integer> sizes() {
    return IntStream.rangeClosed(1, 14).boxed();
  }

  private static boolean isWanted(Item item) {
    return item.longValue("n") % 3 == 0;
  }

  private List<Item> numbered() {
    String partition = "numbered";
    List<Item> items =
        IntStream.range(0, 12)
            .mapToObj(
                i ->
                    item(partition, "s%02d".formatted(i))
                        .set("n", i)
                        .set("third", i % 3 == 0)
                        .build())
            .toList();
    tables().once(partition, () -> texts().putAll(items));
    return items;
  }

  private static final Query NUMBERED = Query.partition("numbered").consistent();
  private static final Query THIRDS = NUMBERED.filter(Condition.attribute("third").equalTo(true));

  @ParameterizedTest
  @MethodSource("sizes")
  void hasPagesOfEachSize(int size) {
    List<Item> items = numbered();
    assertThat(texts().query(NUMBERED.pageSize(size))).containsExactlyElementsOf(items);
    for (Page<Item> page : texts().query(NUMBERED.pageSize(size)).pages()) {
      assertThat(page.items()).hasSizeLessThanOrEqualTo(size);
    }
    assertThat(texts().query(THIRDS.pageSize(size)))
        .containsExactlyElementsOf(items.stream().filter(QueryContract::isWanted).toList());
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void hasNoMoreThanItsLimit(int limit) {
    List<Item> items = numbered();
    List<Item> first = items.subList(0, Math.min(limit, items.size()));
    assertThat(texts().query(NUMBERED.limit(limit))).containsExactlyElementsOf(first);
    for (int size : List.of(1, 3, 5)) {
      assertThat(texts().query(NUMBERED.limit(limit).pageSize(size)))
          .containsExactlyElementsOf(first);
      assertThat(texts().query(THIRDS.limit(limit).pageSize(size)))
          .containsExactlyElementsOf(
              items.stream().filter(QueryContract::isWanted).limit(limit).toList());
    }
    List<Item> last = new ArrayList<>(items);
    Collections.reverse(last);
    assertThat(texts().query(NUMBERED.descending().limit(limit).pageSize(4)))
        .containsExactlyElementsOf(last.subList(0, first.size()));
  }

  @ParameterizedTest
  @MethodSource("sizes")
  void goesOnFromTheTokenOfEachPage(int size) {
    List<Item> items = numbered();
    List<Item> read = new ArrayList<>();
    String token = null;
    do {
      Page<Item> page = texts().page(NUMBERED.limit(11).pageSize(size), token);
      read.addAll(page.items());
      token = page.nextToken();
      if (token != null) {
        List<Item> rest = new ArrayList<>(read);
        // In pages of another size.
        texts().query(NUMBERED.limit(11).pageSize(5), token).forEach(rest::add);
        assertThat(rest).isEqualTo(items.subList(0, 11));
      }
    } while (token != null);
    assertThat(read).isEqualTo(items.subList(0, 11));
  }

  @Test
  void refusesATokenOfAnotherQueryBeforeTheCall() {
    numbered();
    String token = texts().page(NUMBERED.pageSize(2), null).next().orElseThrow();
    long before = tables().requests();
    for (Query other :
        List.of(
            Query.partition("other").consistent(),
            NUMBERED.descending(),
            NUMBERED.limit(3),
            NUMBERED.sortBeginsWith("s"),
            THIRDS)) {
      assertThatThrownBy(() -> texts().page(other, token))
          .isInstanceOf(InvalidArgumentException.class);
    }
    assertThatThrownBy(() -> tables().versions().page(NUMBERED, token))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> texts().page(NUMBERED, token.substring(0, token.length() / 2)))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(() -> texts().page(Scan.all(), token))
        .isInstanceOf(InvalidArgumentException.class);
    assertThat(tables().requests()).isEqualTo(before);
  }

  @Test
  void seesWhatWasWrittenBefore() {
    String partition = newPartition();
    for (int i = 0; i < 20; i++) {
      texts().put(item(partition, "s" + i).build());
      assertThat(texts().query(Query.partition(partition).consistent())).hasSize(i + 1);
    }
  }

  @Test
  void readsMoreThanOnePageOfTheService() {
    String partition = newPartition();
    String large = "x".repeat(100_000);
    List<Item> items =
        IntStream.range(0, 25)
            .mapToObj(i -> item(partition, "s%02d".formatted(i)).set("l", large).build())
            .toList();
    texts().putAll(items);
    assertThat(texts().query(Query.partition(partition).consistent()))
        .containsExactlyElementsOf(items);
    assertThat(texts().query(Query.partition(partition).consistent().limit(22))).hasSize(22);
    assertThat(
            texts()
                .query(
                    Query.partition(partition)
                        .consistent()
                        .filter(Condition.attribute("missing").exists())))
        .isEmpty();
    assertThat(texts().getAll(items.stream().map(it -> key(partition, it.text("sk"))).toList()))
        .hasSize(25);
    texts().deleteAll(items.stream().map(it -> key(partition, it.text("sk"))).toList());
  }
}
