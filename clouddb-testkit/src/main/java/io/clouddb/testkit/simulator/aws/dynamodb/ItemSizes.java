/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb;

import io.clouddb.testkit.simulator.tables.ItemKey;
import io.clouddb.testkit.simulator.tables.KeySchema;
import io.clouddb.testkit.simulator.tables.SizeRule;
import io.clouddb.testkit.simulator.tables.Value;
import java.math.BigDecimal;
import java.util.Map;

/**
 * How large an item is, as the service counts it: names and texts by their bytes in UTF-8, numbers
 * by two digits in a byte, lists and maps with three bytes, and one for each element.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html">DynamoDB
 *     item sizes and formats</a>
 */
public final class ItemSizes implements SizeRule {
  /** The only one. */
  public static final ItemSizes RULE = new ItemSizes();

  /** The most that an item may have. */
  public static final int MOST = 400 * 1024;

  /** The most that the first attribute of a key may have. */
  public static final int MOST_PARTITION = 2048;

  /** The most that the second attribute of a key may have. */
  public static final int MOST_SORT = 1024;

  private static final int COLLECTION = 3;

  private ItemSizes() {}

  @Override
  public int sizeOf(Map<String, Value> item) {
    int size = 0;
    for (Map.Entry<String, Value> attribute : item.entrySet()) {
      size += utf8(attribute.getKey()) + of(attribute.getValue());
    }
    return size;
  }

  @Override
  public boolean fits(KeySchema index, Map<String, Value> item) {
    if (!index.fits(item)) {
      return false;
    }
    ItemKey key = index.keyOf(item);
    return fits(key.partition(), MOST_PARTITION)
        && (key.sort() == null || fits(key.sort(), MOST_SORT));
  }

  private static boolean fits(Value key, int most) {
    int size = of(key);
    return size > 0 && size <= most;
  }

  /**
   * The size of a value.
   *
   * @param value the value
   * @return bytes
   */
  public static int of(Value value) {
    if (value instanceof Value.Text text) {
      return utf8(text.text());
    } else if (value instanceof Value.Num number) {
      return of(number.number());
    } else if (value instanceof Value.Bytes bytes) {
      return bytes.length();
    } else if (value instanceof Value.Array array) {
      int size = COLLECTION;
      for (Value element : array.values()) {
        size += 1 + of(element);
      }
      return size;
    } else if (value instanceof Value.Document document) {
      return COLLECTION + document.members().size() + RULE.sizeOf(document.members());
    } else if (value instanceof Value.TextSet set) {
      return set.texts().stream().mapToInt(ItemSizes::utf8).sum();
    } else if (value instanceof Value.NumSet set) {
      return set.numbers().stream().mapToInt(ItemSizes::of).sum();
    } else if (value instanceof Value.BytesSet set) {
      return set.values().stream().mapToInt(Value.Bytes::length).sum();
    }
    return 1;
  }

  private static int of(BigDecimal number) {
    if (number.signum() == 0) {
      return 1;
    }
    int digits = number.precision();
    int exponent = digits - number.scale() - 1;
    boolean aligned = digits % 2 != 0 || exponent % 2 != 0;
    return 1 + (digits + 1) / 2 + (aligned ? 0 : 1) + (number.signum() < 0 ? 1 : 0);
  }

  /**
   * The length of a text in UTF-8.
   *
   * @param text the text
   * @return bytes
   */
  public static int utf8(String text) {
    int size = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        size++;
      } else if (c < 0x800) {
        size += 2;
      } else if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        size += 4;
        i++;
      } else {
        size += 3;
      }
    }
    return size;
  }
}
