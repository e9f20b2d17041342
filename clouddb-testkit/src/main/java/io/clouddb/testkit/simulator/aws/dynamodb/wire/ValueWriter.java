/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import io.clouddb.testkit.simulator.tables.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.Map;

/** Writes the values of items. */
public final class ValueWriter {
  private static final ObjectMapper TREES = new ObjectMapper();

  private ValueWriter() {}

  /**
   * Writes an item as an object.
   *
   * @param json where to
   * @param item values by name
   * @throws IOException when it cannot be written
   */
  public static void write(JsonGenerator json, Map<String, Value> item) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Value> attribute : item.entrySet()) {
      json.writeFieldName(attribute.getKey());
      write(json, attribute.getValue());
    }
    json.writeEndObject();
  }

  /**
   * An item as a tree, for the body of an error.
   *
   * @param item values by name
   * @return the tree
   */
  public static ObjectNode tree(Map<String, Value> item) {
    try (TokenBuffer buffer = new TokenBuffer(TREES, false)) {
      write(buffer, item);
      return TREES.readTree(buffer.asParser());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Writes a value.
   *
   * @param json where to
   * @param value the value
   * @throws IOException when it cannot be written
   */
  public static void write(JsonGenerator json, Value value) throws IOException {
    json.writeStartObject();
    if (value instanceof Value.Text text) {
      json.writeStringField("S", text.text());
    } else if (value instanceof Value.Num number) {
      json.writeStringField("N", Numbers.write(number.number()));
    } else if (value instanceof Value.Bytes bytes) {
      json.writeBinaryField("B", bytes.toArray());
    } else if (value instanceof Value.Bool bool) {
      json.writeBooleanField("BOOL", bool.bool());
    } else if (value instanceof Value.Null) {
      json.writeBooleanField("NULL", true);
    } else if (value instanceof Value.Array array) {
      json.writeArrayFieldStart("L");
      for (Value element : array.values()) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Value.Document document) {
      json.writeFieldName("M");
      write(json, document.members());
    } else if (value instanceof Value.TextSet set) {
      json.writeArrayFieldStart("SS");
      for (String text : set.texts()) {
        json.writeString(text);
      }
      json.writeEndArray();
    } else if (value instanceof Value.NumSet set) {
      json.writeArrayFieldStart("NS");
      for (BigDecimal number : set.numbers()) {
        json.writeString(Numbers.write(number));
      }
      json.writeEndArray();
    } else if (value instanceof Value.BytesSet set) {
      json.writeArrayFieldStart("BS");
      for (Value.Bytes bytes : set.values()) {
        json.writeBinary(bytes.toArray());
      }
      json.writeEndArray();
    }
    json.writeEndObject();
  }

  /**
   * What the service calls the type of a value.
   *
   * @param value the value
   * @return for example {@code S}
   */
  public static String typeOf(Value value) {
    if (value instanceof Value.Text) {
      return "S";
    } else if (value instanceof Value.Num) {
      return "N";
    } else if (value instanceof Value.Bytes) {
      return "B";
    } else if (value instanceof Value.Bool) {
      return "BOOL";
    } else if (value instanceof Value.Null) {
      return "NULL";
    } else if (value instanceof Value.Array) {
      return "L";
    } else if (value instanceof Value.Document) {
      return "M";
    } else if (value instanceof Value.TextSet) {
      return "SS";
    }
    return value instanceof Value.NumSet ? "NS" : "BS";
  }
}
