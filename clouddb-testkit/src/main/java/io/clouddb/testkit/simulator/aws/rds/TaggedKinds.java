/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The kinds of what an ARN names and what has tags. Whoever has the actions of a kind adds it,
 * while the table of actions is made.
 */
final class TaggedKinds {
  private final Map<String, Function<ResourceKey, Tagged>> kinds = new HashMap<>();

  /**
   * Adds a kind.
   *
   * @param kind as it stands in ARNs, for example {@code db}
   * @param find finds one, or says by an error that there is none
   */
  void add(String kind, Function<ResourceKey, Tagged> find) {
    if (kinds.put(kind, find) != null) {
      throw new IllegalArgumentException("The kind " + kind + " is there already");
    }
  }

  Tagged find(String kind, ResourceKey key) {
    Function<ResourceKey, Tagged> find = kinds.get(kind);
    if (find == null) {
      throw new NotSimulatedException("tags of " + kind);
    }
    return find.apply(key);
  }
}
