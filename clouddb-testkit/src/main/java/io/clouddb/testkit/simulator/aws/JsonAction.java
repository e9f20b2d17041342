/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Does one action of a {@link JsonProtocol}. */
@FunctionalInterface
public interface JsonAction {
  /**
   * Does it.
   *
   * @param call what is asked for
   * @return the members of the result
   * @throws AwsError for what the service refuses
   */
  ObjectNode run(JsonCall call);
}
