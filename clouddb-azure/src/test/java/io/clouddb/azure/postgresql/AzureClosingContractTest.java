/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.CloudConfig;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.testkit.contract.ClosingContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of closing on the simulated Azure. */
class AzureClosingContractTest extends ClosingContract {
  private static AzureOnThisMachine azure;

  @BeforeAll
  static void start() {
    azure = new AzureOnThisMachine(100, 40, Duration.ZERO, 0.001);
  }

  @AfterAll
  static void stop() {
    azure.close();
  }

  @Override
  protected CloudConfig.Builder config() {
    return azure.config();
  }

  @Override
  protected InstanceSpec.Builder spec(String name, AdminLogin admin) {
    return AzureOnThisMachine.spec(name).admin(admin);
  }
}
