/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.aws.internal.StrangeAnswerException;
import io.clouddb.table.Item;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Values as DynamoDB has them: each kind of ours is one of its own, both ways. */
final class AttributeValues {
  /** How deep lists and maps are in each other at most: the 32nd level is the value in them. */
  static final int DEEPEST = 31;

  /** A number with more zeros at its end is written with an exponent. */
  private static final int MOST_ZEROS = 40;

  private AttributeValues() {}

  static Map<String, AttributeValue> of(Item item) {
    return members(item.attributes(), 0);
  }

  static AttributeValue of(Value value) {
    return of(value, 0);
  }

  private static AttributeValue of(Value value, int depth) {
    if (value instanceof Value.Text text) {
      return AttributeValue.fromS(text.text());
    } else if (value instanceof Value.Num number) {
      return AttributeValue.fromN(text(number.number()));
    } else if (value instanceof Value.Bool bool) {
      return AttributeValue.fromBool(bool.bool());
    } else if (value instanceof Value.Binary binary) {
      return AttributeValue.fromB(bytes(binary));
    } else if (value instanceof Value.Document document) {
      return AttributeValue.fromM(members(document.members(), deeper(depth)));
    } else if (value instanceof Value.Array array) {
      int inside = deeper(depth);
      List<AttributeValue> elements = new ArrayList<>(array.values().size());
      for (Value element : array.values()) {
        elements.add(of(element, inside));
      }
      return AttributeValue.fromL(elements);
    } else if (value instanceof Value.TextSet set) {
      return AttributeValue.fromSs(new ArrayList<>(set.texts()));
    } else if (value instanceof Value.NumSet set) {
      List<String> numbers = new ArrayList<>(set.numbers().size());
      for (BigDecimal number : set.numbers()) {
        numbers.add(text(number));
      }
      return AttributeValue.fromNs(numbers);
    } else if (value instanceof Value.BinarySet set) {
      List<SdkBytes> all = new ArrayList<>(set.values().size());
      for (Value.Binary binary : set.values()) {
        all.add(bytes(binary));
      }
      return AttributeValue.fromBs(all);
    } else if (value instanceof Value.Null) {
      return AttributeValue.fromNul(true);
    }
    // A null of Java's is none that is stored: a condition on that would hold of what it guards.
    throw new IllegalArgumentException("A value of no kind that is known here: it may be null");
  }

  private static Map<String, AttributeValue> members(Map<String, Value> members, int depth) {
    Map<String, AttributeValue> all = new LinkedHashMap<>((int) (members.size() / 0.75f) + 1);
    members.forEach((name, value) -> all.put(name, of(value, depth)));
    return all;
  }

  private static int deeper(int depth) {
    if (depth >= DEEPEST) {
      throw Refused.invalid(
          "Lists and maps of an item are more than "
              + DEEPEST
              + " deep in each other, which DynamoDB does not keep");
    }
    return depth + 1;
  }

  /** The copy that {@code toArray} makes is nobody else's. */
  private static SdkBytes bytes(Value.Binary binary) {
    return SdkBytes.fromByteArrayUnsafe(binary.toArray());
  }

  /** All digits, as people write it, unless it would be a row of zeros. */
  static String text(BigDecimal number) {
    return number.scale() < 0 && number.scale() >= -MOST_ZEROS
        ? number.toPlainString()
        : number.toString();
  }

  static Item item(Map<String, AttributeValue> attributes) {
    Item.Builder item = Item.builder();
    // Not by its entries, which the SDK's unmodifiable map wraps one by one.
    attributes.forEach((name, value) -> item.set(name, value(value)));
    return item.build();
  }

  static Value value(AttributeValue value) {
    return switch (value.type()) {
      case S -> Value.of(value.s());
      case N -> Value.of(number(value.n()));
      case BOOL -> Value.of(value.bool());
      case B -> Value.of(value.b().asByteArrayUnsafe());
      case M -> {
        Map<String, Value> members = new LinkedHashMap<>((int) (value.m().size() / 0.75f) + 1);
        value.m().forEach((name, member) -> members.put(name, value(member)));
        yield new Value.Document(members);
      }
      case L -> {
        List<Value> elements = new ArrayList<>(value.l().size());
        for (AttributeValue element : value.l()) {
          elements.add(value(element));
        }
        yield new Value.Array(elements);
      }
      case SS -> Value.textSet(value.ss());
      case NS -> {
        List<BigDecimal> numbers = new ArrayList<>(value.ns().size());
        for (String number : value.ns()) {
          numbers.add(number(number));
        }
        yield Value.numberSet(numbers);
      }
      case BS -> {
        List<byte[]> all = new ArrayList<>(value.bs().size());
        for (SdkBytes bytes : value.bs()) {
          all.add(bytes.asByteArrayUnsafe());
        }
        yield Value.binarySet(all);
      }
      case NUL -> Value.ofNull();
      case UNKNOWN_TO_SDK_VERSION ->
          throw new StrangeAnswerException("a value of an item is of a type that is not known");
    };
  }

  private static BigDecimal number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new StrangeAnswerException("a number of an item is none");
    }
  }
}
