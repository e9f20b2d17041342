/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.b;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.bool;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.bs;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.l;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.m;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.n;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.nil;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.ns;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.s;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Items.ss;
import static io.clouddb.testkit.simulator.aws.dynamodb.expression.Refused.assertRefused;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpdateRefusalsTest {
  private static final Map<String, Value> VALUES =
      Map.ofEntries(
          Map.entry(":S", s("a")),
          Map.entry(":N", n("1")),
          Map.entry(":B", b(1)),
          Map.entry(":BOOL", bool(true)),
          Map.entry(":NULL", nil()),
          Map.entry(":SS", ss("a")),
          Map.entry(":NS", ns("1")),
          Map.entry(":BS", bs(b(1))),
          Map.entry(":M", m()),
          Map.entry(":L", l()));

  private static void parse(String text) {
    Update.parse(text, new Placeholders(Map.of("#c", "c", "#d", "[3]"), VALUES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "INVALID SYNTAX HERE | INVALID | INVALID SYNTAX",
        "a-b | a | a-",
        "set a | <EOF> | a",
        "SET | <EOF> | SET",
        "set a=set | set | =set",
        "SET a = :S, | <EOF> | ,",
        "SET #as, #x | , | #as, #x",
        "add a | <EOF> | a",
        "remove a = b | = | a = b",
        "add a = b | = | a = b",
        "delete a b | b | a b",
        "delete a if_not_exists(b) | if_not_exists | a if_not_exists(",
        "remove a b | b | a b",
        "set :a = b | :a | set :a =",
        "remove :a | :a | remove :a",
        "set a = b / c | / | b / c",
        "set a = b * c | * | b * c",
        "set a[1] = \"eight\" | \" | = \"eight",
        "set a[1] = 1 | 1 | = 1",
        "SET a = if_not_exists(a, 100) | 100 | , 100)",
        "SET if_not_exists(a, b) = a | ( | if_not_exists(a",
        "set (a = (b + c)) | ( | set (a",
        "set a = (b.c).d + e | . | ).d",
        "set a = (b.c)[0] + e | [ | )[0",
        "set a = b + c + d | + | c + d",
        "set a = (b + c) + d | + | ) + d",
        "set a = list_append(b, c + d) | + | c + d",
        "ADD hits : incr | : | hits : incr",
        "ADD a :N b :N | b | :N b :N",
        "SET a = :S AND b = :S | AND | :S AND b",
      })
  void syntaxErrorsShowTheirPlace(String text, String token, String near) {
    assertRefused(
        () -> parse(text),
        "Invalid UpdateExpression: Syntax error; token: \"" + token + "\", near: \"" + near + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "set #c = :c set abOrt = true | Attribute name is a reserved keyword; reserved keyword:"
            + " abOrt",
        " remove Absolute  | Attribute name is a reserved keyword; reserved keyword: Absolute",
        "SET status = :S | Attribute name is a reserved keyword; reserved keyword: status",
        "SET a = a[3000000000] | List index is not within the allowable range; index: [3000000000]",
        "set #c = if_not_exist(:c) set c = d | Invalid function name; function: if_not_exist",
        "SET a = size(b) | The function is not allowed in an update expression; function: size",
        "set a = #c set c = :d | The \"SET\" section can only be used once in an update expression;",
        "remove #d set a = b remove e | The \"REMOVE\" section can only be used once in an update"
            + " expression;",
        "add #d :e set a = b add e :f | The \"ADD\" section can only be used once in an update"
            + " expression;",
        "delete #d :e set a = b delete #e :f | The \"DELETE\" section can only be used once in an"
            + " update expression;",
        "SET #x = if_not_exists(:c) | An expression attribute name used in the document path is not"
            + " defined; attribute name: #x",
        "SET a = #x.b, b = :x | An expression attribute name used in the document path is not"
            + " defined; attribute name: #x",
        "SET a = :v | An expression attribute value used in expression is not defined; attribute"
            + " value: :v",
        "set a = ((b)) | The expression has redundant parentheses;",
        "set d[1] = a, d.b = a, c[1].a = a, #c = if_not_exists(a) | Two document paths overlap with"
            + " each other; must remove or rewrite one of these paths; path one: [c, [1], a], path"
            + " two: [c]",
        "set #c[3].#d = a, #c[3] = a | Two document paths overlap with each other; must remove or"
            + " rewrite one of these paths; path one: [c, [3], [3]], path two: [c, [3]]",
        "SET f = :S, f = :N | Two document paths overlap with each other; must remove or rewrite one"
            + " of these paths; path one: [f], path two: [f]",
        "REMOVE a SET b = :S, a.c = :S | Two document paths overlap with each other; must remove or"
            + " rewrite one of these paths; path one: [a], path two: [a, c]",
        "set #c[3].#d = a, #c.#d[3] = a | Two document paths conflict with each other; must remove"
            + " or rewrite one of these paths; path one: [c, [3], [3]], path two: [c, [3], [3]]",
        "remove a.#c set a[1] = #d | Two document paths conflict with each other; must remove or"
            + " rewrite one of these paths; path one: [a, c], path two: [a, [1]]",
        "set a = if_not_exists(c) | Incorrect number of operands for operator or function; operator"
            + " or function: if_not_exists, number of operands: 1",
        "set a = list_append(c) | Incorrect number of operands for operator or function; operator or"
            + " function: list_append, number of operands: 1",
        "set a = if_not_exists(:S, c) | Operator or function requires a document path; operator or"
            + " function: if_not_exists",
        "set a = if_not_exists(if_not_exists(a, b), c) | Operator or function requires a document"
            + " path; operator or function: if_not_exists",
        "set b = list_append(:S, a), c = if_not_exists(a) add d :S | Incorrect operand type for"
            + " operator or function; operator: ADD, operand type: STRING, typeSet:"
            + " ALLOWED_FOR_ADD_OPERAND",
      })
  void checksComeInTheServicesOrder(String text, String message) {
    assertRefused(() -> parse(text), "Invalid UpdateExpression: " + message);
  }

  @ParameterizedTest
  @CsvSource({
    "S,STRING,true,true",
    "N,NUMBER,false,true",
    "B,BINARY,true,true",
    "BOOL,BOOLEAN,true,true",
    "NULL,NULL,true,true",
    "M,MAP,true,true",
    "L,LIST,true,true",
    "SS,STRING_SET,false,false",
    "NS,NUMBER_SET,false,false",
    "BS,BINARY_SET,false,false",
  })
  void addAndDeleteTakeFewTypes(String type, String name, boolean addRefused, boolean delRefused) {
    requireRefused("ADD", type, name, addRefused);
    requireRefused("DELETE", type, name, delRefused);
  }

  private static void requireRefused(String verb, String type, String name, boolean refused) {
    String text = verb + " a.b :" + type;
    if (refused) {
      assertRefused(
          () -> parse(text),
          "Invalid UpdateExpression: Incorrect operand type for operator or function; operator: "
              + verb
              + ", operand type: "
              + name
              + ", typeSet: ALLOWED_FOR_"
              + verb
              + "_OPERAND");
    } else {
      parse(text);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "list_append(:S, a) | list_append | S",
        "list_append(a, :N) | list_append | N",
        "list_append(:SS, a) | list_append | SS",
        "list_append(:M, a) | list_append | M",
        "a + :S | + | S",
        "b + :S | + | S",
        ":S + :B | + | S",
        ":B + b | + | B",
        "b + :L | + | L",
        "b + list_append(:L, :L) | + | L",
        "b - :BOOL | - | BOOL",
        "b - :NULL | - | NULL",
        "b - :NS | - | NS",
        "b - :BS | - | BS",
      })
  void functionsTakeFewTypes(String value, String operator, String type) {
    assertRefused(
        () -> parse("SET x = " + value),
        "Invalid UpdateExpression: Incorrect operand type for operator or function; operator or"
            + " function: "
            + operator
            + ", operand type: "
            + type);
  }

  @Test
  void theyAreNotEmpty() {
    assertRefused(() -> parse(""), "Invalid UpdateExpression: The expression can not be empty;");
  }

  @Test
  void operatorsAreCounted() {
    StringBuilder text = new StringBuilder("SET a0 = :N + :N");
    for (int i = 1; i < 300; i++) {
      text.append(",a").append(i).append("=:N+:N");
    }
    parse(text.toString());
    assertRefused(
        () -> parse(text + ",b=:N-:N"),
        "Invalid UpdateExpression: The expression contains too many operators; operator count:"
            + " 301");
    // Assignments are none.
    parse("REMOVE z SET " + assignments());
  }

  private static String assignments() {
    StringBuilder text = new StringBuilder("a=:N");
    for (int i = 0; i < 400; i++) {
      text.append(",a").append(i).append("=:N");
    }
    return text.toString();
  }
}
