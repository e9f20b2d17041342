/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import io.clouddb.CloudConfig;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.testkit.contract.ReplicaContract;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.SimulatedCloud;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class AwsReplicaContractTest extends ReplicaContract {
  private static RdsTestCloud rds;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud();
  }

  @AfterAll
  static void stop() {
    rds.close();
  }

  @Override
  protected SimulatedCloud simulator() {
    return rds.simulator();
  }

  @Override
  protected CloudConfig.Builder config() {
    return rds.config();
  }

  @Override
  protected String otherRegion() {
    return "eu-west-1";
  }

  @Override
  protected InstanceSpec.Builder source(String name) {
    return RdsTestCloud.spec(name).admin(LOGIN).backups(BackupPolicy.daily().retainDays(7));
  }

  @Override
  protected ReplicaSpec farReplica(String name) {
    return ReplicaSpec.named(name).encryptionKey("arn:aws:kms:eu-west-1:123456789012:key/k");
  }

  @Override
  protected EmbeddedPostgres server(ResourceId id) {
    return rds.simulator()
        .servers()
        .get(rds.simulator().rds().key(id.location(), id.name()))
        .server()
        .orElseThrow();
  }
}
