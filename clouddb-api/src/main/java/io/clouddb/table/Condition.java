/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What has to hold of an item: before a write, of the item that is there; in a query or a scan, of
 * the items that are wanted. Immutable.
 *
 * <p>A comparison holds only where the attribute is there and of the type of the operand, but for
 * {@link Comparison#NOT_EQUAL}, which holds of everything else, also of an attribute that is not
 * there. Nothing is converted.
 */
public sealed interface Condition {
  /** How two values are compared. Numbers, texts (by UTF-8 bytes) and bytes have an order. */
  enum Comparison {
    /** Is equal. */
    EQUAL,
    /** Is not equal, of another type, or not there. */
    NOT_EQUAL,
    /** Is before. */
    LESS,
    /** Is before, or equal. */
    LESS_OR_EQUAL,
    /** Is after. */
    GREATER,
    /** Is after, or equal. */
    GREATER_OR_EQUAL
  }

  /** The kinds of values. */
  enum ValueType {
    /** {@link Value.Text}. */
    TEXT,
    /** {@link Value.Num}. */
    NUMBER,
    /** {@link Value.Binary}. */
    BINARY,
    /** {@link Value.Bool}. */
    BOOLEAN,
    /** {@link Value.Null}. */
    NULL,
    /** {@link Value.Array}. */
    LIST,
    /** {@link Value.Document}. */
    MAP,
    /** {@link Value.TextSet}. */
    TEXT_SET,
    /** {@link Value.NumSet}. */
    NUMBER_SET,
    /** {@link Value.BinarySet}. */
    BINARY_SET
  }

  /** There is an item of that key. */
  record ItemExists() implements Condition {}

  /** There is no item of that key. */
  record ItemNotExists() implements Condition {}

  /**
   * There is a value, {@link Value.Null} too.
   *
   * @param path where
   */
  record Exists(AttributePath path) implements Condition {
    /** Refuses null. */
    public Exists {
      Objects.requireNonNull(path, "path");
    }
  }

  /**
   * There is no value, and {@link Value.Null} is one.
   *
   * @param path where
   */
  record NotExists(AttributePath path) implements Condition {
    /** Refuses null. */
    public NotExists {
      Objects.requireNonNull(path, "path");
    }
  }

  /**
   * There is a value of a type.
   *
   * @param path where
   * @param type the type
   */
  record IsOfType(AttributePath path, ValueType type) implements Condition {
    /** Refuses null. */
    public IsOfType {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(type, "type");
    }
  }

  /**
   * A value compares so.
   *
   * @param path where
   * @param comparison how
   * @param operand with what; {@link Value#ofNull()} for a null that is stored
   */
  record Compares(AttributePath path, Comparison comparison, Value operand) implements Condition {
    /** Refuses null, and an order of what has none. */
    public Compares {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(comparison, "comparison");
      Objects.requireNonNull(operand, "operand");
      boolean ordered =
          operand instanceof Value.Text
              || operand instanceof Value.Num
              || operand instanceof Value.Binary;
      if (!ordered && comparison != Comparison.EQUAL && comparison != Comparison.NOT_EQUAL) {
        throw Values.invalid(
            "A " + operand.getClass().getSimpleName() + " has no order to compare by");
      }
    }

    /** Names the place, and none of the values. */
    @Override
    public String toString() {
      return path + " " + comparison + " a value";
    }
  }

  /**
   * A text or bytes begin so.
   *
   * @param path where
   * @param prefix a {@link Value.Text} or {@link Value.Binary}
   */
  record BeginsWith(AttributePath path, Value prefix) implements Condition {
    /** Refuses what cannot begin. */
    public BeginsWith {
      Objects.requireNonNull(path, "path");
      if (!(prefix instanceof Value.Text) && !(prefix instanceof Value.Binary)) {
        throw Values.invalid("Only a text or bytes begin with something");
      }
    }

    /** Names the place, and none of the values. */
    @Override
    public String toString() {
      return path + " begins with a value";
    }
  }

  /**
   * A text has this text in it, a set this element, or a list this value.
   *
   * @param path where
   * @param operand the text or element
   */
  record Contains(AttributePath path, Value operand) implements Condition {
    /** Refuses null. */
    public Contains {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(operand, "operand");
    }

    /** Names the place, and none of the values. */
    @Override
    public String toString() {
      return path + " contains a value";
    }
  }

  /**
   * A value is one of these.
   *
   * @param path where
   * @param values 1 to 100
   */
  record In(AttributePath path, List<Value> values) implements Condition {
    private static final int MOST = 100;

    /** Keeps a copy. */
    public In {
      Objects.requireNonNull(path, "path");
      values = List.copyOf(values);
      if (values.isEmpty() || values.size() > MOST) {
        throw Values.invalid("A value is compared with 1 to 100 others, not " + values.size());
      }
    }

    /** Names the place, and none of the values. */
    @Override
    public String toString() {
      return path + " is one of " + values.size() + " values";
    }
  }

  /**
   * All of these hold.
   *
   * @param all at least one
   */
  record And(List<Condition> all) implements Condition {
    /** Keeps a copy. */
    public And {
      all = List.copyOf(all);
      Values.requireOperands(all);
    }
  }

  /**
   * One of these holds.
   *
   * @param any at least one
   */
  record Or(List<Condition> any) implements Condition {
    /** Keeps a copy. */
    public Or {
      any = List.copyOf(any);
      Values.requireOperands(any);
    }
  }

  /**
   * This does not hold.
   *
   * @param condition what does not
   */
  record Not(Condition condition) implements Condition {
    /** Refuses null. */
    public Not {
      Objects.requireNonNull(condition, "condition");
    }
  }

  /**
   * There is an item of that key.
   *
   * @return the condition
   */
  static Condition exists() {
    return new ItemExists();
  }

  /**
   * There is no item of that key.
   *
   * @return the condition
   */
  static Condition notExists() {
    return new ItemNotExists();
  }

  /**
   * Begins a condition on an attribute.
   *
   * @param name the attribute's name
   * @return what can be said of it
   */
  static Operand attribute(String name) {
    return at(AttributePath.of(name));
  }

  /**
   * Begins a condition on a part of an attribute.
   *
   * @param path where
   * @return what can be said of it
   */
  static Operand at(AttributePath path) {
    return new Operand(path);
  }

  /**
   * All of these hold.
   *
   * @param conditions at least one
   * @return the condition
   */
  static Condition all(Condition... conditions) {
    return new And(Arrays.asList(conditions));
  }

  /**
   * One of these holds.
   *
   * @param conditions at least one
   * @return the condition
   */
  static Condition any(Condition... conditions) {
    return new Or(Arrays.asList(conditions));
  }

  /**
   * This does not hold.
   *
   * @param condition what does not
   * @return the condition
   */
  static Condition not(Condition condition) {
    return new Not(condition);
  }

  /**
   * This holds, and another one.
   *
   * @param other the other one
   * @return the condition
   */
  default Condition and(Condition other) {
    return new And(List.of(this, other));
  }

  /**
   * This holds, or another one.
   *
   * @param other the other one
   * @return the condition
   */
  default Condition or(Condition other) {
    return new Or(List.of(this, other));
  }

  /**
   * What a condition speaks about.
   *
   * @param path where it is
   */
  record Operand(AttributePath path) {
    /** Refuses null. */
    public Operand {
      Objects.requireNonNull(path, "path");
    }

    /**
     * It is there, {@link Value#ofNull()} too.
     *
     * @return the condition
     */
    public Condition exists() {
      return new Exists(path);
    }

    /**
     * It is not there.
     *
     * @return the condition
     */
    public Condition notExists() {
      return new NotExists(path);
    }

    /**
     * It is of a type.
     *
     * @param type the type
     * @return the condition
     */
    public Condition isOfType(ValueType type) {
      return new IsOfType(path, type);
    }

    /**
     * It is equal.
     *
     * @param operand to what
     * @return the condition
     */
    public Condition equalTo(Value operand) {
      return compares(Comparison.EQUAL, operand);
    }

    /**
     * It is equal.
     *
     * @param operand to what
     * @return the condition
     */
    public Condition equalTo(String operand) {
      return equalTo(Value.of(operand));
    }

    /**
     * It is equal.
     *
     * @param operand to what
     * @return the condition
     */
    public Condition equalTo(long operand) {
      return equalTo(Value.of(operand));
    }

    /**
     * It is equal.
     *
     * @param operand to what
     * @return the condition
     */
    public Condition equalTo(BigDecimal operand) {
      return equalTo(Value.of(operand));
    }

    /**
     * It is equal.
     *
     * @param operand to what
     * @return the condition
     */
    public Condition equalTo(boolean operand) {
      return equalTo(Value.of(operand));
    }

    /**
     * It is not equal, of another type, or not there.
     *
     * @param operand to what
     * @return the condition
     */
    public Condition notEqualTo(Value operand) {
      return compares(Comparison.NOT_EQUAL, operand);
    }

    /**
     * It is before.
     *
     * @param operand what
     * @return the condition
     */
    public Condition lessThan(Value operand) {
      return compares(Comparison.LESS, operand);
    }

    /**
     * It is before, or equal.
     *
     * @param operand what
     * @return the condition
     */
    public Condition atMost(Value operand) {
      return compares(Comparison.LESS_OR_EQUAL, operand);
    }

    /**
     * It is after.
     *
     * @param operand what
     * @return the condition
     */
    public Condition greaterThan(Value operand) {
      return compares(Comparison.GREATER, operand);
    }

    /**
     * It is after, or equal.
     *
     * @param operand what
     * @return the condition
     */
    public Condition atLeast(Value operand) {
      return compares(Comparison.GREATER_OR_EQUAL, operand);
    }

    /**
     * It is between two values, or equal to one of them.
     *
     * @param low the lower one
     * @param high the higher one
     * @return the condition
     */
    public Condition between(Value low, Value high) {
      return atLeast(low).and(atMost(high));
    }

    /**
     * It is compared.
     *
     * @param comparison how
     * @param operand with what
     * @return the condition
     */
    public Condition compares(Comparison comparison, Value operand) {
      return new Compares(path, comparison, operand);
    }

    /**
     * It is a text that begins so.
     *
     * @param prefix the beginning
     * @return the condition
     */
    public Condition beginsWith(String prefix) {
      return new BeginsWith(path, Value.of(prefix));
    }

    /**
     * It is a text or bytes that begin so.
     *
     * @param prefix the beginning
     * @return the condition
     */
    public Condition beginsWith(Value prefix) {
      return new BeginsWith(path, prefix);
    }

    /**
     * It is a text with this text in it, a set with this element, or a list with this value.
     *
     * @param operand the text or element
     * @return the condition
     */
    public Condition contains(Value operand) {
      return new Contains(path, operand);
    }

    /**
     * It is one of these.
     *
     * @param values 1 to 100
     * @return the condition
     */
    public Condition in(Value... values) {
      return new In(path, Arrays.asList(values));
    }
  }
}
