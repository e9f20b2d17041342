/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.clouddb.error.InvalidArgumentException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Keys, names, constants and what is refused when an item is read. */
class ItemTypeTest {
  record Line(String product, int count) {}

  record Order(
      String userId,
      long id,
      BigDecimal total,
      List<Line> lines,
      @Nullable String note,
      Optional<String> coupon) {}

  private static final ItemType<Order> ORDERS =
      ItemType.of(Order.class)
          .key("pk", "USER#{userId}")
          .key("sk", "ORDER#{id}")
          .template("gsi1pk", "COUPON#{coupon}")
          .constant("type", "order");

  private static final Order ORDER =
      new Order("u1", 7, new BigDecimal("12.5"), List.of(new Line("p", 2)), null, Optional.empty());

  @Test
  void writesKeysConstantAndPropertiesAndReadsThemBack() {
    Item item = ORDERS.toItem(ORDER);

    assertThat(item.attributes().keySet())
        .containsExactly("pk", "sk", "type", "userId", "id", "total", "lines");
    assertThat(item.text("pk")).isEqualTo("USER#u1");
    assertThat(item.text("sk")).isEqualTo("ORDER#7");
    assertThat(item.get("lines"))
        .contains(Value.list(Value.map(Map.of("product", Value.of("p"), "count", Value.of(2)))));
    assertThat(ORDERS.fromItem(item)).isEqualTo(ORDER);
    assertThat(ORDERS.keyOf(ORDER)).isEqualTo(ItemKey.of("USER#u1", "ORDER#7"));
    assertThat(ORDERS.key(Map.of("userId", "u1", "id", 7)))
        .isEqualTo(ItemKey.of("USER#u1", "ORDER#7"));
    assertThat(ORDERS.keyAttributes()).containsExactly("pk", "sk");
  }

  @Test
  void aTemplateOfWhatIsAbsentIsAbsent() {
    Order coupon = new Order("u1", 7, BigDecimal.ONE, List.of(), "note", Optional.of("SPRING"));
    Item item = ORDERS.toItem(coupon);

    assertThat(item.text("gsi1pk")).isEqualTo("COUPON#SPRING");
    assertThat(ORDERS.fromItem(item)).isEqualTo(coupon);
    assertThatThrownBy(() -> ORDERS.fromItem(item.toBuilder().remove("gsi1pk").build()))
        .hasMessageContaining("'gsi1pk' is not what the properties [coupon] make");
    assertThatThrownBy(() -> ORDERS.fromItem(item.toBuilder().remove("coupon").build()))
        .hasMessageContaining("'gsi1pk' is not what the properties [coupon] make");
  }

  @Test
  void refusesAnItemThatIsNotOfTheType() {
    Item item = ORDERS.toItem(ORDER);

    refused(item.toBuilder().set("sk", "ORDER#8").build(), "'sk' is not what the properties");
    refused(item.toBuilder().set("sk", 7).build(), "'sk' is not what the properties");
    refused(item.toBuilder().remove("pk").build(), "'pk' is not what the properties");
    refused(item.toBuilder().set("type", "user").build(), "'type' is another one");
    refused(item.toBuilder().remove("type").build(), "'type' is another one");
    refused(item.toBuilder().set("secret", "s3cret").build(), "property 'secret' is there");
    refused(item.toBuilder().remove("total").build(), "property 'total' is not there, and has to");
    refused(item.toBuilder().set("total", "12.5").build(), "property 'total' is a Text and no Num");
    refused(
        item.toBuilder()
            .set("lines", Value.list(Value.map(Map.of("product", Value.of("p")))))
            .build(),
        "property 'lines[0].count' is not there");
    refused(item.toBuilder().set("note", Value.ofNull()).build(), "property 'note' holds null");
    refused(item.toBuilder().set("coupon", Value.ofNull()).build(), "property 'coupon' holds null");
  }

  private static void refused(Item item, String why) {
    assertThatThrownBy(() -> ORDERS.fromItem(item))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("Order")
        .hasMessageContaining(why)
        .hasMessageNotContaining("12.5")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void passesOverWhatItIsTold() {
    Item item = ORDERS.toItem(ORDER).toBuilder().set("version", 3).set("other", 4).build();

    assertThatThrownBy(() -> ORDERS.ignoring("version").fromItem(item))
        .hasMessageContaining("property 'other'");
    assertThat(ORDERS.ignoring("version").ignoring("other").fromItem(item)).isEqualTo(ORDER);
    assertThatThrownBy(() -> ORDERS.ignoring("total"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("'total' is a property");
    assertThat(ORDERS.ignoringUnknown().fromItem(item)).isEqualTo(ORDER);
  }

  record User(String id, @Nullable String name, Instant expires) {}

  @Test
  void renamesAndWritesSeconds() {
    ItemType<User> users =
        ItemType.of(User.class)
            .key("id")
            .attribute("id", "pk")
            .attribute("name", "id")
            .epochSeconds("expires");
    User user = new User("u1", "Ann", Instant.ofEpochSecond(1_700_000_000));
    Item item = users.toItem(user);

    assertThat(item)
        .isEqualTo(
            Item.builder().set("pk", "u1").set("id", "Ann").set("expires", 1_700_000_000).build());
    assertThat(users.fromItem(item)).isEqualTo(user);
    assertThat(users.keyOf(user)).isEqualTo(ItemKey.of("u1"));
    assertThat(users.key(Map.of("id", "u1"))).isEqualTo(ItemKey.of("u1"));
    assertThat(users.keyAttributes()).containsExactly("pk");
    assertThat(users.attributeOf("name")).isEqualTo("id");
    User nameless = new User("u1", null, user.expires());
    assertThat(users.fromItem(users.toItem(nameless))).isEqualTo(nameless);
    assertThatThrownBy(() -> users.fromItem(item.toBuilder().set("name", "Bob").build()))
        .hasMessageContaining("'name' is another attribute");
    assertThatThrownBy(() -> users.fromItem(item.toBuilder().set("expires", "x").build()))
        .hasMessageContaining("'expires' is no number of seconds");
    assertThatThrownBy(() -> users.toItem(new User("u1", null, Instant.ofEpochSecond(1, 1))))
        .hasMessageContaining("'expires' has a part of a second");
  }

  @Test
  void takesTheSecondsOfAnInstantAlone() {
    record Times(@Nullable Instant one, Optional<Instant> two, OffsetDateTime three) {}
    ItemType<Times> type = ItemType.of(Times.class).epochSeconds("one").epochSeconds("two");
    Times times =
        new Times(null, Optional.of(Instant.EPOCH), OffsetDateTime.parse("2024-05-01T10:00+02:00"));

    assertThat(type.fromItem(type.toItem(times))).isEqualTo(times);
    assertThatThrownBy(() -> type.epochSeconds("three"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("property 'three' is no Instant");
  }

  @Test
  void makesAKeyOfAConstant() {
    record Meta(String id, String sk) {}
    ItemType<Meta> type =
        ItemType.of(Meta.class)
            .attribute("sk", "skill")
            .key("pk", "META#{id}")
            .constant("sk", "META")
            .key("sk");
    Meta meta = new Meta("1", "much");
    ItemKey key = ItemKey.of("META#1", "META");

    assertThat(type.keyAttributes()).containsExactly("pk", "sk");
    assertThat(type.keyOf(meta)).isEqualTo(key);
    assertThat(type.key(Map.of("id", "1"))).isEqualTo(key);
    assertThat(type.toItem(meta).text("sk")).isEqualTo("META");
    assertThat(type.fromItem(type.toItem(meta))).isEqualTo(meta);
    assertThatThrownBy(() -> type.key(Map.of("id", "1", "sk", "META")))
        .hasMessageContaining("no place for the property 'sk'");
  }

  @Test
  void makesAKeyAsThePropertyIsWritten() {
    record Dated(
        @JsonSerialize(using = ToStringSerializer.class) long id,
        @JsonFormat(pattern = "yyyyMMdd HHmm XX") OffsetDateTime at) {}
    ItemType<Dated> type = ItemType.of(Dated.class).key("pk", "D#{at}").key("id");
    OffsetDateTime at = OffsetDateTime.parse("2024-05-01T10:00+02:00");

    assertThat(type.key(Map.of("id", 7, "at", at))).isEqualTo(type.keyOf(new Dated(7, at)));
    assertThat(type.key(Map.of("id", 7, "at", at)))
        .isEqualTo(ItemKey.of("D#20240501 1000 +0200", "7"));
  }

  @Test
  void givesTheBeginningOfATemplate() {
    record Reading(String device, int year, int month) {}
    ItemType<Reading> readings =
        ItemType.of(Reading.class).key("pk", "{device}").key("sk", "{{Y}}#{year}-{month}!");

    assertThat(readings.toItem(new Reading("d", 2024, 5)).text("sk")).isEqualTo("{Y}#2024-5!");
    assertThat(readings.prefix("sk", Map.of())).isEqualTo("{Y}#");
    assertThat(readings.prefix("sk", Map.of("year", 2024))).isEqualTo("{Y}#2024-");
    assertThat(readings.prefix("sk", Map.of("year", 2024, "month", 5))).isEqualTo("{Y}#2024-5!");
    assertThatThrownBy(() -> readings.prefix("sk", Map.of("month", 5)))
        .hasMessageContaining("no place for the property 'month'");
    assertThatThrownBy(() -> readings.prefix("device", Map.of()))
        .hasMessageContaining("no template of attribute 'device'");
    assertThatThrownBy(() -> readings.key(Map.of("device", "d", "year", 2024)))
        .hasMessageContaining("needs the properties [month]");
    assertThatThrownBy(() -> readings.key(Map.of("device", "d", "yaer", 2024)))
        .hasMessageContaining("no place for the property 'yaer'");
  }

  @Test
  void refusesWhatWouldGiveTwoObjectsOneKey() {
    record Two(String a, String b) {}
    ItemType<Two> twos = ItemType.of(Two.class).key("pk", "{a}#{b}");

    assertThat(twos.keyOf(new Two("x", "y#z"))).isEqualTo(ItemKey.of("x#y#z"));
    assertThatThrownBy(() -> twos.keyOf(new Two("x#y", "z")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("property 'a': it has '#' in it")
        .hasMessageNotContaining("x#y");
    assertThatThrownBy(() -> twos.keyOf(new Two("", "z"))).hasMessageContaining("it is empty");
    ItemType<Two> wide = ItemType.of(Two.class).key("pk", "{a}##{b}");
    assertThatThrownBy(() -> wide.keyOf(new Two("x#", "z"))).hasMessageContaining("'##'");
    assertThatThrownBy(() -> ItemType.of(Two.class).key("pk", "{a}{b}"))
        .hasMessageContaining("nothing between");
  }

  @Test
  void refusesATypeThatIsWrongInItself() {
    ItemType<Order> bare = ItemType.of(Order.class);

    assertThatThrownBy(() -> bare.key("pk", "USER#{user}"))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("no property 'user'");
    assertThatThrownBy(() -> bare.key("id", "USER#{userId}"))
        .hasMessageContaining("'id' is a property too");
    assertThatThrownBy(() -> bare.key("pk", "USER#{userId")).hasMessageContaining("ends nowhere");
    assertThatThrownBy(() -> bare.key("pk", "USER#}")).hasMessageContaining("begins nowhere");
    assertThatThrownBy(() -> bare.key("pk", "{}")).hasMessageContaining("no name in braces");
    assertThatThrownBy(() -> bare.key("pk", "")).hasMessageContaining("is empty");
    assertThatThrownBy(() -> bare.constant("id", "x")).hasMessageContaining("'id' is a constant");
    assertThatThrownBy(() -> bare.attribute("id", "total"))
        .hasMessageContaining("two properties are the attribute 'total'");
    assertThatThrownBy(() -> bare.attribute("ID", "x")).hasMessageContaining("no property 'ID'");
    assertThatThrownBy(() -> bare.key("nothing")).hasMessageContaining("'nothing' is neither");
    assertThatThrownBy(() -> bare.key("id").key("id")).hasMessageContaining("twice");
    assertThatThrownBy(() -> bare.key("id").key("userId").key("note"))
        .hasMessageContaining("one or two attributes");
    assertThatThrownBy(() -> ORDERS.template("pk", "x")).hasMessageContaining("two templates");
    assertThatThrownBy(() -> bare.keyOf(ORDER)).hasMessageContaining("has no key");
    assertThatThrownBy(() -> bare.key("lines").toItem(ORDER))
        .hasMessageContaining("'lines' that is empty, or no text");
    assertThat(ORDERS).hasToString("ItemType of " + Order.class.getName() + ", key [pk, sk]");
  }

  record Session(String id, Instant ends) {}

  @Test
  void aKeyIsMadeOfValuesToo() {
    ItemType<Session> type =
        ItemType.of(Session.class).key("pk", "S#{id}").epochSeconds("ends").key("sk", "E#{ends}");
    Instant ends = Instant.parse("2026-11-30T12:00:00Z");
    assertThat(type.key(Map.of("id", Value.of("1"), "ends", Value.of(ends.getEpochSecond()))))
        .isEqualTo(type.key(Map.of("id", "1", "ends", ends)));
  }
}
