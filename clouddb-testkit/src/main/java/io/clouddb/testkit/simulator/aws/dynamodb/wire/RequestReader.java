/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a request in one pass, by what the definition says of its members. */
final class RequestReader {
  /** Deeper than any item may be; beyond that it is no request, but an attack on the stack. */
  private static final int DEPTH = 400;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEPTH)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  /** The structures of a batch, whose values are read as the service has always read them. */
  private static final Set<String> OLDER = Set.of("PutRequest", "DeleteRequest");

  private static final String PARAMETERS = "Parameters";

  private final JsonParser json;
  private final ValueReader values;
  private final ValueReader older;

  private RequestReader(JsonParser json) {
    this.json = json;
    this.values = new ValueReader(json, Numbers::read);
    this.older = new ValueReader(json, Numbers::readByJava);
  }

  /**
   * Reads one. What the definition does not know is passed over, as the service does.
   *
   * @throws io.clouddb.testkit.simulator.aws.AwsError when something has another type
   */
  static Members read(byte[] body, Shape.Structure request) {
    try (JsonParser json = JSON.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw Validation.serialization(
            json.currentToken() == null ? "" : "Unexpected value type in payload");
      }
      return new RequestReader(json).structure(request);
    } catch (JsonParseException | StreamConstraintsException | EOFException e) {
      throw Validation.serialization("");
    } catch (IOException e) {
      // It is in memory: what Jackson cannot decode is no JSON in UTF-8.
      throw Validation.serialization("");
    }
  }

  private Members structure(Shape.Structure structure) throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      throw Validation.serialization(
          "Unrecognized collection type class com.amazonaws.dynamodb.v20120810."
              + structure.name());
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw Validation.serialization("Unexpected value type in payload");
    }
    Map<String, Object> members = new LinkedHashMap<>();
    boolean old = OLDER.contains(structure.name());
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      Shape.Member member = structure.members().get(json.currentName());
      json.nextToken();
      if (member == null) {
        json.skipChildren();
      } else {
        Object value =
            value(member.shape(), old || member.name().equals(PARAMETERS) ? older : values);
        if (value != null) {
          members.put(member.name(), value);
        }
      }
    }
    return new Members(structure.name(), members);
  }

  private @Nullable Object value(Shape shape, ValueReader reader) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (shape instanceof Shape.Attributes) {
      return reader.item();
    } else if (shape instanceof Shape.Text || shape instanceof Shape.Enumeration) {
      return Scalars.text(json);
    } else if (shape instanceof Shape.Flag) {
      return Scalars.flag(json);
    } else if (shape instanceof Shape.Whole whole) {
      return Scalars.whole(json, whole.type());
    } else if (shape instanceof Shape.Structure structure) {
      return structure(structure);
    } else if (shape instanceof Shape.Series series) {
      return list(series, reader);
    } else if (shape instanceof Shape.Named named) {
      return map(named, reader);
    } else if (shape instanceof Shape.Attribute) {
      return reader.value();
    } else if (shape instanceof Shape.Decimal decimal) {
      return Scalars.decimal(json, decimal.type());
    }
    throw new IllegalStateException("A shape of another kind: " + shape);
  }

  private List<Object> list(Shape.Series series, ValueReader reader) throws IOException {
    Scalars.requireList(json);
    List<Object> all = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      Object element = value(series.element(), reader);
      if (element != null) {
        all.add(element);
      }
    }
    return all;
  }

  private Map<String, Object> map(Shape.Named named, ValueReader reader) throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      throw Validation.serialization(
          "Unrecognized collection type java.util.Map<java.lang.String, "
              + elementType(named.element())
              + ">");
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw Validation.serialization("Unexpected field type");
    }
    Map<String, Object> all = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      json.nextToken();
      Object element = value(named.element(), reader);
      if (element != null) {
        all.put(key, element);
      }
    }
    return all;
  }

  private static String elementType(Shape element) {
    if (element instanceof Shape.Structure structure) {
      return "com.amazonaws.dynamodb.v20120810." + structure.name();
    }
    if (element instanceof Shape.Series series && series.element() instanceof Shape.Structure one) {
      return "java.util.List<com.amazonaws.dynamodb.v20120810." + one.name() + ">";
    }
    return "java.lang.String";
  }
}
