/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.CloudDb;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups and logs where the edition decides: Enterprise, and Enterprise Plus. */
class CloudSqlEditionsTest {
  @TempDir private Path folder;

  private static BackupConfiguration backups(Instance instance) {
    return instance.unwrap(DatabaseInstance.class).getSettings().getBackupConfiguration();
  }

  private static void assertKept(Instance instance, int backups, int logDays, boolean pointInTime) {
    BackupConfiguration now = backups(instance);
    assertThat(now.getBackupRetentionSettings().getRetainedBackups()).isEqualTo(backups);
    assertThat(now.getTransactionLogRetentionDays()).isEqualTo(logDays);
    assertThat(Boolean.TRUE.equals(now.getPointInTimeRecoveryEnabled())).isEqualTo(pointInTime);
  }

  private static Instance change(CloudDb cloud, Instance instance, InstanceChange.Builder change) {
    return cloud.instances().modify(instance.id(), change.build()).await(LIMIT);
  }

  @Test
  void enterprisePlusKeepsMoreAndForLonger() throws IOException {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        CloudDb cloud = gcp.open()) {
      Instance plus =
          cloud
              .instances()
              .create(
                  SimulatedCloudSql.spec("plus", folder)
                      .size(InstanceSize.named("db-perf-optimized-N-2"))
                      .build())
              .await(LIMIT);
      assertKept(plus, 15, 14, true);
      assertThat(backups(plus).getEnabled()).isTrue();

      plus = change(cloud, plus, backups(BackupPolicy.daily().retainDays(10).discarding()));
      assertKept(plus, 10, 10, true);

      plus = change(cloud, plus, backups(BackupPolicy.daily().retainDays(30).withPointInTime()));
      assertKept(plus, 30, 30, true);
      assertThat(gcp.simulator.bugs()).isEmpty();
    }
  }

  @Test
  void enterpriseIsNotAskedForMoreThanItKeeps() throws IOException {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        CloudDb cloud = gcp.open()) {
      Instance instance =
          cloud
              .instances()
              .create(
                  SimulatedCloudSql.spec("usual", folder)
                      .backups(BackupPolicy.daily().withPointInTime())
                      .build())
              .await(LIMIT);
      assertKept(instance, 7, 7, true);
      InstanceChange.Builder longer =
          backups(BackupPolicy.daily().retainDays(30).withPointInTime());
      assertThatThrownBy(() -> cloud.instances().modify(instance.id(), longer.build()))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContainingAll("usual", "ENTERPRISE", "7 days", "POINT_IN_TIME", "30");
      assertThat(gcp.simulator.requests("instances.patch")).isEmpty();
      assertKept(
          change(cloud, instance, longer.preferring(InstanceField.POINT_IN_TIME)), 30, 7, true);
      assertThat(gcp.simulator.bugs()).isEmpty();
    }
  }

  /** Enterprise Plus keeps 14 days of logs unless told otherwise, Enterprise 7 at most. */
  @Test
  void aSizeOfTheLesserEditionShortensTheLogsAndSaysSo() throws IOException {
    try (SimulatedCloudSql gcp = SimulatedCloudSql.start();
        CloudDb cloud = gcp.open()) {
      Instance plus =
          cloud
              .instances()
              .create(
                  SimulatedCloudSql.spec("lesser", folder)
                      .size(InstanceSize.named("db-perf-optimized-N-2"))
                      .build())
              .await(LIMIT);
      InstanceChange.Builder lesser =
          InstanceChange.builder().size(InstanceSize.named("db-custom-2-8192"));
      assertThat(cloud.instances().planModify(lesser.build()).toString())
          .contains("db-custom-2-8192 (ENTERPRISE", "7 days of logs");
      Instance after = change(cloud, plus, lesser);
      assertThat(after.nativeSize()).contains("db-custom-2-8192");
      assertKept(after, 15, 7, true);
      assertThat(gcp.simulator.bugs()).isEmpty();
    }
  }

  /** What the lesser edition keeps as well is left alone, and what the change names wins. */
  @Test
  void aSizeOfTheLesserEditionLeavesFewerLogsAlone() {
    InstanceChange.Builder lesser =
        InstanceChange.builder().size(InstanceSize.named("db-custom-2-8192"));
    assertThat(merged(lesser, Tier.ENTERPRISE_PLUS, 5)).isNull();
    assertThat(merged(lesser, Tier.ENTERPRISE, 7)).isNull();
    assertThat(merged(lesser, Tier.ENTERPRISE_PLUS, 8).getTransactionLogRetentionDays())
        .isEqualTo(7);
    lesser.backups(BackupPolicy.daily().retainDays(3).withPointInTime());
    assertThat(merged(lesser, Tier.ENTERPRISE_PLUS, 30).getTransactionLogRetentionDays())
        .isEqualTo(3);
  }

  private static BackupConfiguration merged(
      InstanceChange.Builder change, String edition, int logDays) {
    DatabaseInstance current =
        new DatabaseInstance()
            .setSettings(
                new Settings()
                    .setEdition(edition)
                    .setBackupConfiguration(
                        new BackupConfiguration().setTransactionLogRetentionDays(logDays)));
    return WholePatch.of(PatchBody.of(change.build(), SimulatedCloudSql.PLACE), current)
        .getSettings()
        .getBackupConfiguration();
  }

  private static InstanceChange.Builder backups(BackupPolicy policy) {
    return InstanceChange.builder().backups(policy);
  }
}
