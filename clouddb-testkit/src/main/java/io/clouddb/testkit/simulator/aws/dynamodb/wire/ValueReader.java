/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.tables.Value;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the values of items. */
final class ValueReader {
  /** Lists and maps in each other: of the 32 levels the last is the value inside. */
  private static final int DEPTH = 31;

  private static final String STRUCTURE = "AttributeValue";

  private final JsonParser json;
  private final Function<String, BigDecimal> numbers;

  /** The first thing that is wrong with the value that is being read. */
  private @Nullable AwsError problem;

  ValueReader(JsonParser json, Function<String, BigDecimal> numbers) {
    this.json = json;
    this.numbers = numbers;
  }

  /** Reads an object of values, whose first token is the current one. */
  WireItem item() throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      throw Validation.serialization(
          "Unrecognized collection type java.util.Map<java.lang.String,"
              + " com.amazonaws.dynamodb.v20120810.AttributeValue>");
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw Validation.serialization("Unexpected field type");
    }
    Map<String, Value> values = new LinkedHashMap<>();
    String wrong = null;
    AwsError first = null;
    boolean nameless = false;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      nameless |= name.isEmpty();
      problem = null;
      Value value = value(0);
      if (problem == null && value != null) {
        values.put(name, value);
      } else if (first == null) {
        wrong = name;
        first = problem;
      }
    }
    return new WireItem(values, wrong, first, nameless);
  }

  /** Reads a value, whose first token is the current one. */
  WireValue value() throws IOException {
    problem = null;
    Value value = value(0);
    return problem == null ? new WireValue(value, null) : new WireValue(null, problem);
  }

  private void wrong(AwsError error) {
    if (problem == null) {
      problem = error;
    }
  }

  private @Nullable Value value(int depth) throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      throw Validation.serialization(
          "Unrecognized collection type class com.amazonaws.dynamodb.v20120810." + STRUCTURE);
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw Validation.serialization("Unexpected value type in payload");
    }
    Value value = null;
    int types = 0;
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String type = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      Value typed = typed(type, depth);
      if (typed != null || known(type)) {
        types++;
        value = typed;
      }
    }
    if (types == 0) {
      wrong(
          Validation.error(
              "Supplied AttributeValue is empty, must contain exactly one of the supported"
                  + " datatypes"));
    } else if (types > 1) {
      wrong(
          Validation.error(
              "Supplied AttributeValue has more than one datatypes set, must contain exactly one"
                  + " of the supported datatypes"));
    }
    return value;
  }

  private static boolean known(String type) {
    return switch (type) {
      case "S", "N", "B", "BOOL", "NULL", "L", "M", "SS", "NS", "BS" -> true;
      default -> false;
    };
  }

  private @Nullable Value typed(String type, int depth) throws IOException {
    return switch (type) {
      case "S" -> new Value.Text(Scalars.text(json));
      case "N" -> number(Scalars.text(json));
      case "B" -> new Value.Bytes(Scalars.bytes(json));
      case "BOOL" -> new Value.Bool(Scalars.flag(json));
      case "NULL" -> nothing(Scalars.flag(json));
      case "L" -> list(depth + 1);
      case "M" -> map(depth + 1);
      case "SS" -> texts();
      case "NS" -> numbers();
      case "BS" -> byteStrings();
      default -> {
        json.skipChildren();
        yield null;
      }
    };
  }

  private @Nullable Value number(String text) {
    try {
      return new Value.Num(numbers.apply(text));
    } catch (AwsError e) {
      wrong(e);
      return null;
    }
  }

  private Value nothing(boolean yes) {
    if (!yes) {
      wrong(Validation.parameter("Null attribute value types must have the value of true"));
    }
    return new Value.Null();
  }

  private void checkDepth(int depth) {
    if (depth > DEPTH) {
      wrong(
          Validation.error(
              "Nesting Levels have exceeded supported limits: Attributes in the item have nested"
                  + " levels beyond supported limit"));
    }
  }

  private @Nullable Value list(int depth) throws IOException {
    Scalars.requireList(json);
    checkDepth(depth);
    List<Value> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Value value = value(depth);
      if (value != null) {
        values.add(value);
      }
    }
    return new Value.Array(values);
  }

  private @Nullable Value map(int depth) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw Validation.serialization(
          json.currentToken() == JsonToken.START_ARRAY
              ? "Unrecognized collection type java.util.Map<java.lang.String,"
                  + " com.amazonaws.dynamodb.v20120810.AttributeValue>"
              : "Unexpected field type");
    }
    checkDepth(depth);
    Map<String, Value> values = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      Value value = value(depth);
      if (value != null) {
        values.put(name, value);
      }
    }
    return new Value.Document(values);
  }

  private Value texts() throws IOException {
    List<String> all = new ArrayList<>();
    Scalars.requireList(json);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      all.add(Scalars.text(json));
    }
    Set<String> set = new LinkedHashSet<>(all);
    if (all.isEmpty()) {
      wrong(Validation.parameter("An string set  may not be empty"));
    } else if (set.size() < all.size()) {
      wrong(
          Validation.parameter(
              "Input collection [" + String.join(", ", all) + "] contains duplicates."));
    }
    return new Value.TextSet(set);
  }

  private Value numbers() throws IOException {
    Scalars.requireList(json);
    Set<BigDecimal> set = new LinkedHashSet<>();
    int all = 0;
    while (json.nextToken() != JsonToken.END_ARRAY) {
      all++;
      if (number(Scalars.text(json)) instanceof Value.Num number) {
        set.add(number.number());
      }
    }
    if (all == 0) {
      wrong(Validation.parameter("An number set  may not be empty"));
    } else if (set.size() < all) {
      wrong(Validation.error("Input collection contains duplicates"));
    }
    return new Value.NumSet(set);
  }

  private Value byteStrings() throws IOException {
    List<String> all = new ArrayList<>();
    Set<Value.Bytes> set = new LinkedHashSet<>();
    Scalars.requireList(json);
    while (json.nextToken() != JsonToken.END_ARRAY) {
      byte[] bytes = Scalars.bytes(json);
      all.add(json.getText());
      set.add(new Value.Bytes(bytes));
    }
    if (all.isEmpty()) {
      wrong(Validation.parameter("Binary sets should not be empty"));
    } else if (set.size() < all.size()) {
      wrong(
          Validation.parameter(
              "Input collection [" + String.join(", ", all) + "]of type BS contains duplicates."));
    }
    return new Value.BytesSet(set);
  }
}
