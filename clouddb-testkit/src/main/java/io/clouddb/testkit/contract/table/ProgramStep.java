/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.error.ConditionFailedException;
import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemConditionFailedException;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Query;
import io.clouddb.table.Table;
import io.clouddb.table.Transaction;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One operation of a program, and what it gives, as a text: of a table as of the model.
 *
 * @param kind which operation
 * @param sorts the items that it is about; most are about the first alone
 * @param values attributes, of whatever it writes
 * @param stored whether a put begins with the item that is there, so that its version is right
 * @param update what is updated
 * @param condition what has to hold; null for nothing
 * @param query what is queried, in whatever partition
 */
record ProgramStep(
    Kind kind,
    List<String> sorts,
    Map<String, Value> values,
    boolean stored,
    Update update,
    @Nullable Condition condition,
    Query query) {
  enum Kind {
    PUT,
    UPDATE,
    DELETE,
    GET,
    QUERY,
    GET_ALL,
    TRANSACT
  }

  private static final int SORTS = 6;

  static ProgramStep random(Random random) {
    List<String> sorts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String sort = "s" + random.nextInt(SORTS);
      if (!sorts.contains(sort)) {
        sorts.add(sort);
      }
    }
    Map<String, Value> values = new TreeMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      values.put("a" + random.nextInt(3), value(random));
    }
    values.put("n", Value.of(random.nextInt(5)));
    return new ProgramStep(
        one(random, Kind.values()),
        List.copyOf(sorts),
        values,
        random.nextInt(3) > 0,
        update(random),
        random.nextBoolean() ? null : condition(random, 2),
        query(random));
  }

  private static <E> E one(Random random, E[] all) {
    return all[random.nextInt(all.length)];
  }

  private static Value value(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> Value.of("t" + random.nextInt(3));
      case 1 -> Value.of(new BigDecimal(random.nextInt(200) - 100).movePointLeft(1));
      case 2 -> Value.of(new byte[] {(byte) random.nextInt(3)});
      case 3 -> Value.of(random.nextBoolean());
      case 4 -> Value.ofNull();
      case 5 -> Value.list(Value.of("t" + random.nextInt(3)), Value.of(random.nextInt(3)));
      case 6 -> Value.map(Map.of("x", Value.of(random.nextInt(3))));
      default -> Value.textSet(List.of("t" + random.nextInt(3), "t" + random.nextInt(3)));
    };
  }

  private static Update update(Random random) {
    Update update = Update.of().add("n", random.nextInt(7) - 3);
    for (int i = 0; i < 3; i++) {
      if (random.nextBoolean()) {
        update = random.nextBoolean() ? update.set("a" + i, value(random)) : update.remove("a" + i);
      }
    }
    Value texts = Value.textSet(List.of("t" + random.nextInt(3)));
    return random.nextBoolean()
        ? update.addToSet("set", texts)
        : update.removeFromSet("set", texts);
  }

  private static Condition condition(Random random, int depth) {
    Condition.Operand attribute =
        Condition.attribute(random.nextInt(3) == 0 ? "n" : "a" + random.nextInt(3));
    return switch (random.nextInt(depth == 0 ? 8 : 11)) {
      case 0 -> attribute.exists();
      case 1 -> attribute.notExists();
      case 2 -> attribute.equalTo(value(random));
      case 3 -> attribute.notEqualTo(value(random));
      case 4 ->
          attribute.compares(
              one(random, Condition.Comparison.values()), Value.of(random.nextInt(5)));
      case 5 -> attribute.contains(Value.of("t" + random.nextInt(3)));
      case 6 -> attribute.beginsWith("t");
      case 7 -> attribute.in(value(random), value(random));
      case 8 -> Condition.not(condition(random, depth - 1));
      case 9 -> condition(random, depth - 1).and(condition(random, depth - 1));
      default -> condition(random, depth - 1).or(condition(random, depth - 1));
    };
  }

  private static Query query(Random random) {
    Query query = Query.partition("whatever").consistent();
    switch (random.nextInt(4)) {
      case 0 -> query = query.sortBeginsWith("s" + (random.nextBoolean() ? "" : "1"));
      case 1 -> {
        int low = random.nextInt(SORTS);
        query =
            query.sortBetween(
                Value.of("s" + low), Value.of("s" + (low + random.nextInt(SORTS - low))));
      }
      case 2 ->
          query =
              query.sort(
                  List.of(
                          Condition.Comparison.LESS,
                          Condition.Comparison.LESS_OR_EQUAL,
                          Condition.Comparison.GREATER,
                          Condition.Comparison.GREATER_OR_EQUAL)
                      .get(random.nextInt(4)),
                  Value.of("s" + random.nextInt(SORTS)));
      default -> {}
    }
    if (random.nextBoolean()) {
      query = query.filter(condition(random, 1));
    }
    if (random.nextBoolean()) {
      query = query.limit(1 + random.nextInt(4));
    }
    if (random.nextBoolean()) {
      query = query.pageSize(1 + random.nextInt(4));
    }
    return random.nextBoolean() ? query.descending() : query;
  }

  private Query in(String partition) {
    Query its = Query.partition(partition).consistent();
    its = query.range().isPresent() ? its.sort(query.range().get()) : its;
    its = query.filter().isPresent() ? its.filter(query.filter().get()) : its;
    its = query.limit() > 0 ? its.limit(query.limit()) : its;
    its = query.pageSize() > 0 ? its.pageSize(query.pageSize()) : its;
    return query.isDescending() ? its.descending() : its;
  }

  private Item item(String partition, String sort, @Nullable Item there) {
    Item.Builder item =
        stored && there != null
            ? there.toBuilder()
            : Item.builder().set("pk", partition).set("sk", sort);
    return item.setAll(values).build();
  }

  private String first() {
    return sorts.get(0);
  }

  String result(PartitionModel model) {
    return told(
        () ->
            switch (kind) {
              case PUT ->
                  text(
                      model.put(
                          item(model.partition(), first(), model.get(first()).orElse(null)),
                          condition));
              case UPDATE -> text(model.update(first(), update, condition));
              case DELETE -> text(model.delete(first(), condition).orElse(null));
              case GET -> text(model.get(first()).orElse(null));
              case QUERY -> texts(model.query(query));
              case GET_ALL ->
                  texts(sorts.stream().flatMap(sort -> model.get(sort).stream()).toList());
              case TRANSACT -> {
                model.together(
                    () -> {
                      model.update(first(), update, condition);
                      for (String sort : sorts.subList(1, sorts.size())) {
                        model.delete(sort, Condition.exists());
                      }
                    });
                yield "done";
              }
            });
  }

  String result(Table table, String partition) {
    ItemKey key = ItemKey.of(partition, first());
    return told(
        () ->
            switch (kind) {
              case PUT -> {
                Item item = item(partition, first(), table.get(key, true).orElse(null));
                yield text(condition == null ? table.put(item) : table.put(item, condition));
              }
              case UPDATE ->
                  text(
                      condition == null
                          ? table.update(key, update)
                          : table.update(key, update, condition));
              case DELETE ->
                  text(
                      (condition == null ? table.delete(key) : table.delete(key, condition))
                          .orElse(null));
              case GET -> text(table.get(key, true).orElse(null));
              case QUERY -> texts(table.query(in(partition)).stream().toList());
              case GET_ALL ->
                  texts(
                      List.copyOf(
                          table
                              .getAll(
                                  sorts.stream().map(it -> ItemKey.of(partition, it)).toList(),
                                  true)
                              .values()));
              case TRANSACT -> {
                Transaction all =
                    condition == null
                        ? Transaction.of().update(key, update)
                        : Transaction.of().update(key, update, condition);
                for (String sort : sorts.subList(1, sorts.size())) {
                  all = all.delete(ItemKey.of(partition, sort), Condition.exists());
                }
                table.transact(all);
                yield "done";
              }
            });
  }

  private String told(Supplier<String> call) {
    try {
      return call.get();
    } catch (PartitionModel.Refused e) {
      return kind == Kind.TRANSACT ? "refused" : "refused by " + text(e.there());
    } catch (ItemConditionFailedException e) {
      return "refused by " + text(e.item().orElse(null));
    } catch (ConditionFailedException e) {
      return "refused";
    }
  }

  static String texts(List<Item> items) {
    return items.stream().map(ProgramStep::text).collect(Collectors.joining("; ", "[", "]"));
  }

  /** Without the partition, and whatever the order in which sets and maps are kept. */
  private static String text(@Nullable Item item) {
    if (item == null) {
      return "nothing";
    }
    Map<String, String> all = new TreeMap<>();
    item.attributes().forEach((name, value) -> all.put(name, text(value)));
    all.remove("pk");
    return all.toString();
  }

  private static String text(Value value) {
    return value instanceof Value.TextSet set
        ? "TextSet" + set.texts().stream().sorted().toList()
        : value.toString();
  }

  @Override
  public String toString() {
    return switch (kind) {
      case PUT -> "PUT " + first() + " " + values + (stored ? " over what is there" : "") + when();
      case UPDATE -> "UPDATE " + first() + " " + update.actions() + when();
      case DELETE -> "DELETE " + first() + when();
      case GET -> "GET " + first();
      case GET_ALL -> "GET_ALL " + sorts;
      case QUERY ->
          "QUERY "
              + query.range()
              + query.filter()
              + (query.isDescending() ? " descending" : "")
              + " limit "
              + query.limit()
              + " pages of "
              + query.pageSize();
      case TRANSACT -> "TRANSACT update of " + sorts + " " + update.actions() + when();
    };
  }

  private String when() {
    return condition == null ? "" : " when " + condition;
  }
}
