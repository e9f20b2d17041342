/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.instance.TlsMode;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every field of a spec and of a change, as it arrives at the service. */
class CloudSqlWireTest {
  private static final String VPC = "projects/shop-project/global/networks/main";
  private static final String KEY = "projects/p/locations/asia-northeast3/keyRings/r/cryptoKeys/k";

  private final SimulatedCloudSql gcp = SimulatedCloudSql.start();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    assertThat(gcp.simulator.notSimulated()).isEmpty();
    assertThat(gcp.simulator.bugs()).isEmpty();
    gcp.close();
  }

  /** All leaves of the last request of a method, by their paths. */
  private Map<String, String> sent(String method) {
    List<RecordedRequest> requests = gcp.simulator.requests(method);
    String body = requests.get(requests.size() - 1).body();
    return Leaves.of(body);
  }

  @Test
  void everyFieldOfASpecIsSent() throws IOException {
    InstanceSpec spec =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.hdd(DataSize.gib(64)).growingTo(DataSize.gib(256)).encryptedWith(KEY))
            .availability(Availability.REGIONAL)
            .database("shop")
            .admin(AdminLogin.of("app_admin", SecretRef.literal("very-secret")))
            .backups(BackupPolicy.daily(LocalTime.of(3, 30)).retainDays(5).withPointInTime())
            .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0)))
            .network(Network.privateNetwork(VPC))
            .tls(TlsMode.REQUIRED)
            .deletionProtection(true)
            .logicalReplication(true)
            .insights(Insights.enabled())
            .parameter("max_connections", "77")
            .tag("environment", "production")
            .build();
    try (CloudDb cloud = gcp.open()) {
      Instance orders = cloud.instances().create(spec).await(LIMIT);

      Map<String, String> body = sent("instances.insert");
      String attempt = body.remove("settings.userLabels.clouddb-attempt");
      assertThat(attempt).matches("[0-9a-f-]{36}");
      assertThat(body)
          .containsExactlyInAnyOrderEntriesOf(
              Map.ofEntries(
                  Map.entry("name", "orders"),
                  Map.entry("region", "asia-northeast3"),
                  Map.entry("instanceType", "CLOUD_SQL_INSTANCE"),
                  Map.entry("databaseVersion", "POSTGRES_16"),
                  Map.entry("diskEncryptionConfiguration.kmsKeyName", KEY),
                  Map.entry("settings.tier", "db-custom-2-8192"),
                  Map.entry("settings.edition", "ENTERPRISE"),
                  Map.entry("settings.pricingPlan", "PER_USE"),
                  Map.entry("settings.activationPolicy", "ALWAYS"),
                  Map.entry("settings.availabilityType", "REGIONAL"),
                  Map.entry("settings.dataDiskType", "PD_HDD"),
                  Map.entry("settings.dataDiskSizeGb", "64"),
                  Map.entry("settings.storageAutoResize", "true"),
                  Map.entry("settings.storageAutoResizeLimit", "256"),
                  Map.entry("settings.backupConfiguration.enabled", "true"),
                  Map.entry("settings.backupConfiguration.startTime", "03:30"),
                  Map.entry("settings.backupConfiguration.pointInTimeRecoveryEnabled", "true"),
                  Map.entry("settings.backupConfiguration.transactionLogRetentionDays", "5"),
                  Map.entry(
                      "settings.backupConfiguration.backupRetentionSettings.retainedBackups", "5"),
                  Map.entry(
                      "settings.backupConfiguration.backupRetentionSettings.retentionUnit",
                      "COUNT"),
                  Map.entry("settings.maintenanceWindow.day", "7"),
                  Map.entry("settings.maintenanceWindow.hour", "4"),
                  Map.entry("settings.maintenanceWindow.updateTrack", "stable"),
                  Map.entry("settings.ipConfiguration.ipv4Enabled", "false"),
                  Map.entry("settings.ipConfiguration.privateNetwork", VPC),
                  Map.entry("settings.ipConfiguration.sslMode", "ENCRYPTED_ONLY"),
                  Map.entry("settings.deletionProtectionEnabled", "true"),
                  Map.entry("settings.databaseFlags[0].name", "max_connections"),
                  Map.entry("settings.databaseFlags[0].value", "77"),
                  Map.entry("settings.databaseFlags[1].name", "cloudsql.logical_decoding"),
                  Map.entry("settings.databaseFlags[1].value", "on"),
                  Map.entry("settings.insightsConfig.queryInsightsEnabled", "true"),
                  Map.entry("settings.userLabels.clouddb-admin", "app_admin"),
                  Map.entry("settings.userLabels.clouddb-database", "shop"),
                  Map.entry("settings.userLabels.environment", "production")));
      assertThat(sent("users.insert"))
          .containsExactlyInAnyOrderEntriesOf(Map.of("name", "app_admin", "password", "***"));
      assertThat(sent("databases.insert"))
          .containsExactlyInAnyOrderEntriesOf(
              Map.of("name", "shop", "instance", "orders", "project", "shop-project"));
      assertThat(orders.availability()).contains(Availability.REGIONAL);
      assertThat(orders.tls()).contains(TlsMode.REQUIRED);
      assertThat(orders.deletionProtection()).isTrue();
      assertThat(orders.storageSize()).contains(DataSize.gib(64));
      assertThat(orders.nativeSize()).contains("db-custom-2-8192");
    }
  }

  @Test
  void theDefaultAdministratorIsMadeWithTheInstance() throws Exception {
    InstanceSpec spec =
        SimulatedCloudSql.spec("orders", folder)
            .admin(AdminLogin.of("postgres", SecretRef.literal("very-secret")))
            .availability(Availability.REGIONAL)
            .storage(Storage.ssd(DataSize.gib(20)).fixed())
            .deletionProtection(false)
            .tls(TlsMode.OPTIONAL)
            .build();
    try (CloudDb cloud = gcp.open()) {
      Instance orders = cloud.instances().create(spec).await(LIMIT);

      Map<String, String> body = sent("instances.insert");
      assertThat(body)
          .containsEntry("rootPassword", "***")
          .containsEntry("settings.ipConfiguration.ipv4Enabled", "true")
          .containsEntry("settings.ipConfiguration.authorizedNetworks[0].value", "203.0.113.0/24")
          .containsEntry("settings.ipConfiguration.sslMode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED")
          .containsEntry("settings.storageAutoResize", "false")
          .containsEntry("settings.deletionProtectionEnabled", "false")
          .containsEntry("settings.dataDiskType", "PD_SSD")
          // What a standby needs.
          .containsEntry("settings.backupConfiguration.enabled", "true")
          .containsEntry("settings.backupConfiguration.pointInTimeRecoveryEnabled", "true")
          .doesNotContainKeys(
              "settings.maintenanceWindow.day", "settings.insightsConfig.queryInsightsEnabled");
      assertThat(gcp.simulator.requests("users.insert")).isEmpty();
      assertThat(gcp.simulator.requests("databases.insert")).isEmpty();
      try (Connection connection = orders.connection().connect()) {
        assertThat(connection.getMetaData().getUserName()).isEqualTo("postgres");
      }
    }
  }

  @Test
  void everyFieldOfAChangeIsSentAndWhatStaysStays() throws IOException {
    InstanceSpec spec =
        SimulatedCloudSql.spec("orders", folder)
            .parameter("max_connections", "77")
            .tag("team", "one")
            .backups(BackupPolicy.daily(LocalTime.of(3, 0)))
            .build();
    try (CloudDb cloud = gcp.open()) {
      Instance orders = cloud.instances().create(spec).await(LIMIT);
      InstanceChange change =
          InstanceChange.builder()
              .size(InstanceSize.named("db-perf-optimized-N-4"))
              .storageSize(DataSize.gib(30))
              .availability(Availability.REGIONAL)
              .backups(BackupPolicy.daily().retainDays(3).discarding())
              .maintenance(MaintenanceWindow.weekly(DayOfWeek.MONDAY, LocalTime.of(23, 0)))
              .tls(TlsMode.OPTIONAL)
              .deletionProtection(true)
              .logicalReplication(true)
              .insights(Insights.enabled())
              .parameter("work_mem", "8192")
              .tag("stage", "two")
              .adminPassword(SecretRef.literal("another-secret"))
              .build();

      cloud.instances().modify(orders.id(), change).await(LIMIT);

      Map<String, String> body = sent("instances.patch");
      body.remove("settings.userLabels.clouddb-attempt");
      assertThat(body)
          .containsEntry("settings.settingsVersion", "1")
          .containsEntry("settings.tier", "db-perf-optimized-N-4")
          .containsEntry("settings.edition", "ENTERPRISE_PLUS")
          .containsEntry("settings.dataDiskSizeGb", "30")
          .containsEntry("settings.availabilityType", "REGIONAL")
          .containsEntry("settings.backupConfiguration.enabled", "true")
          .containsEntry("settings.backupConfiguration.startTime", "03:00")
          .containsEntry("settings.backupConfiguration.pointInTimeRecoveryEnabled", "true")
          .containsEntry(
              "settings.backupConfiguration.backupRetentionSettings.retainedBackups", "3")
          .containsEntry("settings.backupConfiguration.transactionLogRetentionDays", "3")
          .containsEntry("settings.maintenanceWindow.day", "1")
          .containsEntry("settings.maintenanceWindow.hour", "23")
          .containsEntry("settings.ipConfiguration.sslMode", "ALLOW_UNENCRYPTED_AND_ENCRYPTED")
          .containsEntry("settings.ipConfiguration.authorizedNetworks[0].value", "203.0.113.0/24")
          .doesNotContainKey("settings.ipConfiguration.requireSsl")
          .containsEntry("settings.deletionProtectionEnabled", "true")
          .containsEntry("settings.databaseFlags[0].name", "max_connections")
          .containsEntry("settings.databaseFlags[1].name", "work_mem")
          .containsEntry("settings.databaseFlags[2].name", "cloudsql.logical_decoding")
          .containsEntry("settings.databaseFlags[2].value", "on")
          .containsEntry("settings.insightsConfig.queryInsightsEnabled", "true")
          .containsEntry("settings.userLabels.team", "one")
          .containsEntry("settings.userLabels.stage", "two")
          .containsEntry("settings.userLabels.clouddb-admin", "app_admin")
          .doesNotContainKeys("name", "region", "databaseVersion", "settings.dataDiskType");
      assertThat(sent("users.update"))
          .containsExactlyInAnyOrderEntriesOf(Map.of("name", "app_admin", "password", "***"));
      assertThat(gcp.simulator.requests("users.update").get(0).rawQuery())
          .contains("name=app_admin");
    }
  }

  @Test
  void aChangeOfTheBackupsLeavesPointInTimeRecoveryThatItDoesNotName() throws IOException {
    InstanceSpec spec =
        SimulatedCloudSql.spec("orders", folder)
            .backups(BackupPolicy.daily(LocalTime.of(3, 0)).retainDays(6).withPointInTime())
            .build();
    try (CloudDb cloud = gcp.open()) {
      Instance orders = cloud.instances().create(spec).await(LIMIT);
      for (BackupPolicy policy :
          List.of(BackupPolicy.daily(LocalTime.of(2, 0)), BackupPolicy.daily().retainDays(30))) {
        cloud
            .instances()
            .modify(orders.id(), InstanceChange.builder().backups(policy).build())
            .await(LIMIT);
        assertThat(sent("instances.patch"))
            .containsEntry("settings.backupConfiguration.pointInTimeRecoveryEnabled", "true")
            .containsEntry("settings.backupConfiguration.transactionLogRetentionDays", "6");
      }
      cloud
          .instances()
          .modify(
              orders.id(),
              InstanceChange.builder()
                  .backups(BackupPolicy.daily().retainDays(4).discarding())
                  .build())
          .await(LIMIT);
      assertThat(sent("instances.patch"))
          .containsEntry("settings.backupConfiguration.pointInTimeRecoveryEnabled", "true")
          // Cloud SQL keeps no logs for longer than backups.
          .containsEntry("settings.backupConfiguration.transactionLogRetentionDays", "4");
    }
  }

  @Test
  void noPasswordGetsIntoTheTokenOfAChange() {
    try (CloudDb cloud = gcp.open()) {
      assertThatThrownBy(
              () ->
                  cloud
                      .instances()
                      .modify(
                          ResourceId.of(
                              "gcp", "shop-project", "asia-northeast3", "instance", "orders"),
                          InstanceChange.builder().tag("a", "b").build(),
                          Native.customize(
                              DatabaseInstance.class, body -> body.setRootPassword("hunter2"))))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageNotContaining("hunter2");
    }
  }

  @Test
  void aPasswordAloneIsNoPatch() throws IOException {
    try (CloudDb cloud = gcp.open()) {
      Instance orders =
          cloud.instances().create(SimulatedCloudSql.spec("orders", folder).build()).await(LIMIT);
      cloud
          .instances()
          .modify(
              orders.id(),
              InstanceChange.builder().adminPassword(SecretRef.literal("another")).build())
          .await(LIMIT);

      assertThat(gcp.simulator.requests("instances.patch")).isEmpty();
      assertThat(gcp.simulator.requests("users.update")).hasSize(1);
    }
  }

  @Test
  void theCallerMayChangeTheVendorsRequest() throws IOException {
    try (CloudDb cloud = gcp.open()) {
      Instance orders =
          cloud
              .instances()
              .create(
                  SimulatedCloudSql.spec("orders", folder).build(),
                  Native.customize(
                      DatabaseInstance.class,
                      body -> body.getSettings().setConnectorEnforcement("REQUIRED")))
              .await(LIMIT);
      assertThat(sent("instances.insert"))
          .containsEntry("settings.connectorEnforcement", "REQUIRED");
      assertThat(orders.unwrap(DatabaseInstance.class).getSettings().getConnectorEnforcement())
          .isEqualTo("REQUIRED");

      assertThatThrownBy(
              () ->
                  cloud
                      .instances()
                      .create(
                          SimulatedCloudSql.spec("others", folder).build(),
                          Native.customize(DatabaseInstance.class, body -> body.setName("mine"))))
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining("leave name");
      assertThat(gcp.simulator.requests("instances.insert")).hasSize(1);
    }
  }

  @Test
  void listsAskForTheRegionPageByPage() throws IOException {
    try (CloudDb cloud = gcp.open()) {
      for (String name : List.of("one", "two")) {
        cloud.instances().create(SimulatedCloudSql.spec(name, folder).build()).await(LIMIT);
      }
      assertThat(cloud.instances().list()).extracting(Instance::name).containsExactly("one", "two");
      assertThat(gcp.simulator.requests("instances.list"))
          .hasSize(2)
          .allSatisfy(request -> assertThat(request.rawQuery()).contains("asia-northeast3"));
    }
    try (CloudDb elsewhere = CloudDb.open(gcp.simulator.config("us-east1").build())) {
      assertThat(elsewhere.instances().list()).isEmpty();
      assertThat(elsewhere.instances().find("one")).isEmpty();
    }
  }
}
