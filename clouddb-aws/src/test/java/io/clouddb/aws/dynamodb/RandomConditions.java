/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.table.AttributePath;
import io.clouddb.table.Condition;
import io.clouddb.table.Condition.Comparison;
import io.clouddb.table.Condition.ValueType;
import io.clouddb.table.Item;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Items and conditions by chance, of few names and values, so that conditions often hold. */
final class RandomConditions {
  private static final List<String> NAMES = List.of("a", "b", "size", "a.b", "#0");
  private static final List<String> TEXTS =
      List.of("", "a", "ab", "b", "é", "\uD83D\uDE42", "\uFFFD", "abc");
  private static final List<BigDecimal> NUMBERS =
      List.of(
          BigDecimal.ZERO,
          BigDecimal.ONE,
          new BigDecimal("-1"),
          new BigDecimal("1.5"),
          new BigDecimal("100"),
          new BigDecimal("1E-7"),
          new BigDecimal("12345678901234567890123456789012345678"));

  private final Random random;

  RandomConditions(long seed) {
    this.random = new Random(seed);
  }

  private <T> T one(List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  private byte[] bytes() {
    byte[] bytes = new byte[random.nextInt(3)];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (random.nextInt(3) - 1);
    }
    return bytes;
  }

  Value value(int depth) {
    return switch (random.nextInt(depth > 1 ? 8 : 10)) {
      case 0, 1 -> Value.of(one(TEXTS));
      case 2, 3 -> Value.of(one(NUMBERS));
      case 4 -> Value.of(bytes());
      case 5 -> random.nextBoolean() ? Value.of(random.nextBoolean()) : Value.ofNull();
      case 6 -> Value.textSet(List.of(one(TEXTS), one(TEXTS)));
      case 7 ->
          random.nextBoolean()
              ? Value.numberSet(List.of(one(NUMBERS), one(NUMBERS)))
              : Value.binarySet(List.of(bytes(), bytes()));
      case 8 -> Value.list(value(depth + 1), value(depth + 1));
      default -> Value.map(Map.of(one(NAMES), value(depth + 1)));
    };
  }

  Item item(String pk, String sk) {
    Item.Builder item = Item.builder().set("pk", pk).set("sk", sk);
    for (String name : NAMES) {
      if (random.nextInt(4) > 0) {
        item.set(name, value(0));
      }
    }
    return item.build();
  }

  private AttributePath path() {
    AttributePath path = AttributePath.of(one(NAMES));
    while (random.nextInt(4) == 0) {
      path = random.nextBoolean() ? path.member(one(NAMES)) : path.element(random.nextInt(2));
    }
    return path;
  }

  private Value ordered() {
    return switch (random.nextInt(3)) {
      case 0 -> Value.of(one(TEXTS));
      case 1 -> Value.of(one(NUMBERS));
      default -> Value.of(bytes());
    };
  }

  Condition condition(int depth) {
    Condition.Operand at = Condition.at(path());
    return switch (random.nextInt(depth > 2 ? 8 : 12)) {
      case 0 -> at.exists();
      case 1 -> at.notExists();
      case 2 -> at.isOfType(one(List.of(ValueType.values())));
      case 3 -> at.compares(one(List.of(Comparison.values())), ordered());
      case 4 -> at.compares(one(List.of(Comparison.EQUAL, Comparison.NOT_EQUAL)), value(0));
      case 5 -> at.beginsWith(random.nextBoolean() ? Value.of(one(TEXTS)) : Value.of(bytes()));
      // Whether bytes have others in them the condition does not say.
      case 6 -> at.contains(random.nextBoolean() ? Value.of(one(TEXTS)) : Value.of(one(NUMBERS)));
      case 7 -> at.in(value(0), value(0), value(0));
      case 8 -> new Condition.And(some(depth));
      case 9 -> new Condition.Or(some(depth));
      case 10 -> Condition.not(condition(depth + 1));
      default -> at.between(ordered(), ordered());
    };
  }

  private List<Condition> some(int depth) {
    List<Condition> all = new ArrayList<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      all.add(condition(depth + 1));
    }
    return all;
  }
}
