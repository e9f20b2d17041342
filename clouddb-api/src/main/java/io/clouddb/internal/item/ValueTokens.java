/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.internal.item;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clouddb.error.CloudDbException;
import io.clouddb.table.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Values as Jackson's tokens, in memory only: what JSON has no token for is embedded as it is, and
 * numbers are decimal throughout.
 */
final class ValueTokens {
  private static final int DIGITS_OF_A_LONG = 18;

  private ValueTokens() {}

  /** Reads the value that begins at the current token, and stops at its last one. */
  static Value read(JsonParser in) throws IOException {
    try {
      return switch (in.currentToken()) {
        case START_OBJECT -> Value.map(members(in));
        case START_ARRAY -> Value.list(elements(in));
        case VALUE_STRING -> Value.of(in.getText());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(in);
        case VALUE_TRUE -> Value.of(true);
        case VALUE_FALSE -> Value.of(false);
        case VALUE_NULL -> Value.ofNull();
        case VALUE_EMBEDDED_OBJECT -> embedded(in);
        default -> throw new Refused(in, "is of a kind that no item can hold");
      };
    } catch (CloudDbException e) {
      throw new Refused(in, e.details().message());
    }
  }

  /** Reads the members of the object that begins at the current token. */
  static Map<String, Value> members(JsonParser in) throws IOException {
    Map<String, Value> members = new LinkedHashMap<>();
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      members.put(name, read(in));
    }
    return members;
  }

  private static List<Value> elements(JsonParser in) throws IOException {
    List<Value> elements = new ArrayList<>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      elements.add(read(in));
    }
    return elements;
  }

  private static Value number(JsonParser in) throws IOException {
    Number number = in.getNumberValue();
    if (number instanceof Double || number instanceof Float) {
      return Value.of(decimal(in, number));
    }
    return Value.of(in.getDecimalValue());
  }

  private static BigDecimal decimal(JsonParser in, Number number) throws IOException {
    double value = number.doubleValue();
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      throw new Refused(in, "is no finite number");
    }
    if (value == 0 && 1 / value < 0) {
      throw new Refused(in, "is the negative zero, which no decimal number is");
    }
    return number instanceof Float single
        ? ShortestDecimal.of(single.floatValue())
        : ShortestDecimal.of(value);
  }

  private static Value embedded(JsonParser in) throws IOException {
    Object object = in.getEmbeddedObject();
    if (object instanceof Value value) {
      return value;
    }
    if (object instanceof byte[] bytes) {
      return Value.of(bytes);
    }
    throw new Refused(in, "is of a kind that no item can hold");
  }

  /** Writes a value. */
  static void write(Value value, JsonGenerator out) throws IOException {
    if (value instanceof Value.Text text) {
      out.writeString(text.text());
    } else if (value instanceof Value.Num number) {
      write(number.number(), out);
    } else if (value instanceof Value.Bool bool) {
      out.writeBoolean(bool.bool());
    } else if (value instanceof Value.Null) {
      out.writeNull();
    } else if (value instanceof Value.Array array) {
      out.writeStartArray();
      for (Value element : array.values()) {
        write(element, out);
      }
      out.writeEndArray();
    } else if (value instanceof Value.Document document) {
      write(document.members(), out);
    } else {
      out.writeEmbeddedObject(value);
    }
  }

  /** Writes an object. */
  static void write(Map<String, Value> members, JsonGenerator out) throws IOException {
    out.writeStartObject();
    for (Map.Entry<String, Value> member : members.entrySet()) {
      out.writeFieldName(member.getKey());
      write(member.getValue(), out);
    }
    out.writeEndObject();
  }

  private static void write(BigDecimal number, JsonGenerator out) throws IOException {
    if (number.scale() > 0) {
      out.writeNumber(number);
    } else if ((long) number.precision() - number.scale() <= DIGITS_OF_A_LONG) {
      write(number.longValueExact(), out);
    } else {
      BigInteger whole = number.toBigIntegerExact();
      if (whole.bitLength() < Long.SIZE) {
        write(whole.longValue(), out);
      } else {
        out.writeNumber(whole);
      }
    }
  }

  /** The smallest type, as Jackson has it of a text: a creator that takes an int takes no long. */
  private static void write(long whole, JsonGenerator out) throws IOException {
    if (whole == (int) whole) {
      out.writeNumber((int) whole);
    } else {
      out.writeNumber(whole);
    }
  }
}
