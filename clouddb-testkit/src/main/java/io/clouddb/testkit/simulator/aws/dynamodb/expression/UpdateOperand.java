/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.wire.Numbers;
import io.clouddb.testkit.simulator.tables.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Operands that only updates have. */
sealed interface UpdateOperand extends Operand {
  /** What the service says when a value of the item is of the wrong type. */
  String INCORRECT_TYPE = "An operand in the update expression has an incorrect data type";

  /** {@code if_not_exists}. */
  record Otherwise(Path path, Operand other) implements UpdateOperand {
    @Override
    public @Nullable Value of(Map<String, Value> item) {
      Value value = path.in(item);
      return value == null ? other.of(item) : value;
    }

    @Override
    public @Nullable ValueType type() {
      return null;
    }

    @Override
    public List<Path> paths() {
      List<Path> all = new ArrayList<>(List.of(path));
      all.addAll(other.paths());
      return all;
    }
  }

  /** {@code list_append}. */
  record Concatenation(Operand first, Operand second) implements UpdateOperand {
    @Override
    public @Nullable Value of(Map<String, Value> item) {
      Value head = first.of(item);
      Value tail = second.of(item);
      if (head == null || tail == null) {
        return null;
      }
      if (head instanceof Value.Array a && tail instanceof Value.Array b) {
        List<Value> all = new ArrayList<>(a.values());
        all.addAll(b.values());
        return new Value.Array(all);
      }
      throw Refusal.of(INCORRECT_TYPE);
    }

    @Override
    public ValueType type() {
      return ValueType.L;
    }

    @Override
    public List<Path> paths() {
      List<Path> all = new ArrayList<>(first.paths());
      all.addAll(second.paths());
      return all;
    }
  }

  /** A sum or a difference. */
  record Sum(boolean plus, Operand left, Operand right) implements UpdateOperand {
    @Override
    public @Nullable Value of(Map<String, Value> item) {
      Value first = left.of(item);
      Value second = right.of(item);
      if (first == null || second == null) {
        return null;
      }
      if (first instanceof Value.Num a && second instanceof Value.Num b) {
        BigDecimal number = plus ? a.number().add(b.number()) : a.number().subtract(b.number());
        return new Value.Num(Numbers.check(number));
      }
      throw Refusal.of(INCORRECT_TYPE);
    }

    @Override
    public ValueType type() {
      return ValueType.N;
    }

    @Override
    public List<Path> paths() {
      List<Path> all = new ArrayList<>(left.paths());
      all.addAll(right.paths());
      return all;
    }
  }
}
