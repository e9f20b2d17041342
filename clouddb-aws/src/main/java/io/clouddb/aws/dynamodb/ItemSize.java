/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.table.Item;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.util.Map;

/**
 * How large an item is, as DynamoDB counts it ("DynamoDB item sizes and formats" in its Developer
 * Guide): names and texts by their UTF-8, a number by its digits, two in a byte, a list or map with
 * 3 bytes and 1 more for each element.
 */
final class ItemSize {
  /** The largest item. */
  static final int LARGEST = 400 * 1024;

  private static final int COLLECTION = 3;

  private ItemSize() {}

  static long of(Item item) {
    return of(item.attributes());
  }

  private static long of(Map<String, Value> members) {
    long size = 0;
    for (Map.Entry<String, Value> member : members.entrySet()) {
      size += utf8(member.getKey()) + of(member.getValue());
    }
    return size;
  }

  static long of(Value value) {
    long size = 0;
    if (value instanceof Value.Text text) {
      return utf8(text.text());
    } else if (value instanceof Value.Num number) {
      return of(number.number());
    } else if (value instanceof Value.Binary binary) {
      return binary.length();
    } else if (value instanceof Value.Array array) {
      size = COLLECTION;
      for (Value element : array.values()) {
        size += 1 + of(element);
      }
      return size;
    } else if (value instanceof Value.Document document) {
      return COLLECTION + document.members().size() + of(document.members());
    } else if (value instanceof Value.TextSet set) {
      for (String text : set.texts()) {
        size += utf8(text);
      }
      return size;
    } else if (value instanceof Value.NumSet set) {
      for (BigDecimal number : set.numbers()) {
        size += of(number);
      }
      return size;
    } else if (value instanceof Value.BinarySet set) {
      for (Value.Binary binary : set.values()) {
        size += binary.length();
      }
      return size;
    }
    return 1;
  }

  /**
   * Digits stand in pairs that begin at the decimal point, so that one may take half a byte more.
   */
  private static int of(BigDecimal number) {
    if (number.signum() == 0) {
      return 1;
    }
    int digits = number.precision();
    int exponent = digits - number.scale() - 1;
    boolean oneMore = digits % 2 == 0 && exponent % 2 == 0;
    return 1 + (digits + 1) / 2 + (oneMore ? 1 : 0) + (number.signum() < 0 ? 1 : 0);
  }

  private static long utf8(String text) {
    int length = text.length();
    long size = length;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        // A surrogate is half of 4 bytes: there is none without the other half.
        size += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
      }
    }
    return size;
  }
}
