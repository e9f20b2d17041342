/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import io.clouddb.table.Value;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads what is there, as it is. */
final class ValueReader extends StdDeserializer<Value> {
  private static final long serialVersionUID = 1L;

  ValueReader() {
    super(Value.class);
  }

  @Override
  public Value deserialize(JsonParser in, DeserializationContext context) throws IOException {
    return ValueTokens.read(in);
  }

  @Override
  public Value getNullValue(DeserializationContext context) {
    return Value.ofNull();
  }

  @Override
  public @Nullable Object getAbsentValue(DeserializationContext context) {
    return null;
  }
}
