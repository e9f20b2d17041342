/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Engine;
import io.clouddb.security.SecretRef;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How values stand in JSON, letter for letter: other releases, and people, read it. */
class ValueFormsTest {
  private enum Colour {
    RED,
    GREEN
  }

  @SchemaVersion(1)
  private record Values(
      SecretRef secret,
      ResourceId id,
      Engine engine,
      LocalTime at,
      Instant since,
      Duration every,
      DataSize size) {}

  @SchemaVersion(1)
  private record Inner(@Nullable String text, int count) {}

  @SchemaVersion(1)
  private record Kinds(
      @Nullable String text,
      boolean flag,
      int count,
      long many,
      double share,
      @Nullable Integer some,
      @Nullable Colour colour,
      @Nullable Inner inner,
      @Nullable List<Inner> list,
      @Nullable Map<String, Inner> map) {}

  private static final String VALUES =
      """
      {"schemaVersion":1,"secret":"env:PW","id":"clouddb:aws::us-east-1:instance:a%2Fb",\
      "engine":"postgresql","at":"03:00:00","since":"2026-01-31T12:00:00Z","every":"PT1.5S",\
      "size":1024}""";

  @Test
  void areWrittenAndReadInOneForm() {
    Values values =
        new Values(
            SecretRef.environment("PW"),
            ResourceId.of("aws", "", "us-east-1", "instance", "a/b"),
            Engine.POSTGRESQL,
            LocalTime.of(3, 0),
            Instant.parse("2026-01-31T12:00:00Z"),
            Duration.ofMillis(1500),
            new DataSize(1024));
    assertThat(Json.write(values)).isEqualTo(VALUES);
    assertThat(Json.read(VALUES, Values.class)).isEqualTo(values);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"03:00:00\" | [3,0] | at: a value of another kind is needed (LocalTime)",
        "\"03:00:00\" | \"soon\" | at: a value of another kind is needed (LocalTime)",
        "\"2026-01-31T12:00:00Z\" | 1769860800 | since: a value of another kind is needed (Instant)",
        "\"2026-01-31T12:00:00Z\" | \"2026\" | since: a value of another kind is needed (Instant)",
        "\"PT1.5S\" | 1.5 | every: a value of another kind is needed (Duration)",
        "1024 | \"1024\" | size: a value of another kind is needed (DataSize)",
        "1024 | 1024.5 | size: a value of another kind is needed (DataSize)",
        "1024 | 99999999999999999999 | at size: the value is none that can be there",
        "1024 | -1 | A size is not negative",
        "\"env:PW\" | {\"kind\":\"LITERAL\",\"value\":\"hunter2\"} | secret: a value of another kind",
        "\"env:PW\" | \"hunter2\" | A reference to a secret has the form",
        "\"clouddb:aws::us-east-1:instance:a%2Fb\" | \"a/b\" | A resource id has the form"
      })
  void areReadInNoOtherForm(String written, String other, String says) {
    String broken = VALUES.replace(written, other);
    assertThat(broken).isNotEqualTo(VALUES);
    assertThatThrownBy(() -> Json.read(broken, Values.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(says)
        .hasMessageNotContaining("hunter2");
  }

  private static final String KINDS =
      """
      {"schemaVersion":1,"text":"a","flag":true,"count":1,"many":2,"share":0.5,"some":3,\
      "colour":"RED","inner":{"text":"b","count":4},"list":[{"count":5},{"count":6}],\
      "map":{"a b":{"count":7}}}""";

  @Test
  void everyKindOfValueGoesThroughJsonUnchanged() {
    assertThat(Json.write(Json.read(KINDS, Kinds.class))).isEqualTo(KINDS);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"text\":\"a\" | \"text\":7 | Kinds cannot be read at text: a text is needed",
        "\"flag\":true | \"flag\":7 | at flag: true or false is needed",
        "\"count\":1 | \"count\":\"x\" | at count: a whole number is needed",
        "\"count\":1 | \"count\":7.5 | at count: a whole number is needed",
        "\"count\":1 | \"count\":null | at count: a whole number is needed",
        "\"many\":2 | \"many\":\"x\" | at many: a whole number is needed",
        "\"some\":3 | \"some\":\"x\" | at some: a whole number is needed",
        "\"share\":0.5 | \"share\":\"x\" | at share: a number is needed",
        "\"RED\" | \"BLUE\" | at colour: one of these is needed: RED, GREEN",
        "{\"text\":\"b\",\"count\":4} | [] | at inner: a value of another kind is needed (Inner)",
        "\"count\":4 | \"count\":true | at inner.count: a whole number is needed",
        "\"count\":6 | \"text\":7 | at list[1].text: a text is needed",
        "\"count\":7 | \"text\":7 | at map.'a b'.text: a text is needed",
        "\"count\":4 | \"count\":4,\"size\":4 | at inner.size: there is no field 'size'; known are count, text",
        "\"flag\":true | \"flag\":true,\"flags\":true | at flags: there is no field 'flags'; known are colour, count, flag"
      })
  void whereAndWhatIsNeededIsSaid(String written, String other, String says) {
    String broken = KINDS.replace(written, other);
    assertThat(broken).isNotEqualTo(KINDS);
    assertThatThrownBy(() -> Json.read(broken, Kinds.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(says)
        .hasNoCause();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"text\":\"a\", | it was cut off, and ends in the middle",
        "{\"text\":\"a | it was cut off, and ends in the middle",
        "{\"text\":\"a\",\"text\":\"b\"} | a field is there twice (line 1, column 19)",
        "{text:7} | it is no JSON (line 1, column 2)",
        "{\"text\":\"a\"}{} | Kinds cannot be read: there is something behind its end",
        "[] | Kinds is a JSON object",
        "{} | Kinds has schemaVersion none; this release reads 1",
        "{\"schemaVersion\":2} | Kinds has schemaVersion 2; this release reads 1",
        "{\"schemaVersion\":\"1\"} | Kinds has schemaVersion "
      })
  void whatIsNoDocumentOfThisReleaseIsSaidToBeNone(String json, String says) {
    assertThatThrownBy(() -> Json.read(json, Kinds.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining(says)
        .hasNoCause();
  }

  @Test
  void aSecretItselfIsNotWritten() {
    assertThatThrownBy(() -> Json.write(Map.of("secret", SecretRef.literal("hunter2"))))
        .isInstanceOf(CloudDbException.class)
        .hasMessageContaining("must not be written down")
        .hasMessageNotContaining("hunter2");
  }
}
