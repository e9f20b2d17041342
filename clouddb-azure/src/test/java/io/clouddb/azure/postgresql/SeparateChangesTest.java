/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.Backup;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What Azure does not do together, though it accepts it in one PATCH: it drops the retention beside
 * a larger disk and says {@code Succeeded}, and judges a standby by the size before the change as
 * well as by the one after it.
 */
class SeparateChangesTest {
  @RegisterExtension static final SharedAzure SHARED = new SharedAzure();

  private static AzureOnThisMachine azure;
  private static CloudDb cloud;
  private static ResourceId orders;

  @BeforeAll
  static void start() {
    azure = SHARED.azure();
    cloud = SHARED.cloud();
    orders = cloud.instances().create(spec("orders").build()).await(LIMIT).id();
  }

  private static List<String> sent() {
    return azure.azure.requests("Servers_Update").stream().map(RecordedRequest::body).toList();
  }

  private static int retention(Instance instance) {
    return instance.unwrap(ServerInner.class).backup().backupRetentionDays();
  }

  /** The next larger disk. */
  private static DataSize larger() {
    return DataSize.gib(
        2 * cloud.instances().get("orders").storageSize().orElseThrow().toGibExact());
  }

  private static Instance modify(InstanceChange change, Native... customized) {
    return cloud.instances().modify(orders, change, customized).await(LIMIT);
  }

  @Test
  void aDiskGrowsByARequestOfItsOwn() {
    DataSize size = larger();
    Instance after =
        modify(
            InstanceChange.builder()
                .storageSize(size)
                .backups(BackupPolicy.daily().retainDays(14))
                .tag("a", "b")
                .build());
    assertThat(after.storageSize()).contains(size);
    assertThat(retention(after)).isEqualTo(14);
    assertThat(sent())
        .hasSize(2)
        .noneMatch(body -> body.contains("storageSizeGB") && body.contains("backup"));
    // The disk comes last: it is what cannot be taken back.
    assertThat(sent().get(1))
        .isEqualTo("{\"properties\":{\"storage\":{\"storageSizeGB\":" + size.toGibExact() + "}}}");
  }

  @Test
  void aDiskAloneIsOneRequest() {
    DataSize size = larger();
    Instance after = modify(InstanceChange.builder().storageSize(size).build());
    assertThat(after.storageSize()).contains(size);
    assertThat(sent()).hasSize(1);
  }

  @Test
  void whatACallerAddsToADiskIsNotDroppedEither() {
    DataSize size = larger();
    Instance after =
        modify(
            InstanceChange.builder().storageSize(size).build(),
            Native.customize(
                ServerForUpdate.class,
                update -> update.withBackup(new Backup().withBackupRetentionDays(21))));
    assertThat(after.storageSize()).contains(size);
    assertThat(retention(after)).isEqualTo(21);
    assertThat(sent()).hasSize(2);
  }

  @Test
  void aStandbyGoesBeforeABurstableSizeComesAndComesAfterItWent() {
    modify(
        InstanceChange.builder()
            .size(InstanceSize.named("Standard_D2ds_v5"))
            .availability(Availability.REGIONAL)
            .build());
    assertThat(sent()).as("no burstable size").hasSize(1);
    azure.azure.clearRequests();
    Instance burstable =
        modify(
            InstanceChange.builder()
                .size(InstanceSize.named("Standard_B2s"))
                .availability(Availability.ZONAL)
                .build());
    assertThat(burstable.nativeSize()).contains("Standard_B2s");
    assertThat(burstable.availability()).contains(Availability.ZONAL);
    assertThat(sent()).hasSize(2);
    assertThat(sent().get(0)).contains("Disabled").doesNotContain("sku");
    assertThat(sent().get(1)).contains("Standard_B2s").doesNotContain("highAvailability");
    azure.azure.clearRequests();
    Instance general =
        modify(
            InstanceChange.builder()
                .size(InstanceSize.named("Standard_D2ds_v5"))
                .availability(Availability.REGIONAL)
                .build());
    assertThat(general.nativeSize()).contains("Standard_D2ds_v5");
    assertThat(general.availability()).contains(Availability.REGIONAL);
    assertThat(sent()).hasSize(2);
    assertThat(sent().get(0)).contains("Standard_D2ds_v5").doesNotContain("highAvailability");
    assertThat(sent().get(1)).contains("ZoneRedundant").doesNotContain("sku");
  }

  @Test
  void aDiskThatIsRefusedAfterTheRestSaysSo() {
    ResourceId shop = cloud.instances().create(spec("shop").build()).await(LIMIT).id();
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class,
            () -> {
              azure
                  .azure
                  .faults()
                  .on("Servers_Update")
                  .after(1)
                  .operationFails("StorageQuotaExceeded", "No more disks.");
              cloud
                  .instances()
                  .modify(
                      shop,
                      InstanceChange.builder().storageSize(DataSize.gib(128)).tag("c", "d").build())
                  .await(LIMIT);
            });
    assertThat(e.category()).isEqualTo(ErrorCategory.QUOTA);
    assertThat(e.details().leftBehind().orElseThrow()).isEqualTo("done: change; not done: disk");
    assertThat(cloud.instances().get("shop").tags()).containsEntry("c", "d");
  }
}
