/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.tables.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionsTest {
  private static String condition(String where) {
    Statement.Select select =
        (Statement.Select) StatementParser.parse("SELECT * FROM t WHERE " + where, 0);
    Term term = Objects.requireNonNull(select.where());
    return new Expressions(new Literals(List.of())).condition(term);
  }

  private static Statement.Update update(String set, int parameters) {
    return (Statement.Update)
        StatementParser.parse("UPDATE t " + set + " WHERE pk = 'x'", parameters);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a = 1 AND b <> a|#n0 = :v0 AND #n1 <> #n0",
        "(a = 1 OR b = 2) AND c != 3|(#n0 = :v0 OR #n1 = :v1) AND #n2 <> :v2",
        "a = 1 OR (b = 2 AND c = 3)|#n0 = :v0 OR #n1 = :v1 AND #n2 = :v2",
        "((NOT ((a = 1))))|NOT #n0 = :v0",
        "NOT (a = 1 AND b = 2)|NOT (#n0 = :v0 AND #n1 = :v1)",
        "NOT NOT a = 1|NOT (NOT #n0 = :v0)",
        "a BETWEEN 1 AND 2 AND b = 3|#n0 BETWEEN :v0 AND :v1 AND #n1 = :v2",
        "a NOT IN [1, 2]|NOT #n0 IN (:v0, :v1)",
        "a IN ('x')|#n0 IN (:v0)",
        "m.b[3].\"a\" IS MISSING|attribute_not_exists(#n0.#n1[3].#n2)",
        "a IS NOT NULL|NOT attribute_type(#n0, :v0)",
        "BEGINS_WITH(a, 'x') OR contains(b, 'y')|begins_with(#n0, :v0) OR contains(#n1, :v1)",
        "size(a) > 3|size(#n0) > :v0",
        "attribute_exists(a) = true|attribute_exists(#n0)",
        "attribute_exists(a) = false|NOT attribute_exists(#n0)",
      })
  void saysConditions(String where, String expression) {
    assertThat(condition(where)).isEqualTo(expression);
  }

  @Test
  void saysChanges() {
    Expressions expressions =
        new Expressions(new Literals(List.of(new Value.TextSet(Set.of("x", "y")))));

    String text =
        expressions.update(
            update(
                    "SET a = a + 1 SET l = list_append([0], l), s = set_add(s, ?) REMOVE m.x"
                        + " SET n = set_delete(n, <<2, 3>>)",
                    1)
                .changes());

    assertThat(text)
        .isEqualTo(
            "SET #n0 = #n0 + :v0, #n1 = list_append(:v1, #n1) ADD #n2 :v2 REMOVE #n3.#n4"
                + " DELETE #n5 :v3");
    assertThat(expressions.names()).containsEntry("#n3", "m").containsEntry("#n4", "x");
    assertThat(expressions.values())
        .containsEntry(":v2", new Value.TextSet(Set.of("x", "y")))
        .containsEntry(":v3", new Value.NumSet(Set.of(new BigDecimal(2), new BigDecimal(3))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "EXISTS(a)|Unrecognized function: exists at 1:23:6",
        "set_add(a, <<'x'>>) = a|Unrecognized function: set_add at 1:23:7",
        "attribute_exists()|Incorrect number of operands for operator or function; operator or"
            + " function: attribute_exists, number of operands: 0",
        "a = <<>>|Empty bags are not supported",
        "a = <<1, 'a'>>|Unsupported data type in Bag. DynamoDB only supports either numbers or"
            + " strings in bags",
        "a = <<'a', 'a'>>|One or more parameter values were invalid: Input collection [a, a]"
            + " contains duplicates.",
        "a = <<2, 2.0>>|One or more parameter values were invalid: Input collection [2, 2.0]"
            + " contains duplicates! under root",
        "a = 1e126|Number overflow. Attempting to store a number with magnitude larger than"
            + " supported range under root",
        "a = 1e-131|Number underflow. Attempting to store a number with magnitude smaller than"
            + " supported range under root",
        "a = [1, {'x': 123456789012345678901234567890123456789}]|Attempting to store more than 38"
            + " significant digits in a Number under root[1].x",
      })
  void refusesConditions(String where, String message) {
    assertThatThrownBy(() -> condition(where))
        .isInstanceOfSatisfying(
            AwsError.class, error -> assertThat(error.text()).isEqualTo(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SET t = set_add(ss, <<'x'>>)|The first argument to SET_ADD must equal the assignment value"
            + " at 1:18:7",
        "SET ss = set_delete(ss, 'x')|The second argument to SET_DELETE must be a value with type"
            + " SET at 1:30:2",
        "SET ss = set_add(ss)|SET_ADD must have exactly two arguments at 1:19:7",
      })
  void refusesChanges(String set, String message) {
    Expressions expressions = new Expressions(new Literals(List.of()));

    assertThatThrownBy(() -> expressions.update(update(set, 0).changes()))
        .isInstanceOfSatisfying(
            AwsError.class, error -> assertThat(error.text()).isEqualTo(message));
  }

  @Test
  void refusesAFunctionInAnItem() {
    Statement.Insert insert =
        (Statement.Insert)
            StatementParser.parse("INSERT INTO t VALUE {'ss': set_add(<<'a'>>, <<'b'>>)}", 0);
    Term set = Objects.requireNonNull(((Term.Members) insert.item()).members().get("ss"));

    assertThatThrownBy(() -> new Literals(List.of()).value(set))
        .isInstanceOfSatisfying(
            AwsError.class,
            error ->
                assertThat(error.text())
                    .isEqualTo("Unsupported data type: set_add under key root at 1:28:7"));
  }
}
