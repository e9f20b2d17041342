/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.clouddb.internal.text.Quoted;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one JSON object, each read as what it has to be and as nothing else: {@code "7"},
 * {@code 7.0} and {@code 7e0} are no whole number, {@code 7} is no text, and no field stands twice.
 * What is wrong is said with the field's name, as an {@link IllegalArgumentException}, and without
 * what stands there, which may be what must not be logged.
 */
public final class JsonFields {
  /** Deeper than anything of ours, and nothing for a stack. */
  static final int MOST_NESTING = 64;

  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(factory())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final JsonNode node;
  private final String path;
  private final Set<String> asked = new HashSet<>();

  private JsonFields(JsonNode node, String path) {
    this.node = node;
    this.path = path;
  }

  /** A parser that does not overflow the stack. */
  static JsonFactory factory() {
    return JsonFactory.builder()
        .streamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(MOST_NESTING).build())
        .build();
  }

  /**
   * Reads a document.
   *
   * @param json one JSON object, and nothing behind it
   * @return its fields
   * @throws IllegalArgumentException when it is something else
   */
  public static JsonFields parse(String json) {
    JsonNode node;
    try {
      node = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      // Neither its message nor itself as the cause: both repeat the text.
      throw new IllegalArgumentException(
          e.getOriginalMessage().startsWith("Duplicate field")
              ? "a field stands twice"
              : "it is no JSON (%s)".formatted(where(e)));
    }
    if (!node.isObject()) {
      throw new IllegalArgumentException("it is no JSON object");
    }
    return new JsonFields(node, "");
  }

  private static String where(JsonProcessingException e) {
    return e.getLocation() == null
        ? "nobody knows where"
        : "line %d, column %d"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private String name(String field) {
    String shown = field.matches("\\w{1,60}") ? field : Quoted.of(field);
    return path.isEmpty() ? shown : path + "." + shown;
  }

  private IllegalArgumentException wrong(String field, String needed) {
    return new IllegalArgumentException(name(field) + " is not " + needed);
  }

  private JsonNode field(String field) {
    asked.add(field);
    JsonNode found = node.get(field);
    if (found == null) {
      throw new IllegalArgumentException("there is no " + name(field));
    }
    return found;
  }

  /**
   * Whether there is such a field.
   *
   * @param field its name
   * @return false when there is none; one that is {@code null} is there
   */
  public boolean has(String field) {
    asked.add(field);
    return node.has(field);
  }

  /**
   * A text.
   *
   * @param field its name
   * @return the text
   */
  public String text(String field) {
    JsonNode found = field(field);
    if (!found.isTextual()) {
      throw wrong(field, "a text");
    }
    return found.textValue();
  }

  /**
   * A text that may be missing.
   *
   * @param field its name
   * @return the text; null when there is no such field
   */
  public @Nullable String optionalText(String field) {
    return has(field) ? text(field) : null;
  }

  /**
   * A whole number.
   *
   * @param field its name
   * @param least the least that it may be
   * @param most the most that it may be
   * @return the number
   */
  public long number(String field, long least, long most) {
    JsonNode found = field(field);
    if (!found.isIntegralNumber()) {
      throw wrong(field, "a whole number");
    }
    if (!found.canConvertToLong() || found.longValue() < least || found.longValue() > most) {
      throw wrong(field, "a number from " + least + " to " + most);
    }
    return found.longValue();
  }

  /**
   * A number that may have a fraction.
   *
   * @param field its name
   * @return the number, which is finite
   */
  public double real(String field) {
    JsonNode found = field(field);
    if (!found.isNumber() || !Double.isFinite(found.doubleValue())) {
      throw wrong(field, "a number");
    }
    return found.doubleValue();
  }

  /**
   * A length of time in milliseconds.
   *
   * @param field its name
   * @param most the most that it may be
   * @return the time, not negative
   */
  public Duration millis(String field, Duration most) {
    return Duration.ofMillis(number(field, 0, most.toMillis()));
  }

  /**
   * An instant as ISO 8601, of a year of four digits.
   *
   * @param field its name
   * @return the instant
   */
  public Instant time(String field) {
    Instant found;
    try {
      found = Instant.parse(text(field));
    } catch (DateTimeException e) {
      throw wrong(field, "a time as 2026-01-31T12:00:00Z");
    }
    if (found.isBefore(FIRST) || found.isAfter(LAST)) {
      throw wrong(field, "a time of the years 1 to 9999");
    }
    return found;
  }

  /**
   * One of the values of an enum, by its name.
   *
   * @param field its name
   * @param type the enum
   * @param <E> the enum
   * @return the value
   */
  public <E extends Enum<E>> E oneOf(String field, Class<E> type) {
    String found = text(field);
    for (E value : type.getEnumConstants()) {
      if (value.name().equals(found)) {
        return value;
      }
    }
    throw wrong(field, "one of " + Arrays.toString(type.getEnumConstants()));
  }

  /**
   * An object whose fields are all texts.
   *
   * @param field its name
   * @return the texts by their names, in their order
   */
  public Map<String, String> texts(String field) {
    JsonFields object = object(field);
    Map<String, String> found = new LinkedHashMap<>();
    object.node.fieldNames().forEachRemaining(name -> found.put(name, object.text(name)));
    return found;
  }

  /**
   * An object whose fields are all whole numbers.
   *
   * @param field its name
   * @param least the least that each may be
   * @param most the most that each may be
   * @return the numbers by their names, in their order
   */
  public Map<String, Long> numbers(String field, long least, long most) {
    JsonFields object = object(field);
    Map<String, Long> found = new LinkedHashMap<>();
    object
        .node
        .fieldNames()
        .forEachRemaining(name -> found.put(name, object.number(name, least, most)));
    return found;
  }

  /**
   * A list of texts.
   *
   * @param field its name
   * @return the texts
   */
  public List<String> listOfTexts(String field) {
    List<String> found = new ArrayList<>();
    for (JsonNode element : array(field)) {
      if (!element.isTextual()) {
        throw wrong(field, "a list of texts");
      }
      found.add(element.textValue());
    }
    return found;
  }

  private JsonNode array(String field) {
    JsonNode found = field(field);
    if (!found.isArray()) {
      throw wrong(field, "a list");
    }
    return found;
  }

  private JsonFields object(String field) {
    JsonNode found = field(field);
    if (!found.isObject()) {
      throw wrong(field, "an object");
    }
    return new JsonFields(found, name(field));
  }

  /**
   * An object that may be missing, all of whose fields have to be asked for.
   *
   * @param field its name
   * @param reader asks for the fields
   * @param <T> what it is read as
   * @return what was read; empty when there is no such field
   */
  public <T> Optional<T> optional(String field, Function<JsonFields, T> reader) {
    return has(field) ? Optional.of(whole(object(field), reader)) : Optional.empty();
  }

  /**
   * A list of objects, all of whose fields have to be asked for.
   *
   * @param field its name
   * @param reader asks for the fields of one
   * @param <T> what one is read as
   * @return what was read
   */
  public <T> List<T> objects(String field, Function<JsonFields, T> reader) {
    List<T> found = new ArrayList<>();
    for (JsonNode element : array(field)) {
      if (!element.isObject()) {
        throw wrong(field, "a list of objects");
      }
      String at = name(field) + "[" + found.size() + "]";
      found.add(whole(new JsonFields(element, at), reader));
    }
    return found;
  }

  private static <T> T whole(JsonFields fields, Function<JsonFields, T> reader) {
    T read = reader.apply(fields);
    fields.refuseOthers();
    return read;
  }

  /** Refuses fields that were not asked for. */
  public void refuseOthers() {
    node.fieldNames()
        .forEachRemaining(
            field -> {
              if (!asked.contains(field)) {
                throw new IllegalArgumentException("the field " + name(field) + " is unknown");
              }
            });
  }
}
