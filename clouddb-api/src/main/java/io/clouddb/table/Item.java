/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.io.Serializable;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An item of a table: attributes by name. Immutable, and equal by its attributes, whose order plays
 * no part.
 *
 * <p>Three things are different: an attribute that holds a value, one that holds {@link
 * Value#ofNull() nothing}, and one that is not there.
 *
 * <pre>{@code
 * Item order = Item.builder().set("pk", "USER#1").set("sk", "ORDER#7").set("total", total).build();
 * }</pre>
 */
public final class Item implements Serializable {
  private static final long serialVersionUID = 1L;

  @SuppressWarnings("serial") // Always of a class that can be serialized.
  private final Map<String, Value> attributes;

  private Item(Map<String, Value> attributes) {
    this.attributes = attributes;
  }

  /**
   * An item of attributes.
   *
   * @param attributes name to value; copied
   * @return the item
   */
  public static Item of(Map<String, ? extends Value> attributes) {
    return builder().setAll(attributes).build();
  }

  /**
   * Begins an item.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder(new ShortMap());
  }

  /**
   * Begins another item with the attributes of this one.
   *
   * @return a builder
   */
  public Builder toBuilder() {
    return new Builder(copy(attributes));
  }

  private static Map<String, Value> copy(Map<String, Value> attributes) {
    return attributes instanceof ShortMap few ? new ShortMap(few) : new LinkedHashMap<>(attributes);
  }

  /**
   * The attributes.
   *
   * @return name to value, in the order in which they were set; cannot be changed
   */
  public Map<String, Value> attributes() {
    return Collections.unmodifiableMap(attributes);
  }

  /**
   * An attribute.
   *
   * @param name its name
   * @return its value; empty when it is not there
   */
  public Optional<Value> get(String name) {
    return Optional.ofNullable(attributes.get(name));
  }

  /**
   * Tells whether an attribute is there.
   *
   * @param name its name
   * @return true when it is, also when it holds {@link Value#ofNull() nothing}
   */
  public boolean has(String name) {
    return attributes.containsKey(name);
  }

  /**
   * A text.
   *
   * @param name the attribute's name
   * @return its text
   * @throws io.clouddb.error.InvalidArgumentException when it is not there, or is no text
   */
  public String text(String name) {
    return value(name, Value.Text.class, "text").text();
  }

  /**
   * A number.
   *
   * @param name the attribute's name
   * @return its number, without trailing zeros
   * @throws io.clouddb.error.InvalidArgumentException when it is not there, or is no number
   */
  public BigDecimal number(String name) {
    return value(name, Value.Num.class, "number").number();
  }

  /**
   * A whole number.
   *
   * @param name the attribute's name
   * @return its number
   * @throws io.clouddb.error.InvalidArgumentException when it is not there, is no number, or does
   *     not fit
   */
  public long longValue(String name) {
    BigDecimal number = number(name);
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw Values.invalid("Attribute '" + name + "' is no whole number that fits a long");
    }
  }

  /**
   * True or false.
   *
   * @param name the attribute's name
   * @return which
   * @throws io.clouddb.error.InvalidArgumentException when it is not there, or is neither
   */
  public boolean bool(String name) {
    return value(name, Value.Bool.class, "boolean").bool();
  }

  /**
   * Bytes.
   *
   * @param name the attribute's name
   * @return a copy of them
   * @throws io.clouddb.error.InvalidArgumentException when it is not there, or is something else
   */
  public byte[] bytes(String name) {
    return value(name, Value.Binary.class, "binary").toArray();
  }

  private <V extends Value> V value(String name, Class<V> type, String what) {
    Value value = attributes.get(name);
    if (value == null) {
      throw Values.invalid("The item has no attribute '" + name + "'");
    }
    if (!type.isInstance(value)) {
      throw Values.invalid(
          "Attribute '" + name + "' is no " + what + " but a " + value.getClass().getSimpleName());
    }
    return type.cast(value);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other || (other instanceof Item that && attributes.equals(that.attributes));
  }

  @Override
  public int hashCode() {
    return attributes.hashCode();
  }

  /** Names the attributes and none of their values, which may be anybody's data. */
  @Override
  public String toString() {
    return "Item" + attributes.keySet();
  }

  /** Makes an {@link Item}. A name that is set twice holds what was set last. */
  public static final class Builder {
    private Map<String, Value> attributes;
    private boolean built;

    private Builder(Map<String, Value> attributes) {
      this.attributes = attributes;
    }

    /**
     * Sets an attribute.
     *
     * @param name its name, not empty
     * @param value its value
     * @return this builder
     * @throws io.clouddb.error.InvalidArgumentException when the name is empty or half a character
     */
    public Builder set(String name, Value value) {
      if (built) {
        attributes = copy(attributes);
        built = false;
      }
      if (name.isEmpty()) {
        throw Values.invalid("An attribute of an item needs a name");
      }
      Values.plain(name);
      Objects.requireNonNull(value, name);
      if (attributes instanceof ShortMap few && few.isFull()) {
        attributes = new LinkedHashMap<>(attributes);
      }
      attributes.put(name, value);
      return this;
    }

    /**
     * Sets a text.
     *
     * @param name the attribute's name
     * @param text its text
     * @return this builder
     */
    public Builder set(String name, String text) {
      return set(name, Value.of(text));
    }

    /**
     * Sets a whole number.
     *
     * @param name the attribute's name
     * @param number its number
     * @return this builder
     */
    public Builder set(String name, long number) {
      return set(name, Value.of(number));
    }

    /**
     * Sets a number.
     *
     * @param name the attribute's name
     * @param number its number
     * @return this builder
     */
    public Builder set(String name, BigDecimal number) {
      return set(name, Value.of(number));
    }

    /**
     * Sets true or false.
     *
     * @param name the attribute's name
     * @param bool which
     * @return this builder
     */
    public Builder set(String name, boolean bool) {
      return set(name, Value.of(bool));
    }

    /**
     * Sets bytes.
     *
     * @param name the attribute's name
     * @param bytes what it holds; copied
     * @return this builder
     */
    public Builder set(String name, byte[] bytes) {
      return set(name, Value.of(bytes));
    }

    /**
     * Sets several attributes.
     *
     * @param all name to value
     * @return this builder
     */
    public Builder setAll(Map<String, ? extends Value> all) {
      all.forEach(this::set);
      return this;
    }

    /**
     * Takes an attribute away.
     *
     * @param name its name
     * @return this builder
     */
    public Builder remove(String name) {
      if (built) {
        attributes = copy(attributes);
        built = false;
      }
      attributes.remove(name);
      return this;
    }

    /**
     * Makes the item.
     *
     * @return the item
     */
    public Item build() {
      built = true;
      return new Item(attributes);
    }
  }
}
