/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.tables.IndexDefinition.Projection;
import io.clouddb.testkit.simulator.tables.IndexDefinition.Reach;
import io.clouddb.testkit.simulator.tables.PageRequest.Partition;
import io.clouddb.testkit.simulator.tables.PageRequest.Segment;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoredTableTest {
  private static final KeySchema KEYS =
      new KeySchema(new KeyAttribute("pk", KeyType.TEXT), new KeyAttribute("sk", KeyType.NUMBER));
  private static final IndexDefinition GLOBAL =
      new IndexDefinition(
          "global",
          new KeySchema(new KeyAttribute("g", KeyType.TEXT), null),
          Reach.GLOBAL,
          Projection.INCLUDE,
          List.of("extra"));
  private static final IndexDefinition LOCAL =
      new IndexDefinition(
          "local",
          new KeySchema(new KeyAttribute("pk", KeyType.TEXT), new KeyAttribute("l", KeyType.TEXT)),
          Reach.LOCAL,
          Projection.ALL,
          List.of());

  private final ManualClock clock = SimulatedClock.manual(Instant.EPOCH);
  private final StoredTable table =
      new StoredTable(
          new TableDefinition("orders", KEYS, List.of(GLOBAL, LOCAL)), clock, item -> item.size());

  private static Value text(String text) {
    return new Value.Text(text);
  }

  private static Value number(long number) {
    return new Value.Num(BigDecimal.valueOf(number));
  }

  private static Map<String, Value> item(String pk, long sk, String... more) {
    Map<String, Value> item = new LinkedHashMap<>();
    item.put("pk", text(pk));
    item.put("sk", number(sk));
    for (int i = 0; i < more.length; i += 2) {
      item.put(more[i], text(more[i + 1]));
    }
    return item;
  }

  private void put(Map<String, Value> item) {
    table.change(KEYS.keyOf(item), before -> item);
  }

  private static Value value(Map<String, Value> item, String name) {
    return Objects.requireNonNull(item.get(name), name);
  }

  private static PageRequest request(@Nullable String index, PageRequest.Span span) {
    return new PageRequest(index, span, true, null, Integer.MAX_VALUE, Long.MAX_VALUE);
  }

  private List<Long> sortKeys(SortRange range, boolean forward) {
    Partition partition = new Partition(text("a"), range);
    return numbers(
        table.page(
            new PageRequest(null, partition, forward, null, Integer.MAX_VALUE, Long.MAX_VALUE)));
  }

  private static List<Long> numbers(Page page) {
    return page.items().stream()
        .map(item -> ((Value.Num) value(item.attributes(), "sk")).number().longValue())
        .toList();
  }

  @Test
  void aPartitionIsInTheOrderOfItsSortKeysAndReadByRanges() {
    IntStream.of(10, 9, -3, 100, 0).forEach(sk -> put(item("a", sk)));
    put(item("b", 9));
    assertThat(sortKeys(SortRange.ALL, true)).containsExactly(-3L, 0L, 9L, 10L, 100L);
    assertThat(sortKeys(SortRange.ALL, false)).containsExactly(100L, 10L, 9L, 0L, -3L);
    assertThat(sortKeys(SortRange.equalTo(number(9)), true)).containsExactly(9L);
    assertThat(sortKeys(SortRange.lessThan(number(9)), true)).containsExactly(-3L, 0L);
    assertThat(sortKeys(SortRange.atMost(number(9)), false)).containsExactly(9L, 0L, -3L);
    assertThat(sortKeys(SortRange.greaterThan(number(9)), true)).containsExactly(10L, 100L);
    assertThat(sortKeys(SortRange.atLeast(number(9)), true)).containsExactly(9L, 10L, 100L);
    assertThat(sortKeys(SortRange.between(number(0), number(10)), true))
        .containsExactly(0L, 9L, 10L);
    assertThat(sortKeys(SortRange.between(number(10), number(0)), true)).isEmpty();
  }

  @Test
  void pagesEndByTheirLimitAndTheirSizeAndBeginAfterAnItemThatNeedNotBeThere() {
    IntStream.range(0, 10).forEach(sk -> put(item("a", sk)));
    Partition all = new Partition(text("a"), SortRange.ALL);
    Page first = table.page(new PageRequest(null, all, true, null, 3, Long.MAX_VALUE));
    assertThat(numbers(first)).containsExactly(0L, 1L, 2L);
    assertThat(first.complete()).isFalse();
    // Each item has two attributes, and the third one reaches a size of 5.
    Page bySize = table.page(new PageRequest(null, all, true, null, 100, 5));
    assertThat(numbers(bySize)).containsExactly(0L, 1L, 2L);
    assertThat(bySize.bytes()).isEqualTo(6);
    table.change(new ItemKey(text("a"), number(2)), before -> null);
    PageRequest.Position two = new PageRequest.Position(new ItemKey(text("a"), number(2)), null);
    assertThat(numbers(table.page(new PageRequest(null, all, true, two, 2, Long.MAX_VALUE))))
        .containsExactly(3L, 4L);
    assertThat(numbers(table.page(new PageRequest(null, all, false, two, 5, Long.MAX_VALUE))))
        .containsExactly(1L, 0L);
  }

  @Test
  void segmentsHaveAllItemsOnce() {
    IntStream.range(0, 500).forEach(number -> put(item("p" + number, 0)));
    List<StoredItem> found = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      Segment segment = new Segment(i, 7);
      Page page = table.page(request(null, segment));
      assertThat(page.items()).isNotEmpty();
      page.items()
          .forEach(item -> assertThat(segment.has(value(item.attributes(), "pk"))).isTrue());
      found.addAll(page.items());
    }
    assertThat(found).doesNotHaveDuplicates().hasSize(500);
    assertThat(found).isEqualTo(table.page(request(null, Segment.ALL)).items());
  }

  @Test
  void anIndexHasTheItemsThatHaveItsKeyAndOfThemWhatItProjects() {
    put(item("a", 1, "g", "x", "extra", "e", "other", "o"));
    put(item("a", 2, "g", "x"));
    put(item("a", 3));
    Partition x = new Partition(text("x"), SortRange.ALL);
    Page page = table.page(request("global", x));
    assertThat(numbers(page)).containsExactly(1L, 2L);
    assertThat(page.items().get(0).attributes()).containsOnlyKeys("pk", "sk", "g", "extra");
    put(item("a", 1, "g", "y"));
    table.change(new ItemKey(text("a"), number(2)), before -> null);
    assertThat(table.page(request("global", x)).items()).isEmpty();
    assertThat(table.count("global")).isEqualTo(1);
    assertThat(table.bytes("global")).isEqualTo(3);
    table.removeIndex("global");
    table.addIndex(GLOBAL);
    assertThat(numbers(table.page(request("global", new Partition(text("y"), SortRange.ALL)))))
        .containsExactly(1L);
    assertThatThrownBy(() -> table.page(request("none", x)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPrefixIsARangeOfTextsInBothDirections() {
    put(item("a", 1, "l", "order#1"));
    put(item("a", 2, "l", "order#\uD83D\uDE00"));
    put(item("a", 3, "l", "order"));
    put(item("a", 4, "l", "order$"));
    put(item("a", 5, "l", "order#\uFFFD"));
    Partition prefix = new Partition(text("a"), SortRange.beginningWith(text("order#")));
    // By code points: what two characters of UTF-16 stand for comes after all that one does.
    assertThat(numbers(table.page(request("local", prefix)))).containsExactly(1L, 5L, 2L);
    assertThat(
            numbers(table.page(new PageRequest("local", prefix, false, null, 9, Long.MAX_VALUE))))
        .containsExactly(2L, 5L, 1L);
  }

  @Test
  void globalIndexesAreBehindByTheClockAndLocalOnesAreNot() {
    table.setIndexLag(Duration.ofSeconds(2));
    put(item("a", 1, "g", "x", "l", "y"));
    Partition x = new Partition(text("x"), SortRange.ALL);
    assertThat(table.page(request("global", x)).items()).isEmpty();
    assertThat(table.count("local")).isEqualTo(1);
    clock.advance(Duration.ofSeconds(1));
    put(item("a", 1, "g", "z"));
    clock.advance(Duration.ofSeconds(1));
    assertThat(table.page(request("global", x)).items()).hasSize(1);
    clock.advance(Duration.ofSeconds(1));
    assertThat(table.page(request("global", x)).items()).isEmpty();
    table.setIndexLag(Duration.ZERO);
    put(item("a", 2, "g", "x"));
    assertThat(table.page(request("global", x)).items()).hasSize(1);
  }

  @Test
  void itemsGoWhenTheirTimeIsOverAndListenersHearOfIt() {
    List<Change> changes = new ArrayList<>();
    put(item("a", 5));
    table.addListener(changes::add);
    table.setExpiry(
        item -> Instant.ofEpochSecond(((Value.Num) value(item, "sk")).number().longValue()));
    put(item("a", 10));
    clock.advance(Duration.ofSeconds(5));
    assertThat(table.get(new ItemKey(text("a"), number(5)))).isNull();
    assertThat(table.get(new ItemKey(text("a"), number(10)))).isNotNull();
    clock.advance(Duration.ofSeconds(5));
    table.settle();
    assertThat(changes).extracting(Change::sequence).containsExactly(2L, 3L, 4L);
    assertThat(changes)
        .extracting(Change::origin)
        .containsExactly(Change.Origin.USER, Change.Origin.EXPIRY, Change.Origin.EXPIRY);
    assertThat(changes.get(1).before()).isNotNull();
    assertThat(changes.get(1).after()).isNull();
    assertThat(changes.get(2).at()).isEqualTo(Instant.ofEpochSecond(10));
  }

  @Test
  void keepsOneExpiryOfAnItemHoweverOftenItIsWritten() {
    table.setExpiry(
        item -> Instant.ofEpochSecond(Long.parseLong(((Value.Text) value(item, "due")).text())));
    for (int i = 0; i < 100; i++) {
      put(item("a", 1, "due", "" + (1000 - i % 7)));
    }
    assertThat(table.expiring()).isEqualTo(1);
    put(item("b", 1, "due", "2000"));
    table.change(new ItemKey(text("b"), number(1)), before -> null);
    assertThat(table.expiring()).isEqualTo(1);
    clock.advance(Duration.ofSeconds(1000));
    assertThat(table.count(null)).isZero();
  }

  @Test
  void whatIsDueGoesHoweverMuchLaterSomebodyLooks() {
    table.setExpiry(
        item ->
            clock.instant().isAfter(Instant.ofEpochSecond(500)) ? null : Instant.ofEpochSecond(10));
    put(item("a", 1));
    clock.advance(Duration.ofSeconds(1000));
    assertThat(table.count(null)).isZero();
  }

  @Test
  void whatAChangeThrowsLeavesTheItemAsItIs() {
    put(item("a", 1));
    assertThatThrownBy(
            () ->
                table.change(
                    new ItemKey(text("a"), number(1)),
                    before -> {
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    assertThat(table.get(new ItemKey(text("a"), number(1)))).isNotNull();
    assertThat(table.count(null)).isEqualTo(1);
  }

  /** What is moved between two tables is in one of them, whoever looks and whoever moves. */
  @Test
  void severalTablesAreChangedInOne() throws Exception {
    StoredTable other =
        new StoredTable(new TableDefinition("others", KEYS, List.of()), clock, item -> item.size());
    put(item("a", 0, "where", "here"));
    ItemKey key = new ItemKey(text("a"), number(0));
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      CountDownLatch begin = new CountDownLatch(1);
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        List<StoredTable> tables = i % 2 == 0 ? List.of(table, other) : List.of(other, table);
        boolean moves = i < 4;
        all.add(
            threads.submit(
                () -> {
                  begin.await();
                  for (int n = 0; n < 500; n++) {
                    StoredTable.holding(tables, () -> look(other, key, moves));
                  }
                  return null;
                }));
      }
      begin.countDown();
      for (Future<?> one : all) {
        one.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private boolean look(StoredTable other, ItemKey key, boolean moves) {
    StoredItem here = table.get(key);
    StoredItem there = other.get(key);
    assertThat(here == null).isNotEqualTo(there == null);
    if (moves) {
      StoredItem item = here == null ? Objects.requireNonNull(there) : here;
      table.change(key, before -> before == null ? item.attributes() : null);
      other.change(key, before -> before == null ? item.attributes() : null);
    }
    return true;
  }
}
