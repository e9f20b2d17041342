/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import io.clouddb.table.AttributePath;
import io.clouddb.table.Condition;
import io.clouddb.table.Condition.Comparison;
import io.clouddb.table.Condition.ValueType;
import io.clouddb.table.Item;
import io.clouddb.table.Value;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What the documentation of {@link Condition} says, as short as it can be said. */
final class ConditionModel {
  private ConditionModel() {}

  static boolean holds(Condition condition, Item item) {
    if (condition instanceof Condition.And and) {
      return and.all().stream().allMatch(one -> holds(one, item));
    } else if (condition instanceof Condition.Or or) {
      return or.any().stream().anyMatch(one -> holds(one, item));
    } else if (condition instanceof Condition.Not not) {
      return !holds(not.condition(), item);
    } else if (condition instanceof Condition.Exists exists) {
      return at(exists.path(), item) != null;
    } else if (condition instanceof Condition.NotExists notExists) {
      return at(notExists.path(), item) == null;
    } else if (condition instanceof Condition.IsOfType is) {
      Value value = at(is.path(), item);
      return value != null && type(value) == is.type();
    } else if (condition instanceof Condition.Compares compares) {
      return compares(at(compares.path(), item), compares.comparison(), compares.operand());
    } else if (condition instanceof Condition.BeginsWith begins) {
      return begins(at(begins.path(), item), begins.prefix());
    } else if (condition instanceof Condition.Contains contains) {
      return contains(at(contains.path(), item), contains.operand());
    } else if (condition instanceof Condition.In in) {
      Value value = at(in.path(), item);
      return value != null && in.values().contains(value);
    }
    return condition instanceof Condition.ItemExists;
  }

  private static @Nullable Value at(AttributePath path, Item item) {
    Value value = item.get(path.attribute()).orElse(null);
    for (AttributePath.Step step : path.steps()) {
      if (step instanceof AttributePath.Member member && value instanceof Value.Document document) {
        value = document.members().get(member.name());
      } else if (step instanceof AttributePath.Element element
          && value instanceof Value.Array array
          && element.index() < array.values().size()) {
        value = array.values().get(element.index());
      } else {
        return null;
      }
    }
    return value;
  }

  private static boolean compares(@Nullable Value value, Comparison comparison, Value operand) {
    if (comparison == Comparison.EQUAL || comparison == Comparison.NOT_EQUAL) {
      return operand.equals(value) == (comparison == Comparison.EQUAL);
    }
    OptionalInt order = value == null ? OptionalInt.empty() : order(value, operand);
    if (order.isEmpty()) {
      return false;
    }
    return switch (comparison) {
      case LESS -> order.getAsInt() < 0;
      case LESS_OR_EQUAL -> order.getAsInt() <= 0;
      case GREATER -> order.getAsInt() > 0;
      default -> order.getAsInt() >= 0;
    };
  }

  private static OptionalInt order(Value value, Value operand) {
    if (value instanceof Value.Num a && operand instanceof Value.Num b) {
      return OptionalInt.of(a.number().compareTo(b.number()));
    }
    byte[] a = bytes(value);
    byte[] b = bytes(operand);
    return a == null || b == null || value.getClass() != operand.getClass()
        ? OptionalInt.empty()
        : OptionalInt.of(Arrays.compareUnsigned(a, b));
  }

  private static byte @Nullable [] bytes(Value value) {
    if (value instanceof Value.Text text) {
      return text.text().getBytes(StandardCharsets.UTF_8);
    }
    return value instanceof Value.Binary binary ? binary.toArray() : null;
  }

  private static boolean begins(@Nullable Value value, Value prefix) {
    byte[] whole = value == null ? null : bytes(value);
    byte[] first = bytes(prefix);
    return whole != null
        && first != null
        && value != null
        && value.getClass() == prefix.getClass()
        && whole.length >= first.length
        && Arrays.equals(Arrays.copyOf(whole, first.length), first);
  }

  private static boolean contains(@Nullable Value value, Value operand) {
    if (value instanceof Value.Text text && operand instanceof Value.Text part) {
      return text.text().contains(part.text());
    } else if (value instanceof Value.TextSet set && operand instanceof Value.Text text) {
      return set.texts().contains(text.text());
    } else if (value instanceof Value.NumSet set && operand instanceof Value.Num number) {
      return set.numbers().stream()
          .map(BigDecimal::stripTrailingZeros)
          .anyMatch(number.number().stripTrailingZeros()::equals);
    } else if (value instanceof Value.BinarySet set && operand instanceof Value.Binary binary) {
      return set.values().contains(binary);
    }
    return value instanceof Value.Array array && array.values().contains(operand);
  }

  private static ValueType type(Value value) {
    if (value instanceof Value.Text) {
      return ValueType.TEXT;
    } else if (value instanceof Value.Num) {
      return ValueType.NUMBER;
    } else if (value instanceof Value.Binary) {
      return ValueType.BINARY;
    } else if (value instanceof Value.Bool) {
      return ValueType.BOOLEAN;
    } else if (value instanceof Value.Null) {
      return ValueType.NULL;
    } else if (value instanceof Value.Array) {
      return ValueType.LIST;
    } else if (value instanceof Value.Document) {
      return ValueType.MAP;
    } else if (value instanceof Value.TextSet) {
      return ValueType.TEXT_SET;
    }
    return value instanceof Value.NumSet ? ValueType.NUMBER_SET : ValueType.BINARY_SET;
  }
}
