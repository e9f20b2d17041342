/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.b;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.bs;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.item;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.l;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.m;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.n;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.ns;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.s;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.ss;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class UpdateTest {
  private static final Map<String, Value> VALUES =
      Map.of(
          ":s", s("new"),
          ":n", n("5"),
          ":ten", n("10"),
          ":l", l(s("x"), s("y")),
          ":m", m(),
          ":ss", ss("b", "z"),
          ":ab", ss("a", "b"),
          ":ns", ns("2.0", "9"),
          ":bs", bs(b(1)));

  private static Map<String, Value> updated(String text, Map<String, Value> item) {
    return Update.parse(text, new Placeholders(null, VALUES)).apply(item);
  }

  static Stream<Arguments> updates() {
    return Stream.of(
        Arguments.of("SET x = :s", item(), item("x", s("new"))),
        Arguments.of("set x = :s, y = :n", item("x", n("1")), item("x", s("new"), "y", n("5"))),
        Arguments.of("SET x = x + :n", item("x", n("10")), item("x", n("15"))),
        Arguments.of("SET x = :ten - x", item("x", n("1.5")), item("x", n("8.5"))),
        Arguments.of("SET x = (y + :n)", item("y", n("1")), item("y", n("1"), "x", n("6"))),
        Arguments.of("SET x = ((y)-(:n))", item("y", n("1")), item("y", n("1"), "x", n("-4"))),
        Arguments.of("SET x = if_not_exists(x, :s)", item("x", n("1")), item("x", n("1"))),
        Arguments.of("SET x = if_not_exists(y, :s)", item(), item("x", s("new"))),
        Arguments.of("SET x = if_not_exists(x, :n) + :n", item(), item("x", n("10"))),
        Arguments.of(
            "SET x = if_not_exists(a, if_not_exists(c, :s))",
            item("c", n("3")),
            item("c", n("3"), "x", n("3"))),
        Arguments.of(
            "SET x = list_append(x, :l)",
            item("x", l(n("1"))),
            item("x", l(n("1"), s("x"), s("y")))),
        Arguments.of(
            "SET x = list_append(:l, if_not_exists(x, :l))",
            item(),
            item("x", l(s("x"), s("y"), s("x"), s("y")))),
        Arguments.of("SET d.a = :s", item("d", m()), item("d", m("a", s("new")))),
        Arguments.of(
            "SET d.e.f = :n", item("d", m("e", m("f", n("1")))), item("d", m("e", m("f", n("5"))))),
        Arguments.of("SET x[1] = :s", item("x", l(n("1"), n("2"))), item("x", l(n("1"), s("new")))),
        Arguments.of("SET x[5] = :s", item("x", l(n("1"))), item("x", l(n("1"), s("new")))),
        Arguments.of("SET x[0] = :s", item("x", l()), item("x", l(s("new")))),
        Arguments.of(
            "SET x[9] = :n, x[7] = :s",
            item("x", l(n("1"))),
            item("x", l(n("1"), s("new"), n("5")))),
        Arguments.of(
            "SET x = y, y = x", item("x", n("1"), "y", n("2")), item("x", n("2"), "y", n("1"))),
        Arguments.of("REMOVE x", item("x", n("1"), "y", n("2")), item("y", n("2"))),
        Arguments.of("REMOVE x, y", item("x", n("1"), "y", n("2")), item()),
        Arguments.of("REMOVE gone", item("y", n("2")), item("y", n("2"))),
        Arguments.of("REMOVE d.gone", item("d", m("a", n("1"))), item("d", m("a", n("1")))),
        Arguments.of("REMOVE d.a", item("d", m("a", n("1"))), item("d", m())),
        Arguments.of(
            "REMOVE x[1], x[2]",
            item("x", l(n("0"), n("1"), n("2"), n("3"))),
            item("x", l(n("0"), n("3")))),
        Arguments.of("REMOVE x[7]", item("x", l(n("0"))), item("x", l(n("0")))),
        Arguments.of(
            "SET x[1] = :s REMOVE x[0]", item("x", l(n("0"), n("1"))), item("x", l(s("new")))),
        Arguments.of("ADD x :n", item("x", n("1")), item("x", n("6"))),
        Arguments.of("ADD x :n", item(), item("x", n("5"))),
        Arguments.of("ADD d.c :n", item("d", m()), item("d", m("c", n("5")))),
        Arguments.of("ADD x :ss", item("x", ss("a", "b")), item("x", ss("a", "b", "z"))),
        Arguments.of("ADD x :ss", item(), item("x", ss("b", "z"))),
        Arguments.of("ADD x :ns", item("x", ns("2")), item("x", ns("2", "9"))),
        Arguments.of("ADD x :bs", item("x", bs(b(2))), item("x", bs(b(1), b(2)))),
        Arguments.of("DELETE x :ss", item("x", ss("a", "b")), item("x", ss("a"))),
        Arguments.of("DELETE x :ab", item("x", ss("a", "b")), item()),
        Arguments.of("DELETE x :ns", item("x", ns("2", "3")), item("x", ns("3"))),
        Arguments.of("DELETE x :ss", item(), item()),
        Arguments.of(
            "REMOVE a DELETE c :ab ADD e :n, f :ss SET g = :l",
            item("a", n("1"), "c", ss("a", "c"), "e", n("1")),
            item("c", ss("c"), "e", n("6"), "f", ss("b", "z"), "g", l(s("x"), s("y")))));
  }

  @ParameterizedTest
  @MethodSource("updates")
  void changes(String text, Map<String, Value> before, Map<String, Value> after) {
    assertThat(updated(text, before)).isEqualTo(after);
  }

  /** From the service: places behind a list's end are filled in the order of their indexes. */
  @Test
  void valuesAreThoseOfTheItemAsItWas() {
    Map<String, Value> before =
        item("a", s("key"), "b", m("a", n("1"), "b", n("2"), "c", n("3")), "c", l(n("1"), n("3")));
    Update update =
        Update.parse(
            "set b.c=((c[1])+(b.a)),b.a = a,c[1] = a, c[4] = b.a - b.b, c[2] = b.c"
                + " add c[8] :b, c[6] :a",
            new Placeholders(null, Map.of(":a", n("2"), ":b", ss("a"))));

    Map<String, Value> after = update.apply(before);

    assertThat(after.get("b")).isEqualTo(m("a", s("key"), "b", n("2"), "c", n("4")));
    assertThat(after.get("c")).isEqualTo(l(n("1"), s("key"), n("3"), n("-1"), n("2"), ss("a")));
    assertThat(Projection.onto(update.paths()).of(after))
        .isEqualTo(item("b", m("a", s("key"), "c", n("4")), "c", l(s("key"), n("3"), n("2"))));
    assertThat(update.reads()).extracting(Path::toString).contains("[c, [1]]", "[b, c]", "[a]");
  }

  @ParameterizedTest
  @CsvSource({
    "SET a = :s, true",
    "ADD a :n, true",
    "REMOVE b ADD a :n, true",
    "REMOVE a, false",
    "DELETE a :ss, false",
    "REMOVE b DELETE a :ss, false",
  })
  void takingAwayMakesNoItem(String text, boolean creates) {
    assertThat(Update.parse(text, new Placeholders(null, VALUES)).createsItem()).isEqualTo(creates);
  }

  @Test
  void tellsTypesThatNoItemDecides() {
    Update update =
        Update.parse(
            "SET x = :s, y = x, z = y + :n, d.e = :n, q = if_not_exists(r, :n) ADD c :ss REMOVE k",
            new Placeholders(null, VALUES));

    assertThat(update.typeOf("x")).isEqualTo(ValueType.S);
    assertThat(update.typeOf("y")).isNull();
    assertThat(update.typeOf("z")).isEqualTo(ValueType.N);
    assertThat(update.typeOf("d")).isNull();
    assertThat(update.typeOf("q")).isNull();
    assertThat(update.typeOf("c")).isEqualTo(ValueType.SS);
    assertThat(update.typeOf("k")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SET c = gone | The provided expression refers to an attribute that does not exist in the"
            + " item",
        "SET c = list_append(gone, :l) | The provided expression refers to an attribute that does"
            + " not exist in the item",
        "SET c = gone + :n | The provided expression refers to an attribute that does not exist in"
            + " the item",
        "SET c = txt + :n | An operand in the update expression has an incorrect data type",
        "SET c = list_append(txt, :l) | An operand in the update expression has an incorrect data"
            + " type",
        "SET c = if_not_exists(txt, :n) - :n | An operand in the update expression has an"
            + " incorrect data type",
        "ADD txt :n | An operand in the update expression has an incorrect data type",
        "ADD numbers :ss | An operand in the update expression has an incorrect data type",
        "DELETE numbers :ss | An operand in the update expression has an incorrect data type",
        "DELETE doc :ss | An operand in the update expression has an incorrect data type",
        "SET gone.a = :n | The document path provided in the update expression is invalid for"
            + " update",
        "SET gone[0] = :n | The document path provided in the update expression is invalid for"
            + " update",
        "SET txt.a = :n | The document path provided in the update expression is invalid for"
            + " update",
        "SET doc[1] = :n | The document path provided in the update expression is invalid for"
            + " update",
        "SET lst.a = :n | The document path provided in the update expression is invalid for"
            + " update",
        "SET lst[4].a = :n | The document path provided in the update expression is invalid for"
            + " update",
        "REMOVE gone.a | The document path provided in the update expression is invalid for update",
        "REMOVE txt[1] | The document path provided in the update expression is invalid for"
            + " update",
        "DELETE gone.a :ss | The document path provided in the update expression is invalid for"
            + " update",
        "ADD lst.a :n | The document path provided in the update expression is invalid for update",
        "ADD huge :n | Number overflow. Attempting to store a number with magnitude larger than"
            + " supported range",
        "SET c = tiny + :ten | Attempting to store more than 38 significant digits in a Number",
      })
  void refusesWhatTheItemDoesNotAllow(String text, String message) {
    Map<String, Value> values = new HashMap<>(VALUES);
    values.put(":n", n("9E+125"));
    Map<String, Value> item =
        item(
            "txt", s("a"),
            "numbers", ns("1"),
            "doc", m("a", n("1")),
            "lst", l(n("1")),
            "huge", n("9E+125"),
            "tiny", n("1E-130"));
    Update update = Update.parse(text, new Placeholders(null, values));

    assertThatThrownBy(() -> update.apply(item))
        .isInstanceOfSatisfying(
            AwsError.class,
            e -> {
              assertThat(e.code()).isEqualTo("ValidationException");
              assertThat(e.status()).isEqualTo(400);
              assertThat(e.text()).isEqualTo(message);
            });
  }
}
