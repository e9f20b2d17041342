/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.BeanPropertyWriter;
import com.fasterxml.jackson.databind.ser.BeanSerializerModifier;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.type.CollectionType;
import io.clouddb.table.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** The values that have a form of their own in an item, exactly. */
final class Scalars extends SimpleModule {
  private static final long serialVersionUID = 1L;

  private final transient RecordRules rules;

  Scalars(RecordRules rules) {
    this.rules = rules;
    numbers();
    addDeserializer(String.class, text(String.class, text -> text));
    addDeserializer(Boolean.class, new Scalar<>(Boolean.class, Value.Bool.class, Value.Bool::bool));
    addDeserializer(boolean.class, new Scalar<>(boolean.class, Value.Bool.class, Value.Bool::bool));
    addDeserializer(
        byte[].class, new Scalar<>(byte[].class, Value.Binary.class, Value.Binary::toArray));
    addDeserializer(
        ByteBuffer.class,
        new Scalar<>(ByteBuffer.class, Value.Binary.class, b -> ByteBuffer.wrap(b.toArray())));
    addSerializer(ByteBuffer.class, new Writer<>(ByteBuffer.class, Scalars::bytes));
    addDeserializer(
        UUID.class,
        text(
            UUID.class,
            text -> {
              UUID id = UUID.fromString(text);
              if (!id.toString().equalsIgnoreCase(text)) {
                throw new IllegalArgumentException();
              }
              return id;
            }));
    addDeserializer(Instant.class, text(Instant.class, Moments::instant));
    addSerializer(Instant.class, new Writer<>(Instant.class, time -> Value.of(Moments.text(time))));
    addDeserializer(
        LocalDate.class,
        text(LocalDate.class, text -> LocalDate.parse(text, DateTimeFormatter.ISO_LOCAL_DATE)));
    addSerializer(
        LocalDate.class, new Writer<>(LocalDate.class, day -> Value.of(Moments.text(day))));
    addDeserializer(Value.class, new ValueReader());
    addSerializer(Value.class, new Writer<>(Value.class, value -> value));
  }

  private void numbers() {
    number(BigDecimal.class, n -> n.scale() < 0 ? n.setScale(0) : n);
    number(BigInteger.class, BigDecimal::toBigIntegerExact);
    number(Long.class, BigDecimal::longValueExact);
    number(long.class, BigDecimal::longValueExact);
    number(Integer.class, BigDecimal::intValueExact);
    number(int.class, BigDecimal::intValueExact);
    number(Short.class, BigDecimal::shortValueExact);
    number(short.class, BigDecimal::shortValueExact);
    number(Byte.class, BigDecimal::byteValueExact);
    number(byte.class, BigDecimal::byteValueExact);
    number(Double.class, Scalars::toDouble);
    number(double.class, Scalars::toDouble);
    number(Float.class, Scalars::toFloat);
    number(float.class, Scalars::toFloat);
    addDeserializer(
        double[].class,
        new Scalar<>(
            double[].class,
            Value.Array.class,
            array -> array.values().stream().mapToDouble(v -> toDouble(element(v))).toArray()));
    addDeserializer(
        float[].class, new Scalar<>(float[].class, Value.Array.class, Scalars::toFloats));
  }

  private <T> void number(Class<T> type, Function<BigDecimal, T> reading) {
    addDeserializer(
        type, new Scalar<>(type, Value.Num.class, number -> reading.apply(number.number())));
  }

  private static <T> Scalar<Value.Text, T> text(Class<T> type, Function<String, T> reading) {
    return new Scalar<>(type, Value.Text.class, text -> reading.apply(text.text()));
  }

  /** Only one that is written as this number: another one is near it, and is not it. */
  private static double toDouble(BigDecimal number) {
    double nearest = ShortestDecimal.nearest(number);
    if (Double.isInfinite(nearest) || ShortestDecimal.of(nearest).compareTo(number) != 0) {
      throw new ArithmeticException();
    }
    return nearest;
  }

  private static float toFloat(BigDecimal number) {
    float nearest = ShortestDecimal.nearestFloat(number);
    if (Float.isInfinite(nearest) || ShortestDecimal.of(nearest).compareTo(number) != 0) {
      throw new ArithmeticException();
    }
    return nearest;
  }

  private static float[] toFloats(Value.Array array) {
    List<Value> values = array.values();
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = toFloat(element(values.get(i)));
    }
    return floats;
  }

  private static BigDecimal element(Value value) {
    if (value instanceof Value.Num number) {
      return number.number();
    }
    throw new ArithmeticException();
  }

  private static Value bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return Value.of(bytes);
  }

  @Override
  public void setupModule(SetupContext context) {
    super.setupModule(context);
    context.addValueInstantiators(NullGuard.forAll(rules));
    context.addBeanSerializerModifier(
        new BeanSerializerModifier() {
          private static final long serialVersionUID = 1L;

          @Override
          public JsonSerializer<?> modifyCollectionSerializer(
              SerializationConfig config,
              CollectionType type,
              BeanDescription bean,
              JsonSerializer<?> serializer) {
            return type.isTypeOrSubTypeOf(Set.class) ? new SetWriter(type) : serializer;
          }

          @Override
          public JsonSerializer<?> modifySerializer(
              SerializationConfig config, BeanDescription bean, JsonSerializer<?> serializer) {
            return LossyTime.isOne(bean.getBeanClass()) ? new LossyTime() : serializer;
          }

          @Override
          public List<BeanPropertyWriter> changeProperties(
              SerializationConfig config, BeanDescription bean, List<BeanPropertyWriter> all) {
            all.replaceAll(
                property -> ExactProperty.of(bean.getBeanClass(), property, rules.nulls()));
            return all;
          }
        });
    context.addBeanDeserializerModifier(
        new BeanDeserializerModifier() {
          private static final long serialVersionUID = 1L;

          @Override
          public JsonDeserializer<?> modifyCollectionDeserializer(
              DeserializationConfig config,
              CollectionType type,
              BeanDescription bean,
              JsonDeserializer<?> elements) {
            return type.isTypeOrSubTypeOf(Set.class) ? new SetReader(type, elements) : elements;
          }

          @Override
          public JsonDeserializer<?> modifyEnumDeserializer(
              DeserializationConfig config,
              JavaType type,
              BeanDescription bean,
              JsonDeserializer<?> names) {
            return new ConstantReader(names);
          }
        });
  }

  private static final class Writer<T> extends StdSerializer<T> {
    private static final long serialVersionUID = 1L;

    private final transient Function<T, Value> writing;

    Writer(Class<T> type, Function<T, Value> writing) {
      super(type);
      this.writing = writing;
    }

    @Override
    public void serialize(T object, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      try {
        out.writeEmbeddedObject(writing.apply(object));
      } catch (DateTimeException e) {
        throw new Refused(out, "is of a year that is none of 0000 to 9999");
      }
    }
  }
}
