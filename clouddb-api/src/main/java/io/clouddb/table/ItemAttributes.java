/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.internal.Problems;
import io.clouddb.internal.text.Quoted;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which attributes an item has of the properties of an object, and back: names, templates,
 * constants, and the key. It knows values, and nothing of the object's class but its name.
 * Immutable; each method gives a new value.
 */
final class ItemAttributes {
  private final String owner;
  private final List<String> key;
  private final Map<String, KeyTemplate> templates;
  private final Map<String, Value> constants;

  /** By property. */
  private final Map<String, String> names;

  private ItemAttributes(
      String owner,
      List<String> key,
      Map<String, KeyTemplate> templates,
      Map<String, Value> constants,
      Map<String, String> names) {
    this.owner = owner;
    this.key = key;
    this.templates = templates;
    this.constants = constants;
    this.names = names;
  }

  /** Each property as the attribute of its name. */
  static ItemAttributes of(Class<?> type) {
    return new ItemAttributes(type.getSimpleName(), List.of(), Map.of(), Map.of(), Map.of());
  }

  private static <V> Map<String, V> and(Map<String, V> all, String name, V value) {
    Map<String, V> more = new LinkedHashMap<>(all);
    more.put(name, value);
    return Collections.unmodifiableMap(more);
  }

  /** With the next attribute of the key. */
  ItemAttributes key(String attribute) {
    List<String> more = new ArrayList<>(key);
    more.add(attribute);
    return new ItemAttributes(owner, List.copyOf(more), templates, constants, names);
  }

  /** With an attribute that is made of properties. */
  ItemAttributes template(String attribute, String template) {
    requireName(attribute);
    KeyTemplate parsed = KeyTemplate.parse(attribute, template);
    if (templates.containsKey(attribute)) {
      throw Values.invalid("Attribute " + Quoted.of(attribute) + " has two templates");
    }
    return new ItemAttributes(owner, key, and(templates, attribute, parsed), constants, names);
  }

  /** With another name of a property. */
  ItemAttributes name(String property, String attribute) {
    requireName(attribute);
    String before = of(property);
    List<String> its = new ArrayList<>(key);
    if (!templates.containsKey(before) && !constants.containsKey(before)) {
      its.replaceAll(name -> name.equals(before) ? attribute : name);
    }
    return new ItemAttributes(
        owner, List.copyOf(its), templates, constants, and(names, property, attribute));
  }

  /** With an attribute that is always the same. */
  ItemAttributes constant(String attribute, Value value) {
    requireName(attribute);
    return new ItemAttributes(owner, key, templates, and(constants, attribute, value), names);
  }

  private static void requireName(String attribute) {
    if (attribute.isEmpty()) {
      throw Values.invalid("An attribute of an item needs a name");
    }
    Values.plain(attribute);
  }

  /** The attributes of the key. */
  List<String> key() {
    return key;
  }

  /** By attribute. */
  Map<String, KeyTemplate> templates() {
    return templates;
  }

  /** By attribute. */
  Map<String, Value> constants() {
    return constants;
  }

  /** The attribute of a property. */
  String of(String property) {
    return names.getOrDefault(property, property);
  }

  /** Whether a property has another attribute than that of its name. */
  boolean hasOther(String property) {
    return names.containsKey(property);
  }

  /** What is wrong of them; {@code known} is empty where only the objects tell. */
  void check(Set<String> known, Problems problems) {
    problems.require(key.size() <= 2, "a key has one or two attributes");
    problems.require(new HashSet<>(key).size() == key.size(), "a key has an attribute twice");
    Set<String> attributes = new HashSet<>();
    for (String property : known) {
      problems.require(
          attributes.add(of(property)),
          "two properties are the attribute " + Quoted.of(of(property)));
    }
    for (String attribute : templates.keySet()) {
      problems.require(
          attributes.add(attribute),
          "attribute " + Quoted.of(attribute) + " is a property too: give one another name");
    }
    for (String attribute : constants.keySet()) {
      problems.require(
          attributes.add(attribute),
          "attribute " + Quoted.of(attribute) + " is a constant and something else");
    }
    Set<String> named = new HashSet<>(names.keySet());
    templates.values().forEach(template -> named.addAll(template.properties()));
    if (!known.isEmpty()) {
      for (String property : named) {
        problems.require(known.contains(property), "there is no property " + Quoted.of(property));
      }
      for (String attribute : key) {
        problems.require(
            attributes.contains(attribute),
            "the key's attribute "
                + Quoted.of(attribute)
                + " is neither a property nor made of any");
      }
    }
  }

  /** The attributes of the properties, those of the key first. */
  Map<String, Value> made(Map<String, Value> properties) {
    Map<String, Value> attributes = new LinkedHashMap<>();
    templates.forEach(
        (attribute, template) ->
            template
                .text(properties)
                .ifPresentOrElse(
                    text -> attributes.put(attribute, Value.of(text)),
                    () -> requireOptional(attribute, template, properties)));
    attributes.putAll(constants);
    properties.forEach(
        (property, value) -> {
          Value other = attributes.putIfAbsent(of(property), value);
          if (other != null) {
            throw invalid("has the property " + Quoted.of(property) + " of an attribute's name");
          }
        });
    for (String attribute : key) {
      keyValue(attribute, attributes.get(attribute));
    }
    return attributes;
  }

  private void requireOptional(
      String attribute, KeyTemplate template, Map<String, Value> properties) {
    if (key.contains(attribute)) {
      throw invalid(
          "needs the properties "
              + template.properties().stream()
                  .filter(name -> !properties.containsKey(name))
                  .toList()
              + " for its key's attribute "
              + Quoted.of(attribute));
    }
  }

  /** The properties of an item's attributes. */
  Map<String, Value> read(Item item, Set<String> passedOver, boolean ignoring) {
    Map<String, Value> attributes = item.attributes();
    constants.forEach(
        (attribute, value) -> {
          if (!value.equals(attributes.get(attribute))) {
            throw invalid(
                "is not what the item is: its attribute "
                    + Quoted.of(attribute)
                    + " is another one than that of the type");
          }
        });
    Map<String, Value> rest = ShortMap.forSome(attributes.size());
    attributes.forEach(
        (attribute, value) -> {
          if (!constants.containsKey(attribute)
              && !templates.containsKey(attribute)
              && !passedOver.contains(attribute)) {
            rest.put(attribute, value);
          }
        });
    Map<String, Value> properties = byProperty(rest, ignoring);
    templates.forEach(
        (attribute, template) -> {
          if (!isOf(template.text(properties).orElse(null), attributes.get(attribute))) {
            throw invalid(
                "cannot be read: attribute "
                    + Quoted.of(attribute)
                    + " is not what the properties "
                    + template.properties()
                    + " make");
          }
        });
    return properties;
  }

  private static boolean isOf(@Nullable String text, @Nullable Value value) {
    return text == null
        ? value == null
        : value instanceof Value.Text its && its.text().equals(text);
  }

  private Map<String, Value> byProperty(Map<String, Value> attributes, boolean ignoring) {
    if (names.isEmpty()) {
      return attributes;
    }
    Map<String, Value> left = new LinkedHashMap<>(attributes);
    Map<String, Value> properties = new LinkedHashMap<>();
    names.forEach(
        (property, attribute) -> {
          Value value = left.remove(attribute);
          if (value != null) {
            properties.put(property, value);
          }
        });
    left.forEach(
        (attribute, value) -> {
          if (names.containsKey(attribute)) {
            if (!ignoring) {
              throw invalid(
                  "cannot be read: property "
                      + Quoted.of(attribute)
                      + " is another attribute, and this one is unknown");
            }
          } else {
            properties.put(attribute, value);
          }
        });
    return properties;
  }

  /** The properties that the key is made of. */
  Set<String> keyProperties() {
    Set<String> used = new HashSet<>();
    for (String attribute : key) {
      KeyTemplate template = templates.get(attribute);
      if (template != null) {
        used.addAll(template.properties());
      } else if (!constants.containsKey(attribute)) {
        used.add(propertyOf(attribute));
      }
    }
    return used;
  }

  /** A template of which only the first properties are there, and no others. */
  KeyTemplate beginning(String attribute, Map<String, ?> properties) {
    KeyTemplate template = templates.get(attribute);
    if (template == null) {
      throw invalid("has no template of attribute " + Quoted.of(attribute));
    }
    Set<String> used = new HashSet<>();
    for (String property : template.properties()) {
      if (!properties.containsKey(property)) {
        break;
      }
      used.add(property);
    }
    requireUsed(properties, used);
    return template;
  }

  /** The property of an attribute that is not made of several. */
  private String propertyOf(String attribute) {
    for (Map.Entry<String, String> name : names.entrySet()) {
      if (name.getValue().equals(attribute)) {
        return name.getKey();
      }
    }
    return attribute;
  }

  /** Refuses properties that are not used. */
  void requireUsed(Map<String, ?> properties, Set<String> used) {
    for (String property : properties.keySet()) {
      if (!used.contains(property)) {
        throw invalid("has no place for the property " + Quoted.of(property) + " there");
      }
    }
  }

  /** The key of the item. */
  ItemKey keyOf(Map<String, Value> properties) {
    if (key.isEmpty()) {
      throw invalid("has no key: give it one with key(...)");
    }
    Value partition = keyValue(key.get(0), properties);
    return key.size() == 1
        ? ItemKey.of(partition)
        : ItemKey.of(partition, keyValue(key.get(1), properties));
  }

  private Value keyValue(String attribute, Map<String, Value> properties) {
    KeyTemplate template = templates.get(attribute);
    if (constants.containsKey(attribute)) {
      return keyValue(attribute, constants.get(attribute));
    }
    if (template == null) {
      return keyValue(attribute, properties.get(propertyOf(attribute)));
    }
    Optional<String> text = template.text(properties);
    if (text.isEmpty()) {
      requireOptional(attribute, template, properties);
    }
    return Value.of(text.orElseThrow());
  }

  private Value keyValue(String attribute, @Nullable Value value) {
    if (value == null) {
      throw invalid("has no value for its key's attribute " + Quoted.of(attribute));
    }
    boolean fits =
        (value instanceof Value.Text text && !text.text().isEmpty())
            || value instanceof Value.Num
            || (value instanceof Value.Binary bytes && bytes.length() > 0);
    if (!fits) {
      throw invalid(
          "has a value for its key's attribute "
              + Quoted.of(attribute)
              + " that is empty, or no text, number or bytes");
    }
    return value;
  }

  private RuntimeException invalid(String what) {
    return Values.invalid("ItemType of " + owner + " " + what);
  }
}
