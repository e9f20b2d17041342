/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnsupportedFeatureException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TableTest {
  private static final GlobalTableSpec SPEC =
      GlobalTableSpec.builder("app", Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING))
          .index("gsi", Key.partition("gpk", KeyType.STRING).sort("gsk", KeyType.NUMBER))
          .index(
              IndexSpec.of("lsi", Key.partition("pk", KeyType.STRING).sort("lsk", KeyType.BINARY))
                  .local())
          .build();

  private final TablesProvider provider = new TablesProvider();
  private final CloudDb cloud = provider.open();
  private final Table table = cloud.tables().open(SPEC);
  private final ModelTable model = provider.data("app");

  @AfterEach
  void close() {
    cloud.close();
  }

  private static Item.Builder item(String sort) {
    return Item.builder().set("pk", "one").set("sk", sort);
  }

  private static ItemKey key(String sort) {
    return ItemKey.of("one", sort);
  }

  private void refused(ThrowingCallable call, String... words) {
    int before = model.requests.size();
    assertThatThrownBy(call)
        .isInstanceOfAny(InvalidArgumentException.class, UnsupportedFeatureException.class)
        .hasMessageContainingAll(words)
        .hasMessageNotContaining("s3cret");
    assertThat(model.requests).hasSize(before);
  }

  @Test
  void putsGetsUpdatesAndDeletes() {
    Item put = table.put(item("a").set("n", 1).build());
    assertThat(table.get(key("a"))).contains(put);
    assertThat(table.update(key("a"), Update.of().add("n", 2)).longValue("n")).isEqualTo(3);
    assertThat(table.delete(key("a"))).get().extracting(it -> it.longValue("n")).isEqualTo(3L);
    assertThat(table.get(key("a"), true)).isEmpty();
  }

  @Test
  void sayWhichItemIsThere() {
    Item there = table.put(item("a").build(), Condition.notExists());
    assertThatThrownBy(() -> table.put(item("a").set("x", 1).build(), Condition.notExists()))
        .isInstanceOfSatisfying(
            ItemConditionFailedException.class, e -> assertThat(e.item()).contains(there));
  }

  @Test
  void refusesAnItemThatNoKeyHas() {
    refused(
        () -> table.put(Item.builder().set("pk", "s3cret").build()), "'sk'", "has no attribute");
    refused(
        () -> table.put(Item.builder().set("pk", 1).set("sk", "s3cret").build()),
        "'pk'",
        "STRING",
        "Num");
    refused(() -> table.put(item("").build()), "'sk'", "empty");
    refused(() -> table.put(item("s3cret").set("gpk", "").build()), "'gpk'", "empty");
    refused(() -> table.put(item("s3cret").set("gsk", "s3cret").build()), "'gsk'", "NUMBER");
    refused(() -> table.put(item("a").set("lsk", Value.ofNull()).build()), "'lsk'", "BINARY");
    refused(
        () -> table.put(item("a").set("long", "s3cret".repeat(200)).build()), "1212 bytes", "1000");
  }

  @Test
  void refusesAKeyThatNoItemHas() {
    refused(() -> table.get(ItemKey.of("s3cret")), "'sk'");
    refused(() -> table.get(ItemKey.of("s3cret", 1)), "'sk'", "STRING");
    refused(() -> table.delete(ItemKey.of("", "s3cret")), "'pk'", "empty");
    refused(
        () -> table.getAll(List.of(key("a"), key("s3cret"), key("s3cret"))), "twice", "place 2");
    refused(() -> table.putAll(List.of(item("a").build(), item("a").set("n", 1).build())), "twice");
    refused(() -> table.deleteAll(List.of(key("a"), key("a"))), "twice");
  }

  private void refusedInBatches(Item bad, String... words) {
    refused(() -> table.put(bad), words);
    List<Item> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(item("good " + i).build());
    }
    all.add(bad);
    refused(() -> table.putAll(all), words);
    refused(() -> table.transact(Transaction.of().put(all.get(0)).put(bad)), words);
  }

  @Test
  void refusesALongKeyBeforeTheFirstRequest() {
    String fits = "\u00e9".repeat(15); // 30 bytes
    Item stored = table.put(item(fits).set("gpk", fits + "1234567890").build());
    assertThat(table.get(key(fits))).contains(stored);
    refusedInBatches(item(fits + "!").build(), "'sk'", "31 bytes", "30");
    refusedInBatches(
        Item.builder().set("pk", "1".repeat(41)).set("sk", "a").build(), "'pk'", "41", "40");
    refusedInBatches(item("a").set("gpk", "1".repeat(41)).build(), "'gpk'", "41", "40");
    refusedInBatches(item("a").set("lsk", new byte[31]).build(), "'lsk'", "31", "30");
    refused(() -> table.get(key(fits + "!")), "'sk'", "31");
    refused(() -> table.getAll(List.of(key("a"), key(fits + "!"))), "'sk'", "31");
    refused(() -> table.deleteAll(List.of(key("a"), key(fits + "!"))), "'sk'", "31");
    refused(
        () -> table.update(key("a"), Update.of().set("gpk", Value.of("1".repeat(41)))),
        "'gpk'",
        "41");
  }

  /** As of an inverted index, in whose keys the attributes have each other's place. */
  @Test
  void anAttributeOfTheKeyKeepsTheLimitsOfIndexes() {
    Key key = Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING);
    Key inverted = Key.partition("sk", KeyType.STRING).sort("pk", KeyType.STRING);
    KeyChecks checks =
        new KeyChecks(
            GlobalTableSpec.builder("app", key).index("inverted", inverted).build(),
            model.limits());
    checks.require(Item.builder().set("pk", "1".repeat(30)).set("sk", "a").build());
    refused(
        () -> checks.require(Item.builder().set("pk", "1".repeat(31)).set("sk", "a").build()),
        "'pk'",
        "31 bytes",
        "30");
  }

  @Test
  void refusesWhatIsTooDeepBeforeTheFirstRequest() {
    Value value = Value.list(Value.map(Map.of("x", Value.list(Value.of("y")))));
    table.put(item("a").set("deep", value).build());
    refusedInBatches(item("a").set("deep", Value.list(value)).build(), "'deep'", "3 deep");
    refusedInBatches(item("a").set("deep", Value.map(Map.of("a", value))).build(), "'deep'");
    table.update(key("a"), Update.of().set("deep", value));
    refused(() -> table.update(key("a"), Update.of().set("deep", Value.list(value))), "'deep'");
    refused(
        () -> table.update(key("a"), Update.of().set(AttributePath.of("deep").member("x"), value)),
        "'deep'");
  }

  @Test
  void refusesATransactionThatIsTooLargeOnceVersionsAreCounted() {
    GlobalTableSpec spec =
        GlobalTableSpec.builder("counted", Key.partition("pk", KeyType.STRING))
            .version("version")
            .build();
    Table counted = cloud.tables().open(spec);
    Item.Builder item = Item.builder().set("pk", "a");
    Item fits = item.set("text", "x".repeat(1000 - 3 - 4 - "version".length() - 8)).build();
    counted.transact(Transaction.of().put(fits));
    Item more = item.set("text", "x".repeat(1000 - 3 - 4)).build();
    List<String> requests = provider.data("counted").requests;
    int before = requests.size();
    assertThatThrownBy(() -> counted.transact(Transaction.of().put(more)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("1015 bytes");
    assertThatThrownBy(
            () ->
                counted.transact(
                    Transaction.of().put(fits).put(fits.toBuilder().set("pk", "b").build())))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("2000 bytes together");
    assertThat(requests).hasSize(before);
  }

  @Test
  void refusesAnUpdateOfAKey() {
    refused(() -> table.update(key("a"), Update.of().set("pk", Value.of("s3cret"))), "'pk'");
    refused(() -> table.update(key("a"), Update.of().remove("sk")), "'sk'");
    refused(
        () -> table.update(key("a"), Update.of().set("gsk", Value.of("s3cret"))),
        "'gsk'",
        "NUMBER");
    refused(() -> table.update(key("a"), Update.of().add("gpk", 1)), "'gpk'", "STRING");
    refused(
        () -> table.update(key("a"), Update.of().addToSet("gpk", Value.textSet(Set.of("s3cret")))),
        "'gpk'",
        "no set");
    refused(
        () ->
            table.update(
                key("a"), Update.of().set(AttributePath.of("gpk").member("x"), Value.of("s3cret"))),
        "'gpk'",
        "no parts");
    assertThat(table.update(key("a"), Update.of().add("gsk", 1)).number("gsk")).isEqualTo("1");
  }

  @Test
  void refusesAnUpdateOfNothing() {
    Update nothing = Update.of();
    Transaction both = Transaction.of().put(item("b").build()).update(key("a"), nothing);
    refused(() -> table.update(key("a"), nothing), "item of app", "changes nothing");
    refused(() -> table.async().update(key("a"), nothing), "changes nothing");
    refused(() -> table.update(key("a"), nothing, Condition.exists()), "changes nothing");
    refused(() -> table.transact(both), "changes nothing");
    Table counted =
        cloud.tables().open(GlobalTableSpec.builder("counted", SPEC.key()).version("v").build());
    assertThatThrownBy(() -> counted.update(key("a"), nothing))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("changes nothing");
    assertThat(counted.get(key("a"))).isEmpty();
  }

  @Test
  void refusesAnUpdateThatAloneMakesAnItemTooLarge() {
    Value large = Value.of("s3cret".repeat(200));
    Value half = Value.of("s3cret".repeat(100));
    for (Update update :
        List.of(
            Update.of().set("l", large),
            Update.of().set("l", half).set("m", half),
            Update.of().set(AttributePath.of("m").member("l"), large))) {
      refused(() -> table.update(key("a"), update), "bytes", "it takes 1000");
      refused(() -> table.transact(Transaction.of().update(key("a"), update)), "it takes 1000");
    }
    table.update(key("a"), Update.of().set("l", half));
  }

  @Test
  void refusesAQueryThatDoesNotFit() {
    refused(() -> table.query(Query.index("other").partition("x")), "'other'", "[gsi, lsi]");
    refused(() -> table.query(Query.partition(Value.of(1))), "'pk'", "STRING");
    refused(() -> table.query(Query.partition("")), "'pk'", "empty");
    refused(() -> table.query(Query.partition("x").sortEquals(Value.of(1))), "'sk'");
    refused(() -> table.query(Query.index("gsi").partition("x").sortBeginsWith("1")), "NUMBER");
    refused(() -> table.query(Query.partition("x").sortBeginsWith("")), "'sk'", "empty");
    refused(
        () -> table.query(Query.partition("x").sortBetween(Value.of("b"), Value.of("a"))),
        "begins after its end");
    refused(() -> table.query(Query.index("gsi").partition("x").consistent()), "'gsi'");
    refused(() -> table.scan(Scan.all().index("gsi").consistent()), "'gsi'");
    refused(
        () -> table.query(Query.partition("x").filter(Condition.attribute("sk").exists())), "'sk'");
    refused(() -> table.query(Query.partition("x").filter(Condition.exists())), "filter");
    refused(() -> table.scan(Scan.all().filter(Condition.not(Condition.exists()))), "filter");
    table.query(Query.index("lsi").partition("x").consistent());
    table.query(Query.index("gsi").partition("x").filter(Condition.attribute("sk").exists()));
    table.scan(Scan.all().filter(Condition.attribute("sk").exists()));
  }

  @Test
  void refusesATransactionThatDoesNotFit() {
    refused(() -> table.transact(Transaction.of()), "no actions");
    refused(
        () -> table.transact(Transaction.of().put(item("a").build()).delete(key("a"))),
        "Actions 0 and 1",
        "same item");
    refused(
        () -> table.transact(Transaction.of().update(key("a"), Update.of().remove("pk"))), "'pk'");
    refused(
        () -> table.transact(Transaction.of().check(ItemKey.of("s3cret"), Condition.exists())),
        "'sk'");
    model.actions = 1;
    refused(
        () -> table.transact(Transaction.of().delete(key("a")).delete(key("b"))),
        "2 actions",
        "takes 1");
    model.actions = 0;
    refused(() -> table.transact(Transaction.of().delete(key("a"))), "no transactions");
    model.actions = 5;
    model.onePartition = true;
    refused(
        () -> table.transact(Transaction.of().delete(key("a")).delete(ItemKey.of("s3cret", "a"))),
        "one partition");
    table.transact(Transaction.of().put(item("a").build()).put(item("b").build()));
    assertThat(model.items).hasSize(2);
  }

  @Test
  void countsVersions() {
    Table counted =
        cloud.tables().open(GlobalTableSpec.builder("counted", SPEC.key()).version("v").build());
    Item first = counted.put(item("a").build());
    assertThat(first.longValue("v")).isEqualTo(1);
    Item second = counted.put(first);
    assertThat(second.longValue("v")).isEqualTo(2);
    assertThat(counted.get(key("a"))).contains(second);
    assertThatThrownBy(() -> counted.put(first))
        .isInstanceOfSatisfying(
            ItemConditionFailedException.class, e -> assertThat(e.item()).contains(second));
    assertThatThrownBy(() -> counted.put(item("a").build()))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThatThrownBy(() -> counted.put(second, Condition.attribute("n").equalTo(1)))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThat(counted.update(key("a"), Update.of().set("n", Value.of(1))).longValue("v"))
        .isEqualTo(3);
    counted.transact(Transaction.of().put(counted.get(key("a")).orElseThrow()));
    assertThat(counted.get(key("a")).orElseThrow().longValue("v")).isEqualTo(4);
    assertThatThrownBy(() -> counted.transact(Transaction.of().put(second)))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThatThrownBy(() -> counted.update(key("a"), Update.of().set("v", Value.of(9))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("'v'");
    for (Value wrong :
        List.of(
            Value.ofNull(),
            Value.of("1"),
            Value.of(-1),
            Value.of(new BigDecimal("1.5")),
            Value.of(new BigDecimal("1E30")))) {
      assertThatThrownBy(() -> counted.put(item("a").set("v", wrong).build()))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("'v'");
    }
  }

  @Test
  void zeroIsTheVersionOfAnItemThatIsNotThere() {
    Table counted =
        cloud.tables().open(GlobalTableSpec.builder("counted", SPEC.key()).version("v").build());
    Item begun = item("a").set("v", 0).build();
    assertThat(counted.put(begun).longValue("v")).isEqualTo(1);
    assertThatThrownBy(() -> counted.put(begun)).isInstanceOf(ItemConditionFailedException.class);
    assertThat(counted.putAll(List.of(item("b").set("v", 0).build())))
        .extracting(it -> it.longValue("v"))
        .containsExactly(1L);
  }

  /** Other libraries begin to count with 0. */
  @Test
  void anItemThatOthersHaveBegunWithZeroIsCountedOn() {
    GlobalTableSpec spec = GlobalTableSpec.builder("counted", SPEC.key()).version("v").build();
    Table plain = cloud.tables().open(GlobalTableSpec.builder("counted", SPEC.key()).build());
    Table counted = cloud.tables().open(spec);
    plain.put(item("a").set("v", 0).build());
    Item read = counted.get(key("a")).orElseThrow();
    assertThatThrownBy(() -> counted.put(item("a").build()))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThat(counted.put(read).longValue("v")).isEqualTo(1);
    assertThatThrownBy(() -> counted.put(read)).isInstanceOf(ItemConditionFailedException.class);
  }

  @Test
  void makesNoItemToCountWhatOnlyTakesAway() {
    Table counted =
        cloud.tables().open(GlobalTableSpec.builder("counted", SPEC.key()).version("v").build());
    Update away = Update.of().remove("x").removeFromSet("tags", Value.textSet(List.of("t")));
    assertThatThrownBy(() -> counted.update(key("a"), away))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThatThrownBy(
            () -> counted.update(key("a"), away, Condition.notExists().or(Condition.exists())))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThatThrownBy(() -> counted.transact(Transaction.of().update(key("a"), away)))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThat(counted.get(key("a"))).isEmpty();
    assertThat(counted.put(item("a").set("x", 1).build()).longValue("v")).isEqualTo(1);
    Item without = counted.update(key("a"), away);
    assertThat(without.longValue("v")).isEqualTo(2);
    assertThat(without.has("x")).isFalse();
    assertThat(counted.update(key("b"), Update.of().add("n", 1)).longValue("v")).isEqualTo(1);
  }

  @Test
  void writesWhereTheTableTakesWrites() {
    GlobalTableSpec two = SPEC.toBuilder().region("east").region("west").build();
    Table west = cloud.in("west").tables().open(two);
    List<ThrowingCallable> writes =
        List.of(
            () -> west.put(item("a").build()),
            () -> west.update(key("a"), Update.of().remove("n")),
            () -> west.delete(key("a")),
            () -> west.putAll(List.of(item("a").build())),
            () -> west.deleteAll(List.of(key("a"))),
            () -> west.transact(Transaction.of().delete(key("a"))));
    for (ThrowingCallable write : writes) {
      refused(write, "cloud.in(\"east\")", "this is west");
    }
    assertThat(west.get(key("a"))).isEmpty();
    cloud.tables().open(two).put(item("a").build());
    cloud
        .in("west")
        .tables()
        .open(two.toBuilder().writes(Writes.ANY_REGION).build())
        .put(item("b").build());
    model.routes = true;
    cloud.in("west").tables().open(two).put(item("c").build());
  }

  @Test
  void saysNothingOfValues() {
    model.around =
        body -> {
          throw new IllegalStateException("a defect");
        };
    assertThatThrownBy(() -> table.put(item("s3cret").build()))
        .isNotInstanceOf(CloudDbException.class)
        .hasMessage("a defect");
  }
}
