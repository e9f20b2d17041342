/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import io.clouddb.CloudConfig;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.replica.ReplicaField;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.testkit.contract.ReplicaFeaturesContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class AzureReplicaFeaturesContractTest extends ReplicaFeaturesContract {
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
  protected CloudConfig.Builder config() {
    return azure.config();
  }

  @Override
  protected String otherRegion() {
    return "westeurope";
  }

  @Override
  protected InstanceSpec.Builder source(String name, AdminLogin admin, ReplicaField field) {
    InstanceSpec.Builder source = AzureOnThisMachine.spec(name).admin(admin).database("shop");
    return field == ReplicaField.PRIVATE_NETWORK ? source.network(network()) : source;
  }

  private static Network network() {
    return AzureInstanceFeaturesContractTest.privateNetwork();
  }

  @Override
  protected ReplicaSpec farReplica(String name) {
    return ReplicaSpec.named(name).network(Network.publicAccess("127.0.0.0/8"));
  }

  @Override
  protected ReplicaSpec asking(ReplicaSpec base, ReplicaField field) {
    return switch (field) {
      case PRIVATE_NETWORK -> base.network(network());
      case SIZE -> base.size(InstanceSize.named("Standard_D4ds_v5"));
      default -> super.asking(base, field);
    };
  }

  @Override
  protected Map<ReplicaField, String> untried() {
    return Map.of(ReplicaField.ENCRYPTION_KEY, "the simulator knows no keys");
  }
}
