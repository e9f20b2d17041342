/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.Problems;
import io.clouddb.internal.item.ItemMapper;
import io.clouddb.internal.text.Quoted;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How objects of an application's class are items of a table: records, and classes with getters and
 * setters. Immutable; each method gives a new value, and the first ones cost something, so that one
 * is made once and kept.
 *
 * <pre>{@code
 * ItemType<Order> orders =
 *     ItemType.of(Order.class)
 *         .key("pk", "USER#{userId}")
 *         .key("sk", "ORDER#{id}")
 *         .template("gsi1pk", "STATUS#{status}")
 *         .constant("type", "order");
 * }</pre>
 *
 * <p><b>Properties.</b> Each is an attribute of its name, in the form that follows. What cannot be
 * kept exactly is refused with the property's name when it is written; what the Java type does not
 * hold is refused when it is read, and nothing is converted.
 *
 * <ul>
 *   <li>{@code byte}, {@code short}, {@code int}, {@code long}, {@code BigInteger}, {@code
 *       BigDecimal} are numbers; trailing zeros of a decimal are not kept. {@code double} and
 *       {@code float} are the decimal number with the fewest digits of which they are the nearest;
 *       NaN, the infinite ones and the negative zero are refused.
 *   <li>{@code String}, enums (by name), {@code UUID}, {@code LocalDate} ({@code 2024-05-01}) are
 *       texts, and so is {@code Instant}: in UTC with nine digits of the second, {@code
 *       2024-05-01T10:15:30.000000000Z}, so that texts are in the order of the times; years 0000 to
 *       9999. Or {@link #epochSeconds as a number}.
 *   <li>{@code boolean}; {@code byte[]} and {@code ByteBuffer} are bytes.
 *   <li>{@code List}s and arrays are lists, {@code Map}s with {@code String} keys and other records
 *       and classes are maps.
 *   <li>A {@code Set} of texts, of numbers or of bytes is a set. One that is empty is left out, and
 *       a record reads an empty set where there is none, so that it has no set that is null, but
 *       with {@link #nulls()}; a class with setters keeps what it begins with. Sets of anything
 *       else are refused: make them a list.
 *   <li>A {@link Value} is what it is.
 *   <li>{@code char}, {@code char[]}, {@code URI}, {@code Currency}, {@code Date} and the other
 *       times of {@code java.time} are texts as Jackson writes them, times by ISO 8601; a {@code
 *       Year} is a number. Keys of maps can be enums, {@code UUID}s, whole numbers, {@code
 *       Instant}s and {@code LocalDate}s, too.
 *   <li>Any other type of the JDK, as {@code Object}, {@code Locale} or {@code Calendar}, and an
 *       abstract one without {@code @JsonTypeInfo}, is refused when the ItemType is made: what is
 *       read would be another value. Jackson's annotations hold; what has a serializer and a
 *       deserializer of its own, by annotation, is kept as those do it.
 * </ul>
 *
 * <p><b>Null, absent and unset</b> are three things. A property that is null, or an empty {@code
 * Optional}, is left out: the attribute is absent. It reads as null, or empty. A component of a
 * record can be null only where it is annotated with a {@code @Nullable} that is kept at run time;
 * any other is refused when it is null, and when its attribute is absent. An attribute that holds
 * {@link Value#ofNull() null} is another thing, and is refused where it would be lost: a {@code
 * Value} and an {@code Optional<Value>} hold it, and with {@link #nulls()} all that can be null.
 * The elements of lists and maps can be null, and are written so.
 *
 * <p>Where an application is a named module, its package has to be open to {@code
 * com.fasterxml.jackson.databind}.
 *
 * @param <T> the application's class
 */
public final class ItemType<T> {
  private final Class<T> type;
  private final ItemMapper<T> mapper;
  private final boolean ignoring;
  private final boolean nulls;
  private final ItemAttributes attributes;
  private final Set<String> epochs;
  private final Set<String> passedOver;
  private final Set<String> known;

  private ItemType(
      Class<T> type,
      ItemMapper<T> mapper,
      boolean ignoring,
      boolean nulls,
      ItemAttributes attributes,
      Set<String> epochs,
      Set<String> passedOver) {
    this.type = type;
    this.mapper = mapper;
    this.ignoring = ignoring;
    this.nulls = nulls;
    this.attributes = attributes;
    this.epochs = epochs;
    this.passedOver = passedOver;
    this.known = mapper.properties();
  }

  private ItemType<T> with(ItemAttributes others) {
    return new ItemType<>(type, mapper, ignoring, nulls, others, epochs, passedOver)
        .checked(List.of());
  }

  private ItemType<T> reading(boolean ignoringUnknown, boolean withNulls) {
    ItemMapper<T> other = new ItemMapper<>(type, withNulls, ignoringUnknown);
    return new ItemType<>(type, other, ignoringUnknown, withNulls, attributes, epochs, passedOver)
        .checked(other.unkept());
  }

  private static Set<String> and(Set<String> all, String one) {
    Set<String> more = new HashSet<>(all);
    more.add(one);
    return Set.copyOf(more);
  }

  private ItemType<T> checked(List<String> unkept) {
    Problems problems = new Problems("ItemType of " + type.getSimpleName());
    unkept.forEach(problem -> problems.require(false, problem));
    for (String property : epochs) {
      problems.require(
          mapper.isInstant(property),
          "property "
              + Quoted.of(property)
              + " is no Instant, of which the seconds could be taken");
      problems.require(
          known.isEmpty() || known.contains(property),
          "there is no property " + Quoted.of(property));
    }
    for (String property : known) {
      problems.require(
          !passedOver.contains(attributes.of(property)),
          "attribute "
              + Quoted.of(attributes.of(property))
              + " is a property: passed over, it would be lost with the next write");
    }
    attributes.check(known, problems);
    problems.orThrow();
    return this;
  }

  /**
   * Begins, with each property as the attribute of its name.
   *
   * @param type the class of the objects
   * @param <T> the class of the objects
   * @return a type that has no key yet
   * @throws io.clouddb.error.InvalidArgumentException when a property is of a type that is not kept
   *     exactly
   */
  public static <T> ItemType<T> of(Class<T> type) {
    Objects.requireNonNull(type, "type");
    ItemMapper<T> mapper = new ItemMapper<>(type, false, false);
    return new ItemType<>(type, mapper, false, false, ItemAttributes.of(type), Set.of(), Set.of())
        .checked(mapper.unkept());
  }

  /**
   * With a text of properties as the next attribute of the key: the first one is the partition
   * attribute, the second one the sort attribute. It is written beside the properties, and an item
   * of which it is not that text is refused when it is read.
   *
   * <p>Numbers are written in plain digits, without leading zeros: texts of them are not in the
   * order of the numbers. A property must not be empty, and must not have the text in it that
   * separates it from the next one, since two objects could have one key then.
   *
   * @param attribute the attribute's name
   * @param template text with names of properties in braces; a brace itself is written twice
   * @return a new value
   * @throws io.clouddb.error.InvalidArgumentException when it is malformed, names no property or
   *     would be ambiguous
   */
  public ItemType<T> key(String attribute, String template) {
    return with(attributes.template(attribute, template).key(attribute));
  }

  /**
   * With a property, or a constant, as it is as the next attribute of the key.
   *
   * @param property its name; a text, a number or bytes. Or the attribute of a {@link #constant}
   * @return a new value
   */
  public ItemType<T> key(String property) {
    Objects.requireNonNull(property, "property");
    return with(
        attributes.key(constants().containsKey(property) ? property : attributeOf(property)));
  }

  /**
   * With a text of properties as an attribute that is not of the table's key, as for the key of an
   * index. An item of which one of the properties is absent does not have it, and is not in the
   * index.
   *
   * @param attribute the attribute's name
   * @param template as of {@link #key(String, String)}
   * @return a new value
   */
  public ItemType<T> template(String attribute, String template) {
    return with(attributes.template(attribute, template));
  }

  /**
   * With another name for the attribute of a property.
   *
   * @param property the property's name
   * @param attribute the attribute's name
   * @return a new value
   */
  public ItemType<T> attribute(String property, String attribute) {
    return with(attributes.name(property, attribute));
  }

  /**
   * With an attribute that always has the same value, which tells items of this class from others
   * in the table. An item that has another one is refused when it is read.
   *
   * @param attribute the attribute's name
   * @param value its value
   * @return a new value
   */
  public ItemType<T> constant(String attribute, Value value) {
    return with(attributes.constant(attribute, Objects.requireNonNull(value, "value")));
  }

  /**
   * With an attribute that always has the same text.
   *
   * @param attribute the attribute's name
   * @param text its text
   * @return a new value
   */
  public ItemType<T> constant(String attribute, String text) {
    return constant(attribute, Value.of(text));
  }

  /**
   * With a property of type {@code Instant} as the number of seconds since 1970, as the attribute
   * of a {@link TimeToLive} has to be. A part of a second is refused, not cut off.
   *
   * @param property the property's name
   * @return a new value
   */
  public ItemType<T> epochSeconds(String property) {
    Objects.requireNonNull(property, "property");
    return new ItemType<>(
            type, mapper, ignoring, nulls, attributes, and(epochs, property), passedOver)
        .checked(List.of());
  }

  /**
   * With an attribute that is no property and is passed over when an item is read, as the {@link
   * GlobalTableSpec#version() version} that the library counts. Others that are no property are
   * refused.
   *
   * @param attribute the attribute's name
   * @return a new value
   * @throws io.clouddb.error.InvalidArgumentException when it is that of a property, which would be
   *     lost with the next write
   */
  public ItemType<T> ignoring(String attribute) {
    Objects.requireNonNull(attribute, "attribute");
    return new ItemType<>(
            type, mapper, ignoring, nulls, attributes, epochs, and(passedOver, attribute))
        .checked(List.of());
  }

  /**
   * With all attributes passed over, when an item is read, that are no property; in maps, too. They
   * are lost when the object is written again.
   *
   * @return a new value
   */
  public ItemType<T> ignoringUnknown() {
    return reading(true, nulls);
  }

  /**
   * With null properties written as {@link Value#ofNull() null} instead of left out, and that read
   * as null.
   *
   * @return a new value
   */
  public ItemType<T> nulls() {
    return reading(ignoring, true);
  }

  /**
   * The class of the objects.
   *
   * @return the class
   */
  public Class<T> type() {
    return type;
  }

  /**
   * The attributes of the key.
   *
   * @return none to two names: of the partition attribute, and of the sort attribute
   */
  public List<String> keyAttributes() {
    return attributes.key();
  }

  /**
   * The attribute of a property.
   *
   * @param property the property's name
   * @return the attribute's name
   */
  public String attributeOf(String property) {
    return attributes.of(property);
  }

  /**
   * Makes an item.
   *
   * @param object the object
   * @return the item; attributes of the key that templates make come first
   * @throws io.clouddb.error.InvalidArgumentException when a property cannot be kept exactly
   */
  public Item toItem(T object) {
    return Item.of(attributes.made(properties(object)));
  }

  private Map<String, Value> properties(T object) {
    Map<String, Value> properties = mapper.write(object);
    for (String property : epochs) {
      properties.computeIfPresent(
          property, (name, value) -> EpochSeconds.number(type, name, value));
    }
    return properties;
  }

  /**
   * Makes an object of an item.
   *
   * @param item the item, with all its attributes
   * @return the object
   * @throws io.clouddb.error.InvalidArgumentException when it is not an item of this type: an
   *     attribute is missing, unknown, or of another kind, a constant is another one, or an
   *     attribute of templates is not what its properties make
   */
  public T fromItem(Item item) {
    Map<String, Value> properties = attributes.read(item, passedOver, ignoring);
    for (String property : epochs) {
      properties.computeIfPresent(property, (name, value) -> EpochSeconds.text(type, name, value));
    }
    return mapper.read(properties);
  }

  /**
   * The key of an object's item.
   *
   * @param object the object
   * @return the key
   * @throws io.clouddb.error.InvalidArgumentException when a property of it is missing, or cannot
   *     be kept exactly
   */
  public ItemKey keyOf(T object) {
    return attributes.keyOf(properties(object));
  }

  /**
   * The key of an item, without an object.
   *
   * @param properties the properties of the key, by name, each of the type that it has in the class
   *     or a {@link Value} as the item has it
   * @return the key
   * @throws io.clouddb.error.InvalidArgumentException when one is missing, or is not of the key
   */
  public ItemKey key(Map<String, ?> properties) {
    attributes.requireUsed(properties, attributes.keyProperties());
    return attributes.keyOf(values(properties));
  }

  /**
   * How the attribute of a template begins, for a {@link Query} of all that begin so: the text up
   * to the first property that is not given. Mind that {@code USER#1} is the beginning of {@code
   * USER#12}, too: leave a property out whose text is followed by nothing.
   *
   * @param attribute the attribute's name, for example {@code sk}
   * @param properties the first properties of the template, by name; maybe none
   * @return the beginning
   * @throws io.clouddb.error.InvalidArgumentException when the attribute has no template, or a
   *     property is not in it or comes after one that is not given
   */
  public String prefix(String attribute, Map<String, ?> properties) {
    KeyTemplate template = attributes.beginning(attribute, properties);
    return template.prefix(values(properties));
  }

  /** The attributes that are made of properties. */
  Map<String, KeyTemplate> templates() {
    return attributes.templates();
  }

  /** The attributes that are always the same. */
  Map<String, Value> constants() {
    return attributes.constants();
  }

  /** Whether an item that has an attribute can be read, templates and constants apart. */
  boolean reads(String attribute) {
    return passedOver.contains(attribute)
        || ignoring
        || known.isEmpty()
        || propertyOf(attribute) != null
        || (!attributes.hasOther(attribute) && mapper.isOpen());
  }

  /** The attributes that an object is read of; none where only the items tell. */
  Set<String> attributes() {
    Set<String> all = new TreeSet<>();
    if (!known.isEmpty()) {
      known.forEach(property -> all.add(attributeOf(property)));
      all.addAll(attributes.templates().keySet());
      all.addAll(attributes.constants().keySet());
    }
    return all;
  }

  /** The property that is read of an attribute; null when none is known. */
  @Nullable String propertyOf(String attribute) {
    if (passedOver.contains(attribute)) {
      return null;
    }
    return known.stream()
        .filter(property -> attributeOf(property).equals(attribute))
        .findFirst()
        .orElse(null);
  }

  /** Refuses a change of a property, or of a part of it, after which it could not be read. */
  void requireReadable(String property, List<AttributePath.Step> steps, @Nullable Value value) {
    mapper.requireReadable(
        property,
        steps,
        value != null && steps.isEmpty() && epochs.contains(property)
            ? EpochSeconds.text(type, property, value)
            : value);
  }

  /** Refuses to add to a property, or to a part of it, that is not read of such a number. */
  void requireNumber(String property, List<AttributePath.Step> steps, Value.Num fraction) {
    if (steps.isEmpty() && epochs.contains(property)) {
      requireReadable(property, steps, fraction);
    } else {
      mapper.requireNumber(property, steps, fraction);
    }
  }

  private Map<String, Value> values(Map<String, ?> properties) {
    Map<String, Value> values = new LinkedHashMap<>();
    properties.forEach(
        (property, object) -> {
          Value value = mapper.value(property, Objects.requireNonNull(object, property));
          values.put(
              property,
              epochs.contains(property) && !(object instanceof Value)
                  ? EpochSeconds.number(type, property, value)
                  : value);
        });
    return values;
  }

  @Override
  public String toString() {
    return "ItemType of " + type.getName() + ", key " + keyAttributes();
  }
}
