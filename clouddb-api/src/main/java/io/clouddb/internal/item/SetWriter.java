/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.clouddb.table.Value;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.Set;

/** Writes a set as a set. An empty one is none: {@link ExactProperty} leaves it out. */
final class SetWriter extends StdSerializer<Set<?>> {
  private static final long serialVersionUID = 1L;

  private final JavaType type;

  SetWriter(JavaType type) {
    super(type);
    this.type = type;
  }

  @Override
  public boolean isEmpty(SerializerProvider provider, Set<?> set) {
    return set.isEmpty();
  }

  @Override
  public void serialize(Set<?> set, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    ElementKind kind = ElementKind.of(type, out);
    if (set.isEmpty()) {
      throw new Refused(out, "has an empty set in it, which no item can hold: only a property can");
    }
    Set<Value> elements = new LinkedHashSet<>();
    for (Object element : set) {
      if (element == null) {
        throw new Refused(out, "has null in a set");
      }
      Value value = value(element, out, provider);
      if (!elements.add(value)) {
        throw new Refused(out, "has two elements in a set that are the same to a table");
      }
    }
    out.writeEmbeddedObject(kind.set(elements, out));
  }

  private static Value value(Object element, JsonGenerator out, SerializerProvider provider)
      throws IOException {
    try (TokenBuffer buffer = new TokenBuffer(out.getCodec(), false)) {
      provider.defaultSerializeValue(element, buffer);
      return ValueTokens.read(buffer.asParserOnFirstToken());
    }
  }
}
