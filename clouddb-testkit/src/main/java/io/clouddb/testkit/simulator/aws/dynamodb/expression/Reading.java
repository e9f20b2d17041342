/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.tables.Value;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A condition that is made of others. */
record Reading(List<Path> paths, Predicate<Map<String, Value>> test) implements Condition {
  @Override
  public boolean holds(Map<String, Value> item) {
    return test.test(item);
  }
}
