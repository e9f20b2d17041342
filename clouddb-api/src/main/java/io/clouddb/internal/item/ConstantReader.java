/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import java.io.IOException;

/** Reads a constant of an enum by its very name: Jackson passes blanks around it over. */
final class ConstantReader extends DelegatingDeserializer {
  private static final long serialVersionUID = 1L;

  ConstantReader(JsonDeserializer<?> names) {
    super(names);
  }

  @Override
  protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> names) {
    return new ConstantReader(names);
  }

  @Override
  public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
    if (in.hasToken(JsonToken.VALUE_STRING) && !in.getText().equals(in.getText().trim())) {
      throw new Refused(in, "is a value that the property's type is not read of");
    }
    return super.deserialize(in, context);
  }
}
