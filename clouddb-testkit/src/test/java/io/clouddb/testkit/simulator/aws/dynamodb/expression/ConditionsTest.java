/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.b;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.bool;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.bs;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.item;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.l;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.m;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.n;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.nil;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.ns;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.s;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.ss;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConditionsTest {
  private static final Map<String, Value> ITEM =
      item(
          "pk", s("k"),
          "str", s("banana"),
          "wide", s("a\uD83D\uDE00"),
          "num", n("10"),
          "bin", b(1, 2, 3),
          "yes", bool(true),
          "nil", nil(),
          "lst", l(s("a"), n("1.0"), m("x", s("deep"))),
          "doc", m("kid", m("leaf", s("v")), "n", n("5")),
          "strs", ss("a", "b"),
          "nums", ns("1", "2.50"),
          "bins", bs(b(1), b(2, 3)));

  /** What the conditions of these tests may use, each of them if it likes. */
  private static final Map<String, Value> VALUES =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(":banana", s("banana")),
              Map.entry(":an", s("an")),
              Map.entry(":ba", s("ba")),
              Map.entry(":a", s("a")),
              Map.entry(":z", s("z")),
              Map.entry(":ten", n("10.00")),
              Map.entry(":two", n("2")),
              Map.entry(":three", n("3")),
              Map.entry(":one", n("1")),
              Map.entry(":five", n("5")),
              Map.entry(":twofifty", n("2.5")),
              Map.entry(":b12", b(1, 2)),
              Map.entry(":b23", b(2, 3)),
              Map.entry(":b255", b(255)),
              Map.entry(":true", bool(true)),
              Map.entry(":null", nil()),
              Map.entry(":ba_set", ss("b", "a")),
              Map.entry(":c_set", ss("c")),
              Map.entry(":lst", l(s("a"), n("1"), m("x", s("deep")))),
              Map.entry(":doc", m("n", n("5.0"), "kid", m("leaf", s("v")))),
              Map.entry(":S", s("S")),
              Map.entry(":NS", s("NS")),
              Map.entry(":NULL", s("NULL"))));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "str = :banana | true",
        "str <> :banana | false",
        "str < :z | true",
        "str <= :banana | true",
        "str > :banana | false",
        "str >= :banana | true",
        ":banana = str | true",
        "num = :ten | true",
        "num > :two | true",
        "num < :two | false",
        "bin > :b12 | true",
        "bin < :b255 | true",
        "yes = :true | true",
        "nil = :null | true",
        "lst = :lst | true",
        "doc = :doc | true",
        "strs = :ba_set | true",
        "strs <> :c_set | true",
        "str = :ten | false",
        "str <> :ten | true",
        "str < :ten | false",
        "str > :ten | false",
        "gone = :a | false",
        "gone <> :a | true",
        "gone < :a | false",
        "gone <> nothing | true",
        "gone = nothing | false",
        "str BETWEEN :a AND :z | true",
        "str between :z and pk | false",
        "num BETWEEN :two AND :ten | true",
        "num BETWEEN :two AND :five | false",
        "num BETWEEN gone AND :ten | false",
        "bin BETWEEN :b12 AND :b255 | true",
        "str IN (:a, :banana) | true",
        "str in (:a, :ten) | false",
        "gone IN (:a) | false",
        "num IN (doc.n, :ten) | true",
        "attribute_exists(str) | true",
        "attribute_exists(nil) | true",
        "attribute_exists(gone) | false",
        "attribute_exists(doc.kid.leaf) | true",
        "attribute_exists(doc.kid.leaf.more) | false",
        "attribute_exists(lst[2].x) | true",
        "attribute_exists(lst[3]) | false",
        "attribute_exists(doc[0]) | false",
        "attribute_not_exists(gone) | true",
        "attribute_not_exists(doc.kid) | false",
        "attribute_type(str, :S) | true",
        "attribute_type(nums, :NS) | true",
        "attribute_type(nil, :NULL) | true",
        "attribute_type(num, :S) | false",
        "attribute_type(gone, :S) | false",
        "begins_with(str, :ba) | true",
        "begins_with(str, :an) | false",
        "begins_with(bin, :b12) | true",
        "begins_with(num, :ba) | false",
        "begins_with(gone, :ba) | false",
        "begins_with(:banana, pk) | false",
        "contains(str, :an) | true",
        "contains(str, :z) | false",
        "contains(str, :one) | false",
        "contains(strs, :a) | true",
        "contains(strs, :an) | false",
        "contains(nums, :twofifty) | true",
        "contains(nums, :three) | false",
        "contains(bins, :b23) | true",
        "contains(bin, :b23) | true",
        "contains(lst, :one) | true",
        "contains(lst, :z) | false",
        "contains(doc, :a) | false",
        "contains(gone, :a) | false",
        "size(bin) = :three | true",
        "size(wide) = :three | true",
        "size(lst) = :three | true",
        "size(doc) = :two | true",
        "size(strs) = :two | true",
        "size(nums) = :two | true",
        "size(bins) = :two | true",
        "size(num) = :two | false",
        "size(num) <> :two | true",
        "size(gone) > :two | false",
        "size(:an) = :two | true",
        "doc.n < size(str) | true",
        "NOT str = :banana | false",
        "NOT gone = :a | true",
        "NOT NOT str = :banana | true",
        "not contains(str, :z) | true",
        "str = :a OR num = :ten | true",
        "str = :a AND num = :ten | false",
        "str = :banana OR str = :a AND num = :two | true",
        "(str = :banana OR str = :a) AND num = :two | false",
        "NOT str = :a AND num = :two | false",
        "NOT (str = :a AND num = :two) | true",
        "(NOT (str = :a)) | true",
        "(str) = (:banana) | true",
        "(size(str)) > :two | true",
        "(str = :banana OR (num = :two)) | true",
        "((str = :a) OR (num = :ten)) | true",
        "str=:banana AND(num=:ten) | true",
      })
  void holds(String text, boolean expected) {
    Placeholders placeholders = new Placeholders(null, VALUES);

    Condition condition = Conditions.parse("ConditionExpression", text, placeholders);

    assertThat(condition.holds(ITEM)).isEqualTo(expected);
  }

  @Test
  void namesStandForAnything() {
    Placeholders placeholders =
        new Placeholders(
            Map.of("#status", "status", "#dot", "a.b", "#0", "doc"), Map.of(":v", s("x")));
    Condition condition =
        Conditions.parse(
            "ConditionExpression", "#status = :v AND #dot = :v AND #0.n <> :v", placeholders);

    assertThat(condition.holds(item("status", s("x"), "a.b", s("x")))).isTrue();
    assertThat(condition.paths())
        .extracting(Path::toString)
        .containsExactly("[status]", "[a.b]", "[doc, n]");
    placeholders.requireAllUsed();
  }

  @Test
  void textIsOrderedByItsBytes() {
    // In UTF-16 a surrogate is less than U+FFFD; in UTF-8 it is the other way round.
    Placeholders placeholders = new Placeholders(null, Map.of(":v", s("\uFFFD")));
    Condition condition = Conditions.parse("FilterExpression", "a > :v", placeholders);

    assertThat(condition.holds(item("a", s("\uD83D\uDE00")))).isTrue();
  }

  @Test
  void anItemThatIsNotThereHasNoAttributes() {
    assertThat(
            Conditions.parse("ConditionExpression", "attribute_not_exists(pk)", Placeholders.none())
                .holds(Map.of()))
        .isTrue();
  }
}
