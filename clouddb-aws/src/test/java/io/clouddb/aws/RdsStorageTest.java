/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.Storage;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/**
 * How a disk grows: what RDS demands beside its size, and what it never does. Each instance is one
 * that has to be started, so a test goes the whole way of one.
 */
class RdsStorageTest extends RdsOperations {
  private Instance grow(Instance instance, int gib) {
    return modify(instance, InstanceChange.builder().storageSize(DataSize.gib(gib)));
  }

  private static Map<String, String> sent() {
    Map<String, String> form = rds.lastForm("ModifyDBInstance");
    form.keySet().removeIf(name -> name.equals("DBInstanceIdentifier"));
    return form;
  }

  private static int modifications() {
    return rds.simulator().requests("ModifyDBInstance").size();
  }

  private static DBInstance disk(Instance instance) {
    return instance.unwrap(DBInstance.class);
  }

  @Test
  void aSmallGp3DiskTakesItsSizeAloneAndALargeOneItsCompanions() {
    Instance instance = create(RdsTestCloud.spec("growing"));
    assertThat(disk(instance).iops()).isEqualTo(3000);
    assertThat(disk(instance).storageThroughput()).isEqualTo(125);

    instance = grow(instance, 30);
    assertThat(sent())
        .containsOnly(Map.entry("AllocatedStorage", "30"), Map.entry("ApplyImmediately", "true"));

    instance = grow(instance, 400);
    assertThat(sent())
        .as("across the threshold, from which on RDS stripes over four volumes")
        .containsEntry("AllocatedStorage", "400")
        .containsEntry("Iops", "12000")
        .containsEntry("StorageThroughput", "500")
        .hasSize(4);
    assertThat(disk(instance).iops()).isEqualTo(12_000);
    assertThat(disk(instance).storageThroughput()).isEqualTo(500);

    instance =
        cloud
            .instances()
            .modify(
                instance.id(),
                InstanceChange.builder().storageSize(DataSize.gib(500)).build(),
                Native.customize(ModifyDbInstanceRequest.Builder.class, b -> b.iops(16_000)))
            .await(LIMIT);
    assertThat(disk(instance).iops()).as("the caller's own").isEqualTo(16_000);

    instance = grow(instance, 1000);
    assertThat(sent())
        .containsEntry("AllocatedStorage", "1000")
        .containsEntry("Iops", "16000")
        .containsEntry("StorageThroughput", "500");
    assertThat(instance.storageSize()).contains(DataSize.gib(1000));
  }

  @Test
  void boughtOperationsGoWithEachSize() {
    Instance instance =
        create(
            RdsTestCloud.spec("bought")
                .storage(
                    Storage.provisionedIops(DataSize.gib(100), 1000)
                        .growingTo(DataSize.gib(1500))));
    String both = "You must specify both the storage size and iops";
    assertRefused("bought", both, r -> r.allocatedStorage(200));
    assertRefused("bought", both, r -> r.iops(2000));
    assertRefused(
        "bought",
        "Invalid iops to storage (GiB) ratio for engine name postgres and storage type io2: 0.4998",
        r -> r.allocatedStorage(2001).iops(1000).maxAllocatedStorage(3000));
    assertRefused(
        "bought",
        "Invalid iops to max storage (GiB) ratio for engine name postgres and storage type io2:"
            + " 0.3333",
        r -> r.maxAllocatedStorage(3000));
    assertRefused(
        "bought",
        "Max storage size must be greater than storage size",
        r -> r.allocatedStorage(1500).iops(1000));

    instance = grow(instance, 200);
    assertThat(sent()).containsEntry("AllocatedStorage", "200").containsEntry("Iops", "1000");
    assertThat(disk(instance).iops()).isEqualTo(1000);

    int before = modifications();
    Instance now = instance;
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .modify(
                        now.id(),
                        InstanceChange.builder().storageSize(DataSize.gib(2001)).build(),
                        Native.customize(
                            ModifyDbInstanceRequest.Builder.class,
                            b -> b.maxAllocatedStorage(3000))))
        .as("one operation per second for two GiB is the least")
        .isInstanceOfSatisfying(
            InvalidArgumentException.class,
            e -> assertThat(e.nextStep()).hasValueSatisfying(s -> assertThat(s).contains("iops(")))
        .hasMessageContainingAll("1000", "2001");
    assertThatThrownBy(() -> grow(now, 1500))
        .as("the limit of its own growth")
        .isInstanceOfSatisfying(
            InvalidArgumentException.class,
            e ->
                assertThat(e.nextStep())
                    .hasValueSatisfying(s -> assertThat(s).contains("maxAllocatedStorage(")))
        .hasMessageContaining("1500");
    assertThat(modifications()).as("nothing was sent").isEqualTo(before);
    instance =
        cloud
            .instances()
            .modify(
                instance.id(),
                InstanceChange.builder().storageSize(DataSize.gib(1500)).build(),
                Native.customize(
                    ModifyDbInstanceRequest.Builder.class, b -> b.maxAllocatedStorage(2000)))
            .await(LIMIT);
    assertThat(disk(instance).maxAllocatedStorage()).isEqualTo(2000);
  }

  @Test
  void aDiskGrowsByATenthAtLeastAndNeverShrinks() {
    Instance instance = create(RdsTestCloud.spec("tenth").storage(Storage.ssd(DataSize.gib(95))));
    int before = modifications();
    for (int gib : new int[] {96, 104}) {
      assertThatThrownBy(() -> grow(instance, gib))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContainingAll("95 GiB", "10 %", "105 GiB", "preferring(STORAGE_SIZE)");
    }
    assertThatThrownBy(() -> grow(instance, 94))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("95 GiB", "never becomes smaller");
    assertThat(modifications()).as("nothing was sent").isEqualTo(before);

    assertThat(grow(instance, 95).storageSize()).contains(DataSize.gib(95));
    assertThat(modifications()).as("the size that it has is no change").isEqualTo(before);

    Instance larger =
        modify(
            instance,
            InstanceChange.builder()
                .storageSize(DataSize.gib(96))
                .preferring(InstanceField.STORAGE_SIZE));
    assertThat(larger.storageSize()).contains(DataSize.gib(105));

    rds.simulator()
        .faults()
        .on("ModifyDBInstance")
        .refused(
            400,
            "InvalidParameterCombination",
            "You can't currently modify the storage of this DB instance because the previous"
                + " storage change is being optimized.");
    assertThatThrownBy(() -> grow(larger, 120))
        .as("told from a request that is wrong in itself")
        .isInstanceOfSatisfying(
            ConditionFailedException.class,
            e -> assertThat(e.nextStep()).hasValueSatisfying(s -> assertThat(s).contains("hours")));
  }

  private void assertRefused(String name, String message, RdsChange change) {
    RdsClient client = cloud.unwrap(RdsClient.class);
    assertThatThrownBy(
            () ->
                client.modifyDBInstance(
                    change
                        .on(ModifyDbInstanceRequest.builder().dbInstanceIdentifier(name))
                        .applyImmediately(true)
                        .build()))
        .hasMessageContaining(message)
        .extracting("awsErrorDetails.errorCode")
        .isEqualTo("InvalidParameterCombination");
  }

  private interface RdsChange {
    ModifyDbInstanceRequest.Builder on(ModifyDbInstanceRequest.Builder request);
  }

  /** The words are the service's, as others have met them: the simulator names its sources. */
  @Test
  void theSimulatorRefusesWhatTheServiceRefuses() {
    Instance unused = create(RdsTestCloud.spec("raw"));
    String invalid = "Invalid storage size for engine name postgres and storage type gp3: ";
    assertRefused("raw", invalid + "21", r -> r.allocatedStorage(21));
    assertRefused("raw", invalid + "19", r -> r.allocatedStorage(19));
    assertRefused("raw", invalid + "70000", r -> r.allocatedStorage(70_000));
    assertRefused(
        "raw",
        "You can't specify IOPS or storage throughput for engine postgres and a storage size less"
            + " than 400.",
        r -> r.allocatedStorage(30).iops(3000));
    assertRefused(
        "raw",
        "You can't specify IOPS or storage throughput for engine postgres",
        r -> r.allocatedStorage(399).storageThroughput(125));
    String both =
        "You must specify both the storage size and iops when modifying the storage size or iops on"
            + " a DB instance that has iops.";
    assertRefused("raw", both, r -> r.allocatedStorage(400));
    assertRefused(
        "raw",
        "Invalid iops value for engine name postgres and storage type gp3: 3000",
        r -> r.allocatedStorage(400).iops(3000));
    assertRefused(
        "raw",
        "Invalid storage throughput value for engine name postgres and storage type gp3: 4001",
        r -> r.allocatedStorage(400).iops(16_004).storageThroughput(4001));
    assertRefused(
        "raw",
        "Invalid storage throughput to iops ratio",
        r -> r.allocatedStorage(400).iops(12_000).storageThroughput(3001));
    assertRefused(
        "raw",
        "Max storage size must be greater than storage size",
        r -> r.maxAllocatedStorage(20));
    assertRefused(
        "raw",
        "Invalid max storage size for engine name postgres and storage type gp3: 21",
        r -> r.maxAllocatedStorage(21));

    Instance large = create(RdsTestCloud.spec("large").storage(Storage.ssd(DataSize.gib(400))));
    assertThat(disk(large).iops()).as("the baseline, without being asked for").isEqualTo(12_000);
    assertThat(disk(large).storageThroughput()).isEqualTo(500);
    assertRefused("large", both, r -> r.allocatedStorage(500));
    assertRefused("large", both, r -> r.iops(13_000));
  }

  @Test
  void theSimulatorRefusesDisksThatCannotBeMade() {
    RdsClient client = cloud.unwrap(RdsClient.class);
    record Disk(
        String type,
        int size,
        @Nullable Integer iops,
        @Nullable Integer throughput,
        String message) {}
    for (Disk disk :
        new Disk[] {
          new Disk("io1", 100, null, null, "The storage type io1 requires iops to be specified."),
          new Disk("io2", 100, null, null, "The storage type io2 requires iops to be specified."),
          new Disk("io1", 100, 6000, null, "storage type io1: 60.0000"),
          new Disk("io2", 100, 100_001, null, "storage type io2: 1000.0100"),
          new Disk("io1", 3000, 1000, null, "storage type io1: 0.3333"),
          new Disk("io1", 99, 1000, null, "Invalid storage size"),
          new Disk("gp3", 399, 12_000, null, "a storage size less than 400."),
          new Disk("gp3", 399, null, 500, "a storage size less than 400."),
          new Disk("gp3", 400, 64_001, null, "Invalid iops value"),
          new Disk("gp2", 400, 3000, null, "Invalid iops value"),
          new Disk("gp3", 19, null, null, "Invalid storage size"),
        }) {
      assertThatThrownBy(
              () ->
                  client.createDBInstance(
                      r ->
                          r.dbInstanceIdentifier("never")
                              .engine("postgres")
                              .dbInstanceClass("db.m7g.large")
                              .masterUsername("app_admin")
                              .masterUserPassword("correct-horse-battery")
                              .storageType(disk.type())
                              .allocatedStorage(disk.size())
                              .iops(disk.iops())
                              .storageThroughput(disk.throughput())))
          .as("%s", disk)
          .hasMessageContaining(disk.message())
          .extracting("awsErrorDetails.errorCode")
          .isEqualTo("InvalidParameterCombination");
    }
    assertThat(cloud.instances().find("never")).isEmpty();
  }
}
