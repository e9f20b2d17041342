/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.b;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.bool;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.l;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.n;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.nil;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.s;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.ss;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Refused.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionRefusalsTest {
  private static final Map<String, Value> VALUES =
      Map.of(
          ":s", s("text"),
          ":t", s("a"),
          ":n", n("1"),
          ":b", b(1, 2),
          ":c", b(1),
          ":bool", bool(true),
          ":null", nil(),
          ":l", l(),
          ":ss", ss("a"));

  private static void parse(String text) {
    Placeholders placeholders = new Placeholders(Map.of("#a", "a"), VALUES);
    Conditions.parse("FilterExpression", text, placeholders);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "!!! INVALID !!! | ! | !!",
        "a-b | - | a-b",
        "a = = :s | = | = = :s",
        "#a | <EOF> | #a",
        "NOT #a | <EOF> | #a",
        "(#a) | <EOF> | )",
        "a = :s AND #a | <EOF> | #a",
        "#a AND a = :s | AND | #a AND a",
        "things are not gonna be ok | are | things are not",
        "a > 4 | 4 | > 4",
        "attribute_exists( | <EOF> | (",
        "attribute_exists() | ) | ()",
        "attribute_exists(a | <EOF> | a",
        "attribute_exists(Pictures-RearView) | - | Pictures-RearView",
        "attribute_exists(\"Pictures\") | \" | (\"Pictures",
        "attribute_exists(Pictures..RearView) | . | ..RearView",
        "attribute_exists(l[a]) | a | [a]",
        "a[-1] = :s | - | [-1",
        "a[01] = :s | 1 | 01]",
        "a[4.5] = :s | . | 4.5",
        "[1] = :s | [ | [1",
        "([1] = :s) | [ | ([1",
        "a in b | b | in b",
        "a in (b,c,) | ) | ,)",
        "a > between | between | > between",
        "a between b or c | or | b or c",
        "#$.b > a | # | #$",
        "a > :n.stuff | . | :n.stuff",
        "b[:n] > a | :n | [:n]",
        "\u00fc > a | \u00fc | \u00fc >",
        "_hidden = :s | _ | _hidden",
        "size(a).b > a | . | ).b",
        "size(a)[0] > a | [ | )[0",
        "a = :s b = :n | b | :s b =",
        "a = :s) | ) | :s)",
        "(a = :s | <EOF> | :s",
        "a = b + :n | + | b + :n",
        "hits = : incr | : | = : incr",
        "a attribute_not_exists :s | attribute_not_exists | a attribute_not_exists :s",
      })
  void syntaxErrorsShowTheirPlace(String text, String token, String near) {
    assertRefused(
        () -> parse(text),
        "Invalid FilterExpression: Syntax error; token: \"" + token + "\", near: \"" + near + "\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "((a = :s))",
        "a = b AND a > ((c))",
        "(a)between(((b)))and(c)",
        "b = :s AND ((a = :s AND c = :s)) AND d = :s",
        "b = :s OR ((a = :s OR c = :s)) OR d = :s",
        "b = :s AND ((c = :s AND (a = :s AND d = :s)))",
        "NOT ((a = :s))",
        "contains(((a)), :s)",
        "((a = :s)) and !",
      })
  void parenthesesAreNotDoubled(String text) {
    assertRefused(
        () -> parse(text), "Invalid FilterExpression: The expression has redundant parentheses;");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a = b and whatever((:n)) > a | Invalid function name; function: whatever",
        "attRIbute_exIsts((views)) | Invalid function name; function: attRIbute_exIsts",
        "a = if_not_exists(b, :s) | The function is not allowed in a condition expression;"
            + " function: if_not_exists",
        "a = b and attribute_exists((views), (#a)) > b | The function is not allowed to be used"
            + " this way in an expression; function: attribute_exists",
        "size(contains(a, b)) > a | The function is not allowed to be used this way in an"
            + " expression; function: contains",
        "size(a) | The function is not allowed to be used this way in an expression; function:"
            + " size",
        "size(a) AND a = b | The function is not allowed to be used this way in an expression;"
            + " function: size",
        "a between b and attribute_exists(c) | The function is not allowed to be used this way in"
            + " an expression; function: attribute_exists",
        "a in (b, attribute_exists(c)) | The function is not allowed to be used this way in an"
            + " expression; function: attribute_exists",
        "status = :s | Attribute name is a reserved keyword; reserved keyword: status",
        ":s < abOrT | Attribute name is a reserved keyword; reserved keyword: abOrT",
        "a.b.Data = :s | Attribute name is a reserved keyword; reserved keyword: Data",
        "a[2147483648] = :s | List index is not within the allowable range; index: [2147483648]",
        "a[99999999999999999999] = :s | List index is not within the allowable range; index:"
            + " [99999999999999999999]",
        "attribute_exists(b, a) and a = b | Incorrect number of operands for operator or function;"
            + " operator or function: attribute_exists, number of operands: 2",
        "attribute_type(b) | Incorrect number of operands for operator or function; operator or"
            + " function: attribute_type, number of operands: 1",
        "begins_with(b, size(a), c) | Incorrect number of operands for operator or function;"
            + " operator or function: begins_with, number of operands: 3",
        "contains(b) | Incorrect number of operands for operator or function; operator or"
            + " function: contains, number of operands: 1",
        "size(a, b) > b | Incorrect number of operands for operator or function; operator or"
            + " function: size, number of operands: 2",
      })
  void shapesAreCheckedFirst(String text, String message) {
    assertRefused(() -> parse(text), "Invalid FilterExpression: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "#missing = :s | An expression attribute name used in the document path is not defined;"
            + " attribute name: #missing",
        "a.#b = :s | An expression attribute name used in the document path is not defined;"
            + " attribute name: #b",
        ":x < :y | An expression attribute value used in expression is not defined; attribute"
            + " value: :x",
        "attribute_exists(:s) | Operator or function requires a document path; operator or"
            + " function: attribute_exists",
        "attribute_not_exists(size(:s)) | Operator or function requires a document path; operator"
            + " or function: attribute_not_exists",
        "attribute_type(:s, :s) | Operator or function requires a document path; operator or"
            + " function: attribute_type",
        "a = a AND :views > a | The first operand must be distinct from the remaining operands for"
            + " this operator or function; operator: =, first operand: [a]",
        "#a <> a | The first operand must be distinct from the remaining operands for this operator"
            + " or function; operator: <>, first operand: [a]",
        "contains(ab.bc[1].a, ab.bc[1].#a) | The first operand must be distinct from the remaining"
            + " operands for this operator or function; operator: contains, first operand: [ab,"
            + " bc, [1], a]",
        "a IN (:s, a) | The first operand must be distinct from the remaining operands for this"
            + " operator or function; operator: IN, first operand: [a]",
        "a BETWEEN b AND a | The first operand must be distinct from the remaining operands for"
            + " this operator or function; operator: BETWEEN, first operand: [a]",
        "attribute_type(a, size(b)) | Incorrect operand type for operator or function; operator or"
            + " function: attribute_type, operand type: N",
        "attribute_type(a, :bool) | Incorrect operand type for operator or function; operator or"
            + " function: attribute_type, operand type: BOOL",
        "attribute_type(a, :t) | Invalid attribute type name found; type: a, valid types:"
            + " {N,BS,L,B,NULL,M,S,SS,NS,BOOL}",
        "begins_with(a, :n) | Incorrect operand type for operator or function; operator or"
            + " function: begins_with, operand type: N",
        "begins_with(:ss, a) | Incorrect operand type for operator or function; operator or"
            + " function: begins_with, operand type: SS",
        "begins_with(a, size(b)) | Incorrect operand type for operator or function; operator or"
            + " function: begins_with, operand type: N",
        "size(:null) > a | Incorrect operand type for operator or function; operator or function:"
            + " size, operand type: NULL",
        "size(size(a)) > a | Incorrect operand type for operator or function; operator or"
            + " function: size, operand type: N",
        "a < :bool | Incorrect operand type for operator or function; operator or function: <,"
            + " operand type: BOOL",
        ":l >= a | Incorrect operand type for operator or function; operator or function: >=,"
            + " operand type: L",
        "a BETWEEN :n AND :ss | Incorrect operand type for operator or function; operator or"
            + " function: BETWEEN, operand type: SS",
        "a BETWEEN :n AND :s | The BETWEEN operator requires same data type for lower and upper"
            + " bounds; lower bound operand: AttributeValue: {N:1}, upper bound operand:"
            + " AttributeValue: {S:text}",
        "a BETWEEN :s AND :t | The BETWEEN operator requires upper bound to be greater than or"
            + " equal to lower bound; lower bound operand: AttributeValue: {S:text}, upper bound"
            + " operand: AttributeValue: {S:a}",
        "a BETWEEN :b AND :c | The BETWEEN operator requires upper bound to be greater than or"
            + " equal to lower bound; lower bound operand: AttributeValue:"
            + " {B:java.nio.HeapByteBuffer[pos=0 lim=2 cap=2]}, upper bound operand:"
            + " AttributeValue: {B:java.nio.HeapByteBuffer[pos=0 lim=1 cap=1]}",
      })
  void operandsAreChecked(String text, String message) {
    assertRefused(() -> parse(text), "Invalid FilterExpression: " + message);
  }

  @Test
  void equalValuesAreNotEqualPaths() {
    parse(":s = :s AND a = :null AND a <> :l AND contains(a, :bool) AND a BETWEEN :s AND b");
  }

  @Test
  void expressionsAreNotEmpty() {
    assertRefused(
        () -> Conditions.parse("ConditionExpression", "", Placeholders.none()),
        "Invalid ConditionExpression: The expression can not be empty;");
  }

  @Test
  void expressionsHaveALargestSize() {
    parse("a = :s" + " ".repeat(4090));
    assertRefused(
        () -> parse("a = :s" + " ".repeat(4091)),
        "Invalid FilterExpression: Expression size has exceeded the maximum allowed size;"
            + " expression size: 4097");
    // The size is that of the bytes.
    assertRefused(
        () -> parse("\u00fc".repeat(2049)),
        "Invalid FilterExpression: Expression size has exceeded the maximum allowed size;"
            + " expression size: 4098");
  }

  @Test
  void operatorsAreCounted() {
    String most = String.join(" OR ", Collections.nCopies(150, "a = :s")) + " OR NOT a = :s";
    assertRefused(
        () -> parse(most),
        "Invalid FilterExpression: The expression contains too many operators; operator count:"
            + " 302");
    parse(String.join(" OR ", Collections.nCopies(150, "a = :s")));
  }

  /**
   * In a quarter of the stack that a thread has: how much a level takes is the compiler's choice.
   */
  @ParameterizedTest
  @MethodSource("deepOnes")
  void depthIsNoDanger(String expression, String refusal) throws Exception {
    onSmallStack(() -> assertRefused(() -> parse(expression), refusal));
  }

  static Stream<Arguments> deepOnes() {
    String tooMany = "Invalid FilterExpression: The expression contains too many operators; ";
    String redundant = "Invalid FilterExpression: The expression has redundant parentheses;";
    return Stream.of(
        Arguments.of(
            "(".repeat(4096),
            "Invalid FilterExpression: Syntax error; token: \"<EOF>\", near: \"(\""),
        Arguments.of("(".repeat(2000) + "a = :s" + ")".repeat(2000), redundant),
        Arguments.of("a = " + "(".repeat(2000) + "a" + ")".repeat(2000), redundant),
        Arguments.of("NOT ".repeat(1000) + "a = :s", tooMany + "operator count: 1001"),
        Arguments.of(
            "NOT(".repeat(800) + "a = :s" + ")".repeat(800), tooMany + "operator count: 801"),
        Arguments.of("size(".repeat(600) + "a" + ")".repeat(600), tooMany + "operator count: 301"));
  }

  @Test
  void whatIsAsDeepAsCanBeIsRead() throws Exception {
    Placeholders placeholders = new Placeholders(null, VALUES);
    String deepest = "NOT(".repeat(298) + "a = :s" + ")".repeat(298);
    onSmallStack(
        () ->
            assertThat(
                    Conditions.parse("FilterExpression", deepest, placeholders)
                        .holds(Map.of("a", s("text"))))
                .isTrue());
  }

  private static void onSmallStack(Runnable test) throws Exception {
    FutureTask<Boolean> task = new FutureTask<>(test, true);
    new Thread(null, task, "a small stack", 256 * 1024).start();
    task.get(1, TimeUnit.MINUTES);
  }

  @Test
  void candidatesAreCounted() {
    Map<String, Value> values = new TreeMap<>();
    IntStream.range(0, 101).forEach(i -> values.put(":v" + i, n("" + i)));
    String hundred = values.keySet().stream().limit(100).collect(Collectors.joining(","));
    String all = String.join(",", values.keySet());
    Placeholders placeholders = new Placeholders(null, values);

    Conditions.parse("FilterExpression", "a IN (" + hundred + ")", placeholders);
    assertRefused(
        () -> Conditions.parse("FilterExpression", "a IN (" + all + ")", placeholders),
        "Invalid FilterExpression: The IN operator is provided with too many operands; number of"
            + " operands: 101");
  }

  @Test
  void pathsHaveALargestDepth() {
    parse("a" + "[0]".repeat(31) + " = :s");
    assertRefused(
        () -> parse("a" + "[0]".repeat(32) + " = :s"),
        "Invalid FilterExpression: The document path has too many nesting levels; nesting levels:"
            + " 33");
  }

  @Test
  void reservedWordsAreTheServices() {
    assertThat(ReservedWords.count()).isEqualTo(573);
    assertThat("status name data count items Zone abort YEAR")
        .satisfies(words -> assertThat(words.split(" ")).allMatch(ReservedWords::contains));
    assertThat(ReservedWords.contains("pk")).isFalse();
    assertThat(ReservedWords.contains("attr1")).isFalse();
  }
}
