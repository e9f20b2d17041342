/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.InvalidArgumentException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TypedTableTest {
  private static final Key KEY = Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING);
  private static final ItemType<Order> ORDERS =
      ItemType.of(Order.class).key("pk", "USER#{user}").key("sk", "ORDER#{id}");

  /** An order. */
  public record Order(String user, int id, int total, @Nullable Long version) {}

  private final CloudDb cloud = new TablesProvider().open();
  private final TypedTable<Order> orders =
      cloud.tables().open(GlobalTableSpec.builder("app", KEY).build()).typed(ORDERS);

  @AfterEach
  void close() {
    cloud.close();
  }

  @Test
  void writesAndReadsObjects() {
    Order first = new Order("ann", 1, 10, null);
    Order second = new Order("ann", 2, 20, null);
    assertThat(orders.put(first)).isEqualTo(first);
    assertThat(orders.putAll(List.of(second))).containsExactly(second);
    ItemKey key = orders.key(Map.of("user", "ann", "id", 1));
    assertThat(orders.get(key)).contains(first);
    assertThat(orders.get(key, true)).contains(first);
    assertThat(orders.getAll(List.of(key))).containsExactly(Map.entry(key, first));
    assertThat(orders.query(Query.partition("USER#ann").pageSize(1)))
        .containsExactly(first, second);
    assertThat(orders.scan(Scan.all())).containsExactlyInAnyOrder(first, second);
    assertThat(orders.update(key, Update.add("total", 5)).total()).isEqualTo(15);
    assertThatThrownBy(() -> orders.put(first, Condition.notExists()))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThat(orders.delete(key)).get().extracting(Order::total).isEqualTo(15);
    assertThat(orders.get(key)).isEmpty();
  }

  @Test
  void givesBackTheVersion() {
    TypedTable<Order> counted =
        cloud
            .tables()
            .open(GlobalTableSpec.builder("counted", KEY).version("version").build())
            .typed(ORDERS.attribute("version", "version"));
    Order order = counted.put(new Order("ann", 1, 10, null));
    assertThat(order.version()).isEqualTo(1);
    Order second = counted.put(order);
    assertThat(second.version()).isEqualTo(2);
    assertThat(counted.putAll(List.of(second))).extracting(Order::version).containsExactly(3L);
    assertThatThrownBy(() -> counted.put(order)).isInstanceOf(ItemConditionFailedException.class);
  }

  @Test
  void refusesATypeOfAnotherKey() {
    Table other =
        cloud
            .tables()
            .open(GlobalTableSpec.builder("other", Key.partition("id", KeyType.STRING)).build());
    assertThatThrownBy(() -> other.typed(ORDERS))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("[pk, sk]")
        .hasMessageContaining("[id]");
  }

  /** An order with what it is found by. */
  public record Found(
      String id,
      String status,
      int total,
      @Nullable String note,
      Set<String> tags,
      Map<String, Integer> counts,
      Instant expires) {}

  private static final ItemType<Found> FOUND =
      ItemType.of(Found.class)
          .key("pk", "ORDER#{id}")
          .key("sk", "ORDER")
          .template("gsi1pk", "STATUS#{status}")
          .epochSeconds("expires")
          .constant("type", "order");

  private final Table app = orders.table();
  private final TypedTable<Found> found = app.typed(FOUND);
  private final Found order =
      new Found("1", "OPEN", 5, null, Set.of(), Map.of(), Instant.ofEpochSecond(7));
  private final ItemKey key = FOUND.keyOf(order);

  private void refused(Update update, String why) {
    found.put(order);
    assertThatThrownBy(() -> found.update(key, update))
        .as(update.toString())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(why);
    assertThat(found.get(key)).as(update.toString()).contains(order);
  }

  @Test
  void refusesAnUpdateAfterWhichTheObjectCannotBeRead() {
    refused(Update.set("status", Value.of("PAID")), "'status': it makes the attribute 'gsi1pk'");
    refused(Update.set("id", Value.of("2")), "'id': it makes the attribute 'pk'");
    refused(Update.set("gsi1pk", Value.of("STATUS#PAID")), "'gsi1pk': it is made of");
    refused(Update.set("type", Value.of("user")), "'type': it is the same in all");
    refused(Update.set("other", Value.of(1)), "'other': it is no property");
    refused(Update.remove("total"), "'total': it has to be there");
    refused(Update.set("total", Value.of("much")), "'total' is a Text and no Num");
    refused(Update.set("total", Value.ofNull()), "property 'total' ");
    refused(Update.add("total", new BigDecimal("0.5")), "'total' is a number that does not fit");
    refused(Update.add("note", 1), "'note' is a Num and no Text");
    refused(Update.addToSet("tags", Value.numberSet(List.of(BigDecimal.ONE))), "'tags' is no set");
    refused(Update.set("expires", Value.of("soon")), "'expires' is no number of seconds");
  }

  @Test
  void updatesWhatCanBeRead() {
    found.put(order);
    found.update(
        key,
        Update.add("total", 2)
            .and(Update.set("note", Value.of("n")))
            .and(Update.set("tags", Value.textSet(List.of("t"))))
            .and(Update.set("counts", Value.map(Map.of("a", Value.of(1)))))
            .and(Update.set("expires", Value.of(8))));
    Found then = found.update(key, Update.remove("note"), Condition.exists());
    assertThat(then)
        .isEqualTo(
            new Found("1", "OPEN", 7, null, Set.of("t"), Map.of("a", 1), Instant.ofEpochSecond(8)));
    assertThat(app.typed(FOUND.ignoring("other")).update(key, Update.add("other", 1)))
        .isEqualTo(then);
  }

  @Test
  void makesNoObjectByAnUpdate() {
    assertThatThrownBy(() -> found.update(key, Update.add("total", 1)))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThat(app.get(key)).isEmpty();
  }

  @Test
  void leavesItemsOfOtherTypesAlone() {
    Item user = Item.builder().set("pk", "ORDER#1").set("sk", "ORDER").set("type", "user").build();
    app.put(user);
    assertThatThrownBy(() -> found.update(key, Update.add("total", 1)))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThatThrownBy(() -> found.delete(key)).isInstanceOf(ItemConditionFailedException.class);
    assertThatThrownBy(() -> found.delete(key, Condition.exists()))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThat(app.get(key)).contains(user);
    app.delete(key);
    assertThat(found.delete(key)).isEmpty();
  }

  @Test
  void saysThatWhatCannotBeReadIsWritten() {
    Item half = Item.builder().set("pk", "USER#ann").set("sk", "ORDER#1").build();
    ItemKey its = ItemKey.of("USER#ann", "ORDER#1");
    app.put(half);
    assertThatThrownBy(() -> orders.update(its, Update.add("total", 1)))
        .isNotInstanceOf(InvalidArgumentException.class)
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> {
              assertThat(e.details().outcomeKnown()).isFalse();
              assertThat(e.details().leftBehind()).isPresent();
            })
        .hasMessageContaining("An item is written, and cannot be given back");
    assertThat(app.get(its).orElseThrow().number("total")).isEqualByComparingTo("1");
    assertThatThrownBy(() -> orders.delete(its))
        .isNotInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("An item is deleted, and cannot be given back");
    assertThat(app.get(its)).isEmpty();
  }

  @Test
  void refusesATypeWithoutAPlaceForTheVersion() {
    Table counted =
        cloud.tables().open(GlobalTableSpec.builder("counted", KEY).version("version").build());
    assertThatThrownBy(() -> counted.typed(FOUND))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("no property for the attribute 'version'");
    assertThatThrownBy(() -> counted.typed(FOUND.constant("version", Value.of(1))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("makes the attribute 'version'");
    assertThat(counted.typed(FOUND.ignoring("version")).put(order)).isEqualTo(order);
    assertThat(counted.typed(FOUND.ignoringUnknown()).get(key)).contains(order);
  }
}
