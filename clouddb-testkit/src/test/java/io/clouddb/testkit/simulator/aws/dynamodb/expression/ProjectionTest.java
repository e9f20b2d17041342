/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.item;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.l;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.m;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.n;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.s;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ProjectionTest {
  private static final Map<String, Value> ITEM =
      item(
          "pk", s("k"),
          "doc",
              m("nested", s("deep"), "o", n("42"), "list", l(n("1"), m("a", n("2"), "b", n("3")))),
          "lst", l(s("zero"), s("one"), s("two")));

  private static Projection parse(String text) {
    return Projection.parse(
        text, new Placeholders(Map.of("#d", "doc", "#n", "nested", "#3", "[3]"), null));
  }

  static Stream<Arguments> projections() {
    return Stream.of(
        Arguments.of("pk", item("pk", s("k"))),
        Arguments.of("pk, gone", item("pk", s("k"))),
        Arguments.of("gone", item()),
        Arguments.of("#d.#n", item("doc", m("nested", s("deep")))),
        Arguments.of("doc.gone, doc.nested.x", item()),
        Arguments.of("lst[0]", item("lst", l(s("zero")))),
        Arguments.of("lst[2], lst[1], lst[7]", item("lst", l(s("one"), s("two")))),
        Arguments.of("lst.a, doc[0]", item()),
        Arguments.of("#d.#n, lst[1]", item("doc", m("nested", s("deep")), "lst", l(s("one")))),
        Arguments.of(
            "doc.list[1].b, doc.o, doc.list[0]",
            item("doc", m("list", l(n("1"), m("b", n("3"))), "o", n("42")))));
  }

  @ParameterizedTest
  @MethodSource("projections")
  void leavesParts(String text, Map<String, Value> expected) {
    if (text.contains("list")) {
      // A reserved word: only a placeholder can name it.
      Placeholders placeholders = new Placeholders(Map.of("#list", "list"), null);
      assertThat(Projection.parse(text.replace("list", "#list"), placeholders).of(ITEM))
          .isEqualTo(expected);
    } else {
      assertThat(parse(text).of(ITEM)).isEqualTo(expected);
    }
  }

  @Test
  void tellsItsPaths() {
    assertThat(parse("#d.#n, lst[1], pk").paths())
        .extracting(Path::toString, Path::nested, Path::attribute)
        .containsExactly(
            tuple("[doc, nested]", true, "doc"),
            tuple("[lst, [1]]", true, "lst"),
            tuple("[pk]", false, "pk"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "!!! INVALID !!! | Syntax error; token: \"!\", near: \"!!\"",
        "a, | Syntax error; token: \"<EOF>\", near: \",\"",
        "a b | Syntax error; token: \"b\", near: \"a b\"",
        ":v | Syntax error; token: \":v\", near: \":v\"",
        "pk, status | Attribute name is a reserved keyword; reserved keyword: status",
        "pk, #x | An expression attribute name used in the document path is not defined; attribute"
            + " name: #x",
        "a, a | Two document paths overlap with each other; must remove or rewrite one of these"
            + " paths; path one: [a], path two: [a]",
        "a.b, a | Two document paths overlap with each other; must remove or rewrite one of these"
            + " paths; path one: [a, b], path two: [a]",
        "a, c, a.b[1] | Two document paths overlap with each other; must remove or rewrite one of"
            + " these paths; path one: [a], path two: [a, b, [1]]",
        "a.b, a[1] | Two document paths conflict with each other; must remove or rewrite one of"
            + " these paths; path one: [a, b], path two: [a, [1]]",
        "a.#3, a[3] | Two document paths conflict with each other; must remove or rewrite one of"
            + " these paths; path one: [a, [3]], path two: [a, [3]]",
      })
  void refuses(String text, String message) {
    assertRefused(() -> parse(text), "Invalid ProjectionExpression: " + message);
  }

  @Test
  void theyAreNotEmpty() {
    assertRefused(
        () -> Projection.parse("", Placeholders.none()),
        "Invalid ProjectionExpression: The expression can not be empty;");
  }

  @Test
  void attributesToGetAreOne() {
    assertThat(Legacy.attributesToGet(List.of("lst", "gone")).of(ITEM))
        .isEqualTo(item("lst", l(s("zero"), s("one"), s("two"))));
    // They are names of attributes, whatever they look like.
    assertThat(Legacy.attributesToGet(List.of("doc.nested")).of(ITEM)).isEmpty();
    assertRefused(
        () -> Legacy.attributesToGet(List.of("a", "b", "a")),
        "One or more parameter values were invalid: Duplicate value in attribute name: a");
  }
}
