/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.autoscaling;

import java.util.OptionalLong;

/** The tables that this service scales. */
public interface ScalableTables {
  /**
   * The provisioned throughput of something.
   *
   * @param region where
   * @param scalable what
   * @return units a second, 0 on demand; empty when there is no such table or index
   */
  OptionalLong capacity(String region, Scalable scalable);

  /**
   * Changes it as the table's owner would.
   *
   * @param region where
   * @param scalable what
   * @param units units a second
   * @throws io.clouddb.testkit.simulator.aws.AwsError for what DynamoDB refuses
   */
  void provision(String region, Scalable scalable, long units);
}
