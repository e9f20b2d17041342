/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.ResourceId;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.Network;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What of a backup's network is in the request that makes the instance for it. */
class RestoredNetworkTest {
  private static final String VPC = "projects/shop-project/global/networks/main";
  private static final String OTHER = "projects/shop-project/global/networks/other";

  private static final Backup BACKUP =
      new Backup()
          .setName("projects/shop-project/backups/1")
          .setDatabaseVersion("POSTGRES_16")
          .setInstanceSettings(
              new DatabaseInstance()
                  .setName("orders")
                  .setProject(SimulatedCloudSql.PROJECT)
                  .setRegion(SimulatedCloudSql.REGION)
                  .setSettings(
                      new Settings()
                          .setTier("db-custom-2-8192")
                          .setIpConfiguration(
                              new IpConfiguration()
                                  .setIpv4Enabled(false)
                                  .setPrivateNetwork(VPC)
                                  .setAllocatedIpRange("range-of-main")
                                  .setEnablePrivatePathForGoogleCloudServices(true)
                                  .setSslMode("ENCRYPTED_ONLY"))));

  private static IpConfiguration request(RestoreSpec spec) {
    StepContext context =
        new StepContext(
            OperationState.begin(
                BackupDriver.RESTORE.id(),
                Stepwise.id("orders-2"),
                "attempt-1",
                Instant.EPOCH,
                spec.named("orders-2").in(SimulatedCloudSql.REGION)),
            Customizations.NONE,
            SecretRef::resolve,
            Instant.EPOCH);
    return RestoreRequest.of(context, SimulatedCloudSql.PLACE, BACKUP)
        .getSettings()
        .getIpConfiguration();
  }

  private static RestoreSpec spec() {
    ResourceId id =
        new BackupId("orders", "nightly")
            .in(SimulatedCloudSql.PLACE)
            .withNativeId(BACKUP.getName());
    return RestoreSpec.from(id);
  }

  @Test
  void withoutAWishItIsWhereTheBackupsInstanceWas() {
    IpConfiguration addresses = request(spec());
    assertThat(addresses.getPrivateNetwork()).isEqualTo(VPC);
    assertThat(addresses.getAllocatedIpRange()).isEqualTo("range-of-main");
  }

  @Test
  void theSameVpcKeepsItsAllocatedRange() {
    IpConfiguration addresses = request(spec().network(Network.privateNetwork(VPC)));
    assertThat(addresses.getAllocatedIpRange()).isEqualTo("range-of-main");
    assertThat(addresses.getEnablePrivatePathForGoogleCloudServices()).isTrue();
  }

  @Test
  void anAllocatedRangeStaysInItsVpc() {
    IpConfiguration addresses = request(spec().network(Network.privateNetwork(OTHER)));
    assertThat(addresses.getPrivateNetwork()).isEqualTo(OTHER);
    assertThat(addresses.getAllocatedIpRange()).isNull();
  }

  @Test
  void aPublicNetworkLeavesThePrivateOne() {
    IpConfiguration addresses = request(spec().network(Network.publicAccess("203.0.113.0/24")));
    assertThat(addresses.getIpv4Enabled()).isTrue();
    assertThat(addresses.getPrivateNetwork()).isNull();
    assertThat(addresses.getAllocatedIpRange()).isNull();
    assertThat(addresses.getEnablePrivatePathForGoogleCloudServices()).isNull();
    assertThat(addresses.getSslMode()).as("TLS is as it was").isEqualTo("ENCRYPTED_ONLY");
  }
}
