/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.clouddb.table.Value;
import java.io.IOException;
import java.time.DateTimeException;
import org.jspecify.annotations.Nullable;

/** Reads one kind of value as one Java type, and nothing else as that: nothing is converted. */
final class Scalar<V extends Value, T> extends StdDeserializer<T> {
  /** Makes the Java value. */
  interface Reading<V, T> {
    /**
     * Makes it.
     *
     * @throws ArithmeticException when a number does not fit
     * @throws IllegalArgumentException when a text is none of the type
     */
    T read(V value);
  }

  private static final long serialVersionUID = 1L;

  private final Class<V> kind;
  private final transient Reading<V, T> reading;

  Scalar(Class<T> type, Class<V> kind, Reading<V, T> reading) {
    super(type);
    this.kind = kind;
    this.reading = reading;
  }

  @Override
  public T deserialize(JsonParser in, DeserializationContext context) throws IOException {
    Value value = ValueTokens.read(in);
    if (!kind.isInstance(value)) {
      throw new Refused(
          in,
          "is a %s and no %s, which a %s is read of"
              .formatted(name(value.getClass()), name(kind), handledType().getSimpleName()));
    }
    try {
      return reading.read(kind.cast(value));
    } catch (ArithmeticException e) {
      throw new Refused(in, "is a number that does not fit " + handledType().getSimpleName());
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new Refused(in, "is a text that is no " + handledType().getSimpleName());
    }
  }

  @Override
  public @Nullable T getNullValue(DeserializationContext context) throws JsonMappingException {
    if (handledType().isPrimitive()) {
      throw new Refused(context.getParser(), "is not there, or null, and cannot be");
    }
    return null;
  }

  private static String name(Class<?> kind) {
    return kind.getSimpleName();
  }
}
