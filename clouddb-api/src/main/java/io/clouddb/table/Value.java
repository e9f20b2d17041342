/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The value of an attribute of an {@link Item}. Immutable, and equal by what it is worth: {@code
 * 1.0} is {@code 1}, and sets have no order.
 *
 * <p>{@link Null} is a value: an attribute that holds it is there. An attribute that is not there
 * has no {@code Value}.
 */
public sealed interface Value extends Serializable {
  /**
   * A text.
   *
   * @param text any characters but half ones (lone surrogates); may be empty, except in a key
   */
  record Text(String text) implements Value {
    /** Refuses half a character. */
    public Text {
      Values.plain(text);
    }
  }

  /**
   * An exact decimal number, of at most 38 significant digits and of a size between 1E-130 and
   * 9.99...E+125, as DynamoDB keeps them. Which of them another cloud can hold, it says when one is
   * written.
   *
   * @param number the number; kept without trailing zeros
   */
  record Num(BigDecimal number) implements Value {
    /** Refuses what has more digits or another size. */
    public Num {
      number = Values.number(number);
    }
  }

  /** Bytes. */
  final class Binary implements Value, Comparable<Binary> {
    private static final long serialVersionUID = 1L;

    private final byte[] bytes;

    Binary(byte[] bytes) {
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
     * What it holds, without a copy.
     *
     * @return a buffer that cannot be written to
     */
    public ByteBuffer asByteBuffer() {
      return ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    }

    /**
     * How many bytes there are.
     *
     * @return the length
     */
    public int length() {
      return bytes.length;
    }

    /** By unsigned bytes, as every cloud orders them. */
    @Override
    public int compareTo(Binary other) {
      return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Binary that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return "Binary[" + HexFormat.of().formatHex(bytes) + "]";
    }
  }

  /**
   * True or false.
   *
   * @param bool which
   */
  record Bool(boolean bool) implements Value {}

  /** Nothing, said so: the attribute is there. */
  record Null() implements Value {}

  /**
   * Values in an order.
   *
   * @param values the values; may be empty
   */
  record Array(List<Value> values) implements Value {
    /** Keeps a copy. */
    public Array {
      values = Collections.unmodifiableList(new ArrayList<>(values));
      values.forEach(Objects::requireNonNull);
    }
  }

  /**
   * Values by name.
   *
   * @param members name to value; may be empty
   */
  record Document(Map<String, Value> members) implements Value {
    /** Keeps a copy. */
    public Document {
      members = Values.members(members);
    }
  }

  /**
   * A set of texts.
   *
   * @param texts at least one
   */
  record TextSet(Set<String> texts) implements Value {
    /** Keeps a copy. */
    public TextSet {
      texts = Collections.unmodifiableSet(new LinkedHashSet<>(texts));
      texts.forEach(Values::plain);
      Values.requireSome(texts);
    }
  }

  /**
   * A set of numbers, each as in {@link Num}.
   *
   * @param numbers at least one
   */
  record NumSet(Set<BigDecimal> numbers) implements Value {
    /** Keeps a copy. */
    public NumSet {
      Set<BigDecimal> all = new LinkedHashSet<>();
      numbers.forEach(n -> all.add(Values.number(n)));
      numbers = Collections.unmodifiableSet(all);
      Values.requireSome(numbers);
    }
  }

  /**
   * A set of byte strings.
   *
   * @param values at least one
   */
  record BinarySet(Set<Binary> values) implements Value {
    /** Keeps a copy. */
    public BinarySet {
      values = Collections.unmodifiableSet(new LinkedHashSet<>(values));
      values.forEach(Objects::requireNonNull);
      Values.requireSome(values);
    }
  }

  /**
   * A text.
   *
   * @param text the text
   * @return the value
   */
  static Value of(String text) {
    return new Text(text);
  }

  /**
   * A number.
   *
   * @param number the number
   * @return the value
   */
  static Value of(long number) {
    return new Num(BigDecimal.valueOf(number));
  }

  /**
   * An exact number. There is none of a {@code double}, since its digits would not be those that
   * were meant: make a {@link BigDecimal} of it.
   *
   * @param number at most 38 significant digits, zero or of a size between 1E-130 and 9.99E+125
   * @return the value
   * @throws io.clouddb.error.InvalidArgumentException when it is another one
   */
  static Value of(BigDecimal number) {
    return new Num(number);
  }

  /**
   * An exact number.
   *
   * @param number at most 38 significant digits
   * @return the value
   * @throws io.clouddb.error.InvalidArgumentException when it has more
   */
  static Value of(BigInteger number) {
    return new Num(new BigDecimal(number));
  }

  /**
   * True or false.
   *
   * @param bool which
   * @return the value
   */
  static Value of(boolean bool) {
    return new Bool(bool);
  }

  /**
   * Bytes.
   *
   * @param bytes what it holds; copied
   * @return the value
   */
  static Value of(byte[] bytes) {
    return new Binary(bytes);
  }

  /**
   * Nothing, said so.
   *
   * @return the value
   */
  static Value ofNull() {
    return new Null();
  }

  /**
   * Values in an order.
   *
   * @param values the values
   * @return the value
   */
  static Value list(Value... values) {
    return new Array(Arrays.asList(values));
  }

  /**
   * Values in an order.
   *
   * @param values the values
   * @return the value
   */
  static Value list(Collection<? extends Value> values) {
    return new Array(new ArrayList<>(values));
  }

  /**
   * Values by name.
   *
   * @param members name to value
   * @return the value
   */
  static Value map(Map<String, ? extends Value> members) {
    return new Document(new LinkedHashMap<>(members));
  }

  /**
   * A set of texts.
   *
   * @param texts at least one; one that comes twice counts once
   * @return the value
   */
  static Value textSet(Collection<String> texts) {
    return new TextSet(new LinkedHashSet<>(texts));
  }

  /**
   * A set of numbers.
   *
   * @param numbers at least one; one that comes twice counts once
   * @return the value
   */
  static Value numberSet(Collection<BigDecimal> numbers) {
    return new NumSet(new LinkedHashSet<>(numbers));
  }

  /**
   * A set of byte strings.
   *
   * @param values at least one; one that comes twice counts once
   * @return the value
   */
  static Value binarySet(Collection<byte[]> values) {
    Set<Binary> all = new LinkedHashSet<>();
    values.forEach(bytes -> all.add(new Binary(bytes)));
    return new BinarySet(all);
  }
}
