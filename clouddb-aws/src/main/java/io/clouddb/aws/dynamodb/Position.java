/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.aws.internal.StrangeAnswerException;
import io.clouddb.error.CloudDbException;
import io.clouddb.table.KeyAttribute;
import io.clouddb.table.KeyType;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Where a page of a query or scan ended, as text: the values of the key attributes in their order,
 * each as its type, its length, a colon and itself.
 */
final class Position {
  /** No key is longer, in base 64 or in digits. */
  private static final int MOST_DIGITS_OF_A_LENGTH = 4;

  private Position() {}

  /** Gives null for none, after the last page. */
  static @Nullable String of(Map<String, AttributeValue> last, List<KeyAttribute> attributes) {
    if (last.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (KeyAttribute attribute : attributes) {
      AttributeValue value = last.get(attribute.name());
      String content = value == null ? null : content(value, attribute.type());
      if (content == null) {
        throw strange();
      }
      text.append(letter(attribute.type())).append(content.length()).append(':').append(content);
    }
    if (last.size() != attributes.size()) {
      throw strange();
    }
    return text.toString();
  }

  private static StrangeAnswerException strange() {
    return new StrangeAnswerException("the last key of a page is not one of the table");
  }

  private static @Nullable String content(AttributeValue value, KeyType type) {
    return switch (type) {
      case STRING -> value.s();
      case NUMBER -> value.n();
      case BINARY ->
          value.b() == null
              ? null
              : Base64.getEncoder().encodeToString(value.b().asByteArrayUnsafe());
    };
  }

  private static char letter(KeyType type) {
    return switch (type) {
      case STRING -> 'S';
      case NUMBER -> 'N';
      case BINARY -> 'B';
    };
  }

  /** Gives null for null, before the first page. */
  static @Nullable Map<String, AttributeValue> parse(
      @Nullable String text, List<KeyAttribute> attributes) {
    if (text == null) {
      return null;
    }
    Map<String, AttributeValue> key = new LinkedHashMap<>();
    int at = 0;
    for (KeyAttribute attribute : attributes) {
      int colon = text.indexOf(':', at);
      if (colon < at + 2
          || colon > at + 1 + MOST_DIGITS_OF_A_LENGTH
          || text.charAt(at) != letter(attribute.type())) {
        throw invalid();
      }
      int end = colon + 1 + length(text, at + 1, colon);
      if (end > text.length()) {
        throw invalid();
      }
      key.put(attribute.name(), value(text.substring(colon + 1, end), attribute.type()));
      at = end;
    }
    if (at != text.length()) {
      throw invalid();
    }
    return key;
  }

  private static int length(String text, int from, int to) {
    int length = 0;
    for (int i = from; i < to; i++) {
      char digit = text.charAt(i);
      if (digit < '0' || digit > '9') {
        throw invalid();
      }
      length = length * 10 + digit - '0';
    }
    return length;
  }

  private static AttributeValue value(String content, KeyType type) {
    if (content.isEmpty()) {
      throw invalid();
    }
    try {
      return switch (type) {
        case STRING -> AttributeValue.fromS(content);
        case NUMBER -> AttributeValues.of(Value.of(new BigDecimal(content)));
        case BINARY ->
            AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(Base64.getDecoder().decode(content)));
      };
    } catch (IllegalArgumentException e) {
      // No number, or no base 64. The exception quotes what it could not read.
      throw invalid();
    }
  }

  private static CloudDbException invalid() {
    return Refused.invalid("The position is none of a page of this query or scan");
  }
}
