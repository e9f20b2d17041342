/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.tables.Value;
import org.jspecify.annotations.Nullable;

/**
 * A value as a request has it.
 *
 * @param value the value; null when something is wrong with it
 * @param problem what is; null when nothing is
 */
public record WireValue(@Nullable Value value, @Nullable AwsError problem) {
  /**
   * The value.
   *
   * @return the value
   * @throws AwsError when something is wrong with it
   */
  public Value get() {
    if (value == null) {
      throw problem == null ? new IllegalStateException("Neither value nor problem") : problem;
    }
    return value;
  }
}
