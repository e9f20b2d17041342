/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.clouddb.table.Value;
import java.io.IOException;
import java.util.Collection;

/** Reads a set; where there is none, it is empty. */
final class SetReader extends DelegatingDeserializer {
  private static final long serialVersionUID = 1L;

  private final JavaType type;

  SetReader(JavaType type, JsonDeserializer<?> elements) {
    super(elements);
    this.type = type;
  }

  @Override
  protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> elements) {
    return new SetReader(type, elements);
  }

  @Override
  public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
    ElementKind kind = ElementKind.of(type, in);
    Collection<Value> elements =
        in.hasToken(JsonToken.VALUE_EMBEDDED_OBJECT) ? kind.elements(in.getEmbeddedObject()) : null;
    if (elements == null) {
      throw new Refused(in, "is no set of such elements");
    }
    try (TokenBuffer buffer = new TokenBuffer(in.getCodec(), false)) {
      ValueTokens.write(Value.list(elements), buffer);
      Object set = super.deserialize(buffer.asParserOnFirstToken(), context);
      if (set instanceof Collection<?> read && read.size() != elements.size()) {
        throw new Refused(in, "is a set of which two elements are the same to its Java type");
      }
      return set;
    }
  }

  @Override
  public Object getAbsentValue(DeserializationContext context) throws JsonMappingException {
    return getEmptyValue(context);
  }
}
