/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.internal.text.Quoted;
import io.clouddb.spi.table.TableData;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has to be true of the keys and items of a table before they are sent. Messages name
 * attributes and reasons, and no value: it may be anybody's data.
 */
final class KeyChecks {
  private final String table;
  private final Key key;
  private final @Nullable KeyAttribute sort;
  private final @Nullable String version;
  private final TableData.Limits limits;

  /** Attributes of indexes that are none of the table's key. */
  private final Map<String, Part> indexed = new HashMap<>();

  /** What an attribute of a key has to be: its type, and how many bytes it has at most. */
  private record Part(KeyType type, int bytes) {}

  KeyChecks(GlobalTableSpec spec, TableData.Limits limits) {
    this.table = spec.name();
    this.key = spec.key();
    this.sort = key.sort().orElse(null);
    this.version = spec.version().orElse(null);
    this.limits = limits;
    for (IndexSpec index : spec.indexes()) {
      addIndexed(index.key().partition(), limits.partitionBytes());
      index.key().sort().ifPresent(its -> addIndexed(its, limits.sortBytes()));
    }
  }

  private void addIndexed(KeyAttribute attribute, int bytes) {
    indexed.merge(
        attribute.name(),
        new Part(attribute.type(), bytes),
        (one, other) -> one.bytes() < other.bytes() ? one : other);
  }

  private boolean isOfKey(String attribute) {
    return attribute.equals(key.partition().name())
        || (sort != null && attribute.equals(sort.name()));
  }

  /** Refuses a key that no item of the table can have. */
  void require(ItemKey itemKey) {
    partition(itemKey.partition());
    Value its = itemKey.sort().orElse(null);
    if (sort == null && its != null) {
      throw invalid(
          "The key of "
              + table
              + " is "
              + key
              + ", and the key that was given has a value for a sort attribute, too");
    }
    if (sort != null && its == null) {
      throw invalid(
          "The key of "
              + table
              + " is "
              + key
              + ", and the key that was given has no value for "
              + Quoted.of(sort.name()));
    }
    if (sort != null && its != null) {
      sort(sort, its);
    }
  }

  private void partition(Value its) {
    KeyAttribute attribute = key.partition();
    value(attribute.name(), new Part(attribute.type(), limits.partitionBytes()), its);
  }

  private void sort(KeyAttribute attribute, Value its) {
    value(attribute.name(), new Part(attribute.type(), limits.sortBytes()), its);
  }

  /**
   * Refuses an item that the table cannot take.
   *
   * @return its bytes, as the cloud counts them
   */
  long require(Item item) {
    Map<String, Value> attributes = item.attributes();
    partition(present(key.partition(), attributes));
    if (sort != null) {
      sort(sort, present(sort, attributes));
    }
    if (!indexed.isEmpty()) {
      indexed.forEach(
          (name, part) -> {
            Value its = attributes.get(name);
            if (its != null) {
              value(name, part, its);
            }
          });
    }
    attributes.forEach((name, its) -> depth(name, its, 0)); // before the size: it goes down into it
    return size(item);
  }

  private void depth(String attribute, Value value, int above) {
    int most = limits.depth();
    if (isDeeper(value, most - above)) {
      throw refused(
          "Attribute "
              + Quoted.of(attribute)
              + " has lists and maps in each other, more than "
              + most
              + " deep, which "
              + table
              + " does not keep",
          "Keep it as a text, or its inner parts as items of their own.");
    }
  }

  /** It looks no deeper than it has to. */
  private static boolean isDeeper(Value value, int most) {
    Collection<Value> inside;
    if (value instanceof Value.Array array) {
      inside = array.values();
    } else if (value instanceof Value.Document document) {
      inside = document.members().values();
    } else {
      return false;
    }
    if (most <= 0) {
      return true;
    }
    for (Value each : inside) {
      if (isDeeper(each, most - 1)) {
        return true;
      }
    }
    return false;
  }

  /** Refuses an item of so many bytes. */
  long size(Item item) {
    long bytes = limits.sizeOf(item);
    requireSize(bytes);
    return bytes;
  }

  /** Refuses what alone makes an item too large, whatever else is in it. */
  private void size(Update update) {
    Map<String, Value> whole = new LinkedHashMap<>();
    for (Update.Action action : update.actions()) {
      String name = action.path().attribute();
      boolean part = !action.path().steps().isEmpty();
      if (action instanceof Update.SetValue set && part) {
        requireSize(limits.sizeOf(Item.of(Map.of(name, set.value()))));
      } else if (action instanceof Update.SetValue set) {
        whole.put(name, set.value());
      } else if (action instanceof Update.AddToSet add && !part) {
        whole.put(name, add.elements());
      }
    }
    if (!whole.isEmpty()) {
      requireSize(limits.sizeOf(Item.of(whole)));
    }
  }

  private void requireSize(long bytes) {
    long most = limits.itemBytes();
    if (bytes > most) {
      throw ErrorDetails.of(
              ErrorCategory.INVALID_ARGUMENT,
              "An item for "
                  + table
                  + " has "
                  + bytes
                  + " bytes, as the cloud counts them; it takes "
                  + most)
          .nextStep("Split it into several items, or keep its large part elsewhere.")
          .toException();
    }
  }

  /**
   * Refuses an update of nothing, and one that would change a key, make an index's attribute
   * another type, or make an item too large by itself.
   */
  void require(Update update) {
    if (update.actions().isEmpty()) {
      throw refused(
          "An update of an item of " + table + " changes nothing",
          "Say what it changes: Update.of().set(attribute, value), add, remove, ...");
    }
    for (Update.Action action : update.actions()) {
      AttributePath path = action.path();
      String name = path.attribute();
      if (isOfKey(name)) {
        throw refused(
            "An update cannot change " + Quoted.of(name) + ", an attribute of the key",
            "Put another item, and delete this one.");
      }
      if (name.equals(version)) {
        throw refused(
            "An update cannot change "
                + Quoted.of(name)
                + ", the version of "
                + table
                + ": each write adds 1 to it",
            "Name the version that has to be there in a condition.");
      }
      Part part = indexed.get(name);
      if (part != null) {
        indexed(action, path, part);
      }
      if (action instanceof Update.SetValue set) {
        depth(name, set.value(), path.steps().size());
      }
    }
    size(update);
  }

  private static void indexed(Update.Action action, AttributePath path, Part part) {
    KeyType type = part.type();
    if (!path.steps().isEmpty()) {
      throw invalid(
          "Attribute "
              + Quoted.of(path.attribute())
              + " is of the key of an index and has to be a "
              + type
              + ", which has no parts to change");
    }
    if (action instanceof Update.SetValue set) {
      value(path.attribute(), part, set.value());
    } else if (action instanceof Update.AddNumber && type != KeyType.NUMBER) {
      throw invalid(
          "Attribute "
              + Quoted.of(path.attribute())
              + " is of the key of an index and has to be a "
              + type
              + ", to which no number is added");
    } else if (action instanceof Update.AddToSet || action instanceof Update.RemoveFromSet) {
      throw invalid(
          "Attribute "
              + Quoted.of(path.attribute())
              + " is of the key of an index and has to be a "
              + type
              + ", and no set");
    }
  }

  /** The key of an item that has been checked. */
  ItemKey keyOf(Item item) {
    Map<String, Value> attributes = item.attributes();
    Value partition = required(attributes.get(key.partition().name()));
    return sort == null
        ? ItemKey.of(partition)
        : ItemKey.of(partition, required(attributes.get(sort.name())));
  }

  private static Value required(@Nullable Value value) {
    if (value == null) {
      throw new IllegalStateException("An item was not checked for its key");
    }
    return value;
  }

  private Value present(KeyAttribute attribute, Map<String, Value> attributes) {
    Value its = attributes.get(attribute.name());
    if (its == null) {
      throw invalid(
          "An item for "
              + table
              + " has no attribute "
              + Quoted.of(attribute.name())
              + ", which is of the key");
    }
    return its;
  }

  private static void value(String attribute, Part part, Value value) {
    value(attribute, part.type(), value);
    long bytes = 0;
    if (value instanceof Value.Text text) {
      // No character has more than 3 bytes: mostly nothing has to be counted.
      bytes =
          text.text().length() <= part.bytes() / 3
              ? 0
              : text.text().getBytes(StandardCharsets.UTF_8).length;
    } else if (value instanceof Value.Binary binary) {
      bytes = binary.length();
    }
    if (bytes > part.bytes()) {
      throw refused(
          "Attribute "
              + Quoted.of(attribute)
              + " is of a key and has "
              + bytes
              + " bytes; it may have "
              + part.bytes(),
          "Keep a digest of it in the key, and itself in another attribute.");
    }
  }

  /** Refuses what no attribute of a key, of a table or an index, can hold. */
  static void value(String attribute, KeyType type, Value value) {
    if (!type.fits(value)) {
      throw invalid(
          "Attribute "
              + Quoted.of(attribute)
              + " is of a key and has to be a "
              + type
              + ", not a "
              + value.getClass().getSimpleName());
    }
    boolean empty =
        (value instanceof Value.Text text && text.text().isEmpty())
            || (value instanceof Value.Binary binary && binary.length() == 0);
    if (empty) {
      throw invalid(
          "Attribute " + Quoted.of(attribute) + " is of a key and is empty; no key can be");
    }
  }

  static RuntimeException invalid(String message) {
    return Values.invalid(message);
  }

  static RuntimeException refused(String message, String nextStep) {
    return ErrorDetails.of(ErrorCategory.INVALID_ARGUMENT, message)
        .nextStep(nextStep)
        .toException();
  }
}
