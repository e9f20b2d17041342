/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.Page;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.internal.text.Quoted;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Objects as items of a table, and back: what has to be true of a type and of writes by it, so that
 * what is stored can be read as an object again. Where that shows only in what is stored, the error
 * says that it is.
 *
 * @param <T> the application's class
 */
final class TypeChecks<T> {
  private static final String INSTEAD =
      "Put the object as a whole, or change the item: TypedTable.table().";

  private final ItemType<T> type;
  private final String table;
  private final boolean counts;
  private final GlobalTableSpec spec;

  TypeChecks(ItemType<T> type, GlobalTableSpec spec) {
    this.type = type;
    this.spec = spec;
    this.table = spec.name();
    this.counts = spec.version().isPresent();
    Key key = spec.key();
    List<String> names =
        key.sort()
            .map(sort -> List.of(key.partition().name(), sort.name()))
            .orElseGet(() -> List.of(key.partition().name()));
    if (!type.keyAttributes().equals(names)) {
      throw KeyChecks.refused(
          type
              + " makes the key of "
              + type.keyAttributes()
              + ", and that of the table is "
              + names,
          "Say how each attribute of the key is made: ItemType.key(attribute, template).");
    }
    spec.version().ifPresent(this::version);
  }

  private void version(String attribute) {
    if (type.templates().containsKey(attribute) || type.constants().containsKey(attribute)) {
      throw KeyChecks.refused(
          type + " makes the attribute " + Quoted.of(attribute) + ", which counts the versions",
          "Give one of them another name.");
    }
    if (!type.reads(attribute)) {
      throw KeyChecks.refused(
          type
              + " has no property for the attribute "
              + Quoted.of(attribute)
              + ", by which the table counts versions",
          "Give the class a property of it, a Long that can be null or a long, or pass it over:"
              + " ItemType.ignoring.");
    }
  }

  /** The name of the table that it is of. */
  String table() {
    return table;
  }

  /**
   * Refuses an index whose items lack a part of an object: it would be read as one that has none,
   * and lose it with the next write.
   */
  void require(Query query) {
    query.index().ifPresent(this::requireWhole);
  }

  /** As for a query. */
  void require(Scan scan) {
    scan.index().ifPresent(this::requireWhole);
  }

  private void requireWhole(String name) {
    IndexSpec index = spec.index(name).orElse(null);
    if (index == null) {
      return; // The table refuses that.
    }
    Projected projected = new Projected(spec, index);
    List<String> missing =
        type.attributes().stream().filter(attribute -> !projected.has(attribute)).toList();
    if (!missing.isEmpty() || (type.attributes().isEmpty() && !projected.hasAll())) {
      throw KeyChecks.refused(
          "An object of "
              + type
              + " cannot be read of index "
              + Quoted.of(name)
              + (missing.isEmpty()
                  ? ", which has not all attributes: it has " + index.projection()
                  : ", which lacks the attributes " + missing),
          "Get the objects by the keys of the index's items, TypedTable.table().query(...), or read"
              + " them by a type of what the index has.");
    }
  }

  /** Refuses an update after which an object could not be read. */
  void require(Update update) {
    update.actions().forEach(this::require);
  }

  private void require(Update.Action action) {
    String attribute = action.path().attribute();
    if (type.templates().containsKey(attribute)) {
      throw refused(attribute, "is made of other properties");
    }
    if (type.constants().containsKey(attribute)) {
      throw refused(attribute, "is the same in all of this type");
    }
    if (!type.reads(attribute)) {
      throw refused(attribute, "is no property");
    }
    String property = type.propertyOf(attribute);
    if (property == null) {
      return;
    }
    for (Map.Entry<String, KeyTemplate> template : type.templates().entrySet()) {
      if (template.getValue().properties().contains(property)) {
        throw refused(
            attribute,
            "makes the attribute " + Quoted.of(template.getKey()) + ", too, which would stay");
      }
    }
    List<AttributePath.Step> steps = action.path().steps();
    if (action instanceof Update.SetValue set) {
      type.requireReadable(property, steps, set.value());
    } else if (action instanceof Update.AddNumber add) {
      // What it is added to is not known; without a fraction nothing but the fraction is.
      BigDecimal fraction = add.amount().number().remainder(BigDecimal.ONE);
      type.requireNumber(property, steps, new Value.Num(fraction));
    } else if (action instanceof Update.AddToSet add) {
      type.requireReadable(property, steps, add.elements());
    } else if (action instanceof Update.Remove) {
      type.requireReadable(property, steps, null);
    }
  }

  private RuntimeException refused(String attribute, String why) {
    return KeyChecks.refused(
        "An update of an "
            + type
            + " cannot change the attribute "
            + Quoted.of(attribute)
            + ": it "
            + why,
        INSTEAD);
  }

  /** Holds where there is an item that is not of another type, as far as constants tell. */
  Condition there() {
    return constants(Condition.exists());
  }

  /** Holds where there is none of another type; null where no constants tell. */
  @Nullable Condition notAnother() {
    return type.constants().isEmpty() ? null : Condition.notExists().or(there());
  }

  /** Holds where there is none of another type, and something else does. */
  Condition notAnother(Condition besides) {
    Condition own = notAnother();
    return own == null ? Objects.requireNonNull(besides, "condition") : own.and(besides);
  }

  private Condition constants(Condition first) {
    Condition all = first;
    for (Map.Entry<String, Value> each : type.constants().entrySet()) {
      all = all.and(Condition.attribute(each.getKey()).equalTo(each.getValue()));
    }
    return all;
  }

  /** The item of an object. */
  Item item(T object) {
    return type.toItem(object);
  }

  /** The items of objects. */
  List<Item> items(Collection<T> objects) {
    return objects.stream().map(type::toItem).toList();
  }

  /** The object of an item that was put: the same, unless something counts in it. */
  T put(T object, Item item, Item stored) {
    return stored.equals(item) ? object : written(stored);
  }

  /** The objects of items that were put. */
  List<T> put(Collection<T> objects, List<Item> stored) {
    return counts ? stored.stream().map(this::written).toList() : List.copyOf(objects);
  }

  /** The object of an item that was read. */
  T read(Item found) {
    return type.fromItem(found);
  }

  /** The object of an item that was read, if one was. */
  Optional<T> read(Optional<Item> found) {
    return found.map(type::fromItem);
  }

  /** The objects of items that were read. */
  Map<ItemKey, T> read(Map<ItemKey, Item> found) {
    Map<ItemKey, T> all = new LinkedHashMap<>();
    found.forEach((key, item) -> all.put(key, type.fromItem(item)));
    return Collections.unmodifiableMap(all);
  }

  /** The objects of a page. */
  Page<T> read(Page<Item> page) {
    return new Page<>(page.items().stream().map(type::fromItem).toList(), page.nextToken());
  }

  /** The object of an item that was written. */
  T written(Item item) {
    return read(item, "written", "the item, as it was written");
  }

  /** The object of an item that was taken away. */
  Optional<T> deleted(Optional<Item> item) {
    return item.map(its -> read(its, "deleted", null));
  }

  private T read(Item item, String done, @Nullable String left) {
    try {
      return type.fromItem(item);
    } catch (InvalidArgumentException e) {
      throw ErrorDetails.of(
              ErrorCategory.DATA,
              "An item is " + done + ", and cannot be given back: " + e.details().message())
          .outcomeKnown(false)
          .leftBehind(left)
          .nextStep("Do not write it again; look at it by TypedTable.table().")
          .toException(e);
    }
  }
}
