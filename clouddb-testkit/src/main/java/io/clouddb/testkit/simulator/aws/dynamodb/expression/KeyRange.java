/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which keys a query wants.
 *
 * @param partition the value of the partition key
 * @param sort which sort keys; null for all
 */
public record KeyRange(Value partition, @Nullable Sort sort) {
  /** How sort keys are compared. */
  public enum Operator {
    /** Equal. */
    EQ,
    /** Less. */
    LT,
    /** Less or equal. */
    LE,
    /** Greater. */
    GT,
    /** Greater or equal. */
    GE,
    /** Between two, both included. */
    BETWEEN,
    /** Beginning with. */
    BEGINS_WITH
  }

  /**
   * Which sort keys.
   *
   * @param operator how they are compared
   * @param values with what: two for {@link Operator#BETWEEN}, else one
   */
  public record Sort(Operator operator, List<Value> values) {
    /** Keeps a copy. */
    public Sort {
      values = List.copyOf(values);
    }

    /**
     * Tells whether a sort key is one of them.
     *
     * @param key the value of a sort key
     * @return true when it is
     */
    public boolean holds(Value key) {
      List<Operand> others = values.stream().<Operand>map(Operand.Constant::new).toList();
      Check.Kind kind = Check.Kind.valueOf(operator.name());
      return new Check(kind, new Operand.Constant(key), others).holds(Map.of());
    }
  }
}
