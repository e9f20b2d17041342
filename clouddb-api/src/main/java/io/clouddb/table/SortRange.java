/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.table;

import java.util.Objects;

/** Which items of a partition a {@link Query} is for, by their sort attribute. */
public sealed interface SortRange {
  /**
   * One value, or all on one side of it.
   *
   * @param comparison how; not {@link Condition.Comparison#NOT_EQUAL}
   * @param value the value
   */
  record Compares(Condition.Comparison comparison, Value value) implements SortRange {
    /** Refuses what is no range. */
    public Compares {
      Objects.requireNonNull(comparison, "comparison");
      Objects.requireNonNull(value, "value");
      if (comparison == Condition.Comparison.NOT_EQUAL) {
        throw Values.invalid("A range of a query is all but one value; filter instead");
      }
    }

    /** Tells nothing of the values. */
    @Override
    public String toString() {
      return "Compares[" + comparison + "]";
    }
  }

  /**
   * From one value to another.
   *
   * @param low the first
   * @param high the last
   */
  record Between(Value low, Value high) implements SortRange {
    /** Refuses null. */
    public Between {
      Objects.requireNonNull(low, "low");
      Objects.requireNonNull(high, "high");
    }

    /** Tells nothing of the values. */
    @Override
    public String toString() {
      return "Between";
    }
  }

  /**
   * What begins so.
   *
   * @param prefix a {@link Value.Text} or {@link Value.Binary}
   */
  record BeginsWith(Value prefix) implements SortRange {
    /** Refuses what cannot begin. */
    public BeginsWith {
      if (!(prefix instanceof Value.Text) && !(prefix instanceof Value.Binary)) {
        throw Values.invalid("Only a text or bytes begin with something");
      }
    }

    /** Tells nothing of the values. */
    @Override
    public String toString() {
      return "BeginsWith";
    }
  }
}
