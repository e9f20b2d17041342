/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.CloudConfig;
import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.testkit.contract.ClosingContract;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.server.Timings;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The contract of closing on Cloud SQL, simulated. */
class GcpClosingContractTest extends ClosingContract {
  private static SimulatedCloudSql gcp;

  @BeforeAll
  static void start() {
    gcp = SimulatedCloudSql.start(Timings.USUAL, SimulatedClock.manual(Instant.EPOCH));
  }

  @AfterAll
  static void stop() {
    gcp.close();
  }

  @Override
  protected CloudConfig.Builder config() {
    return gcp.config();
  }

  @Override
  protected InstanceSpec.Builder spec(String name, AdminLogin admin) {
    return InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .network(Network.publicAccess("203.0.113.0/24"))
        .admin(admin);
  }
}
