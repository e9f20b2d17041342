/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.rds;

import io.clouddb.testkit.simulator.NotSimulatedException;
import io.clouddb.testkit.simulator.ResourceKey;
import io.clouddb.testkit.simulator.SimulatedInstance;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Something that an ARN names and that has tags. */
final class Tagged {
  private static final Pattern ARN =
      Pattern.compile("arn:aws:rds:([a-z0-9-]+):" + RdsState.ACCOUNT + ":([a-z]+):(.+)");

  private final Map<String, String> tags;
  private final Consumer<Map<String, String>> store;

  private Tagged(Map<String, String> tags, Consumer<Map<String, String>> store) {
    this.tags = tags;
    this.store = store;
  }

  static Tagged of(RdsState state, String arn) {
    Matcher matcher = ARN.matcher(arn);
    if (!matcher.matches()) {
      throw RdsError.value("Invalid resource name: " + arn);
    }
    String region = matcher.group(1);
    ResourceKey key = RdsState.key(region, matcher.group(3));
    return switch (matcher.group(2)) {
      case "db" -> {
        SimulatedInstance instance = state.instance(key);
        yield new Tagged(
            InstanceXml.tags(instance), all -> instance.putAttribute(Members.TAGS, all));
      }
      case "pg" -> {
        ParameterGroup group = state.group(region, key.name());
        yield new Tagged(
            group.tags(),
            all -> {
              ParameterGroup unused = state.groups().change(key, current -> current.tagged(all));
            });
      }
      default -> throw new NotSimulatedException("tags of " + matcher.group(2));
    };
  }

  Map<String, String> tags() {
    return tags;
  }

  void put(Map<String, String> all) {
    store.accept(all);
  }
}
