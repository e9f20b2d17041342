/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.CloudConfig;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.testkit.contract.ClosingContract;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of closing on RDS, simulated. */
class AwsClosingContractTest extends ClosingContract {
  private static RdsTestCloud rds;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud(SimulatedClock.manual(Instant.EPOCH), builder -> builder);
  }

  @AfterAll
  static void stop() {
    rds.close();
  }

  @Override
  protected CloudConfig.Builder config() {
    return rds.unchecked();
  }

  @Override
  protected InstanceSpec.Builder spec(String name, AdminLogin admin) {
    return RdsTestCloud.spec(name).admin(admin);
  }
}
