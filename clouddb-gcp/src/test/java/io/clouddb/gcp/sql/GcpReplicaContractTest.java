/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.CloudConfig;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.testkit.contract.ReplicaContract;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.engine.ResourceKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class GcpReplicaContractTest extends ReplicaContract {
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
  protected CloudConfig.Builder config() {
    return gcp.config();
  }

  @Override
  protected String otherRegion() {
    return "europe-west1";
  }

  @Override
  protected InstanceSpec.Builder source(String name) {
    return InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .network(Network.publicAccess("203.0.113.0/24"))
        .backups(BackupPolicy.daily().retainDays(7))
        .database("shop")
        .admin(LOGIN);
  }

  @Override
  protected ReplicaSpec farReplica(String name) {
    return ReplicaSpec.named(name);
  }

  @Override
  protected EmbeddedPostgres server(ResourceId id) {
    return gcp.simulator
        .servers()
        .get(new ResourceKey(id.account(), id.name()))
        .server()
        .orElseThrow();
  }
}
