/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Something that has a value in an item. */
sealed interface Operand permits Operand.Attribute, Operand.Constant, Operand.Size, UpdateOperand {
  /** Its value; null when the item has none there. */
  @Nullable Value of(Map<String, Value> item);

  /** Its type when that is the same for every item. */
  @Nullable ValueType type();

  /** The paths that it reads. */
  List<Path> paths();

  /** What is at a path. */
  record Attribute(Path path) implements Operand {
    @Override
    public @Nullable Value of(Map<String, Value> item) {
      return path.in(item);
    }

    @Override
    public @Nullable ValueType type() {
      return null;
    }

    @Override
    public List<Path> paths() {
      return List.of(path);
    }
  }

  /** A value of the request. */
  record Constant(Value value) implements Operand {
    @Override
    public Value of(Map<String, Value> item) {
      return value;
    }

    @Override
    public ValueType type() {
      return ValueType.of(value);
    }

    @Override
    public List<Path> paths() {
      return List.of();
    }
  }

  /** {@code size}: of text in UTF-16 units, of bytes in bytes, of the others in members. */
  record Size(Operand operand) implements Operand {
    @Override
    public @Nullable Value of(Map<String, Value> item) {
      Value value = operand.of(item);
      int size = value == null ? -1 : size(value);
      return size < 0 ? null : new Value.Num(BigDecimal.valueOf(size));
    }

    private static int size(Value value) {
      if (value instanceof Value.Text text) {
        return text.text().length();
      } else if (value instanceof Value.Bytes bytes) {
        return bytes.length();
      } else if (value instanceof Value.Array array) {
        return array.values().size();
      } else if (value instanceof Value.Document document) {
        return document.members().size();
      } else if (value instanceof Value.TextSet set) {
        return set.texts().size();
      } else if (value instanceof Value.NumSet set) {
        return set.numbers().size();
      } else if (value instanceof Value.BytesSet set) {
        return set.values().size();
      }
      return -1;
    }

    @Override
    public ValueType type() {
      return ValueType.N;
    }

    @Override
    public List<Path> paths() {
      return operand.paths();
    }
  }
}
