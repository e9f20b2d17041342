/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.table.AttributePath;
import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.ItemConditionFailedException;
import io.clouddb.table.Query;
import io.clouddb.table.Scan;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Conditions: each holds of exactly what it says, before a write as in a filter. */
abstract class ConditionContract extends TableCases {
  private static final String PARTITION = "conditions";

  ConditionContract(TableContract kit) {
    super(kit);
  }

  private static Item subject() {
    return item(PARTITION, "a")
        .set("text", "mm")
        .set("number", 5)
        .set("binary", bytes("mm"))
        .set("bool", true)
        .set("null", Value.ofNull())
        .set("list", Value.list(Value.of("x"), Value.of(1), Value.list(Value.of("deep"))))
        .set("map", Value.map(Map.of("x", Value.of(1), "list", Value.list(Value.of("y")))))
        .set("texts", Value.textSet(Set.of("x", "y")))
        .set("numbers", Value.numberSet(Set.of(BigDecimal.ONE, BigDecimal.TEN)))
        .set("binaries", Value.binarySet(Set.of(new byte[] {1})))
        .build();
  }

  private static Map<String, List<Value>> operands() {
    Map<String, List<Value>> all = new LinkedHashMap<>();
    all.put("text", List.of(Value.of("m"), Value.of("mm"), Value.of("n"), Value.of("")));
    all.put("number", List.of(Value.of(-5), Value.of(5), number("5.1"), number("4.9")));
    all.put("binary", List.of(bytes("m"), bytes("mm"), bytes("mn")));
    all.put("bool", List.of(Value.of(true), Value.of(false)));
    all.put("null", List.of(Value.ofNull()));
    all.put(
        "list",
        List.of(
            Value.list(), Value.list(Value.of("x"), Value.of(1), Value.list(Value.of("deep")))));
    all.put("map", List.of(Value.map(Map.of()), Value.map(Map.of("x", Value.of(2)))));
    all.put("texts", List.of(Value.textSet(List.of("y", "x")), Value.textSet(List.of("x"))));
    all.put("numbers", List.of(Value.numberSet(List.of(BigDecimal.TEN, BigDecimal.ONE))));
    all.put("binaries", List.of(Value.binarySet(List.of(new byte[] {2}))));
    return all;
  }

  private static boolean hasOrder(Value value) {
    return value instanceof Value.Text
        || value instanceof Value.Num
        || value instanceof Value.Binary;
  }

  static Stream<Arguments> conditions() {
    Map<String, Condition> all = new LinkedHashMap<>();
    Map<String, List<Value>> operands = operands();
    for (String attribute : operands.keySet()) {
      Condition.Operand its = Condition.attribute(attribute);
      all.put(attribute + " exists", its.exists());
      all.put(attribute + " does not exist", its.notExists());
      for (Condition.ValueType type : Condition.ValueType.values()) {
        all.put(attribute + " is a " + type, its.isOfType(type));
      }
    }
    List<String> attributes = new ArrayList<>(operands.keySet());
    attributes.add("missing");
    operands.forEach(
        (of, values) -> {
          for (int i = 0; i < values.size(); i++) {
            for (Condition.Comparison how : Condition.Comparison.values()) {
              if (hasOrder(values.get(i))
                  || how == Condition.Comparison.EQUAL
                  || how == Condition.Comparison.NOT_EQUAL) {
                for (String attribute : i == 0 ? attributes : List.of(of)) {
                  all.put(
                      attribute + " " + how + " " + of + " " + i,
                      Condition.attribute(attribute).compares(how, values.get(i)));
                }
              }
            }
          }
        });
    for (String attribute : attributes) {
      Condition.Operand its = Condition.attribute(attribute);
      all.put(attribute + " begins with a text", its.beginsWith("m"));
      all.put(attribute + " begins with another text", its.beginsWith("n"));
      all.put(attribute + " begins with bytes", its.beginsWith(bytes("m")));
      all.put(attribute + " contains x", its.contains(Value.of("x")));
      all.put(attribute + " contains m", its.contains(Value.of("m")));
      all.put(attribute + " contains 1", its.contains(Value.of(1)));
      all.put(attribute + " contains a byte", its.contains(Value.of(new byte[] {1})));
      all.put(attribute + " is one of", its.in(Value.of("mm"), Value.of(5), Value.ofNull()));
      all.put(attribute + " is none of", its.in(Value.of("m"), Value.of(6)));
    }
    all.put("member", Condition.at(AttributePath.of("map").member("x")).equalTo(1));
    all.put("no member", Condition.at(AttributePath.of("map").member("z")).exists());
    all.put("member of no map", Condition.at(AttributePath.of("text").member("z")).notExists());
    all.put("element", Condition.at(AttributePath.of("list").element(0)).equalTo("x"));
    all.put("no element", Condition.at(AttributePath.of("list").element(9)).exists());
    all.put(
        "deep element",
        Condition.at(AttributePath.of("list").element(2).element(0)).equalTo("deep"));
    all.put(
        "deep member",
        Condition.at(AttributePath.of("map").member("list").element(0)).beginsWith("y"));
    Condition yes = Condition.attribute("number").equalTo(5);
    Condition no = Condition.attribute("number").equalTo(6);
    all.put("yes and yes", yes.and(yes));
    all.put("yes and no", yes.and(no));
    all.put("no or yes", no.or(yes));
    all.put("no or no", no.or(no));
    all.put("not yes", Condition.not(yes));
    all.put("not no", Condition.not(no));
    all.put("not of something missing", Condition.not(Condition.attribute("missing").equalTo(5)));
    all.put("three of all", Condition.all(yes, yes, no.or(yes)));
    all.put("none of any", Condition.any(no, no, Condition.not(yes)));
    all.put("one of all", Condition.all(yes));
    all.put("between", Condition.attribute("number").between(Value.of(4), Value.of(5)));
    all.put("not between", Condition.attribute("number").between(Value.of(6), Value.of(7)));
    return all.entrySet().stream().map(each -> Arguments.of(each.getKey(), each.getValue()));
  }

  private void fill() {
    tables().once(PARTITION, () -> texts().put(subject()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("conditions")
  void guardsAWrite(String name, Condition condition) {
    fill();
    if (ItemModel.holds(condition, subject())) {
      assertThat(texts().put(subject(), condition)).isEqualTo(subject());
    } else {
      assertThatThrownBy(() -> texts().put(subject(), condition))
          .isInstanceOfSatisfying(
              ItemConditionFailedException.class, e -> assertThat(e.item()).contains(subject()));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("conditions")
  void filtersAQuery(String name, Condition condition) {
    fill();
    Query query = Query.partition(PARTITION).consistent().filter(condition);
    if (ItemModel.holds(condition, subject())) {
      assertThat(texts().query(query)).containsExactly(subject());
    } else {
      assertThat(texts().query(query)).isEmpty();
    }
  }

  @Test
  void guardsEveryKindOfWrite() {
    String partition = newPartition();
    Item there = item(partition, "a").set("n", 1).build();
    texts().put(there, Condition.notExists());
    Condition wrong = Condition.attribute("n").equalTo(2);
    for (Runnable write :
        List.<Runnable>of(
            () -> texts().put(item(partition, "a").build(), wrong),
            () -> texts().put(item(partition, "a").build(), Condition.notExists()),
            () -> texts().update(key(partition, "a"), Update.of().remove("n"), wrong),
            () -> texts().delete(key(partition, "a"), wrong))) {
      assertThatThrownBy(write::run)
          .isInstanceOfSatisfying(
              ItemConditionFailedException.class,
              e -> {
                assertThat(e.item()).contains(there);
                assertThat(e.details().outcomeKnown()).isTrue();
                assertThat(e).hasMessageNotContaining(partition);
              });
    }
    assertThat(texts().get(key(partition, "a"), true)).contains(there);
    Condition right = Condition.attribute("n").equalTo(1);
    texts().update(key(partition, "a"), Update.of().set("x", Value.of(1)), right);
    texts().put(there, Condition.exists().and(right));
    assertThat(texts().delete(key(partition, "a"), right)).contains(there);
    for (Runnable write :
        List.<Runnable>of(
            () -> texts().put(there, Condition.exists()),
            () -> texts().update(key(partition, "a"), Update.of().add("n", 1), Condition.exists()),
            () -> texts().delete(key(partition, "a"), Condition.exists()))) {
      assertThatThrownBy(write::run)
          .isInstanceOfSatisfying(
              ItemConditionFailedException.class, e -> assertThat(e.item()).isEmpty());
    }
    assertThat(texts().get(key(partition, "a"), true)).isEmpty();
  }

  @Test
  void filtersAScan() {
    String partition = newPartition();
    texts().putAll(List.of(item(partition, "a").set("n", 1).build(), item(partition, "b").build()));
    Condition here = Condition.attribute("pk").equalTo(partition);
    assertThat(texts().scan(Scan.all().consistent().segments(4).filter(here))).hasSize(2);
    assertThat(
            texts()
                .scan(Scan.all().consistent().filter(here.and(Condition.attribute("n").exists()))))
        .containsExactly(item(partition, "a").set("n", 1).build());
  }
}
