/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Statement.Returning;
import io.clouddb.testkit.simulator.aws.dynamodb.partiql.Statement.Source;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatementParserTest {
  private static final String ENVELOPE = "Statement wasn't well formed, can't be processed: ";

  private static Statement parse(String text) {
    return StatementParser.parse(text, 0);
  }

  private static Statement.Select select(String text) {
    return (Statement.Select) parse(text);
  }

  private static void refused(String text, String message) {
    assertThatThrownBy(() -> parse(text))
        .isInstanceOfSatisfying(
            AwsError.class,
            error -> {
              assertThat(error.code()).isEqualTo("ValidationException");
              assertThat(error.text()).isEqualTo(message);
            });
  }

  @Test
  void readsASelect() {
    Statement.Select select =
        select(
            "select pk, m.\"in ner\"[2].x From \"T\".\"I\" WHERE pk = 'a''b' ORDER BY sk DESC,"
                + " pk;");

    assertThat(select.source()).isEqualTo(new Source("T", "I"));
    assertThat(select.projection()).extracting(Term.Path::attribute).containsExactly("pk", "m");
    assertThat(select.projection().get(1).steps())
        .containsExactly(
            new Term.Step.Member("in ner"), new Term.Step.Index(2), new Term.Step.Member("x"));
    assertThat(select.where())
        .isInstanceOfSatisfying(
            Term.Infix.class,
            equal ->
                assertThat(equal.right())
                    .isInstanceOfSatisfying(
                        Term.Text.class, text -> assertThat(text.text()).isEqualTo("a'b")));
    assertThat(select.order()).extracting(Statement.Order::descending).containsExactly(true, false);
  }

  @Test
  void bindsAndCloserThanOr() {
    Term where = select("SELECT * FROM t WHERE a = 1 OR b = 2 AND NOT c = 3").where();

    assertThat(where)
        .isInstanceOfSatisfying(
            Term.Infix.class,
            or -> {
              assertThat(or.operator()).isEqualTo("or");
              assertThat(or.right())
                  .isInstanceOfSatisfying(
                      Term.Infix.class,
                      and -> assertThat(and.right()).isInstanceOf(Term.Prefix.class));
            });
  }

  @ParameterizedTest
  @CsvSource({"7.31e6,7.31E+6", ".73e1,7.3", "-.5,-0.5", "- 5,-5", "+1,1", "73E-1,7.3"})
  void readsNumbers(String written, String number) {
    Term where = select("SELECT * FROM t WHERE n=" + written).where();

    assertThat(where)
        .isInstanceOfSatisfying(
            Term.Infix.class,
            equal ->
                assertThat(equal.right())
                    .isInstanceOfSatisfying(
                        Term.Num.class,
                        n -> assertThat(n.number()).isEqualByComparingTo(new BigDecimal(number))));
  }

  @Test
  void readsOverComments() {
    assertThat(select("-- note\nSELECT/**/* FROM t -- a\nWHERE a /* ' */ = '--' --").where())
        .isNotNull();
  }

  @Test
  void readsAnUpdateWithManyChanges() {
    Statement.Update update =
        (Statement.Update)
            parse(
                "UPDATE t SET a = a - 1, b.c = list_append(b.c, [1]) REMOVE d[0] SET e = <<1, 2>>"
                    + " WHERE pk = 'x' RETURNING MODIFIED OLD *");

    assertThat(update.changes())
        .extracting(change -> change.path().attribute())
        .containsExactly("a", "b", "d", "e");
    assertThat(update.changes().get(2).value()).isNull();
    assertThat(update.returning()).isEqualTo(Returning.MODIFIED_OLD);
  }

  @Test
  void readsAnUpdateThatBeginsWithFrom() {
    assertThat(parse("FROM t WHERE pk = 'x' SET a = 1"))
        .isInstanceOfSatisfying(
            Statement.Update.class, update -> assertThat(update.where()).isNotNull());
  }

  @Test
  void countsParameters() {
    assertThat(StatementParser.parse("INSERT INTO t VALUE {'pk': ?, 'a': [?]}", 2).writes())
        .isTrue();
    for (int given : new int[] {0, 1, 3}) {
      assertThatThrownBy(
              () -> StatementParser.parse("INSERT INTO t VALUE {'pk': ?, 'a': [?]}", given))
          .isInstanceOfSatisfying(
              AwsError.class,
              error ->
                  assertThat(error.text())
                      .isEqualTo("Number of parameters in request and statement don't match."));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t WHERE pk = 1 foo",
        "SELECT * FROM t WHERE pk = 1 e5",
        "SELECT * FROM t WHERE pk = 1)",
        "SELECT * FROM t ORDER BY pk WHERE pk = 1",
        "INSERT INTO t VALUE {'pk': 1} foo",
        "INSERT INTO t x VALUE {'pk': 1}",
        "UPDATE t SET a = 9 WHERE pk = 1 foo",
        "DELETE FROM t WHERE pk = 1 ORDER BY pk",
        "FROM t SET c = 1 WHERE pk = 'x'",
        "SELECT * FROM t; SELECT * FROM t",
      })
  void refusesWhatFollowsAWholeStatement(String text) {
    refused(text, ENVELOPE + "Unexpected token after expression");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t WHERE pk = 1e2147483648",
        "SELECT * FROM t WHERE pk = 1.5e-2147483647",
        "SELECT * FROM t WHERE pk = 1 # note",
        "SELECT * FROM t WHERE pk = 1 /* note",
        "SELECT * FROM \"t",
        "SELECT * FROM t WHERE pk = 'x",
      })
  void refusesWhatIsNoPieceWithoutAReason(String text) {
    refused(text, ENVELOPE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT * FROM t WHERE",
        "SELECT * FROM t WHERE;",
        "UPDATE t SET a = 1 WHERE  ",
        "DELETE FROM t WHERE",
        "SELECT * FROM t WHERE NOT",
        "SELECT * FROM t WHERE (",
        "SELECT * FROM",
      })
  void refusesAConditionThatIsNotThere(String text) {
    refused(text, ENVELOPE + "Unexpected term");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT * FROM t WHERE pk = 'p' AND|Missing right-hand side expression of infix operator",
        "SELECT * FROM t WHERE pk = 'p' OR|Missing right-hand side expression of infix operator",
        "SELECT * FROM t WHERE ORDER BY pk|Unexpected keyword",
        "INSERT INTO t (key, b) VALUES (1, 2)|Unexpected keyword",
        "SELECT * FROM t WHERE pk = 'a' AND x IS FOO|Expected type name",
        "SELECT * FROM t WHERE IS NULL|Unexpected operator",
        "SELECT * FROM t WHERE pk = LIKE|Unexpected operator",
        "DELETE FROM|Expected identifier for simple path",
        "DELETE FROM WHERE pk = 'a'|Expected identifier for simple path",
        "SLECT * FROM t WHERE pk = 'x'|Expected data manipulation",
        "UPDATE Payment-x SET a = 1|Expected data manipulation",
        "SELECT * FROM t WHERE attribute_exists(m.inner)|Invalid path dot component",
        "SELECT * FROM (SELECT * FROM t|Unexpected term",
        "SELECT * FROM t WHERE (a = 1|Expected RIGHT_PAREN",
      })
  void refusesWithAReason(String text, String reason) {
    refused(text, ENVELOPE + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SELECT * FROM t u WHERE pk = 'x'|Aliasing is not supported",
        "SELECT * FROM t AS u|Aliasing is not supported",
        "SELECT a AS b FROM t|Aliasing is not supported",
        "UPDATE t u SET a = 3|Aliasing is not supported",
        "DELETE FROM t u WHERE pk = 'x'|Aliasing is not supported",
        "SELECT * FROM t.i.x|A path may contain at most 2 components in the FROM clause",
        "SELECT * FROM \"\" WHERE a = 1|Path component cannot be an empty string",
        "SELECT * FROM t.\"\"|Path component cannot be an empty string",
        "INSERT INTO t.i VALUE {'pk': 'x'}|FROM clause may only contain a single table name",
        "SELECT attribute_exists(ss) FROM t|Unexpected path component at 1:8:16",
        "SELECT count(*) FROM t|Unexpected path component at 1:8:5",
        "SELECT l[1e10] FROM t|List index is not within the allowable range; index: [1E+10] at"
            + " 1:10:4",
        "UPDATE t SET l[1e64] = 9 WHERE a = 1|List index is not within the allowable range; index:"
            + " [1E+64] at 1:16:4",
        "SELECT l[-1e999999999] FROM t|List index is not within the allowable range; index:"
            + " [-1E+999999999] at 1:11:11",
        "SELECT l[-1] FROM t|List index is not within the allowable range; index: [-1] at 1:11:1",
        "SELECT * FROM t LIMIT 5|Unsupported clause: LIMIT at 1:23:1",
        "SELECT * FROM t, u|Unexpected from source",
        "x IS DOUBLE PRECISION|Unsupported operation: IsType",
      })
  void refusesWhatTheServiceHasNot(String text, String message) {
    refused(text, message);
  }

  @Test
  void refusesTooDeepANesting() {
    assertThatThrownBy(() -> parse("SELECT * FROM t WHERE " + "(".repeat(4000)))
        .isInstanceOf(AwsError.class);
    assertThatThrownBy(() -> parse("SELECT * FROM t WHERE " + "NOT ".repeat(2000) + "a = 1"))
        .isInstanceOf(AwsError.class);
    assertThatThrownBy(() -> parse("SELECT * FROM t WHERE a = " + "- ".repeat(4000) + "1"))
        .isInstanceOf(AwsError.class);
  }

  /** As those who make queries nest each condition in the one before it. */
  @Test
  void readsConditionsThatAreDeeperThanAnyValue() {
    String parentheses = "(a = 1 AND ".repeat(60) + "b = 2" + ")".repeat(60);
    Term where = select("SELECT * FROM t WHERE " + parentheses).where();
    int levels = 0;
    while (where instanceof Term.Infix and && and.operator().equals("and")) {
      where = and.right();
      levels++;
    }
    assertThat(levels).isEqualTo(60);
    assertThat(select("SELECT * FROM t WHERE " + "NOT ".repeat(120) + "a = 1").where())
        .isInstanceOf(Term.Prefix.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a = NOT b = 1", "NOT a = 1 = NOT b", "a IS NULL + 1", "a = 1 2"})
  void refusesOperatorsThatBindTooTightly(String where) {
    assertThatThrownBy(() -> parse("SELECT * FROM t WHERE " + where))
        .isInstanceOfSatisfying(
            AwsError.class, error -> assertThat(error.text()).startsWith(ENVELOPE));
  }

  @Test
  void readsOperatorsFromTheLeft() {
    Term.Infix less = (Term.Infix) where("a - 1 - 2 * 3 < -b");
    assertThat(less.operator()).isEqualTo("<");
    Term.Infix second = (Term.Infix) less.left();
    assertThat(((Term.Infix) second.left()).right())
        .isInstanceOfSatisfying(
            Term.Num.class, one -> assertThat(one.number()).isEqualTo(BigDecimal.ONE));
    assertThat(((Term.Infix) second.right()).operator()).isEqualTo("*");
    Term.Prefix not = (Term.Prefix) where("NOT a = 1 IS NULL");
    assertThat(not.term()).isInstanceOf(Term.IsType.class);
    assertThat(((Term.Infix) where("NOT a = 1 AND b")).left()).isInstanceOf(Term.Prefix.class);
  }

  private static Term where(String condition) {
    return requireNonNull(select("SELECT * FROM t WHERE " + condition).where());
  }

  /** How much of the stack a level takes is the compiler's choice; a server's threads have 1 MB. */
  @Test
  void needsLittleOfTheStack() throws InterruptedException {
    for (String level : List.of("size(", "(", "NOT ", "[", "- ", "{'a': ")) {
      AtomicReference<Throwable> ended = new AtomicReference<>();
      Thread small =
          new Thread(
              null,
              () -> {
                try {
                  parse("SELECT * FROM t WHERE a = " + level.repeat(1000));
                } catch (AwsError | StackOverflowError e) {
                  ended.set(e);
                }
              },
              "small",
              1 << 19);
      small.start();
      small.join();
      assertThat(ended.get()).as(level).isInstanceOf(AwsError.class);
    }
  }
}
