/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.wire;

/** Does one action of a {@link ModelProtocol}. */
@FunctionalInterface
public interface ModelAction {
  /**
   * Does it.
   *
   * @param call what is asked for
   * @return what is answered
   * @throws io.clouddb.testkit.simulator.aws.AwsError for what the service refuses
   */
  Answer run(ModelCall call);
}
