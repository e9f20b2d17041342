/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.PageRequest.Position;
import io.clouddb.testkit.simulator.tables.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Where the reading of a statement goes on. Its text belongs to the statement and the parameters
 * that it was given for.
 *
 * @param span which of the plan's
 * @param after the item after which it goes on; null for the begin of the span
 */
record PageToken(int span, @Nullable Position after) {
  private static final Base64.Encoder TO_TEXT = Base64.getUrlEncoder().withoutPadding();
  private static final Base64.Decoder FROM_TEXT = Base64.getUrlDecoder();
  private static final String SEPARATOR = ".";

  /** The begin of everything. */
  static final PageToken FIRST = new PageToken(0, null);

  /** As it is given to whoever asked. */
  String written(String statement, List<Value> parameters) {
    List<String> parts = new ArrayList<>();
    parts.add(digest(statement, parameters));
    parts.add(Integer.toString(span));
    if (after != null) {
      ItemKey index = after.index();
      parts.addAll(written(after.table()));
      if (index != null) {
        parts.add("");
        parts.addAll(written(index));
      }
    }
    String text = String.join(SEPARATOR, parts);
    return TO_TEXT.encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> written(ItemKey key) {
    Value sort = key.sort();
    return sort == null
        ? List.of(written(key.partition()))
        : List.of(written(key.partition()), written(sort));
  }

  private static String written(Value value) {
    if (value instanceof Value.Text text) {
      return "S" + TO_TEXT.encodeToString(text.text().getBytes(StandardCharsets.UTF_8));
    }
    if (value instanceof Value.Num number) {
      String digits = number.number().toString();
      return "N" + TO_TEXT.encodeToString(digits.getBytes(StandardCharsets.UTF_8));
    }
    if (value instanceof Value.Bytes bytes) {
      return "B" + TO_TEXT.encodeToString(bytes.toArray());
    }
    throw new IllegalArgumentException("No value of a key: " + value);
  }

  /**
   * Reads one back.
   *
   * @param text as it was given
   * @param statement of the request that brings it
   * @param parameters of the request that brings it
   * @return where to go on
   * @throws AwsError when it is none, or belongs to another statement
   */
  static PageToken read(String text, String statement, List<Value> parameters) {
    try {
      String plain = new String(FROM_TEXT.decode(text), StandardCharsets.UTF_8);
      Iterator<String> parts = List.of(plain.split("\\.", -1)).iterator();
      String digest = parts.next();
      int span = Integer.parseInt(parts.next());
      List<List<Value>> keys = new ArrayList<>(List.of(new ArrayList<>()));
      while (parts.hasNext()) {
        String part = parts.next();
        if (part.isEmpty()) {
          keys.add(new ArrayList<>());
        } else {
          keys.get(keys.size() - 1).add(value(part));
        }
      }
      if (!digest.equals(digest(statement, parameters))) {
        throw Malformed.refused("NextToken does not match request");
      }
      Position after =
          keys.get(0).isEmpty()
              ? null
              : new Position(key(keys.get(0)), keys.size() == 1 ? null : key(keys.get(1)));
      return new PageToken(span, after);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | NoSuchElementException e) {
      throw Malformed.refused("Invalid NextToken");
    }
  }

  private static ItemKey key(List<Value> values) {
    return new ItemKey(values.get(0), values.size() == 1 ? null : values.get(1));
  }

  private static Value value(String part) {
    byte[] bytes = FROM_TEXT.decode(part.substring(1));
    return switch (part.charAt(0)) {
      case 'S' -> new Value.Text(new String(bytes, StandardCharsets.UTF_8));
      case 'N' -> new Value.Num(new BigDecimal(new String(bytes, StandardCharsets.UTF_8)));
      case 'B' -> new Value.Bytes(bytes);
      default -> throw new IllegalArgumentException(part);
    };
  }

  private static String digest(String statement, List<Value> parameters) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(statement.getBytes(StandardCharsets.UTF_8));
      sha.update(parameters.toString().getBytes(StandardCharsets.UTF_8));
      return TO_TEXT.encodeToString(sha.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has it", e);
    }
  }
}
