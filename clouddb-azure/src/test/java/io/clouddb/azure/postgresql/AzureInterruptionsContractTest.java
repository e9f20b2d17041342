/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.testkit.contract.InterruptionsContract;
import io.clouddb.testkit.simulator.SimulatedCloud;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class AzureInterruptionsContractTest extends InterruptionsContract {
  private static AzureOnThisMachine azure;

  @BeforeAll
  static void start() {
    azure = new AzureOnThisMachine(2, 40);
  }

  @AfterAll
  static void stop() {
    azure.close();
  }

  @Override
  protected SimulatedCloud simulator() {
    return azure.azure;
  }

  @Override
  protected InstanceSpec.Builder spec(String name, AdminLogin login) {
    return AzureOnThisMachine.spec(name).admin(login).database("shop");
  }
}
