/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.item;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.l;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.m;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.n;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.s;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.ss;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a client sends is understood or refused: it never breaks the service. */
class RandomExpressionsTest {
  private static final int TEXTS = 20_000;
  private static final List<String> PIECES =
      List.of(
          "a",
          "b",
          "c",
          "a.b",
          "a[0]",
          "l[1]",
          "l[9]",
          "#a",
          "#x",
          ":s",
          ":n",
          ":ss",
          ":l",
          ":x",
          "=",
          "<>",
          "<",
          "<=",
          ">",
          ">=",
          "+",
          "-",
          "(",
          "(",
          ")",
          ")",
          ",",
          ",",
          ".",
          "[",
          "]",
          "AND",
          "or",
          "NOT",
          "BETWEEN",
          "IN",
          "SET",
          "REMOVE",
          "ADD",
          "DELETE",
          "size",
          "contains",
          "begins_with",
          "attribute_exists",
          "attribute_type",
          "if_not_exists",
          "list_append",
          "0",
          "12345678901",
          "!",
          "\"",
          "status",
          "_",
          "#",
          ":",
          "\uD83D\uDE00",
          "\n",
          "size(a)",
          "contains(a, :s)",
          "a = :s",
          "SET a = :s",
          "REMOVE c",
          "ADD n :n",
          "c = c + :n");
  private static final Map<String, Value> ITEM =
      item("a", m("b", s("x")), "b", s("y"), "c", n("1"), "l", l(n("1"), s("z")), "n", ss("q"));

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void areUnderstoodOrRefused(long seed) {
    Random random = new Random(seed);
    int[] understood = new int[4];
    for (int i = 0; i < TEXTS; i++) {
      String text = text(random);
      count(understood, 0, text, p -> Conditions.parse("FilterExpression", text, p).holds(ITEM));
      count(understood, 1, text, p -> Update.parse(text, p).apply(ITEM));
      count(understood, 2, text, p -> Projection.parse(text, p).of(ITEM));
      count(understood, 3, text, p -> KeyCondition.parse(text, p));
    }
    assertThat(Arrays.stream(understood)).allMatch(count -> count > 10);
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    int pieces = 1 + random.nextInt(9);
    for (int i = 0; i < pieces; i++) {
      text.append(PIECES.get(random.nextInt(PIECES.size())));
      text.append(random.nextInt(4) == 0 ? "" : " ");
    }
    return text.toString();
  }

  private static void count(
      int[] understood, int kind, String text, Consumer<Placeholders> expression) {
    Placeholders placeholders =
        new Placeholders(
            Map.of("#a", "a"), Map.of(":s", s("x"), ":n", n("1"), ":ss", ss("q"), ":l", l()));
    try {
      expression.accept(placeholders);
      understood[kind]++;
    } catch (AwsError e) {
      assertThat(e.code()).as(text).isEqualTo("ValidationException");
      assertThat(e.text()).as(text).isNotBlank();
    }
  }
}
