/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A condition on an item. An item that is not there is one without attributes. */
public interface Condition {
  /**
   * Tells whether it holds.
   *
   * @param item the item
   * @return true when it does
   */
  boolean holds(Map<String, Value> item);

  /**
   * The paths that it reads.
   *
   * @return in the order of the text, with repetitions
   */
  List<Path> paths();

  /**
   * This one and another.
   *
   * @param other the other
   * @return holds when both do
   */
  default Condition and(Condition other) {
    return join(other, item -> holds(item) && other.holds(item));
  }

  /**
   * This one or another.
   *
   * @param other the other
   * @return holds when one of them does
   */
  default Condition or(Condition other) {
    return join(other, item -> holds(item) || other.holds(item));
  }

  /**
   * Not this one.
   *
   * @return holds when this one does not
   */
  default Condition not() {
    return new Reading(paths(), item -> !holds(item));
  }

  private Condition join(Condition other, Predicate<Map<String, Value>> test) {
    List<Path> all = new ArrayList<>(paths());
    all.addAll(other.paths());
    return new Reading(all, test);
  }
}
