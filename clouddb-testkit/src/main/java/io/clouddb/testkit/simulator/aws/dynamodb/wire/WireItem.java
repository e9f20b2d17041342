/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.tables.Value;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values as a request has them. What is wrong with one is said when the action comes to it: the
 * service looks at other things first.
 *
 * @param values those in which nothing is wrong, by name
 * @param wrong the name of the first one in which something is; null when nothing is
 * @param problem what is; null when nothing is
 * @param nameless whether one has an empty name, which is worse than anything that is in a value
 */
public record WireItem(
    Map<String, Value> values,
    @Nullable String wrong,
    @Nullable AwsError problem,
    boolean nameless) {
  /**
   * The values.
   *
   * @return by name
   * @throws AwsError when something is wrong with one
   */
  public Map<String, Value> get() {
    if (nameless) {
      throw Validation.noName();
    }
    if (problem != null) {
      throw problem;
    }
    return values;
  }
}
