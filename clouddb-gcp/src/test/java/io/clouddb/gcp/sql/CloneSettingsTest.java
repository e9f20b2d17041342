/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.BackupRetentionSettings;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.FinalBackupConfig;
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

  private static Settings sent(DatabaseInstance source, String size) {
    OperationState state =
        OperationState.begin(
            BackupDriver.RESTORE.id(),
            Stepwise.id("orders-2"),
            "attempt-1",
            Instant.EPOCH,
            RestoreSpec.of(Stepwise.id("orders"))
                .latest()
                .named("orders-2")
                .size(InstanceSize.named(size))
                .in(SimulatedCloudSql.REGION));
    OperationState noted =
        CloneRequest.noted(
            state,
            "2026-11-01T00:00:00Z",
            new RecoveryWindow.Source(source, "2026-11-02T00:00:00Z"));
    StepContext context =
        new StepContext(noted, Customizations.NONE, SecretRef::resolve, Instant.EPOCH);
    return CloneRequest.settings(context, source.clone()).getSettings();
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
