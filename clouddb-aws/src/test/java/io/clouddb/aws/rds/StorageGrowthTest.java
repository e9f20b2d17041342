/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** What goes with a larger disk, for the disks that there are; and which sizes are refused. */
class StorageGrowthTest {
  private static InstanceChange change(boolean preferred) {
    InstanceChange.Builder change = InstanceChange.builder().storageSize(DataSize.gib(1));
    return (preferred ? change.preferring(InstanceField.STORAGE_SIZE) : change).build();
  }

  private static DBInstance.Builder disk(
      @Nullable String type,
      @Nullable Integer gib,
      @Nullable Integer iops,
      @Nullable Integer throughput,
      @Nullable Integer limit) {
    return DBInstance.builder()
        .dbInstanceIdentifier("orders")
        .storageType(type)
        .allocatedStorage(gib)
        .iops(iops)
        .storageThroughput(throughput)
        .maxAllocatedStorage(limit);
  }

  @ParameterizedTest
  @CsvSource({
    // The disk: type, GiB, operations, throughput, limit. Asked for: GiB, operations, throughput,
    // type. Sent: GiB, operations, throughput.
    "gp3,  50,  3000,  125, ,     100,      ,    , ,    100,      ,   ",
    "gp3,  50,  3000,  125, ,     399,      ,    , ,    399,      ,   ",
    "gp3,  50,  3000,  125, ,     400,      ,    , ,    400, 12000, 500",
    "gp3, 400, 12000,  500, ,     440,      ,    , ,    440, 12000, 500",
    "gp3, 400, 16000,  800, ,     500,      ,    , ,    500, 16000, 800",
    "gp3, 400, 12000,  500, ,     500, 20000,    , ,    500, 20000, 500",
    "gp3, 400, 12000,  500, ,     500,      , 900, ,    500, 12000, 900",
    "gp3, 400,      ,     , ,     500,      ,    , ,    500, 12000, 500",
    "io1, 100,  1000,     , ,     200,      ,    , ,    200,  1000,    ",
    "io2, 100,  3000,     , ,     200,      ,    , ,    200,  3000,    ",
    "io2, 100,  3000,     , ,     200,  4000,    , ,    200,  4000,    ",
    "io2, 100,  1000,     , ,    2000,      ,    , ,   2000,  1000,    ",
    "io2, 100,      ,     , ,     200,      ,    , ,    200,      ,    ",
    "gp2, 100,   300,     , ,     500,      ,    , ,    500,      ,    ",
    "   , 100,      ,     , ,     500,      ,    , ,    500,      ,    ",
    // The type that it becomes counts.
    "gp2, 100,   300,     , ,     500,  1000,    , io2, 500,  1000,    ",
    "gp2, 100,   300,     , ,     500,      ,    , gp3, 500, 12000, 500",
    // Its own growth ends above it.
    "gp3,  50,  3000,  125, 101,  100,      ,    , ,    100,      ,   ",
    // It has that size: nothing is to be done about it, unless the request changes more of it.
    "gp3,  50,  3000,  125, ,      50,      ,    , ,       ,      ,   ",
    "io2, 100,  1000,     , ,     100,  2000,    , ,    100,  2000,    ",
    "gp2, 100,   300,     , ,     100,      ,    , gp3, 100,      ,    ",
    // What is not known is left to RDS.
    "gp3,    ,  3000,  125, ,     100,      ,    , ,    100,      ,   ",
    "gp3,  50,  3000,  125, ,        ,      ,    , ,       ,      ,   "
  })
  void theDiskSaysWhatGoesWithASize(
      @Nullable String type,
      @Nullable Integer gib,
      @Nullable Integer iops,
      @Nullable Integer throughput,
      @Nullable Integer limit,
      @Nullable Integer askedGib,
      @Nullable Integer askedIops,
      @Nullable Integer askedThroughput,
      @Nullable String askedType,
      @Nullable Integer sentGib,
      @Nullable Integer sentIops,
      @Nullable Integer sentThroughput) {
    ModifyDbInstanceRequest.Builder request =
        ModifyDbInstanceRequest.builder()
            .allocatedStorage(askedGib)
            .iops(askedIops)
            .storageThroughput(askedThroughput)
            .storageType(askedType);
    StorageGrowth.complete(
        request, change(false), disk(type, gib, iops, throughput, limit).build());
    ModifyDbInstanceRequest sent = request.build();
    assertThat(sent.allocatedStorage()).isEqualTo(sentGib);
    assertThat(sent.iops()).isEqualTo(sentIops);
    assertThat(sent.storageThroughput()).isEqualTo(sentThroughput);
    assertThat(sent.storageType()).isEqualTo(askedType);
  }

  private static void refused(
      DBInstance.Builder disk, int gib, boolean preferred, String next, String... texts) {
    ModifyDbInstanceRequest.Builder request =
        ModifyDbInstanceRequest.builder().allocatedStorage(gib);
    assertThatThrownBy(() -> StorageGrowth.complete(request, change(preferred), disk.build()))
        .isInstanceOfSatisfying(
            InvalidArgumentException.class, e -> assertThat(e.nextStep().orElse("")).contains(next))
        .hasMessageContaining("does not change orders so")
        .hasMessageContainingAll(texts);
  }

  @Test
  void aSizeThatRdsWouldRefuseIsNotSent() {
    refused(
        disk("gp3", 95, 3000, 125, null),
        94,
        false,
        "move the database",
        "never becomes smaller",
        "94");
    refused(
        disk("gp3", 95, 3000, 125, null), 94, true, "move the database", "never becomes smaller");
    refused(
        disk("gp3", 95, 3000, 125, null),
        104,
        false,
        "Ask for 105 GiB, or accept them by preferring(STORAGE_SIZE)",
        "grows by at least 10 %, to 105 GiB");
    refused(disk("gp3", 50, 3000, 125, 100), 100, false, "maxAllocatedStorage(", "up to 100 GiB");
    refused(
        disk("gp3", 50, 3000, 125, 100), 120, false, "maxAllocatedStorage(", "120 GiB are asked");
    refused(
        disk("io2", 100, 1000, null, null),
        2001,
        false,
        "request.iops(",
        "1000 operations per second, and one of 2001 GiB needs at least 1001");
    // The largest disk has no step above it that could be taken instead.
    refused(disk("gp3", 62_000, 12_000, 500, null), 65_000, true, "Ask for 68200", "68200 GiB");
  }

  @Test
  void theLeastStepIsTakenWhereTheSizeIsOnlyPreferred() {
    ModifyDbInstanceRequest.Builder request =
        ModifyDbInstanceRequest.builder().allocatedStorage(380);
    StorageGrowth.complete(request, change(true), disk("gp3", 375, 3000, 125, null).build());
    assertThat(request.build().allocatedStorage()).isEqualTo(413);
    assertThat(request.build().iops()).as("of the size that it becomes").isEqualTo(12_000);
  }

  @Test
  void theLastStepIsThatToTheLargestDisk() {
    ModifyDbInstanceRequest.Builder request =
        ModifyDbInstanceRequest.builder().allocatedStorage(60_000);
    StorageGrowth.complete(request, change(true), disk("gp2", 59_578, null, null, null).build());
    assertThat(request.build().allocatedStorage()).isEqualTo(65_536);
  }

  @Test
  void aLimitThatIsRaisedWithItIsNoneInTheWay() {
    ModifyDbInstanceRequest.Builder request =
        ModifyDbInstanceRequest.builder().allocatedStorage(200).maxAllocatedStorage(300);
    StorageGrowth.complete(request, change(false), disk("gp3", 50, 3000, 125, 100).build());
    assertThat(request.build().allocatedStorage()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"20, 22", "95, 105", "100, 110", "101, 112", "59578, 65536", "65536, 72090"})
  void aStepIsATenthAtLeast(int gib, int least) {
    assertThat(StorageGrowth.leastAfter(gib)).isEqualTo(least);
  }
}
