/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.util.ClassUtil;
import io.clouddb.table.Value;
import java.io.Closeable;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What the sets of a table can have in them. */
enum ElementKind {
  TEXT(String.class, Enum.class, UUID.class, Instant.class, LocalDate.class),
  NUMBER(
      BigDecimal.class,
      BigInteger.class,
      Long.class,
      Integer.class,
      Short.class,
      Byte.class,
      Double.class,
      Float.class),
  BINARY(byte[].class, ByteBuffer.class);

  @SuppressWarnings("ImmutableEnumChecker") // Cannot be changed.
  private final List<Class<?>> types;

  ElementKind(Class<?>... types) {
    this.types = List.of(types);
  }

  /** The kind by what the set's type says, so that what is written can be read. */
  static ElementKind of(JavaType set, @Nullable Closeable processor) throws Refused {
    Class<?> element = set.getContentType().getRawClass();
    for (ElementKind kind : values()) {
      if (kind.types.stream().anyMatch(type -> type.isAssignableFrom(element))) {
        return kind;
      }
    }
    throw new Refused(
        processor,
        "is a set of "
            + ClassUtil.classNameOf(element)
            + "; tables have sets of texts, of numbers and of bytes: make it a List");
  }

  /** The set of these elements. */
  Value set(Set<Value> elements, JsonGenerator out) throws IOException {
    return switch (this) {
      case TEXT -> {
        Set<String> texts = new LinkedHashSet<>();
        for (Value element : elements) {
          texts.add(of(element, Value.Text.class, out).text());
        }
        yield new Value.TextSet(texts);
      }
      case NUMBER -> {
        Set<BigDecimal> numbers = new LinkedHashSet<>();
        for (Value element : elements) {
          numbers.add(of(element, Value.Num.class, out).number());
        }
        yield new Value.NumSet(numbers);
      }
      case BINARY -> {
        Set<Value.Binary> bytes = new LinkedHashSet<>();
        for (Value element : elements) {
          bytes.add(of(element, Value.Binary.class, out));
        }
        yield new Value.BinarySet(bytes);
      }
    };
  }

  private <V extends Value> V of(Value element, Class<V> type, JsonGenerator out) throws Refused {
    if (!type.isInstance(element)) {
      throw new Refused(out, "has an element in a set that is written as something else");
    }
    return type.cast(element);
  }

  /** The elements of a set; null when it is none of this kind. */
  @Nullable Collection<Value> elements(Object set) {
    Collection<Value> all = new ArrayList<>();
    if (this == TEXT && set instanceof Value.TextSet texts) {
      texts.texts().forEach(text -> all.add(Value.of(text)));
    } else if (this == NUMBER && set instanceof Value.NumSet numbers) {
      numbers.numbers().forEach(number -> all.add(Value.of(number)));
    } else if (this == BINARY && set instanceof Value.BinarySet bytes) {
      all.addAll(bytes.values());
    }
    return all.isEmpty() ? null : all;
  }
}
