/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFieldsTest {
  private enum Colour {
    RED,
    GREEN
  }

  private static <T> void refuses(Function<JsonFields, T> read, String... values) {
    for (String value : values) {
      assertThatThrownBy(() -> read.apply(JsonFields.parse("{\"f\":" + value + "}")))
          .as(value)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("f ");
    }
  }

  @Test
  void readsWhatIsInTheRightForm() {
    JsonFields fields =
        JsonFields.parse(
            """
            {"text":"x","number":-7,"real":1e3,"millis":5,"time":"2026-01-31T12:00:00Z",
             "one":"RED","texts":{"b":"2","a":"1"},"numbers":{"n":9},"list":["p","q"],
             "objects":[{"text":"y"},{"text":"z"}]}""");

    assertThat(fields.text("text")).isEqualTo("x");
    assertThat(fields.optionalText("absent")).isNull();
    assertThat(fields.number("number", -10, 10)).isEqualTo(-7);
    assertThat(fields.number("number", -7, 10)).isEqualTo(-7);
    assertThat(fields.number("number", -10, -7)).isEqualTo(-7);
    assertThat(fields.real("real")).isEqualTo(1000);
    assertThat(fields.real("number")).isEqualTo(-7);
    assertThat(fields.millis("millis", Duration.ofSeconds(1))).isEqualTo(Duration.ofMillis(5));
    assertThat(fields.time("time")).isEqualTo(Instant.parse("2026-01-31T12:00:00Z"));
    assertThat(fields.oneOf("one", Colour.class)).isEqualTo(Colour.RED);
    assertThat(fields.texts("texts")).containsExactly(Map.entry("b", "2"), Map.entry("a", "1"));
    assertThat(fields.numbers("numbers", 0, 9)).containsEntry("n", 9L);
    assertThat(fields.listOfTexts("list")).containsExactly("p", "q");
    assertThat(fields.objects("objects", of -> of.text("text"))).containsExactly("y", "z");
    assertThat(fields.optional("absent", of -> of)).isEmpty();
    fields.refuseOthers();
  }

  @Test
  void refusesEveryOtherFormByTheFieldsName() {
    refuses(
        of -> of.number("f", 0, 100),
        "\"7\"",
        "7.0",
        "7e0",
        "-1",
        "101",
        "9223372036854775808",
        "1" + "0".repeat(500),
        "true",
        "null",
        "[7]",
        "{}");
    refuses(of -> of.millis("f", Duration.ofMillis(10)), "11", "-1", "\"1\"", "0.5");
    refuses(of -> of.text("f"), "7", "null", "true", "[\"x\"]");
    refuses(of -> of.real("f"), "\"1\"", "1e999", "null", "false");
    refuses(of -> of.time("f"), "5", "\"\"", "\"2026\"", "\"+10000-01-01T00:00:00Z\"");
    refuses(of -> of.oneOf("f", Colour.class), "\"red\"", "0", "\"0\"", "\"\"", "null");
    refuses(of -> of.texts("f"), "[]", "null", "\"x\"");
    refuses(of -> of.listOfTexts("f"), "{}", "null", "\"x\"", "[1]", "[null]");
    refuses(of -> of.objects("f", each -> each), "{}", "null", "[1]");
    refuses(of -> of.optional("f", each -> each), "null", "[]", "1");
    assertThatThrownBy(() -> JsonFields.parse("{\"f\":{\"g\":7}}").texts("f"))
        .hasMessageStartingWith("f.g ");
    assertThatThrownBy(
            () -> JsonFields.parse("{\"f\":[{\"g\":7}]}").objects("f", of -> of.text("g")))
        .hasMessageStartingWith("f[0].g ");
    assertThatThrownBy(() -> JsonFields.parse("{}").text("f")).hasMessage("there is no f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "7",
        "[]",
        "{",
        "{}{}",
        "{} x",
        "{\"f\":1,\"f\":1}",
        "{\"f\":{\"g\":1,\"g\":2}}",
        "{\"f\":007}",
        "{\"f\":+7}",
        "{\"f\":NaN}",
        "{\"f\":.5}",
        "{'f':1}",
        "{f:1}",
        "{\"f\":1,}",
        "// x\n{}",
        "{\"f\":\"a\0b\"}",
      })
  void refusesWhatIsNoJsonObject(String text) {
    assertThatThrownBy(() -> JsonFields.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void saysWhereItIsNoJsonAndWhatStandsTwice() {
    assertThatThrownBy(() -> JsonFields.parse("{\"f\":1,\n\"g\":x}"))
        .hasMessage("it is no JSON (line 2, column 5)");
    assertThatThrownBy(() -> JsonFields.parse("{\"f\":1,\"f\":1}"))
        .hasMessage("a field stands twice");
    assertThatThrownBy(() -> JsonFields.parse("[]")).hasMessage("it is no JSON object");
  }

  @Test
  void refusesNestingThatAStackCouldNotHold() {
    for (String text :
        List.of("[".repeat(1_000_000), "{\"f\":".repeat(1_000_000), "{\"f\":" + "[".repeat(70))) {
      assertThatThrownBy(() -> JsonFields.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void doesNotRepeatWhatStandsThere() {
    for (String text :
        List.of("{\"password\":\"hunter2\"", "hunter2", "{\"f\":hunter2}", "{\"f\":\"hunter2\"}")) {
      assertThatThrownBy(() -> JsonFields.parse(text).number("f", 0, 1))
          .hasNoCause()
          .satisfies(
              e ->
                  assertThat(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT))
                      .doesNotContain("hunter2"));
    }
  }

  @Test
  void refusesFieldsThatNobodyAskedFor() {
    JsonFields fields = JsonFields.parse("{\"a\":1,\"b\":2}");
    fields.number("a", 0, 1);

    assertThatThrownBy(fields::refuseOthers).hasMessageContaining("the field b is unknown");
    assertThatThrownBy(
            () ->
                JsonFields.parse("{\"f\":{\"a\":\"\",\"b\":2}}").optional("f", of -> of.text("a")))
        .hasMessageContaining("f.b");
  }
}
