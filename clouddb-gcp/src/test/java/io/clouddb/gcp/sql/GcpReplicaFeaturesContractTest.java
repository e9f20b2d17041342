/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.CloudConfig;
import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.testkit.contract.ReplicaFeaturesContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class GcpReplicaFeaturesContractTest extends ReplicaFeaturesContract {
  private static final Network VPC = Network.privateNetwork("projects/p/global/networks/shop");

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
  protected CloudConfig.Builder config() {
    return gcp.config();
  }

  @Override
  protected String otherRegion() {
    return "europe-west1";
  }

  @Override
  protected InstanceSpec.Builder source(String name, AdminLogin admin, ReplicaField field) {
    Storage disk = Storage.ssd(DataSize.gib(20));
    // Roles are switched within the greater edition only.
    boolean plus = field == ReplicaField.SWITCHOVER;
    return InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
        .size(
            plus
                ? InstanceSize.named("db-perf-optimized-N-2")
                : InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(field == ReplicaField.ENCRYPTION_KEY ? disk.encryptedWith(key()) : disk)
        .network(
            field == ReplicaField.PRIVATE_NETWORK ? VPC : Network.publicAccess("203.0.113.0/24"))
        .backups(BackupPolicy.daily().retainDays(7).withPointInTime())
        .database("shop")
        .admin(admin);
  }

  private String key() {
    return "projects/p/locations/"
        + config().build().location()
        + "/keyRings/shop/cryptoKeys/databases";
  }

  @Override
  protected ReplicaSpec asking(ReplicaSpec base, ReplicaField field) {
    return switch (field) {
      case ENCRYPTION_KEY -> base.encryptionKey(key());
      case PRIVATE_NETWORK -> base.network(VPC);
      default -> super.asking(base, field);
    };
  }
}
