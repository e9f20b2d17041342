/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.rds;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Something that an ARN names and that has tags. */
final class Tagged {
  private static final Pattern ARN =
      Pattern.compile("arn:aws:rds:([a-z0-9-]+):([0-9]+):([a-z-]+):(.+)");

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
    if (!matcher.matches() || !matcher.group(2).equals(state.account())) {
      throw AwsError.value("Invalid resource name: " + arn);
    }
    String region = matcher.group(1);
    ResourceKey key = state.key(region, matcher.group(4));
    return state.tagged().find(matcher.group(3), key);
  }

  Map<String, String> tags() {
    return tags;
  }

  void put(Map<String, String> all) {
    store.accept(all);
  }
}
