/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.CloudConfig;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.testkit.contract.InstanceContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract on RDS, simulated. */
class AwsInstanceContractTest extends InstanceContract {
  private static RdsTestCloud rds;

  @BeforeAll
  static void start() {
    // Fewer than the contract makes, so that lists have pages.
    rds = new RdsTestCloud(builder -> builder.pageSize(1).hiddenDescriptions(1));
  }

  @AfterAll
  static void stop() {
    rds.close();
  }

  @Override
  protected CloudConfig.Builder config() {
    return rds.config();
  }

  @Override
  protected InstanceSpec.Builder spec(String name) {
    return RdsTestCloud.spec(name).admin(login());
  }
}
