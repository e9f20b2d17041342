/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import io.clouddb.CloudDb;
import io.clouddb.Page;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.InvalidArgumentException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TypedTableTest {
  private static final Key KEY = Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING);
  private static final ItemType<Order> ORDERS =
      ItemType.of(Order.class).key("pk", "USER#{user}").key("sk", "ORDER#{id}");

  /** An order. */
  public record Order(String user, int id, int total, @Nullable Long version) {}

  private final TablesProvider provider = new TablesProvider();
  private final CloudDb cloud = provider.open();
  private final TypedTable<Order> orders =
      cloud.tables().open(GlobalTableSpec.builder("app", KEY).build()).typed(ORDERS);

  @AfterEach
  void close() {
    cloud.close();
  }

  /** Read without it, the object would be written back without it. */
  @Test
  void readsNoObjectOfAnIndexThatLacksAPart() throws Exception {
    Key byTotal = Key.partition("total", KeyType.NUMBER);
    GlobalTableSpec spec =
        GlobalTableSpec.builder("app", KEY)
            .index(IndexSpec.of("keys", byTotal).projecting(IndexProjection.keysOnly()))
            .index(
                IndexSpec.of("some", byTotal)
                    .projecting(IndexProjection.include("user", "id", "version")))
            .index(IndexSpec.of("all", byTotal))
            .build();
    TypedTable<Order> indexed = cloud.tables().open(spec).typed(ORDERS);
    Query query = Query.index("keys").partition(Value.of(10));
    Scan scan = Scan.all().index("keys");
    for (Executable read :
        List.<Executable>of(
            () -> indexed.query(query),
            () -> indexed.scan(scan),
            () -> indexed.page(scan, null),
            () -> indexed.async().query(query, null),
            () -> indexed.async().page(scan, null),
            () -> indexed.async().scan(scan, order -> {}))) {
      assertThatThrownBy(read::execute)
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("'keys', which lacks the attributes [id, user, version]");
    }
    assertThat(indexed.query(Query.index("some").partition(Value.of(10)))).isEmpty();
    assertThat(indexed.query(Query.index("all").partition(Value.of(10)))).isEmpty();
    record Keys(String pk, String sk, int total) {}
    assertThat(
            cloud
                .tables()
                .open(spec)
                .typed(ItemType.of(Keys.class).key("pk").key("sk"))
                .query(query))
        .isEmpty();
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
    assertThat(orders.update(key, Update.of().add("total", 5)).total()).isEqualTo(15);
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

  /** A page, which counts from 0. */
  public record Counted(String pk, String sk, long version) {}

  @Test
  void countsByAPropertyThatCannotBeNull() {
    TypedTable<Counted> counted =
        cloud
            .tables()
            .open(GlobalTableSpec.builder("counted", KEY).version("version").build())
            .typed(ItemType.of(Counted.class).key("pk").key("sk"));
    Counted first = counted.put(new Counted("a", "b", 0));
    assertThat(first.version()).isEqualTo(1);
    assertThat(counted.put(first).version()).isEqualTo(2);
    assertThatThrownBy(() -> counted.put(new Counted("a", "b", 0)))
        .isInstanceOf(ItemConditionFailedException.class);
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
    refused(
        Update.of().set("status", Value.of("PAID")), "'status': it makes the attribute 'gsi1pk'");
    refused(Update.of().set("id", Value.of("2")), "'id': it makes the attribute 'pk'");
    refused(Update.of().set("gsi1pk", Value.of("STATUS#PAID")), "'gsi1pk': it is made of");
    refused(Update.of().set("type", Value.of("user")), "'type': it is the same in all");
    refused(Update.of().set("other", Value.of(1)), "'other': it is no property");
    refused(Update.of().remove("total"), "'total' has to be there");
    refused(Update.of().set("total", Value.of("much")), "'total' is a Text and no Num");
    refused(Update.of().set("total", Value.ofNull()), "property 'total' ");
    refused(
        Update.of().add("total", new BigDecimal("0.5")), "'total' is a number that does not fit");
    refused(Update.of().add("note", 1), "'note' is a Num and no Text");
    refused(
        Update.of().addToSet("tags", Value.numberSet(List.of(BigDecimal.ONE))), "'tags' is no set");
    refused(Update.of().set("expires", Value.of("soon")), "'expires' is no number of seconds");
  }

  /** A part of a cart. */
  public record Line(String product, int count, @Nullable String note) {}

  /** A cart, of parts of all kinds. */
  @SuppressWarnings("ArrayRecordComponent") // Arrays are what it is about.
  public record Cart(
      String id,
      List<Line> lines,
      Map<String, Integer> counts,
      Map<TimeUnit, Line> byUnit,
      Optional<Line> first,
      int[] numbers,
      double[] doubles,
      Set<String> tags,
      Value any) {}

  private static final ItemType<Cart> CARTS =
      ItemType.of(Cart.class).key("pk", "CART#{id}").key("sk", "CART");

  private static AttributePath at(String attribute) {
    return AttributePath.of(attribute);
  }

  @Test
  void refusesAnUpdateOfAPartAfterWhichTheObjectCannotBeRead() {
    Line line = new Line("p", 1, "n");
    TypedTable<Cart> carts = app.typed(CARTS);
    Cart cart =
        new Cart(
            "1",
            List.of(line),
            Map.of("a", 1),
            Map.of(TimeUnit.DAYS, line),
            Optional.of(line),
            new int[] {1},
            new double[] {0.5},
            Set.of("t"),
            Value.of(1));
    carts.put(cart);
    ItemKey cartKey = CARTS.keyOf(cart);
    Value text = Value.of("s3cret");
    Map<Update, String> refused = new LinkedHashMap<>();
    refused.put(Update.of().set(at("lines").element(0), text), "'lines'");
    refused.put(
        Update.of().set(at("lines").element(0).member("count"), text), "is a Text and no Num");
    refused.put(Update.of().set(at("lines").element(0).member("cost"), text), "no property 'cost'");
    refused.put(Update.of().remove(at("lines").element(0).member("count")), "has to be there");
    refused.put(Update.of().set(at("lines").member("x"), text), "is a list, which has no members");
    refused.put(Update.of().set(at("counts").member("a"), text), "is a Text and no Num");
    refused.put(Update.of().set(at("counts").element(0), text), "is a map, which has no elements");
    refused.put(Update.of().set(at("counts").member("a").member("b"), text), "has no parts");
    refused.put(
        Update.of()
            .set(at("byUnit").member("YEARS"), CARTS.toItem(cart).get("first").orElseThrow()),
        "'byUnit'");
    refused.put(
        Update.of().set(at("byUnit").member("DAYS").member("note"), Value.of(1)), "'byUnit'");
    refused.put(Update.of().set(at("first").member("count"), text), "is a Text and no Num");
    refused.put(Update.of().remove(at("first").member("product")), "has to be there");
    refused.put(Update.of().set(at("numbers").element(0), text), "'numbers'");
    refused.put(Update.of().set(at("doubles").element(0), text), "'doubles'");
    refused.put(Update.of().set(at("tags").element(0), text), "has no parts");
    refused.put(
        Update.of(
            List.of(
                new Update.AddNumber(
                    at("counts").member("a"), new Value.Num(new BigDecimal("0.5"))))),
        "does not fit");
    refused.forEach(
        (update, why) ->
            assertThatThrownBy(() -> carts.update(cartKey, update))
                .as(update.actions().toString())
                .isInstanceOf(InvalidArgumentException.class)
                .hasMessageContaining(why)
                .hasMessageNotContaining("s3cret"));
    assertThat(carts.get(cartKey)).get().usingRecursiveComparison().isEqualTo(cart);
    // The model in memory changes no parts: that these are sent is enough.
    for (Update update :
        List.of(
            Update.of().set(at("lines").element(0).member("count"), Value.of(2)),
            Update.of().remove(at("lines").element(0).member("note")),
            Update.of().remove(at("lines").element(0)),
            Update.of().set(at("counts").member("b"), Value.of(2)),
            Update.of().remove(at("counts").member("a")),
            Update.of().set(at("first").member("count"), Value.of(2)),
            Update.of().set(at("numbers").element(3), Value.of(2)),
            Update.of().set(at("doubles").element(0), Value.of(2)),
            Update.of().set(at("any").member("x").element(3), Value.of(2)))) {
      int before = provider.data("app").requests.size();
      try {
        carts.update(cartKey, update);
      } catch (CloudDbException e) {
        assertThat(e.category()).as(update.actions().toString()).isEqualTo(ErrorCategory.DATA);
      }
      assertThat(provider.data("app").requests).hasSize(before + 1);
      carts.put(cart);
    }
  }

  /** A mail's address, of which an application has its own idea. */
  public record Mail(String address) {}

  /** Reads one, and repeats what it does not take. */
  public static final class ToMail extends StdConverter<String, Mail> {
    @Override
    public Mail convert(String text) {
      if (!text.contains("@")) {
        throw new IllegalArgumentException("bad mail " + text);
      }
      return new Mail(text);
    }
  }

  /** Writes one, and repeats what it does not take. */
  public static final class OfMail extends StdConverter<Mail, String> {
    @Override
    public String convert(Mail mail) {
      if (!mail.address().contains("@")) {
        throw new IllegalArgumentException("bad mail " + mail.address());
      }
      return mail.address();
    }
  }

  /** How many, which is never none. */
  public record Quantity(@JsonValue int count) {
    /** Refuses none. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Quantity {
      if (count <= 0) {
        throw new IllegalArgumentException("no " + count);
      }
    }
  }

  /** A contact, with what an application reads by code of its own. */
  public record Contact(
      String id,
      @JsonSerialize(converter = OfMail.class) @JsonDeserialize(converter = ToMail.class) Mail mail,
      @JsonSerialize(contentConverter = OfMail.class)
          @JsonDeserialize(contentConverter = ToMail.class)
          List<Mail> others,
      Quantity quantity,
      List<Quantity> quantities) {}

  private static final ItemType<Contact> CONTACTS =
      ItemType.of(Contact.class).key("pk", "CONTACT#{id}").key("sk", "CONTACT");

  @Test
  void aConvertersErrorHasNothingOfTheDataInIt() {
    TypedTable<Contact> contacts = app.typed(CONTACTS);
    Contact contact =
        new Contact(
            "1",
            new Mail("a@b"),
            List.of(new Mail("c@d")),
            new Quantity(1),
            List.of(new Quantity(2)));
    contacts.put(contact);
    ItemKey its = CONTACTS.keyOf(contact);
    assertThat(contacts.get(its)).contains(contact);
    Value bad = Value.of("s3cret");
    for (Update update :
        List.of(
            Update.of().set("mail", bad),
            Update.of().set(at("others").element(0), bad),
            Update.of().set("others", Value.list(bad)),
            Update.of().set("quantity", Value.of(0)))) {
      assertThatThrownBy(() -> contacts.update(its, update))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("IllegalArgumentException")
          .hasMessageNotContaining("s3cret")
          .hasNoCause();
    }
    ItemType<Contact> byMail =
        ItemType.of(Contact.class).key("pk", "MAIL#{mail}").key("sk", "CONTACT");
    assertThatThrownBy(() -> byMail.key(Map.of("mail", new Mail("s3cret"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("property 'mail' fails with java.lang.IllegalArgumentException")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  /** A contact that is read whole by code of an application. */
  @JsonDeserialize(converter = ToWhole.class)
  public record Whole(String id) {}

  /** Reads none, and repeats what it got. */
  public static final class ToWhole extends StdConverter<Map<String, String>, Whole> {
    @Override
    public Whole convert(Map<String, String> all) {
      throw new IllegalArgumentException("bad " + all);
    }
  }

  @Test
  void neitherHasThatOfAWholeObject() {
    ItemType<Whole> type = ItemType.of(Whole.class).key("id");
    assertThatThrownBy(() -> type.fromItem(Item.builder().set("id", "s3cret").build()))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("fails with java.lang.IllegalArgumentException")
        .hasMessageNotContaining("s3cret")
        .hasNoCause();
  }

  @Test
  void addsToWhatIsNeverNone() {
    TypedTable<Contact> contacts = app.typed(CONTACTS);
    Contact contact =
        new Contact("1", new Mail("a@b"), List.of(), new Quantity(1), List.of(new Quantity(2)));
    contacts.put(contact);
    ItemKey its = CONTACTS.keyOf(contact);
    assertThat(contacts.update(its, Update.of().add("quantity", 5)).quantity().count())
        .isEqualTo(6);
    assertThatThrownBy(
            () -> contacts.update(its, Update.of().add("quantity", new BigDecimal("0.5"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("'quantity'");
    assertThatThrownBy(() -> contacts.update(its, Update.of().add("mail", 1)))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("'mail'");
  }

  /** A point, which is stored as a list. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  public record Point(int x, int y) {}

  /** A lot, which is made of all that is there at once. */
  public record Lot(@JsonValue Map<String, Integer> counts) {
    /** Takes all. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public Lot {}
  }

  /** A shape, whose class is told beside it. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
  @JsonSubTypes(@JsonSubTypes.Type(Circle.class))
  public static class Shape {}

  /** A circle. */
  public static final class Circle extends Shape {
    private int radius;

    /** How large. */
    public int getRadius() {
      return radius;
    }

    /** How large. */
    public void setRadius(int radius) {
      this.radius = radius;
    }
  }

  /** A map, of parts that are no maps of their properties. */
  public record Plan(String id, Point at, Lot lot, List<Shape> shapes) {}

  @Test
  void knowsPartsThatAreStoredInAnotherWay() {
    ItemType<Plan> type = ItemType.of(Plan.class).key("pk", "PLAN#{id}").key("sk", "PLAN");
    TypedTable<Plan> plans = app.typed(type);
    Plan plan = new Plan("1", new Point(1, 2), new Lot(Map.of("a", 1)), List.of(new Circle()));
    plans.put(plan);
    ItemKey its = type.keyOf(plan);
    assertThatThrownBy(() -> plans.update(its, Update.of().set(at("at").member("x"), Value.of(2))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("is a Point as a list, which has no members");
    // The model in memory changes no parts: that these are sent is enough.
    for (Update update :
        List.of(
            Update.of().set(at("at").element(0), Value.of(2)),
            Update.of().set(at("lot").member("b"), Value.of(2)),
            Update.of().set(at("shapes").element(0).member("radius"), Value.of(2)))) {
      assertThatThrownBy(() -> plans.update(its, update))
          .as(update.actions().toString())
          .isInstanceOfSatisfying(
              CloudDbException.class, e -> assertThat(e.category()).isEqualTo(ErrorCategory.DATA));
    }
  }

  @Test
  void updatesWhatCanBeRead() {
    found.put(order);
    found.update(
        key,
        Update.of()
            .add("total", 2)
            .set("note", Value.of("n"))
            .set("tags", Value.textSet(List.of("t")))
            .set("counts", Value.map(Map.of("a", Value.of(1))))
            .set("expires", Value.of(8)));
    Found then = found.update(key, Update.of().remove("note"), Condition.exists());
    assertThat(then)
        .isEqualTo(
            new Found("1", "OPEN", 7, null, Set.of("t"), Map.of("a", 1), Instant.ofEpochSecond(8)));
    assertThat(app.typed(FOUND.ignoring("other")).update(key, Update.of().add("other", 1)))
        .isEqualTo(then);
  }

  @Test
  void makesNoObjectByAnUpdate() {
    assertThatThrownBy(() -> found.update(key, Update.of().add("total", 1)))
        .isInstanceOf(ItemConditionFailedException.class);
    assertThat(app.get(key)).isEmpty();
  }

  @Test
  void leavesItemsOfOtherTypesAlone() {
    Item user = Item.builder().set("pk", "ORDER#1").set("sk", "ORDER").set("type", "user").build();
    app.put(user);
    assertThatThrownBy(() -> found.update(key, Update.of().add("total", 1)))
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
    assertThatThrownBy(() -> orders.update(its, Update.of().add("total", 1)))
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

  private static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  @Test
  void doesTheSameWithoutAThreadThatWaits() throws Exception {
    AsyncTypedTable<Order> async = orders.async();
    Order first = new Order("ann", 1, 10, null);
    Order second = new Order("ann", 2, 20, null);
    ItemKey its = ORDERS.keyOf(first);
    assertThat(done(async.put(first, Condition.notExists()))).isEqualTo(first);
    assertThat(done(async.put(first))).isEqualTo(first);
    assertThat(done(async.putAll(List.of(second)))).containsExactly(second);
    assertThat(done(async.get(its))).contains(first);
    assertThat(done(async.getAll(List.of(its)))).containsExactly(Map.entry(its, first));
    Query query = Query.partition("USER#ann").pageSize(1);
    Page<Order> page = done(async.query(query, null));
    assertThat(page.items()).containsExactly(first);
    assertThat(done(async.query(query, page.nextToken())).items()).containsExactly(second);
    Page<Order> scanned = done(async.page(Scan.all().pageSize(1), null));
    assertThat(orders.page(Scan.all(), scanned.nextToken()).items()).hasSize(1);
    List<Order> pushed = new ArrayList<>();
    done(async.scan(Scan.all(), pushed::add));
    assertThat(pushed).containsExactlyInAnyOrder(first, second);
    assertThat(done(async.update(its, Update.of().add("total", 5))).total()).isEqualTo(15);
    assertThat(done(async.delete(its))).get().extracting(Order::total).isEqualTo(15);
    assertThat(done(async.delete(its, Condition.notExists()))).isEmpty();
    assertThat(async.table().spec()).isEqualTo(orders.table().spec());
  }

  @Test
  void refusesBeforeAndEndsAsTheOthers() {
    AsyncTypedTable<Found> async = found.async();
    assertThatThrownBy(() -> async.update(key, Update.of().set("id", Value.of("2"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("makes the attribute 'pk'");
    assertThat(async.update(key, Update.of().add("total", 1)).toCompletableFuture())
        .failsWithin(5, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(ItemConditionFailedException.class);
    app.put(Item.builder().set("pk", "ORDER#1").set("sk", "ORDER").build());
    CompletableFuture<Optional<Found>> read = async.get(key).toCompletableFuture();
    AtomicReference<Throwable> seen = new AtomicReference<>();
    CompletionStage<Optional<Found>> unused = read.whenComplete((its, e) -> seen.set(e));
    assertThat(read).isCompletedExceptionally();
    assertThat(seen.get())
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("its attribute 'type' is another one");
    assertThat(async.scan(Scan.all(), its -> {}).toCompletableFuture())
        .failsWithin(5, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(InvalidArgumentException.class);
    assertThat(async.delete(key).toCompletableFuture())
        .failsWithin(5, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class)
        .withCauseInstanceOf(ItemConditionFailedException.class);
  }

  @Test
  void whoeverEndsTheStageStopsTheBatch() {
    List<Order> many = IntStream.range(0, 100).mapToObj(i -> new Order("ann", i, i, null)).toList();
    ModelTable model = provider.data("app");
    List<CompletableFuture<Object>> sent = new CopyOnWriteArrayList<>();
    model.around =
        body -> {
          CompletableFuture<Object> answer = new CompletableFuture<>();
          sent.add(answer);
          return answer;
        };
    CompletableFuture<List<Order>> all = orders.async().putAll(many).toCompletableFuture();
    int before = sent.size();
    assertThat(before).isPositive().isLessThan(25);
    assertThat(all.cancel(true)).isTrue();
    sent.forEach(answer -> answer.complete(List.of()));
    assertThat(sent).hasSize(before);
  }

  @Test
  void writesObjectsInATransaction() {
    Order one = new Order("ann", 1, 10, null);
    Order two = new Order("ann", 2, 20, null);
    orders.put(two);
    app.transact(
        Transaction.of()
            .put(orders, one, Condition.notExists())
            .update(orders, ORDERS.keyOf(two), Update.of().add("total", 1))
            .put(found, order));
    assertThat(orders.get(ORDERS.keyOf(one))).contains(one);
    assertThat(found.get(key)).contains(order);
    Condition first = Condition.exists();
    Transaction typed =
        Transaction.of()
            .update(orders, ORDERS.keyOf(one), Update.of().add("total", 1), first)
            .delete(found, key)
            .delete(found, FOUND.keyOf(found("2")), first)
            .delete(orders, ORDERS.keyOf(two));
    Condition there = Condition.exists().and(Condition.attribute("type").equalTo("order"));
    Condition notAnother = Condition.notExists().or(there);
    assertThat(typed.actions())
        .extracting(action -> action.condition().orElse(null))
        .containsExactly(Condition.exists().and(first), notAnother, notAnother.and(first), null);
    assertThatThrownBy(
            () -> Transaction.of().update(found, key, Update.of().set("id", Value.of("2"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("makes the attribute 'pk'");
  }

  private Found found(String id) {
    return new Found(id, "OPEN", 5, null, Set.of(), Map.of(), Instant.ofEpochSecond(7));
  }

  @Test
  void refusesATransactionOfObjectsOfAnotherTable() {
    Table other = cloud.tables().open(GlobalTableSpec.builder("other", KEY).build());
    Transaction typed = Transaction.of().put(found, order).check(key, Condition.exists());
    assertThatThrownBy(() -> other.transact(typed))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("has objects of app, and this is other");
    assertThat(provider.data("other").requests).isEmpty();
  }
}
