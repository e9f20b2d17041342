/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.KeyType;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import io.clouddb.table.Table;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Values: what is written is read, to the digit and the byte. */
abstract class ValueContract extends TableCases {
  ValueContract(TableContract kit) {
    super(kit);
  }

  static Stream<Arguments> values() {
    return samples().entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("values")
  void isReadAsItWasWritten(String name, Value value) {
    String partition = newPartition();
    Item item = item(partition, "a").set("v", value).build();
    assertThat(texts().put(item)).isEqualTo(item);
    assertThat(texts().get(key(partition, "a"), true)).contains(item);
    assertThat(texts().query(Query.partition(partition).consistent())).containsExactly(item);
    assertThat(texts().getAll(List.of(key(partition, "a")), true).values()).containsExactly(item);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("values")
  void isReadInsideOfListsAndMaps(String name, Value value) {
    String partition = newPartition();
    Item item =
        item(partition, "a")
            .set("list", Value.list(Value.of(1), value))
            .set("map", Value.map(Map.of("in", value, "other", Value.list(value))))
            .build();
    texts().putAll(List.of(item));
    assertThat(texts().get(key(partition, "a"), true)).contains(item);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("values")
  void isSetByAnUpdateAndGivenBackByADeletion(String name, Value value) {
    String partition = newPartition();
    Item item = item(partition, "a").set("v", value).build();
    assertThat(texts().update(key(partition, "a"), Update.of().set("v", value))).isEqualTo(item);
    assertThat(texts().delete(key(partition, "a"))).contains(item);
    assertThat(texts().get(key(partition, "a"), true)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("values")
  void isEqualToItself(String name, Value value) {
    String partition = newPartition();
    Item item = item(partition, "a").set("v", value).build();
    texts().put(item);
    texts().put(item, Condition.attribute("v").equalTo(value));
    Query query = Query.partition(partition).consistent();
    assertThat(texts().query(query.filter(Condition.attribute("v").equalTo(value))))
        .containsExactly(item);
    assertThat(texts().query(query.filter(Condition.attribute("v").notEqualTo(value)))).isEmpty();
    assertThat(
            texts().query(query.filter(Condition.attribute("v").isOfType(ItemModel.typeOf(value)))))
        .containsExactly(item);
  }

  @ParameterizedTest
  @EnumSource(KeyType.class)
  void aKeyOfAPartitionAloneIsOfEveryType(KeyType type) {
    Table table = tables().partition(type);
    List<Value> partitions = inOrder(type);
    List<Item> items =
        partitions.stream().map(it -> Item.builder().set("pk", it).set("v", 1).build()).toList();
    table.putAll(items);
    for (Item item : items) {
      ItemKey key = ItemKey.of(item.get("pk").orElseThrow());
      assertThat(table.get(key, true)).contains(item);
      assertThat(table.query(Query.partition(key.partition()).consistent())).containsExactly(item);
    }
    for (int segments : List.of(1, 3)) {
      assertThat(table.scan(Scan.all().segments(segments).consistent().pageSize(4)))
          .containsExactlyInAnyOrderElementsOf(items);
    }
    table.deleteAll(partitions.stream().map(ItemKey::of).toList());
    assertThat(table.scan(Scan.all().consistent())).isEmpty();
  }

  @Test
  void namesOfAttributesAreAnyText() {
    String partition = newPartition();
    Item.Builder builder = item(partition, "a");
    for (String name :
        List.of(
            "size", "select", "a.b", "a b", "#n", ":v", "0", "\u00e4\u4e2d", "\"", "a[0]", "_")) {
      builder.set(name, name);
    }
    Item item = builder.build();
    texts().put(item);
    assertThat(texts().get(key(partition, "a"), true)).contains(item);
    for (String name : item.attributes().keySet()) {
      if (!name.equals("pk") && !name.equals("sk")) {
        Value other = Value.of("of " + name);
        Item now =
            texts()
                .update(
                    key(partition, "a"),
                    Update.of().set(name, other),
                    Condition.attribute(name).equalTo(name));
        assertThat(now.get(name)).contains(other);
      }
    }
  }

  @Test
  void nullAbsentAndUnsetAreThreeThings() {
    String partition = newPartition();
    texts().put(item(partition, "a").set("null", Value.ofNull()).set("there", 1).build());
    Item now = texts().update(key(partition, "a"), Update.of().remove("there"));
    assertThat(now.get("null")).contains(Value.ofNull());
    assertThat(now.has("there")).isFalse();
    texts().put(item(partition, "a").build());
    assertThat(texts().get(key(partition, "a"), true)).contains(item(partition, "a").build());
  }

  @Test
  void anItemThatIsNotThereIsNone() {
    String partition = newPartition();
    assertThat(texts().get(key(partition, "a"))).isEmpty();
    assertThat(texts().get(key(partition, "a"), true)).isEmpty();
    assertThat(texts().delete(key(partition, "a"))).isEmpty();
    assertThat(texts().query(Query.partition(partition))).isEmpty();
    assertThat(texts().getAll(List.of(key(partition, "a")))).isEmpty();
  }
}
