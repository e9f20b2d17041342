/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.AwsPartition;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Something that an ARN names and that has tags. */
final class Tagged {
  private static final Pattern ARN =
      Pattern.compile("arn:([a-z-]+):rds:([a-z0-9-]+):([0-9]+):([a-z-]+):(.+)");

  private final Map<String, String> tags;
  private final Consumer<Map<String, String>> store;

  /**
   * What was found.
   *
   * @param tags key to value
   * @param store keeps others in their place
   */
  Tagged(Map<String, String> tags, Consumer<Map<String, String>> store) {
    this.tags = tags;
    this.store = store;
  }

  static Tagged of(RdsState state, String arn) {
    Matcher matcher = ARN.matcher(arn);
    if (!matcher.matches()
        || !matcher.group(3).equals(state.account())
        || !matcher.group(1).equals(AwsPartition.of(matcher.group(2)))) {
      throw AwsError.value("Invalid resource name: " + arn);
    }
    ResourceKey key = state.key(matcher.group(2), matcher.group(5));
    return state.tagged().find(matcher.group(4), key);
  }

  Map<String, String> tags() {
    return tags;
  }

  void put(Map<String, String> all) {
    store.accept(all);
  }
}
