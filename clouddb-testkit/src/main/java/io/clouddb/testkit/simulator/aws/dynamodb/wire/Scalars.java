/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.clouddb.testkit.simulator.aws.AwsError;
import java.io.IOException;
import java.util.Base64;
import java.util.Locale;

/** Reads what is no structure, and says as the service does when it is of another type. */
final class Scalars {
  private static final int BASE64_GROUP = 4;

  private Scalars() {}

  static String text(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> json.getText();
      default -> throw notA("String", json);
    };
  }

  private static AwsError notA(String type, JsonParser json) {
    return Validation.serialization(
        switch (json.currentToken()) {
          case VALUE_STRING -> "STRING_VALUE cannot be converted to " + type;
          case VALUE_NUMBER_INT -> "NUMBER_VALUE cannot be converted to " + type;
          case VALUE_NUMBER_FLOAT -> "DECIMAL_VALUE cannot be converted to " + type;
          case VALUE_TRUE -> "TRUE_VALUE cannot be converted to " + type;
          case VALUE_FALSE -> "FALSE_VALUE cannot be converted to " + type;
          case START_ARRAY -> "Unrecognized collection type class java.lang." + type;
          default -> "Start of structure or map found where not expected";
        });
  }

  static boolean flag(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_STRING ->
          switch (json.getText().toUpperCase(Locale.ROOT)) {
            case "TRUE", "1", "YES" -> true;
            case "FALSE", "0", "NO" -> false;
            default -> throw Validation.serialization("Unexpected token received from parser");
          };
      default -> throw notA("Boolean", json);
    };
  }

  static long whole(JsonParser json, String type) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDecimalValue().longValue();
      default -> throw notA(type, json);
    };
  }

  static double decimal(JsonParser json, String type) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      default -> throw notA(type, json);
    };
  }

  static byte[] bytes(JsonParser json) throws IOException {
    switch (json.currentToken()) {
      case VALUE_STRING -> {
        String text = json.getText();
        if (text.length() % BASE64_GROUP != 0) {
          throw Validation.serialization(
              "Base64 encoded length is expected a multiple of 4 bytes but found: "
                  + text.length());
        }
        try {
          return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
          throw Validation.serialization("Invalid last non-pad Base64 character dectected");
        }
      }
      case START_ARRAY ->
          throw Validation.serialization("Unrecognized collection type class java.nio.ByteBuffer");
      case START_OBJECT ->
          throw Validation.serialization("Start of structure or map found where not expected");
      default ->
          throw Validation.serialization("only base-64-encoded strings are convertible to bytes");
    }
  }

  static void requireList(JsonParser json) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw Validation.serialization(
          json.currentToken() == JsonToken.START_OBJECT
              ? "Start of structure or map found where not expected"
              : "Unexpected field type");
    }
  }
}
