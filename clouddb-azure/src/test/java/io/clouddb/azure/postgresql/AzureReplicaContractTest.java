/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.CloudConfig;
import io.clouddb.ResourceId;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.testkit.contract.ReplicaContract;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class AzureReplicaContractTest extends ReplicaContract {
  private static AzureOnThisMachine azure;

  @BeforeAll
  static void start() {
    azure = new AzureOnThisMachine(20, 40);
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
  protected CloudConfig.Builder config() {
    return azure.config();
  }

  @Override
  protected String otherRegion() {
    return "westeurope";
  }

  @Override
  protected InstanceSpec.Builder source(String name) {
    return AzureOnThisMachine.spec(name).admin(LOGIN).database("shop");
  }

  @Override
  protected ReplicaSpec farReplica(String name) {
    return ReplicaSpec.named(name).network(Network.publicAccess("127.0.0.0/8"));
  }

  @Override
  protected EmbeddedPostgres server(ResourceId id) {
    return azure
        .azure
        .servers()
        .get(
            new ResourceKey(
                AzureOnThisMachine.SUBSCRIPTION + "/" + AzureOnThisMachine.GROUP, id.name()))
        .server()
        .orElseThrow();
  }
}
