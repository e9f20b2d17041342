/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import io.clouddb.CloudConfig;
import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.testkit.contract.InstanceFeaturesContract;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class GcpInstanceFeaturesContractTest extends InstanceFeaturesContract {
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
  protected InstanceSpec.Builder spec(String name, AdminLogin admin) {
    return InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .network(Network.publicAccess("203.0.113.0/24"))
        .database("shop")
        .admin(admin);
  }

  @Override
  protected InstanceSpec asking(InstanceSpec base, InstanceField field) {
    InstanceSpec spec = super.asking(base, field);
    return switch (field) {
      case ENCRYPTION_KEY ->
          base.toBuilder()
              .storage(
                  base.storage()
                      .encryptedWith(
                          "projects/p/locations/"
                              + config().build().location()
                              + "/keyRings/shop/cryptoKeys/databases"))
              .build();
      case PRIVATE_NETWORK ->
          base.toBuilder()
              .network(Network.privateNetwork("projects/p/global/networks/shop"))
              .build();
      case BACKUP_WINDOW_LENGTH ->
          spec.toBuilder()
              .backups(spec.backups().orElseThrow().lasting(Duration.ofHours(4)))
              .build();
      default -> spec;
    };
  }
}
