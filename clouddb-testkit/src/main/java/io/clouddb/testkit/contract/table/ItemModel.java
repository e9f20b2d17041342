/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.contract.table;

import io.clouddb.table.AttributePath;
import io.clouddb.table.Condition;
import io.clouddb.table.Item;
import io.clouddb.table.SortRange;
import io.clouddb.table.Update;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What conditions, updates and ranges mean, as their documentation says and no provider. */
final class ItemModel {
  private static final Map<Class<? extends Value>, Condition.ValueType> TYPES =
      Map.of(
          Value.Text.class, Condition.ValueType.TEXT,
          Value.Num.class, Condition.ValueType.NUMBER,
          Value.Binary.class, Condition.ValueType.BINARY,
          Value.Bool.class, Condition.ValueType.BOOLEAN,
          Value.Null.class, Condition.ValueType.NULL,
          Value.Array.class, Condition.ValueType.LIST,
          Value.Document.class, Condition.ValueType.MAP,
          Value.TextSet.class, Condition.ValueType.TEXT_SET,
          Value.NumSet.class, Condition.ValueType.NUMBER_SET,
          Value.BinarySet.class, Condition.ValueType.BINARY_SET);

  private ItemModel() {}

  static boolean holds(Condition condition, @Nullable Item item) {
    if (condition instanceof Condition.And and) {
      return and.all().stream().allMatch(each -> holds(each, item));
    } else if (condition instanceof Condition.Or or) {
      return or.any().stream().anyMatch(each -> holds(each, item));
    } else if (condition instanceof Condition.Not not) {
      return !holds(not.condition(), item);
    } else if (condition instanceof Condition.ItemExists) {
      return item != null;
    } else if (condition instanceof Condition.ItemNotExists) {
      return item == null;
    } else if (condition instanceof Condition.Exists exists) {
      return at(item, exists.path()) != null;
    } else if (condition instanceof Condition.NotExists missing) {
      return at(item, missing.path()) == null;
    } else if (condition instanceof Condition.IsOfType of) {
      Value there = at(item, of.path());
      return there != null && typeOf(there) == of.type();
    } else if (condition instanceof Condition.Compares compares) {
      return compares(at(item, compares.path()), compares.comparison(), compares.operand());
    } else if (condition instanceof Condition.BeginsWith begins) {
      return begins(at(item, begins.path()), begins.prefix());
    } else if (condition instanceof Condition.Contains contains) {
      return contains(at(item, contains.path()), contains.operand());
    } else if (condition instanceof Condition.In in) {
      Value there = at(item, in.path());
      return there != null && in.values().contains(there);
    }
    throw new IllegalArgumentException(condition.toString());
  }

  static @Nullable Value at(@Nullable Item item, AttributePath path) {
    Value value = item == null ? null : item.attributes().get(path.attribute());
    for (AttributePath.Step step : path.steps()) {
      if (step instanceof AttributePath.Member member) {
        value = value instanceof Value.Document map ? map.members().get(member.name()) : null;
      } else if (step instanceof AttributePath.Element element) {
        value =
            value instanceof Value.Array list && element.index() < list.values().size()
                ? list.values().get(element.index())
                : null;
      }
    }
    return value;
  }

  static Condition.ValueType typeOf(Value value) {
    return Objects.requireNonNull(TYPES.get(value.getClass()), "the type of a value");
  }

  static boolean compares(@Nullable Value there, Condition.Comparison how, Value operand) {
    if (how == Condition.Comparison.EQUAL || how == Condition.Comparison.NOT_EQUAL) {
      return operand.equals(there) == (how == Condition.Comparison.EQUAL);
    }
    if (there == null || there.getClass() != operand.getClass()) {
      return false;
    }
    int order = order(there, operand);
    return switch (how) {
      case LESS -> order < 0;
      case LESS_OR_EQUAL -> order <= 0;
      case GREATER -> order > 0;
      case GREATER_OR_EQUAL -> order >= 0;
      default -> throw new IllegalArgumentException(how.name());
    };
  }

  /** Texts by their code points, as UTF-8 bytes are ordered. */
  static int order(Value a, Value b) {
    if (a instanceof Value.Num left && b instanceof Value.Num right) {
      return left.number().compareTo(right.number());
    } else if (a instanceof Value.Binary left && b instanceof Value.Binary right) {
      return left.compareTo(right);
    } else if (a instanceof Value.Text left && b instanceof Value.Text right) {
      return Arrays.compare(
          left.text().codePoints().toArray(), right.text().codePoints().toArray());
    }
    throw new IllegalArgumentException("No order");
  }

  private static boolean begins(@Nullable Value there, Value prefix) {
    if (there instanceof Value.Text text && prefix instanceof Value.Text its) {
      return text.text().startsWith(its.text());
    }
    return there instanceof Value.Binary bytes
        && prefix instanceof Value.Binary its
        && bytes.length() >= its.length()
        && Arrays.equals(Arrays.copyOf(bytes.toArray(), its.length()), its.toArray());
  }

  private static boolean contains(@Nullable Value there, Value operand) {
    if (there instanceof Value.Text text && operand instanceof Value.Text its) {
      return text.text().contains(its.text());
    } else if (there instanceof Value.TextSet set && operand instanceof Value.Text its) {
      return set.texts().contains(its.text());
    } else if (there instanceof Value.NumSet set && operand instanceof Value.Num its) {
      return set.numbers().contains(its.number());
    } else if (there instanceof Value.BinarySet set && operand instanceof Value.Binary its) {
      return set.values().contains(its);
    }
    return there instanceof Value.Array list && list.values().contains(operand);
  }

  static boolean isIn(Value sort, SortRange range) {
    if (range instanceof SortRange.Compares compares) {
      return compares(sort, compares.comparison(), compares.value());
    } else if (range instanceof SortRange.Between between) {
      return order(sort, between.low()) >= 0 && order(sort, between.high()) <= 0;
    }
    return begins(sort, ((SortRange.BeginsWith) range).prefix());
  }

  /** The item after an update whose places are attributes, or members of maps that are there. */
  static Item updated(Item before, Update update) {
    Map<String, Value> after = new LinkedHashMap<>(before.attributes());
    for (Update.Action action : update.actions()) {
      Value there = at(before, action.path());
      Value now = changed(there, action);
      AttributePath path = action.path();
      if (path.steps().isEmpty()) {
        put(after, path.attribute(), now);
      } else {
        Value.Document map =
            (Value.Document) Objects.requireNonNull(after.get(path.attribute()), "the map");
        Map<String, Value> members = new LinkedHashMap<>(map.members());
        put(members, ((AttributePath.Member) path.steps().get(0)).name(), now);
        after.put(path.attribute(), Value.map(members));
      }
    }
    return Item.of(after);
  }

  private static void put(Map<String, Value> all, String name, @Nullable Value value) {
    if (value == null) {
      all.remove(name);
    } else {
      all.put(name, value);
    }
  }

  private static @Nullable Value changed(@Nullable Value there, Update.Action action) {
    if (action instanceof Update.SetValue set) {
      return set.value();
    } else if (action instanceof Update.AddNumber add) {
      BigDecimal now = there instanceof Value.Num num ? num.number() : BigDecimal.ZERO;
      return Value.of(now.add(add.amount().number()));
    } else if (action instanceof Update.AddToSet add) {
      Set<Object> all = new LinkedHashSet<>(there == null ? List.of() : elements(there));
      all.addAll(elements(add.elements()));
      return set(add.elements(), all);
    } else if (action instanceof Update.RemoveFromSet take && there != null) {
      Set<Object> all = new LinkedHashSet<>(elements(there));
      all.removeAll(elements(take.elements()));
      return all.isEmpty() ? null : set(there, all);
    }
    return null;
  }

  private static List<?> elements(Value set) {
    if (set instanceof Value.TextSet texts) {
      return new ArrayList<>(texts.texts());
    }
    return set instanceof Value.NumSet numbers
        ? new ArrayList<>(numbers.numbers())
        : new ArrayList<>(((Value.BinarySet) set).values());
  }

  private static Value set(Value kind, Set<Object> all) {
    if (kind instanceof Value.TextSet) {
      return Value.textSet(all.stream().map(String.class::cast).toList());
    }
    return kind instanceof Value.NumSet
        ? Value.numberSet(all.stream().map(BigDecimal.class::cast).toList())
        : Value.binarySet(all.stream().map(each -> ((Value.Binary) each).toArray()).toList());
  }
}
