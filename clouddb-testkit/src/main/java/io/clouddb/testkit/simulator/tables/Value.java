/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.tables;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** A value of an item, as a table keeps it. Immutable, and equal by what it is worth. */
public sealed interface Value {
  /** Text. */
  record Text(String text) implements Value {}

  /** An exact number; {@code 1.0} and {@code 1} are the same one. */
  record Num(BigDecimal number) implements Value {
    /** Keeps the number without trailing zeros. */
    public Num {
      number = number.signum() == 0 ? BigDecimal.ZERO : number.stripTrailingZeros();
    }
  }

  /** Bytes, in the order of unsigned ones. */
  final class Bytes implements Value, Comparable<Bytes> {
    private final byte[] bytes;

    /**
     * Makes a value.
     *
     * @param bytes what it holds; copied
     */
    public Bytes(byte[] bytes) {
      this.bytes = bytes.clone();
    }

    /**
     * What it holds.
     *
     * @return a copy
     */
    public byte[] toArray() {
      return bytes.clone();
    }

    /**
     * How many there are.
     *
     * @return the length
     */
    public int length() {
      return bytes.length;
    }

    /**
     * Tells whether it begins with others.
     *
     * @param prefix the others
     * @return true when it does
     */
    public boolean startsWith(Bytes prefix) {
      int length = prefix.bytes.length;
      return bytes.length >= length && Arrays.equals(bytes, 0, length, prefix.bytes, 0, length);
    }

    @Override
    public int compareTo(Bytes other) {
      return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Bytes that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Bytes[" + HexFormat.of().formatHex(bytes) + "]";
    }
  }

  /** True or false. */
  record Bool(boolean bool) implements Value {}

  /** A value that is nothing, which is not the same as no value. */
  record Null() implements Value {}

  /** Values in an order. */
  record Array(List<Value> values) implements Value {
    /** Keeps a copy. */
    public Array {
      values = Collections.unmodifiableList(new ArrayList<>(values));
    }
  }

  /** Values by name, in the order in which they were given. */
  record Document(Map<String, Value> members) implements Value {
    /** Keeps a copy. */
    public Document {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }
  }

  /** A set of texts, in the order of their bytes. */
  record TextSet(Set<String> texts) implements Value {
    /** Keeps a copy. */
    public TextSet {
      texts = sorted(texts.stream(), Place::compare);
    }
  }

  /** A set of numbers, each without trailing zeros, the smallest one first. */
  record NumSet(Set<BigDecimal> numbers) implements Value {
    /** Keeps a copy. */
    public NumSet {
      numbers = sorted(numbers.stream().map(n -> new Num(n).number()), BigDecimal::compareTo);
    }
  }

  /** A set of byte strings, in the order of unsigned bytes. */
  record BytesSet(Set<Bytes> values) implements Value {
    /** Keeps a copy. */
    public BytesSet {
      values = sorted(values.stream(), Bytes::compareTo);
    }
  }

  private static <T> Set<T> sorted(Stream<T> members, Comparator<T> order) {
    Set<T> sorted = new LinkedHashSet<>();
    members.sorted(order).forEachOrdered(sorted::add);
    return Collections.unmodifiableSet(sorted);
  }
}
