/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBParameterGroupStatus;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** Whether a description shows that a change was taken, where its answer was lost. */
class ShownValuesTest {
  private static ModifyDbInstanceRequest.Builder change() {
    return ModifyDbInstanceRequest.builder().dbInstanceIdentifier("orders").applyImmediately(true);
  }

  private static DBInstance.Builder group(String name) {
    return DBInstance.builder()
        .dbParameterGroups(DBParameterGroupStatus.builder().dbParameterGroupName(name).build());
  }

  @Test
  void whatIsThereIsShown() {
    ModifyDbInstanceRequest asked =
        change()
            .dbInstanceClass("db.m7g.large")
            .deletionProtection(true)
            .enablePerformanceInsights(true)
            .build();
    DBInstance.Builder there =
        DBInstance.builder()
            .dbInstanceClass("db.m7g.large")
            .deletionProtection(true)
            .performanceInsightsEnabled(true);
    assertThat(ShownValues.show(asked, there.build())).isTrue();
    assertThat(ShownValues.show(asked, there.performanceInsightsEnabled(false).build())).isFalse();
  }

  @Test
  void whatIsPendingIsShownByItsNewValue() {
    ModifyDbInstanceRequest asked = change().dbInstanceClass("db.m7g.large").build();
    DBInstance.Builder waiting =
        DBInstance.builder()
            .dbInstanceClass("db.t4g.medium")
            .pendingModifiedValues(p -> p.dbInstanceClass("db.m7g.large"));
    assertThat(ShownValues.show(asked, waiting.build())).isTrue();
    assertThat(
            ShownValues.show(
                asked,
                waiting
                    .dbInstanceClass("db.m7g.large")
                    .pendingModifiedValues(p -> p.dbInstanceClass("db.m7g.xlarge"))
                    .build()))
        .as("somebody has changed it since")
        .isFalse();
  }

  @Test
  void aGroupIsShownInLowerCaseAmongTheGroups() {
    ModifyDbInstanceRequest asked = change().dbParameterGroupName("clouddb-Orders-1").build();
    assertThat(ShownValues.show(asked, group("clouddb-orders-1").build())).isTrue();
    assertThat(ShownValues.show(asked, group("default.postgres16").build())).isFalse();
  }

  @Test
  void whatIsNotShownIsNotTaken() {
    assertThat(
            ShownValues.show(
                change().masterUserPassword("correct-horse-battery").build(),
                DBInstance.builder().build()))
        .isFalse();
    assertThat(ShownValues.show(change().build(), DBInstance.builder().build()))
        .as("nothing was asked for")
        .isTrue();
  }

  @Test
  void whatRdsShowsOfEveryInstanceHasToBeThereInTheEnd() {
    ModifyDbInstanceRequest asked =
        change()
            .allocatedStorage(100)
            .backupRetentionPeriod(7)
            .dbInstanceClass("db.m7g.large")
            .dbParameterGroupName("mine")
            .deletionProtection(true)
            .iops(12_000)
            .multiAZ(true)
            .storageThroughput(500)
            .storageType("gp3")
            .masterUserPassword("correct-horse-battery")
            .preferredBackupWindow("03:00-03:30")
            .build();
    assertThat(ShownValues.notShown(asked, DBInstance.builder().build()))
        .containsExactly(
            "AllocatedStorage",
            "BackupRetentionPeriod",
            "DBInstanceClass",
            "DBParameterGroupName",
            "DeletionProtection",
            "Iops",
            "MultiAZ",
            "StorageThroughput",
            "StorageType");
    DBInstance.Builder there =
        group("mine")
            .allocatedStorage(100)
            .backupRetentionPeriod(7)
            .dbInstanceClass("db.m7g.large")
            .deletionProtection(true)
            .iops(12_000)
            .multiAZ(true)
            .storageThroughput(500)
            .storageType("gp3");
    assertThat(ShownValues.notShown(asked, there.build())).isEmpty();
    assertThat(ShownValues.notShown(asked, there.allocatedStorage(120).build()))
        .as("it has grown by itself since")
        .isEmpty();
    assertThat(ShownValues.notShown(asked, there.allocatedStorage(99).build()))
        .containsExactly("AllocatedStorage");
    assertThat(ShownValues.notShown(asked, there.allocatedStorage(null).build()))
        .containsExactly("AllocatedStorage");
  }
}
