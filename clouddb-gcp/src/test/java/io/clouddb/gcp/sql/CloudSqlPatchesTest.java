/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.BackupRetentionSettings;
import com.google.api.services.sqladmin.model.DatabaseFlags;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.InsightsConfig;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.TlsMode;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is sent of a change, with what stays: a patch replaces lists and whole groups of settings.
 */
class CloudSqlPatchesTest {
  private static DatabaseInstance current() {
    return new DatabaseInstance()
        .setName("orders")
        .setSettings(
            new Settings()
                .setSettingsVersion(41L)
                .setTier("db-custom-2-8192")
                .setEdition(Tier.ENTERPRISE)
                .setAvailabilityType("ZONAL")
                .setDataDiskSizeGb(20L)
                .setUserLabels(Map.of("clouddb-admin", "app_admin", "team", "shop"))
                .setDatabaseFlags(List.of(flag("work_mem", "4096"), flag("jit", "off")))
                .setMaintenanceWindow(
                    new com.google.api.services.sqladmin.model.MaintenanceWindow()
                        .setDay(7)
                        .setHour(3)
                        .setUpdateTrack("week5"))
                .setInsightsConfig(
                    new InsightsConfig().setQueryInsightsEnabled(true).setQueryStringLength(4096))
                .setIpConfiguration(
                    new IpConfiguration()
                        .setIpv4Enabled(true)
                        .setRequireSsl(false)
                        .setSslMode("ALLOW_UNENCRYPTED_AND_ENCRYPTED"))
                .setBackupConfiguration(
                    new BackupConfiguration()
                        .setEnabled(true)
                        .setStartTime("03:00")
                        .setPointInTimeRecoveryEnabled(true)
                        .setTransactionLogRetentionDays(7)
                        .setBackupRetentionSettings(
                            new BackupRetentionSettings()
                                .setRetentionUnit("COUNT")
                                .setRetainedBackups(15))));
  }

  private static DatabaseFlags flag(String name, String value) {
    return new DatabaseFlags().setName(name).setValue(value);
  }

  private static Map<String, String> sent(InstanceChange.Builder change) {
    return sent(change, current());
  }

  private static Map<String, String> sent(InstanceChange.Builder change, DatabaseInstance now) {
    return Leaves.of(
        WholePatch.of(PatchBody.of(change.build(), SimulatedCloudSql.PLACE), now).getSettings());
  }

  private static InstanceChange.Builder change() {
    return InstanceChange.builder();
  }

  @Test
  void itBuildsOnTheVersionOfTheSettingsThatWereRead() {
    assertThat(sent(change().deletionProtection(true)))
        .isEqualTo(Map.of("settingsVersion", "41", "deletionProtectionEnabled", "true"));
  }

  @Test
  void otherFlagsAndLabelsStay() {
    assertThat(sent(change().parameter("work_mem", "8192").tag("stage", "two")))
        .isEqualTo(
            Map.ofEntries(
                Map.entry("settingsVersion", "41"),
                Map.entry("databaseFlags[0].name", "work_mem"),
                Map.entry("databaseFlags[0].value", "8192"),
                Map.entry("databaseFlags[1].name", "jit"),
                Map.entry("databaseFlags[1].value", "off"),
                Map.entry("userLabels.clouddb-admin", "app_admin"),
                Map.entry("userLabels.team", "shop"),
                Map.entry("userLabels.stage", "two")));
  }

  @Test
  void whereThereAreNoneTheFirstAreSet() {
    DatabaseInstance bare =
        new DatabaseInstance().setSettings(new Settings().setSettingsVersion(1L));
    assertThat(sent(change().parameter("jit", "on").tag("a", "b").tls(TlsMode.REQUIRED), bare))
        .isEqualTo(
            Map.of(
                "settingsVersion",
                "1",
                "databaseFlags[0].name",
                "jit",
                "databaseFlags[0].value",
                "on",
                "userLabels.a",
                "b",
                "ipConfiguration.sslMode",
                "ENCRYPTED_ONLY"));
    assertThat(
            sent(
                change()
                    .maintenance(MaintenanceWindow.weekly(DayOfWeek.MONDAY, LocalTime.of(5, 0)))
                    .insights(Insights.enabled())
                    .backups(BackupPolicy.daily()),
                bare))
        .isEqualTo(
            Map.of(
                "settingsVersion",
                "1",
                "maintenanceWindow.day",
                "1",
                "maintenanceWindow.hour",
                "5",
                "maintenanceWindow.updateTrack",
                "stable",
                "insightsConfig.queryInsightsEnabled",
                "true",
                "backupConfiguration.enabled",
                "true"));
    assertThat(WholePatch.of(new DatabaseInstance().setName("x"), current()).getName())
        .as("a patch of a customization alone")
        .isEqualTo("x");
  }

  @Test
  void theRestOfAGroupStays() {
    assertThat(
            sent(
                change()
                    .maintenance(MaintenanceWindow.weekly(DayOfWeek.MONDAY, LocalTime.of(5, 0)))
                    .insights(Insights.disabled())))
        .isEqualTo(
            Map.of(
                "settingsVersion",
                "41",
                "maintenanceWindow.day",
                "1",
                "maintenanceWindow.hour",
                "5",
                "maintenanceWindow.updateTrack",
                "week5",
                "insightsConfig.queryInsightsEnabled",
                "false",
                "insightsConfig.queryStringLength",
                "4096"));
  }

  /** The older requireSsl contradicts sslMode as soon as that one changes. */
  @Test
  void tlsIsSaidOnceAndAddressesStay() {
    assertThat(sent(change().tls(TlsMode.CLIENT_CERTIFICATE)))
        .isEqualTo(
            Map.of(
                "settingsVersion",
                "41",
                "ipConfiguration.ipv4Enabled",
                "true",
                "ipConfiguration.sslMode",
                "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"));
  }

  @Test
  void backupsThatChangeKeepTheirOtherSettings() {
    Map<String, String> sent = sent(change().backups(BackupPolicy.daily(LocalTime.of(5, 0))));
    assertThat(sent)
        .containsEntry("backupConfiguration.startTime", "05:00")
        .containsEntry("backupConfiguration.pointInTimeRecoveryEnabled", "true")
        .containsEntry("backupConfiguration.transactionLogRetentionDays", "7")
        .containsEntry("backupConfiguration.backupRetentionSettings.retainedBackups", "15");
  }

  @ParameterizedTest
  @CsvSource({"3, 3", "7, 7", "8, 7"})
  void logsAreKeptNoLongerThanBackups(int backups, String logDays) {
    assertThat(sent(change().backups(BackupPolicy.daily().retainDays(backups))))
        .containsEntry("backupConfiguration.transactionLogRetentionDays", logDays);
  }

  /** An instance with a standby keeps both switched on, unless backups are to go. */
  @ParameterizedTest
  @CsvSource({"REGIONAL, true", "ZONAL, false"})
  void aStandbyThatIsThereKeepsWhatItNeeds(String availability, String pointInTime) {
    DatabaseInstance now = current();
    now.getSettings()
        .setAvailabilityType(availability)
        .getBackupConfiguration()
        .setPointInTimeRecoveryEnabled(false);
    assertThat(sent(change().backups(BackupPolicy.daily()), now))
        .containsEntry("backupConfiguration.enabled", "true")
        .containsEntry("backupConfiguration.pointInTimeRecoveryEnabled", pointInTime);
    assertThat(sent(change().backups(BackupPolicy.none()), now))
        .containsEntry("backupConfiguration.enabled", "false")
        .containsEntry("backupConfiguration.pointInTimeRecoveryEnabled", "false");
    assertThat(sent(change().availability(Availability.ZONAL).backups(BackupPolicy.daily()), now))
        .as("one that is to go needs nothing")
        .containsEntry("backupConfiguration.pointInTimeRecoveryEnabled", "false");
  }

  @ParameterizedTest
  @CsvSource({
    // from, to, days of logs now, days that are sent: none where nothing changes
    "ENTERPRISE_PLUS, db-custom-2-8192, 14, 7",
    "ENTERPRISE_PLUS, db-custom-2-8192, 8, 7",
    "ENTERPRISE_PLUS, db-custom-2-8192, 7, ",
    "ENTERPRISE_PLUS, db-custom-2-8192, , ",
    "ENTERPRISE_PLUS, db-perf-optimized-N-8, 14, ",
    "ENTERPRISE, db-custom-2-8192, 7, "
  })
  void theLesserEditionKeepsLogsForLess(String from, String to, Integer now, String sent) {
    DatabaseInstance instance = current();
    instance.getSettings().setEdition(from);
    instance.getSettings().getBackupConfiguration().setTransactionLogRetentionDays(now);
    Map<String, String> patch = sent(change().size(InstanceSize.named(to)), instance);
    assertThat(patch.get("backupConfiguration.transactionLogRetentionDays")).isEqualTo(sent);
  }

  private static void check(InstanceChange change, DatabaseInstance patch, String edition) {
    DatabaseInstance instance = current();
    instance.getSettings().setEdition(edition);
    KeptLogs.checkEdition(change, patch, instance);
  }

  @Test
  void onlyTheInstanceTellsWhetherItsEditionKeepsLogsForSoLong() {
    InstanceChange.Builder longer =
        change().backups(BackupPolicy.daily().retainDays(20).withPointInTime());
    DatabaseInstance patch = PatchBody.of(longer.build(), SimulatedCloudSql.PLACE);
    assertThatCode(() -> check(longer.build(), patch, Tier.ENTERPRISE_PLUS))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check(longer.build(), patch, Tier.ENTERPRISE))
        .isInstanceOfSatisfying(
            UnsupportedFeatureException.class,
            e ->
                assertThat(e.nextStep())
                    .get()
                    .asString()
                    .contains("7 days", "preferring(POINT_IN_TIME)", "ENTERPRISE_PLUS"))
        .hasMessageContainingAll("orders", "ENTERPRISE", "last 7 days", "20 are asked for");
    assertThat(patch.getSettings().getBackupConfiguration().getTransactionLogRetentionDays())
        .isEqualTo(20);

    check(longer.preferring(InstanceField.POINT_IN_TIME).build(), patch, Tier.ENTERPRISE);
    assertThat(patch.getSettings().getBackupConfiguration().getTransactionLogRetentionDays())
        .as("only preferred")
        .isEqualTo(7);
  }

  @Test
  void whatTheLesserEditionKeepsTooIsNeverHeldAgainstIt() {
    InstanceChange.Builder week =
        change().backups(BackupPolicy.daily().retainDays(7).withPointInTime());
    InstanceChange.Builder sized =
        change()
            .size(InstanceSize.named("db-perf-optimized-N-8"))
            .backups(BackupPolicy.daily().retainDays(20).withPointInTime());
    for (InstanceChange.Builder each : List.of(week, sized, change().tag("a", "b"))) {
      InstanceChange change = each.build();
      DatabaseInstance patch = PatchBody.of(change, SimulatedCloudSql.PLACE);
      assertThatCode(() -> check(change, patch, Tier.ENTERPRISE)).doesNotThrowAnyException();
    }
    InstanceChange password = change().adminPassword(SecretRef.environment("PW")).build();
    assertThatCode(() -> check(password, new DatabaseInstance(), Tier.ENTERPRISE))
        .as("no settings at all")
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({"19, true", "20, false", "21, false"})
  void noDiskBecomesSmaller(long gib, boolean refused) {
    DatabaseInstance patch =
        PatchBody.of(change().storageSize(DataSize.gib(gib)).build(), SimulatedCloudSql.PLACE);
    if (refused) {
      assertThatThrownBy(() -> SmallerDisk.check(patch, current()))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContainingAll("orders", "20 GiB", "19 are asked for", "storage-size");
    } else {
      assertThatCode(() -> SmallerDisk.check(patch, current())).doesNotThrowAnyException();
    }
  }

  @Test
  void whereNoSizeIsKnownNoDiskIsSmaller() {
    DatabaseInstance patch =
        PatchBody.of(change().storageSize(DataSize.gib(10)).build(), SimulatedCloudSql.PLACE);
    DatabaseInstance other = PatchBody.of(change().tag("a", "b").build(), SimulatedCloudSql.PLACE);
    assertThatCode(
            () -> {
              SmallerDisk.check(patch, new DatabaseInstance());
              SmallerDisk.check(patch, new DatabaseInstance().setSettings(new Settings()));
              SmallerDisk.check(other, current());
              SmallerDisk.check(new DatabaseInstance(), current());
            })
        .doesNotThrowAnyException();
  }
}
