/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.dynamodb.wire.Numbers;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What {@code ADD} and {@code DELETE} do to a value that is there.
 *
 * @param mismatch what the service says when it is of another type
 */
record SetChange(String mismatch) {
  Value add(@Nullable Value before, Value operand) {
    if (before == null) {
      return operand;
    }
    if (before instanceof Value.Num a && operand instanceof Value.Num b) {
      return new Value.Num(Numbers.check(a.number().add(b.number())));
    } else if (before instanceof Value.Array a && operand instanceof Value.Array b) {
      return new Value.Array(Stream.concat(a.values().stream(), b.values().stream()).toList());
    } else if (before instanceof Value.TextSet a && operand instanceof Value.TextSet b) {
      return new Value.TextSet(union(a.texts(), b.texts()));
    } else if (before instanceof Value.NumSet a && operand instanceof Value.NumSet b) {
      return new Value.NumSet(union(a.numbers(), b.numbers()));
    } else if (before instanceof Value.BytesSet a && operand instanceof Value.BytesSet b) {
      return new Value.BytesSet(union(a.values(), b.values()));
    }
    throw Refusal.of(mismatch);
  }

  private static <T> Set<T> union(Set<T> before, Set<T> operand) {
    Set<T> all = new LinkedHashSet<>(before);
    all.addAll(operand);
    return all;
  }

  /** Null when nothing is left: there are no empty sets. */
  @Nullable Value delete(@Nullable Value before, Value operand) {
    if (before == null) {
      return null;
    } else if (before instanceof Value.TextSet a && operand instanceof Value.TextSet b) {
      return without(a.texts(), b.texts(), Value.TextSet::new);
    } else if (before instanceof Value.NumSet a && operand instanceof Value.NumSet b) {
      return without(a.numbers(), b.numbers(), Value.NumSet::new);
    } else if (before instanceof Value.BytesSet a && operand instanceof Value.BytesSet b) {
      return without(a.values(), b.values(), Value.BytesSet::new);
    }
    throw Refusal.of(mismatch);
  }

  private static <T> @Nullable Value without(
      Set<T> before, Set<T> operand, Function<Set<T>, Value> set) {
    Set<T> left = new LinkedHashSet<>(before);
    left.removeAll(operand);
    return left.isEmpty() ? null : set.apply(left);
  }
}
