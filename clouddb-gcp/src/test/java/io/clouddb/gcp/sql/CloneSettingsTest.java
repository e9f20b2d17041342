/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.Backup;
import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.BackupRetentionSettings;
import com.google.api.services.sqladmin.model.ConnectionPoolConfig;
import com.google.api.services.sqladmin.model.DataCacheConfig;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.FinalBackupConfig;
import com.google.api.services.sqladmin.model.InsightsConfig;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.instance.InstanceSize;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.BackupDriver;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepContext;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of a source's settings is sent again to its clone. */
class CloneSettingsTest {
  private static final DatabaseInstance SOURCE =
      new DatabaseInstance()
          .setName("orders")
          .setRegion(SimulatedCloudSql.REGION)
          .setDatabaseVersion("POSTGRES_16")
          .setSettings(
              new Settings()
                  .setTier("db-perf-optimized-N-2")
                  .setEdition(Tier.ENTERPRISE_PLUS)
                  .setBackupConfiguration(
                      new BackupConfiguration()
                          .setEnabled(true)
                          .setStartTime("03:00")
                          .setPointInTimeRecoveryEnabled(true)
                          .setTransactionLogRetentionDays(20)
                          .setBackupRetentionSettings(
                              new BackupRetentionSettings().setRetainedBackups(30))));

  private static OperationState state(RestoreSpec spec) {
    return OperationState.begin(
        BackupDriver.RESTORE.id(), Stepwise.id("orders-2"), "attempt-1", Instant.EPOCH, spec);
  }

  private static Settings sent(DatabaseInstance source, String size) {
    return sent(source, size, source.clone());
  }

  private static Settings sent(DatabaseInstance source, String size, DatabaseInstance clone) {
    RestoreSpec spec =
        RestoreSpec.of(Stepwise.id("orders"))
            .latest()
            .named("orders-2")
            .size(InstanceSize.named(size))
            .in(SimulatedCloudSql.REGION);
    OperationState noted =
        CloneRequest.noted(
            state(spec),
            "2026-11-01T00:00:00Z",
            new RecoveryWindow.Source(source, "2026-11-02T00:00:00Z"));
    StepContext context =
        new StepContext(noted, Customizations.NONE, SecretRef::resolve, Instant.EPOCH);
    return CloneRequest.settings(context, clone).getSettings();
  }

  private static BackupConfiguration sent(String size) {
    return sent(SOURCE, size).getBackupConfiguration();
  }

  /** More are refused, and the clone is there by then. */
  @Test
  void logsAreKeptNoLongerThanByTheEditionThatIsAskedFor() {
    assertThat(sent("db-custom-2-8192").getTransactionLogRetentionDays()).isEqualTo(7);
    assertThat(sent("db-custom-2-8192").getBackupRetentionSettings().getRetainedBackups())
        .isEqualTo(30);
    assertThat(sent("db-perf-optimized-N-4").getTransactionLogRetentionDays()).isEqualTo(20);
  }

  private static Settings greater(Settings settings) {
    return settings
        .setDataDiskType("HYPERDISK_BALANCED")
        .setDataDiskProvisionedIops(9000L)
        .setDataDiskProvisionedThroughput(400L)
        .setConnectionPoolConfig(new ConnectionPoolConfig().setConnectionPoolingEnabled(true))
        .setDataCacheConfig(new DataCacheConfig().setDataCacheEnabled(true))
        .setInsightsConfig(
            new InsightsConfig()
                .setQueryInsightsEnabled(true)
                .setEnhancedQueryInsightsEnabled(true)
                .setQueryPlansPerMinute(200)
                .setQueryStringLength(100_000));
  }

  private static void assertLesser(Settings sent) {
    assertThat(sent.getEdition()).isEqualTo(Tier.ENTERPRISE);
    assertThat(sent.getConnectionPoolConfig()).isNull();
    assertThat(sent.getDataCacheConfig()).isNull();
    assertThat(sent.getDataDiskProvisionedIops()).isNull();
    assertThat(sent.getDataDiskProvisionedThroughput()).isNull();
    assertThat(sent.getInsightsConfig())
        .isEqualTo(
            new InsightsConfig()
                .setQueryInsightsEnabled(true)
                .setQueryPlansPerMinute(20)
                .setQueryStringLength(4500));
  }

  /** "Connection pool is only supported for Enterprise Plus edition." */
  @Test
  void whatOnlyTheGreaterEditionHasIsLeftOut() {
    DatabaseInstance source = SOURCE.clone();
    greater(source.getSettings());
    assertLesser(
        sent(source, "db-custom-2-8192", new DatabaseInstance().setSettings(new Settings())));
    assertThat(source.getSettings().getConnectionPoolConfig()).as("the source's own").isNotNull();
    assertLesser(sent(source, "db-custom-2-8192"));
    Settings whole = sent(source, "db-c4a-highmem-4");
    assertThat(whole.getConnectionPoolConfig().getConnectionPoolingEnabled()).isTrue();
    assertThat(whole.getDataDiskProvisionedIops()).isEqualTo(9000);
    assertThat(whole.getInsightsConfig().getQueryPlansPerMinute()).isEqualTo(200);
  }

  private static Settings restored(DatabaseInstance source, String size) {
    Backup backup =
        new Backup()
            .setName("projects/shop-project/backups/1")
            .setDatabaseVersion("POSTGRES_16")
            .setInstanceSettings(source);
    RestoreSpec spec =
        RestoreSpec.from(
                new BackupId("orders", "nightly")
                    .in(SimulatedCloudSql.PLACE)
                    .withNativeId(backup.getName()))
            .named("orders-2")
            .size(InstanceSize.named(size))
            .in(SimulatedCloudSql.REGION);
    StepContext context =
        new StepContext(state(spec), Customizations.NONE, SecretRef::resolve, Instant.EPOCH);
    return RestoreRequest.of(context, SimulatedCloudSql.PLACE, backup).getSettings();
  }

  /** The same of a backup, whose request would be refused. */
  @Test
  void aBackupIsRestoredWithoutWhatTheSizeHasNot() {
    DatabaseInstance source = SOURCE.clone();
    greater(source.getSettings());
    assertLesser(restored(source, "db-custom-2-8192"));
  }

  @ParameterizedTest
  @CsvSource({
    "10, db-custom-N4-2-8192, 20",
    "30, db-custom-N4-2-8192, 30",
    "10, db-custom-2-8192, 10"
  })
  void aDiskIsAsLargeAsItsKindBegins(long before, String size, long after) {
    DatabaseInstance source = SOURCE.clone();
    source.getSettings().setDataDiskType("PD_SSD").setDataDiskSizeGb(before);
    assertThat(restored(source, size).getDataDiskSizeGb()).isEqualTo(after);
  }

  /** A limit below the disk is refused, and none is none. */
  @ParameterizedTest
  @CsvSource({"15, 20", "40, 40", "0, 0"})
  void aDiskThatBeginsLargerMayGrowToItsOwnSize(long before, long after) {
    DatabaseInstance source = SOURCE.clone();
    source
        .getSettings()
        .setDataDiskType("PD_SSD")
        .setDataDiskSizeGb(10L)
        .setStorageAutoResizeLimit(before);
    assertThat(restored(source, "db-custom-N4-2-8192").getStorageAutoResizeLimit())
        .isEqualTo(after);
    assertThat(restored(source, "db-custom-2-8192").getStorageAutoResizeLimit()).isEqualTo(before);
  }

  /** "Final backup retention days cannot be set when final backup is disabled." */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void daysOfAFinalBackupThatIsNotTakenAreNotSent(boolean taken) {
    DatabaseInstance source = SOURCE.clone();
    FinalBackupConfig config = new FinalBackupConfig().setEnabled(taken).setRetentionDays(30);
    source.setSettings(source.getSettings().clone().setFinalBackupConfig(config));
    assertThat(sent(source, "db-perf-optimized-N-4").getFinalBackupConfig())
        .isEqualTo(taken ? config : null);
  }
}
