/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.json;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.databind.util.ClassUtil;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.PlainText;
import io.clouddb.internal.text.Quoted;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The one place that knows how values become JSON: a {@code schemaVersion} beside the fields, and
 * no field that this release does not know.
 */
public final class Json {
  private static final String VERSION_FIELD = "schemaVersion";

  private static final ObjectMapper MAPPER =
      JsonMapper.builder(JsonFields.factory())
          .addModule(new JavaTimeModule())
          .addModule(new ValueModule())
          .annotationIntrospector(
              AnnotationIntrospector.pair(new PartNames(), new JacksonAnnotationIntrospector()))
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .withCoercionConfig(LogicalType.Textual, Json::nothingElse)
          .withCoercionConfigDefaults(
              all -> all.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(
                  JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
          .visibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
          .visibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
          .visibility(PropertyAccessor.CREATOR, JsonAutoDetect.Visibility.ANY)
          .visibility(PropertyAccessor.SETTER, JsonAutoDetect.Visibility.ANY)
          .build();

  private Json() {}

  /** {@code 16} is another thing than {@code "16"}: who wrote it may have meant 16.10. */
  private static void nothingElse(MutableCoercionConfig text) {
    for (CoercionInputShape shape :
        List.of(CoercionInputShape.Integer, CoercionInputShape.Float, CoercionInputShape.Boolean)) {
      text.setCoercion(shape, CoercionAction.Fail);
    }
  }

  /**
   * Writes a value.
   *
   * @param value the value
   * @return its JSON, with a schema version
   * @throws CloudDbException when it holds a literal secret
   */
  public static String write(Object value) {
    String fields;
    try {
      fields = MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw unwrapped(e, "Cannot be written as JSON");
    }
    if (!fields.startsWith("{")) {
      throw new IllegalStateException(value.getClass().getName() + " is no object of JSON");
    }
    String json =
        "{\""
            + VERSION_FIELD
            + "\":"
            + version(value.getClass())
            + (fields.equals("{}") ? "" : ",")
            + fields.substring(1);
    if (!PlainText.is(json)) {
      throw invalid("Cannot be written as JSON: a text in it has half a character");
    }
    return json;
  }

  /**
   * Reads a value.
   *
   * @param json what {@link #write(Object)} wrote
   * @param type the value's class
   * @param <T> the value's class
   * @return the value
   * @throws CloudDbException when it is malformed, of another version, or has an unknown field
   */
  public static <T> T read(String json, Class<T> type) {
    return read(json, type, type.getSimpleName());
  }

  /**
   * Reads a value.
   *
   * @param json what {@link #write(Object)} wrote
   * @param type the value's class
   * @param what what errors call it
   * @param <T> the value's class
   * @return the value
   * @throws CloudDbException when it is malformed, of another version, or has an unknown field
   */
  public static <T> T read(String json, Class<T> type, String what) {
    int version = version(type);
    try {
      JsonNode node = MAPPER.readTree(json);
      if (!(node instanceof ObjectNode document)) {
        throw invalid(what + " is a JSON object");
      }
      JsonNode found = document.remove(VERSION_FIELD);
      if (found == null || !found.isInt() || found.intValue() != version) {
        throw invalid(
            what
                + " has schemaVersion "
                + (found == null ? "none" : found.isInt() ? found : Quoted.of(found.toString()))
                + "; this release reads "
                + version);
      }
      return MAPPER.treeToValue(document, type);
    } catch (JsonProcessingException e) {
      throw unwrapped(e, what + " cannot be read");
    }
  }

  private static int version(Class<?> type) {
    SchemaVersion version = type.getAnnotation(SchemaVersion.class);
    if (version == null) {
      throw new IllegalStateException(type.getName() + " has no document of its own");
    }
    return version.value();
  }

  private static CloudDbException unwrapped(Exception e, String what) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CloudDbException ours) {
        return ours;
      }
    }
    // Not as the cause either: a stack trace would repeat what its message does.
    return invalid(what + where(e) + ": " + why(e));
  }

  /** Where in the text, in the names that stand there. */
  private static String where(Exception e) {
    if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return "";
    }
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : mapping.getPath()) {
      String name = step.getFieldName();
      if (name == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".")
            .append(name.matches("\\w{1,60}") ? name : Quoted.of(name));
      }
    }
    return " at " + path;
  }

  /** Jackson's own message may repeat the source text, which may hold what must not be logged. */
  private static String why(Exception e) {
    if (e instanceof JsonEOFException
        || (e instanceof JsonParseException malformed
            && malformed.getOriginalMessage().startsWith("Unexpected end-of-input"))) {
      return "it was cut off, and ends in the middle";
    }
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "there is no field "
          + Quoted.of(unknown.getPropertyName())
          + "; known are "
          + unknown.getKnownPropertyIds().stream()
              .map(String::valueOf)
              .sorted()
              .collect(Collectors.joining(", "));
    }
    if (e instanceof ValueInstantiationException
        && e.getCause() instanceof NullPointerException missing
        && missing.getMessage() != null) {
      return "it has no " + missing.getMessage();
    }
    if (e instanceof MismatchedInputException mismatched) {
      if (mismatched.getOriginalMessage().startsWith("Trailing token")) {
        return "there is something behind its end";
      }
      return needed(mismatched.getTargetType());
    }
    if (e instanceof JsonParseException malformed) {
      String said = malformed.getOriginalMessage();
      return said.startsWith("Duplicate field")
          ? "a field is there twice (line %d, column %d)"
              .formatted(malformed.getLocation().getLineNr(), malformed.getLocation().getColumnNr())
          : "it is no JSON (line %d, column %d)"
              .formatted(
                  malformed.getLocation().getLineNr(), malformed.getLocation().getColumnNr());
    }
    return "the value is none that can be there";
  }

  private static String needed(@Nullable Class<?> type) {
    if (type == null) {
      return "the value is of another kind";
    }
    Class<?> boxed = ClassUtil.primitiveType(type) == null ? type : ClassUtil.primitiveType(type);
    if (type.isEnum()) {
      return "one of these is needed: "
          + Arrays.stream(type.getEnumConstants())
              .map(String::valueOf)
              .collect(Collectors.joining(", "));
    }
    if (boxed == boolean.class) {
      return "true or false is needed";
    }
    if (boxed == int.class || boxed == long.class) {
      return "a whole number is needed";
    }
    if (boxed.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a number is needed";
    }
    if (CharSequence.class.isAssignableFrom(type)) {
      return "a text is needed";
    }
    return "a value of another kind is needed (" + type.getSimpleName() + ")";
  }

  private static CloudDbException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }
}
