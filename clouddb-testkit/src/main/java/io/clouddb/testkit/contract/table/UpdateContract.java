/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.error.CloudDbException;
import io.clouddb.table.AttributePath;
import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.Query;
import io.clouddb.table.Transaction;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Updates: what they name changes, as it says, and nothing else. */
abstract class UpdateContract extends TableCases {
  UpdateContract(TableContract kit) {
    super(kit);
  }

  private static Item.Builder subject(String partition) {
    return item(partition, "a")
        .set("n", new BigDecimal("1.5"))
        .set("t", "text")
        .set("null", Value.ofNull())
        .set("texts", Value.textSet(List.of("a", "b")))
        .set("numbers", Value.numberSet(List.of(BigDecimal.ONE, BigDecimal.TEN)))
        .set("binaries", Value.binarySet(List.of(new byte[] {1}, new byte[] {2})))
        .set("m", Value.map(Map.of("n", Value.of(1), "texts", Value.textSet(List.of("a")))))
        .set("l", Value.list(Value.of("x"), Value.of("y")));
  }

  private static Value texts(String... texts) {
    return Value.textSet(List.of(texts));
  }

  static Stream<Arguments> updates() {
    Map<String, Update> all = new LinkedHashMap<>();
    samples().forEach((name, value) -> all.put("set " + name, Update.of().set("t", value)));
    all.put("set a new one", Update.of().set("new", Value.of(1)));
    all.put("set null", Update.of().set("t", Value.ofNull()));
    all.put("remove", Update.of().remove("t"));
    all.put("remove null", Update.of().remove("null"));
    all.put("remove what is not there", Update.of().remove("missing"));
    all.put("add", Update.of().add("n", 2));
    all.put("add a fraction", Update.of().add("n", new BigDecimal("0.25")));
    all.put("subtract", Update.of().add("n", -3));
    all.put(
        "add exactly",
        Update.of().add("n", new BigDecimal("0.00000000000000000000000000000000001")));
    all.put("add to nothing", Update.of().add("missing", 7));
    all.put("add to a set of texts", Update.of().addToSet("texts", texts("b", "c")));
    all.put(
        "add to a set of numbers",
        Update.of()
            .addToSet("numbers", Value.numberSet(List.of(new BigDecimal("1.0"), BigDecimal.ZERO))));
    all.put(
        "add to a set of bytes",
        Update.of().addToSet("binaries", Value.binarySet(List.of(new byte[] {3}))));
    all.put("add to no set", Update.of().addToSet("missing", texts("a")));
    all.put("take from a set", Update.of().removeFromSet("texts", texts("b", "c")));
    all.put("take all of a set", Update.of().removeFromSet("texts", texts("b", "a")));
    all.put("take from no set", Update.of().removeFromSet("missing", texts("b")));
    all.put(
        "take from a set of numbers",
        Update.of().removeFromSet("numbers", Value.numberSet(List.of(BigDecimal.TEN))));
    AttributePath map = AttributePath.of("m");
    all.put("set a member", Update.of().set(map.member("n"), Value.of("other")));
    all.put("set a new member", Update.of().set(map.member("a.b"), Value.list()));
    all.put("remove a member", Update.of().remove(map.member("n")));
    all.put(
        "several",
        Update.of()
            .set("a", Value.of(1))
            .remove("t")
            .add("n", 1)
            .addToSet("texts", texts("z"))
            .removeFromSet("numbers", Value.numberSet(List.of(BigDecimal.ONE))));
    all.put(
        "several parts of a map",
        Update.of().set(map.member("x"), Value.of(1)).remove(map.member("n")));
    return all.entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("updates")
  void changesWhatItNames(String name, Update update) {
    String partition = newPartition();
    Item before = subject(partition).build();
    texts().put(before);
    Item expected = ItemModel.updated(before, update);
    assertThat(texts().update(key(partition, "a"), update)).isEqualTo(expected);
    assertThat(texts().get(key(partition, "a"), true)).contains(expected);
  }

  /**
   * Words of the clouds' languages, and what their expressions are made of: escaped, not refused.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "name", "status", "size", "ttl", "order", "SELECT", "from", "#0", ":0", "a.b", "a[0]",
        "a-b", "'", "\"", "\u00fc", " "
      })
  void takesAnyName(String name) {
    String partition = newPartition();
    ItemKey its = key(partition, "a");
    texts().put(item(partition, "a").set(name, 1).build());
    Condition one = Condition.attribute(name).equalTo(1);
    assertThat(texts().update(its, Update.of().add(name, 1), one).number(name)).isEqualTo("2");
    Condition two = Condition.attribute(name).equalTo(2);
    assertThat(texts().query(Query.partition(partition).filter(two).consistent())).hasSize(1);
    texts().transact(Transaction.of().update(its, Update.of().set(name, Value.list()), two));
    texts()
        .update(its, Update.of().set(AttributePath.of("m"), Value.map(Map.of(name, Value.of(1)))));
    texts().update(its, Update.of().set(AttributePath.of("m").member(name), Value.of(3)));
    assertThat(texts().update(its, Update.of().remove(name)))
        .isEqualTo(item(partition, "a").set("m", Value.map(Map.of(name, Value.of(3)))).build());
    assertThat(texts().delete(its, Condition.attribute(name).notExists())).isPresent();
  }

  @Test
  void makesAnItemThatIsNotThere() {
    String partition = newPartition();
    Item made = texts().update(key(partition, "a"), Update.of().add("n", 3));
    assertThat(made).isEqualTo(item(partition, "a").set("n", 3).build());
    texts().update(key(partition, "b"), Update.of().remove("n"));
    assertThat(texts().get(key(partition, "b"), true)).isEmpty();
  }

  @Test
  void changesElementsOfLists() {
    String partition = newPartition();
    texts().put(subject(partition).build());
    AttributePath list = AttributePath.of("l");
    assertThat(
            texts()
                .update(key(partition, "a"), Update.of().set(list.element(1), Value.of(2)))
                .get("l"))
        .contains(Value.list(Value.of("x"), Value.of(2)));
    assertThat(texts().update(key(partition, "a"), Update.of().remove(list.element(0))).get("l"))
        .contains(Value.list(Value.of(2)));
  }

  @Test
  void refusesWhatDoesNotFitAndChangesNothing() {
    String partition = newPartition();
    Item before = subject(partition).build();
    texts().put(before);
    for (Update update :
        List.of(
            Update.of().add("t", 1),
            Update.of().addToSet("t", texts("a")),
            Update.of().addToSet("texts", Value.numberSet(List.of(BigDecimal.ONE))),
            Update.of().removeFromSet("numbers", texts("a")),
            Update.of().set(AttributePath.of("missing").member("x"), Value.of(1)),
            Update.of().set(AttributePath.of("t").member("x"), Value.of(1)),
            Update.of().set("ok", Value.of(1)).add("t", 1))) {
      assertThatThrownBy(() -> texts().update(key(partition, "a"), update))
          .as(update.toString())
          .isInstanceOfSatisfying(
              CloudDbException.class, e -> assertThat(e.details().outcomeKnown()).isTrue());
    }
    assertThat(texts().get(key(partition, "a"), true)).contains(before);
  }

  @Test
  void countsExactlyWithManyAtOnce() {
    String partition = newPartition();
    List<Thread> threads =
        Stream.generate(
                () ->
                    new Thread(
                        () -> {
                          for (int i = 0; i < 5; i++) {
                            texts().update(key(partition, "a"), Update.of().add("n", 1));
                          }
                        }))
            .limit(6)
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
    assertThat(texts().get(key(partition, "a"), true).orElseThrow().longValue("n")).isEqualTo(30);
  }
}
