/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.testkit.contract.InterruptionsContract;
import io.clouddb.testkit.simulator.SimulatedCloud;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class GcpInterruptionsContractTest extends InterruptionsContract {
  private static SimulatedCloudSql gcp;

  @BeforeAll
  static void start() {
    gcp = SimulatedCloudSql.start();
  }

  @AfterAll
  static void close() {
    gcp.close();
  }

  @Override
  protected SimulatedCloud simulator() {
    return gcp.simulator;
  }

  @Override
  protected InstanceSpec.Builder spec(String name, AdminLogin login) {
    return InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .network(Network.publicAccess("203.0.113.0/24"))
        .database("shop")
        .admin(login);
  }
}
