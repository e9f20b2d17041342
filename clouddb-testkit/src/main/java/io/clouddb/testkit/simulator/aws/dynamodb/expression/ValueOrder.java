/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/** How the service compares values: two of different types are neither equal nor in an order. */
public final class ValueOrder {
  private ValueOrder() {}

  /**
   * Compares two values: text and bytes by their bytes, numbers by what they are worth.
   *
   * @param left a value
   * @param right another
   * @return negative, zero or positive; empty when they have no order
   */
  public static OptionalInt compare(Value left, Value right) {
    if (left instanceof Value.Text a && right instanceof Value.Text b) {
      byte[] first = a.text().getBytes(StandardCharsets.UTF_8);
      byte[] second = b.text().getBytes(StandardCharsets.UTF_8);
      return OptionalInt.of(Arrays.compareUnsigned(first, second));
    } else if (left instanceof Value.Num a && right instanceof Value.Num b) {
      return OptionalInt.of(a.number().compareTo(b.number()));
    } else if (left instanceof Value.Bytes a && right instanceof Value.Bytes b) {
      return OptionalInt.of(a.compareTo(b));
    }
    return OptionalInt.empty();
  }

  /**
   * Tells whether a value begins with another.
   *
   * @param value text or bytes
   * @param prefix of the same type
   * @return false for other types
   */
  public static boolean beginsWith(Value value, Value prefix) {
    if (value instanceof Value.Text a && prefix instanceof Value.Text b) {
      return a.text().startsWith(b.text());
    } else if (value instanceof Value.Bytes a && prefix instanceof Value.Bytes b) {
      return a.startsWith(b);
    }
    return false;
  }

  /**
   * Tells whether a value contains another: text a text, bytes bytes, a set a member, a list an
   * element of any type.
   *
   * @param value the value that may contain
   * @param part what it may contain
   * @return false for other types
   */
  public static boolean contains(Value value, Value part) {
    if (value instanceof Value.Text a && part instanceof Value.Text b) {
      return a.text().contains(b.text());
    } else if (value instanceof Value.Bytes a && part instanceof Value.Bytes b) {
      return contains(a.toArray(), b.toArray());
    } else if (value instanceof Value.TextSet a && part instanceof Value.Text b) {
      return a.texts().contains(b.text());
    } else if (value instanceof Value.NumSet a && part instanceof Value.Num b) {
      return a.numbers().contains(b.number());
    } else if (value instanceof Value.BytesSet a && part instanceof Value.Bytes b) {
      return a.values().contains(b);
    } else if (value instanceof Value.Array a) {
      return a.values().contains(part);
    }
    return false;
  }

  private static boolean contains(byte[] all, byte[] part) {
    for (int at = 0; at + part.length <= all.length; at++) {
      if (Arrays.equals(all, at, at + part.length, part, 0, part.length)) {
        return true;
      }
    }
    return false;
  }
}
