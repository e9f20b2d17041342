/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.KeyType;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import io.clouddb.table.Transaction;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Bad input: refused before anything is sent, by attribute and reason, and without a value. */
abstract class BadItemContract extends TableCases {
  private static final String VALUE = "s3cret";

  BadItemContract(TableContract kit) {
    super(kit);
  }

  private Map<String, Runnable> calls() {
    Map<String, Runnable> all = new LinkedHashMap<>();
    Item good = item(VALUE, "a").build();
    ItemKey key = key(VALUE, "a");
    all.put(
        "'sk': an item without a key", () -> texts().put(Item.builder().set("pk", VALUE).build()));
    all.put(
        "'pk': an item with a key of another type",
        () -> texts().put(Item.builder().set("pk", 1).set("sk", VALUE).build()));
    all.put("'sk': an empty key", () -> texts().put(item(VALUE, "").build()));
    all.put(
        "'pk': a key that is null",
        () -> texts().put(Item.builder().set("pk", Value.ofNull()).set("sk", VALUE).build()));
    all.put(
        "'rank': an index's attribute of another type",
        () -> texts().put(item(VALUE, "a").set("rank", VALUE).build()));
    all.put(
        "'group': an index's attribute that is empty",
        () -> texts().put(item(VALUE, "a").set("group", "").build()));
    all.put(
        "'date': a local index's attribute of another type",
        () -> texts().put(item(VALUE, "a").set("date", 1).build()));
    all.put(
        "bytes: an item that is too large",
        () -> texts().put(item(VALUE, "a").set("l", VALUE.repeat(500_000)).build()));
    all.put(
        "bytes: an update that alone makes an item too large",
        () -> texts().update(key, Update.of().set("l", Value.of(VALUE.repeat(500_000)))));
    all.put(
        "bytes: a transaction with an item that is too large",
        () ->
            texts()
                .transact(
                    Transaction.of()
                        .put(item(VALUE, "a").set("l", VALUE.repeat(500_000)).build())));
    all.put("'pk': an empty key of a get", () -> texts().get(ItemKey.of("", VALUE)));
    all.put("'sk': an empty key of a deletion", () -> texts().delete(ItemKey.of(VALUE, "")));
    all.put(
        "'pk': an empty key of an update",
        () -> texts().update(ItemKey.of("", VALUE), Update.of().add("n", 1)));
    all.put("'pk': a query by an empty key", () -> texts().query(Query.partition("")));
    all.put("'sk': a key without a sort value", () -> texts().get(ItemKey.of(VALUE)));
    all.put(
        "sort attribute: a key with a sort value too many",
        () -> tables().partition(KeyType.STRING).get(key));
    all.put("'sk': a key of another type", () -> texts().delete(ItemKey.of(VALUE, 1)));
    all.put(
        "'pk': an update of a key",
        () -> texts().update(key, Update.of().set("pk", Value.of(VALUE))));
    all.put("'sk': a removal of a key", () -> texts().update(key, Update.of().remove("sk")));
    all.put("nothing: an update without a change", () -> texts().update(key, Update.of()));
    all.put(
        "'rank': an update to another type",
        () -> texts().update(key, Update.of().set("rank", Value.of(VALUE))));
    all.put(
        "'version': an update of the version",
        () -> tables().versions().update(key, Update.of().set("version", Value.of(1))));
    all.put(
        "'version': a version that is none",
        () -> tables().versions().put(item(VALUE, "a").set("version", Value.ofNull()).build()));
    all.put(
        "'nowhere': an index that is not there",
        () -> texts().query(Query.index("nowhere").partition(VALUE)));
    all.put("'nowhere': a scan of one", () -> texts().scan(Scan.all().index("nowhere")));
    all.put(
        "'sk': a range of another type",
        () -> texts().query(Query.partition(VALUE).sortEquals(Value.of(1))));
    all.put(
        "'rank': a prefix of numbers",
        () -> texts().query(Query.index("by-group").partition(VALUE).sortBeginsWith("1")));
    all.put(
        "'sk': a range that begins after its end",
        () -> texts().query(Query.partition(VALUE).sortBetween(Value.of("b"), Value.of("a"))));
    all.put(
        "'by-group': an index that is read consistently",
        () -> texts().query(Query.index("by-group").partition(VALUE).consistent()));
    all.put(
        "'sk': a filter by the key",
        () -> texts().query(Query.partition(VALUE).filter(Condition.attribute("sk").exists())));
    all.put(
        "sort attribute: a range of a key without order",
        () ->
            tables().partition(KeyType.STRING).query(Query.partition(VALUE).sortBeginsWith(VALUE)));
    all.put("twice: a batch of writes", () -> texts().putAll(List.of(good, good)));
    all.put("twice: a batch of reads", () -> texts().getAll(List.of(key, key)));
    all.put("twice: a batch of deletions", () -> texts().deleteAll(List.of(key, key)));
    all.put(
        "'sk': a bad item at the end of a batch",
        () -> texts().putAll(List.of(good, item(VALUE, "").build())));
    String endless = VALUE.repeat(20_000);
    all.put(
        "'sk': a key that is too long, at the end of a batch",
        () -> texts().putAll(atTheEnd(item(VALUE, endless).build())));
    all.put(
        "'pk': a key that is too long, at the end of a batch of reads",
        () -> texts().getAll(List.of(key, key(endless, "a"))));
    all.put(
        "'sk': a key that is too long, at the end of a batch of deletions",
        () -> texts().deleteAll(List.of(key, key(VALUE, endless))));
    all.put("'sk': a key that is too long", () -> texts().get(key(VALUE, endless)));
    all.put(
        "'group': an index's attribute that is too long, at the end of a batch",
        () -> texts().putAll(atTheEnd(item(VALUE, "a").set("group", endless).build())));
    all.put(
        "'date': an update to an index's attribute that is too long",
        () -> texts().update(key, Update.of().set("date", Value.of(endless))));
    all.put(
        "'l': lists that are too deep in each other, at the end of a batch",
        () -> texts().putAll(atTheEnd(item(VALUE, "a").set("l", deep(100_000)).build())));
    all.put(
        "'l': an update to lists that are too deep in each other",
        () -> texts().update(key, Update.of().set("l", deep(100_000))));
    all.put(
        "bytes: an item that is too large, at the end of a batch",
        () -> texts().putAll(atTheEnd(item(VALUE, "a").set("l", VALUE.repeat(500_000)).build())));
    all.put(
        "'sk': a transaction with a key of another type",
        () -> texts().transact(Transaction.of().check(ItemKey.of(VALUE, 1), Condition.exists())));
    all.put("no actions: a transaction", () -> texts().transact(Transaction.of()));
    all.put(
        "same item: a transaction", () -> texts().transact(Transaction.of().put(good).delete(key)));
    all.put(
        "'sk': a transaction of a bad item",
        () -> texts().transact(Transaction.of().put(item(VALUE, "").build())));
    return all;
  }

  private static List<Item> atTheEnd(Item bad) {
    List<Item> all = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      all.add(item(VALUE, "good " + i).build());
    }
    all.add(bad);
    return all;
  }

  private static Value deep(int levels) {
    Value value = Value.of(VALUE);
    for (int i = 0; i < levels; i++) {
      value = Value.list(value);
    }
    return value;
  }

  @TestFactory
  Stream<DynamicTest> isRefusedBeforeACall() {
    texts();
    tables().versions();
    tables().partition(KeyType.STRING);
    return calls().entrySet().stream()
        .map(
            each ->
                DynamicTest.dynamicTest(
                    each.getKey(),
                    () -> {
                      long before = tables().requests();
                      assertThatThrownBy(each.getValue()::run)
                          .isInstanceOfAny(
                              InvalidArgumentException.class, UnsupportedFeatureException.class)
                          .hasMessageContaining(
                              each.getKey().substring(0, each.getKey().indexOf(':')))
                          .hasMessageNotContaining(VALUE);
                      assertThat(tables().requests()).isEqualTo(before);
                    }));
  }
}
