/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.AnnotationIntrospector;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.BeanDeserializerBase;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.deser.SettableBeanProperty;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.PropertyWriter;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeFeature;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.text.Quoted;
import io.clouddb.table.AttributePath;
import io.clouddb.table.Value;
import java.io.IOException;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Objects of one class as values by the names of their properties, and back, exactly or not at all.
 * The errors name properties, and nothing that is in them.
 *
 * @param <T> the class
 */
public final class ItemMapper<T> {
  private final Class<T> type;
  private final ObjectMapper mapper;
  private final ObjectReader reader;

  /**
   * Begins.
   *
   * @param type the class
   * @param nulls whether null is written, and read as null
   * @param ignoring whether what is no property is passed over
   */
  public ItemMapper(Class<T> type, boolean nulls, boolean ignoring) {
    this.type = type;
    RecordRules rules = new RecordRules(nulls);
    this.mapper =
        JsonMapper.builder()
            .addModule(new JavaTimeModule().disable(JavaTimeFeature.NORMALIZE_DESERIALIZED_ZONE_ID))
            .addModule(new Optionals())
            .addModule(new Scalars(rules))
            .annotationIntrospector(
                AnnotationIntrospector.pair(new JacksonAnnotationIntrospector(), rules))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .enable(SerializationFeature.WRITE_DATES_WITH_ZONE_ID)
            .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, !ignoring)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .withCoercionConfigDefaults(
                all -> all.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
            .defaultPropertyInclusion(
                JsonInclude.Value.construct(
                    nulls ? JsonInclude.Include.ALWAYS : JsonInclude.Include.NON_ABSENT,
                    JsonInclude.Include.ALWAYS))
            .withConfigOverride(
                Optional.class,
                optionals ->
                    optionals.setInclude(
                        JsonInclude.Value.construct(
                            JsonInclude.Include.NON_ABSENT, JsonInclude.Include.ALWAYS)))
            .build();
    this.reader = mapper.readerFor(type);
  }

  /**
   * The properties that the class is known to have.
   *
   * @return their names; empty when only its objects tell, as of an interface
   */
  public Set<String> properties() {
    JavaType java = mapper.constructType(type);
    Set<String> names = new TreeSet<>();
    if (!java.isAbstract()) {
      mapper.getSerializationConfig().introspect(java).findProperties().stream()
          .map(BeanPropertyDefinition::getName)
          .forEach(names::add);
    }
    return names;
  }

  /**
   * The properties whose type is not kept exactly.
   *
   * @return what is wrong of each, by its name and type
   */
  public List<String> unkept() {
    return PropertyTypes.problems(mapper.getSerializationConfig(), mapper.constructType(type));
  }

  /**
   * Whether a property is a moment, or may be one.
   *
   * @param property its name
   * @return false when it is of another type than {@code Instant}
   */
  public boolean isInstant(String property) {
    JavaType java = mapper.constructType(type);
    return java.isAbstract()
        || mapper.getSerializationConfig().introspect(java).findProperties().stream()
            .filter(each -> each.getName().equals(property))
            .map(BeanPropertyDefinition::getPrimaryType)
            .map(its -> its.isReferenceType() ? its.getReferencedType() : its)
            .allMatch(its -> its.hasRawClass(Instant.class));
  }

  /**
   * Writes an object.
   *
   * @param object the object
   * @return its properties by name
   * @throws io.clouddb.error.InvalidArgumentException when one of them cannot be written exactly
   */
  public Map<String, Value> write(T object) {
    requireExact(object);
    try (TokenBuffer buffer = new TokenBuffer(mapper, false)) {
      mapper.writerFor(type).writeValue(buffer, object);
      var in = buffer.asParserOnFirstToken();
      if (in.currentToken() != JsonToken.START_OBJECT) {
        throw invalid(type.getSimpleName() + " has no properties that an item could be made of");
      }
      try {
        return ValueTokens.members(in);
      } catch (Refused e) {
        // Deeper names may be keys of a map, and somebody's data.
        throw refused("written", where(outermost(in)), e.why());
      }
    } catch (IOException e) {
      throw refused("written", where(e), why(e));
    }
  }

  /** What a subclass has more would not be written, unless the class says how types are told. */
  private void requireExact(T object) {
    JavaType java = mapper.constructType(type);
    try {
      if (!java.isAbstract()
          && !object.getClass().equals(type)
          && mapper.getSerializerProviderInstance().findTypeSerializer(java) == null) {
        throw refused(
            "written", "", "is of a subclass, whose own properties would be lost: make it a type");
      }
    } catch (JsonMappingException e) {
      throw refused("written", where(e), why(e));
    }
  }

  private static String outermost(JsonParser in) {
    var context = in.getParsingContext();
    while (context.getParent() != null && !context.getParent().inRoot()) {
      context = context.getParent();
    }
    return String.valueOf(context.getCurrentName());
  }

  private static String where(String property) {
    return ": property " + Quoted.of(property) + " ";
  }

  /**
   * Writes one value.
   *
   * @param property what errors call it
   * @param object the value of a property
   * @return the value
   * @throws io.clouddb.error.InvalidArgumentException when it cannot be written exactly
   */
  public Value value(String property, Object object) {
    try (TokenBuffer buffer = new TokenBuffer(mapper, false)) {
      SerializerProvider provider = mapper.getSerializerProviderInstance();
      writer(provider, property, object).serialize(object, buffer, provider);
      return ValueTokens.read(buffer.asParserOnFirstToken());
    } catch (ClassCastException e) {
      throw refused("written", where(property), "is of another type than that of the class");
    } catch (IOException | RuntimeException e) {
      throw refused("written", where(property), why(e));
    }
  }

  /** As the property is written, with its annotations; of a value, and of what is none, its own. */
  private JsonSerializer<Object> writer(SerializerProvider provider, String property, Object object)
      throws JsonMappingException {
    Iterator<PropertyWriter> all =
        provider.findValueSerializer(mapper.constructType(type)).properties();
    while (all.hasNext() && !(object instanceof Value)) {
      if (all.next() instanceof BeanPropertyWriter its && its.getName().equals(property)) {
        AnnotationIntrospector rules = provider.getAnnotationIntrospector();
        boolean own =
            rules.findSerializer(its.getMember()) != null
                || rules.findSerializationConverter(its.getMember()) != null;
        return own
            ? its.getSerializer()
            : provider.findPrimaryPropertySerializer(object.getClass(), its);
      }
    }
    return provider.findValueSerializer(object.getClass());
  }

  /**
   * Reads an object.
   *
   * @param properties by name
   * @return the object
   * @throws io.clouddb.error.InvalidArgumentException when one of them cannot be read exactly
   */
  public T read(Map<String, Value> properties) {
    try (TokenBuffer buffer = new TokenBuffer(mapper, false)) {
      ValueTokens.write(properties, buffer);
      return reader.readValue(buffer.asParserOnFirstToken());
    } catch (IOException | RuntimeException e) {
      throw refused("read", where(e), why(e));
    }
  }

  /**
   * Whether the class takes what is none of its {@link #properties()}, too.
   *
   * @return true when it has a setter for all others, passes them over, or is one that is read in
   *     another way
   */
  public boolean isOpen() {
    try (TokenBuffer buffer = new TokenBuffer(mapper, false)) {
      DeserializationContext context = context(buffer.asParser());
      return PartReader.isOpen(context, mapper.constructType(type), reader(context));
    } catch (IOException e) {
      throw refused("read", where(e), why(e));
    }
  }

  /**
   * Refuses a change after which a property could not be read.
   *
   * @param property its name
   * @param steps what leads from the property to the part that is changed; none for itself
   * @param value what the part is to be, as far as is known; null when it is taken away
   * @throws io.clouddb.error.InvalidArgumentException when the property is known, and not read of
   *     that
   */
  public void requireReadable(
      String property, List<AttributePath.Step> steps, @Nullable Value value) {
    try {
      tryPart(property, steps, value);
    } catch (IOException | RuntimeException e) {
      throw refused("read", where(property), why(e));
    }
  }

  /**
   * Refuses to add to a part that is no number, or none of such fractions. What comes of it is not
   * known, so that it is nothing that an application's own code refuses of the amount.
   *
   * @param property its name
   * @param steps what leads from the property to the part; none for itself
   * @param fraction what of the amount shows in the sum, whatever that is
   * @throws io.clouddb.error.InvalidArgumentException when the property is known, and its type is
   *     not read of such a number
   */
  public void requireNumber(String property, List<AttributePath.Step> steps, Value.Num fraction) {
    try {
      tryPart(property, steps, fraction);
    } catch (IOException e) {
      if (!isOfTheApplication(e)) {
        throw refused("read", where(property), why(e));
      }
    } catch (RuntimeException e) {
      // A converter's, of a number that is not the sum.
    }
  }

  private void tryPart(String property, List<AttributePath.Step> steps, @Nullable Value value)
      throws IOException {
    try (TokenBuffer buffer = new TokenBuffer(mapper, false)) {
      JsonParser in = buffer.asParser();
      DeserializationContext context = context(in);
      SettableBeanProperty its = setter(context, property);
      if (its != null) {
        new PartReader(context, its).require(steps, value, in);
      }
    }
  }

  /** Jackson wraps what constructors and converters within an object or a list throw. */
  private static boolean isOfTheApplication(IOException e) {
    return e instanceof ValueInstantiationException
        || (!(e instanceof Refused) && e.getCause() instanceof RuntimeException);
  }

  private DeserializationContext context(JsonParser in) {
    return ((DefaultDeserializationContext) mapper.getDeserializationContext())
        .createInstance(mapper.getDeserializationConfig(), in, mapper.getInjectableValues());
  }

  private JsonDeserializer<?> reader(DeserializationContext context) throws JsonMappingException {
    return context.findContextualValueDeserializer(mapper.constructType(type), null);
  }

  private @Nullable SettableBeanProperty setter(DeserializationContext context, String property)
      throws JsonMappingException {
    return reader(context) instanceof BeanDeserializerBase bean
        ? bean.findProperty(property)
        : null;
  }

  private RuntimeException refused(String done, String where, String why) {
    return invalid(
        "%s cannot be %s%s%s"
            .formatted(
                type.getSimpleName(),
                done.equals("read") ? "read of an item" : "written as an item",
                where.isEmpty() ? ": it " : where,
                why));
  }

  /** In names of properties; not in the keys of maps, which are somebody's data. */
  private static String where(Exception e) {
    if (!(e instanceof JsonMappingException mapping) || mapping.getPath().isEmpty()) {
      return "";
    }
    StringBuilder path = new StringBuilder();
    List<JsonMappingException.Reference> steps = mapping.getPath();
    for (JsonMappingException.Reference step : steps) {
      if (step.getFieldName() == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else if (step.getFrom() instanceof Map
          || (step.getFrom() instanceof Class<?> c && Map.class.isAssignableFrom(c))) {
        path.append("{}");
      } else {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      }
    }
    return where(path.toString());
  }

  /**
   * Jackson's own messages, and those of an application's constructors and converters, repeat what
   * they got, so that neither they nor their causes are handed on.
   */
  private static String why(Exception e) {
    if (e instanceof Refused refused) {
      return refused.why();
    }
    if (e instanceof UnrecognizedPropertyException) {
      return "is there, and the class has no such property: ignoringUnknown() passes it over";
    }
    if (e instanceof InvalidNullException) {
      return "holds null: only a Value or an Optional<Value> can, and with nulls() what can be"
          + " null";
    }
    if (e instanceof ValueInstantiationException && e.getCause() != null) {
      return "is refused by its constructor (" + e.getCause().getClass().getName() + ")";
    }
    if (e instanceof MismatchedInputException mismatched) {
      return mismatched.getOriginalMessage().startsWith("Missing required")
          ? "is not there, and has to be"
          : "is a value that the property's type is not read of";
    }
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return e instanceof JsonProcessingException && cause == e
        ? "is of a type that cannot be mapped"
        : "fails with " + cause.getClass().getName();
  }

  private static RuntimeException invalid(String message) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message).toException();
  }
}
