/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.CloudConfig;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.testkit.contract.InstanceFeaturesContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class AzureInstanceFeaturesContractTest extends InstanceFeaturesContract {
  private static final String NETWORKS =
      "/subscriptions/"
          + AzureOnThisMachine.SUBSCRIPTION
          + "/resourceGroups/"
          + AzureOnThisMachine.GROUP
          + "/providers/Microsoft.Network/";

  private static AzureOnThisMachine azure;

  /** A delegated subnet with its private DNS zone. */
  static Network privateNetwork() {
    return Network.privateNetwork(NETWORKS + "virtualNetworks/vnet/subnets/databases")
        .dnsZone(NETWORKS + "privateDnsZones/shop.private.postgres.database.azure.com");
  }

  @BeforeAll
  static void start() {
    azure = new AzureOnThisMachine(20, 40);
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
    return AzureOnThisMachine.spec(name).admin(admin).database("shop");
  }

  @Override
  protected InstanceSpec asking(InstanceSpec base, InstanceField field) {
    return switch (field) {
      case PRIVATE_NETWORK -> base.toBuilder().network(privateNetwork()).build();
      default -> super.asking(base, field);
    };
  }
}
