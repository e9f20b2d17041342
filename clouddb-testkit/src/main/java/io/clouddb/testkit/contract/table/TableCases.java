/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.table.Item;
import io.clouddb.table.ItemKey;
import io.clouddb.table.KeyType;
import io.clouddb.table.Table;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the cases have in common: a partition of their own, and values of every type. */
abstract class TableCases {
  private final TableContract kit;

  TableCases(TableContract kit) {
    this.kit = kit;
  }

  final TableContract kit() {
    return kit;
  }

  final SharedTables tables() {
    return kit.tables();
  }

  final Table texts() {
    return kit.tables().texts();
  }

  final String newPartition() {
    return kit.tables().newPartition();
  }

  static Item.Builder item(String partition, String sort) {
    return Item.builder().set("pk", partition).set("sk", sort);
  }

  static ItemKey key(String partition, String sort) {
    return ItemKey.of(partition, sort);
  }

  static Value bytes(String text) {
    return Value.of(text.getBytes(StandardCharsets.UTF_8));
  }

  static Value number(String number) {
    return Value.of(new BigDecimal(number));
  }

  /** Values of every type, by a name for the case, with those that are hard to keep. */
  static Map<String, Value> samples() {
    Map<String, Value> all = new LinkedHashMap<>();
    all.put("empty text", Value.of(""));
    all.put("text", Value.of("plain"));
    all.put("text of other planes", Value.of("\uD83D\uDE00 \u00e4\u4e2d \uFFFD\uFFFF"));
    all.put("text of controls", Value.of("a\u0000b\n\t\"\\\u007f\u2028"));
    all.put("text that looks like a number", Value.of("1.0"));
    all.put("long text", Value.of("lorem ".repeat(5000)));
    all.put("zero", Value.of(0));
    all.put("one", Value.of(1));
    all.put("minus one", Value.of(-1));
    all.put("long", Value.of(Long.MAX_VALUE));
    all.put("fraction", number("0.1"));
    all.put("negative fraction", number("-123.456"));
    all.put("38 digits", number("12345678901234567890123456789012345678"));
    all.put("38 digits of a fraction", number("-0.12345678901234567890123456789012345678"));
    all.put("largest", number("9.9999999999999999999999999999999999999E+125"));
    all.put("smallest", number("1E-130"));
    all.put("largest below zero", number("-9.9999999999999999999999999999999999999E+125"));
    all.put("power of ten", number("1E+20"));
    all.put("beyond a double", number("9007199254740993"));
    all.put("empty bytes", Value.of(new byte[0]));
    all.put("bytes", Value.of(new byte[] {0, 1, -1, 127, -128}));
    all.put("true", Value.of(true));
    all.put("false", Value.of(false));
    all.put("null", Value.ofNull());
    all.put("empty list", Value.list());
    all.put("list", Value.list(Value.of("a"), Value.of(1), Value.ofNull(), Value.list()));
    all.put("empty map", Value.map(Map.of()));
    all.put(
        "map",
        Value.map(Map.of("a", Value.of(1), " ", Value.of("hardly a name"), "a.b", Value.of(true))));
    all.put("deep", deep(20));
    all.put("set of texts", Value.textSet(List.of("b", "a", "")));
    all.put("set of one", Value.textSet(Set.of("a")));
    all.put(
        "set of numbers",
        Value.numberSet(List.of(new BigDecimal("1"), new BigDecimal("-2.5"), BigDecimal.ZERO)));
    all.put("set of bytes", Value.binarySet(List.of(new byte[] {1}, new byte[] {-1, 0})));
    return all;
  }

  private static Value deep(int levels) {
    Value value = Value.of("bottom");
    for (int i = 0; i < levels; i++) {
      value = i % 2 == 0 ? Value.list(value) : Value.map(Map.of("in", value));
    }
    return value;
  }

  /** The sort values of the cases of queries, in the order in which a query gives them. */
  static List<Value> inOrder(KeyType type) {
    List<Value> all = new ArrayList<>();
    switch (type) {
      case STRING -> {
        for (String text :
            List.of(
                "A",
                "B",
                "a",
                "aa",
                "ab",
                "b",
                "b\u0000",
                "ba",
                "z",
                "\u00e4",
                "\uFFFD",
                "\uD83D\uDE00")) {
          all.add(Value.of(text));
        }
      }
      case NUMBER -> {
        for (String number :
            List.of(
                "-1E+30",
                "-10",
                "-9.5",
                "-1",
                "-0.001",
                "0",
                "1E-20",
                "0.5",
                "2",
                "10",
                "9007199254740993",
                "1E+40")) {
          all.add(number(number));
        }
      }
      case BINARY -> {
        for (int[] bytes :
            List.of(
                new int[] {0},
                new int[] {0, 0},
                new int[] {1},
                new int[] {1, 255},
                new int[] {127},
                new int[] {128},
                new int[] {200, 1},
                new int[] {255},
                new int[] {255, 255})) {
          byte[] its = new byte[bytes.length];
          for (int i = 0; i < its.length; i++) {
            its[i] = (byte) bytes[i];
          }
          all.add(Value.of(its));
        }
      }
    }
    return all;
  }
}
