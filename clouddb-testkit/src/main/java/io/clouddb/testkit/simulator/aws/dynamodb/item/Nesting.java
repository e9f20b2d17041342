/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.item;

import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.Collection;
import java.util.Map;

/** How deep lists and maps of an item may be in each other: the 32nd level is what is in them. */
final class Nesting {
  private static final int MOST = 31;

  private Nesting() {}

  static void check(Map<String, Value> item) {
    if (depth(item.values()) > MOST) {
      throw Validation.error(
          "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels"
              + " beyond supported limit");
    }
  }

  private static int depth(Collection<Value> values) {
    int deepest = 0;
    for (Value value : values) {
      if (value instanceof Value.Array array) {
        deepest = Math.max(deepest, 1 + depth(array.values()));
      } else if (value instanceof Value.Document document) {
        deepest = Math.max(deepest, 1 + depth(document.members().values()));
      }
    }
    return deepest;
  }
}
