/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.SQLAdmin;
import com.google.api.services.sqladmin.model.AclEntry;
import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.BackupRetentionSettings;
import com.google.api.services.sqladmin.model.DatabaseFlags;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.DiskEncryptionConfiguration;
import com.google.api.services.sqladmin.model.InsightsConfig;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Operation;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.OnDrift;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What somebody else changes is seen, field by field, and brought back where it can be. */
class CloudSqlDriftTest {
  private static final String KEY =
      "projects/p/locations/" + SimulatedCloudSql.REGION + "/keyRings/r/cryptoKeys/";
  private static SimulatedCloudSql gcp;
  private static CloudDb cloud;
  private static InstanceSpec spec;
  @TempDir private static Path folder;

  @BeforeAll
  static void open() throws IOException {
    gcp = SimulatedCloudSql.start();
    cloud = gcp.open();
    spec =
        everything("orders")
            .storage(
                Storage.ssd(DataSize.gib(20)).growingTo(DataSize.gib(100)).encryptedWith(KEY + "k"))
            .build();
    cloud.instances().create(spec).await(LIMIT);
  }

  private static InstanceSpec.Builder everything(String name) throws IOException {
    return SimulatedCloudSql.spec(name, folder)
        .availability(Availability.REGIONAL)
        .database("shop")
        .backups(
            BackupPolicy.daily(LocalTime.of(3, 0))
                .lasting(Duration.ofHours(4))
                .retainDays(7)
                .withPointInTime())
        .maintenance(
            MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(0, 0))
                .lasting(Duration.ofHours(1)))
        .deletionProtection(true)
        .logicalReplication(true)
        .parameter("work_mem", "8192")
        .insights(Insights.enabled().retainDays(7))
        .tag("team", "shop");
  }

  @AfterAll
  static void close() {
    // The last first; each of them, whatever another says.
    try (SimulatedCloudSql second = gcp;
        CloudDb first = cloud) {
      // Closed by leaving.
    }
    assertThat(gcp.simulator.bugs()).isEmpty();
    assertThat(gcp.simulator.notSimulated()).isEmpty();
  }

  private static List<Field> differences(InstanceSpec wanted) {
    return cloud.instances().drift(wanted).differences().stream()
        .map(Drift.Difference::field)
        .toList();
  }

  /** By the vendor's SDK, as somebody else would. */
  private static void patch(String name, DatabaseInstance body) throws IOException {
    SQLAdmin admin = cloud.unwrap(SQLAdmin.class);
    Operation operation = admin.instances().patch(SimulatedCloudSql.PROJECT, name, body).execute();
    Instant until = Instant.now().plus(LIMIT);
    while (!"DONE".equals(operation.getStatus())) {
      assertThat(Instant.now()).isBefore(until);
      operation = admin.operations().get(SimulatedCloudSql.PROJECT, operation.getName()).execute();
    }
  }

  private static DatabaseInstance settings(Consumer<Settings> change) {
    Settings settings = new Settings();
    change.accept(settings);
    return new DatabaseInstance().setSettings(settings);
  }

  private static DatabaseInstance backups(Consumer<BackupConfiguration> change) {
    BackupConfiguration backups = new BackupConfiguration();
    change.accept(backups);
    return settings(all -> all.setBackupConfiguration(backups));
  }

  private static DatabaseInstance addresses(Consumer<IpConfiguration> change) {
    IpConfiguration addresses = new IpConfiguration();
    change.accept(addresses);
    return settings(all -> all.setIpConfiguration(addresses));
  }

  private static DatabaseFlags flag(String name, String value) {
    return new DatabaseFlags().setName(name).setValue(value);
  }

  @Test
  void anInstanceThatIsMadeAsAskedHasNone() {
    Drift drift = cloud.instances().drift(spec);
    assertThat(drift.differences()).isEmpty();
    assertThat(drift.unknown())
        .extracting(Drift.Difference::field)
        .containsExactly(InstanceField.ADMIN_LOGIN);
    assertThat(cloud.instances().ensure(spec, OnDrift.FAIL).await(LIMIT).name())
        .isEqualTo(spec.name());
  }

  static Stream<Arguments> changedBySomebody() {
    return Stream.of(
        Arguments.of(
            settings(all -> all.setTier("db-custom-4-16384")), List.of(InstanceField.SIZE)),
        Arguments.of(
            settings(all -> all.setAvailabilityType("ZONAL")), List.of(InstanceField.AVAILABILITY)),
        Arguments.of(
            backups(all -> all.setStartTime("05:30")), List.of(InstanceField.BACKUP_WINDOW)),
        Arguments.of(
            backups(
                all ->
                    all.setBackupRetentionSettings(
                        new BackupRetentionSettings().setRetainedBackups(30))),
            List.of(InstanceField.BACKUP_RETENTION)),
        Arguments.of(
            backups(all -> all.setTransactionLogRetentionDays(2)),
            List.of(InstanceField.POINT_IN_TIME)),
        Arguments.of(
            settings(
                all ->
                    all.setAvailabilityType("ZONAL")
                        .setBackupConfiguration(
                            new BackupConfiguration()
                                .setEnabled(false)
                                .setPointInTimeRecoveryEnabled(false))),
            List.of(
                InstanceField.BACKUPS, InstanceField.POINT_IN_TIME, InstanceField.AVAILABILITY)),
        Arguments.of(
            settings(
                all ->
                    all.setMaintenanceWindow(
                        new com.google.api.services.sqladmin.model.MaintenanceWindow()
                            .setDay(2)
                            .setHour(4))),
            List.of(InstanceField.MAINTENANCE_WINDOW)),
        Arguments.of(
            addresses(all -> all.setSslMode("ALLOW_UNENCRYPTED_AND_ENCRYPTED")),
            List.of(InstanceField.TLS)),
        Arguments.of(
            settings(all -> all.setDeletionProtectionEnabled(false)),
            List.of(InstanceField.DELETION_PROTECTION)),
        Arguments.of(
            settings(
                all ->
                    all.setDatabaseFlags(
                        List.of(flag("work_mem", "4096"), flag(Flags.LOGICAL_DECODING, "on")))),
            List.of(InstanceField.PARAMETERS)),
        Arguments.of(
            settings(all -> all.setDatabaseFlags(List.of(flag("work_mem", "8192")))),
            List.of(InstanceField.LOGICAL_REPLICATION)),
        Arguments.of(
            settings(
                all -> all.setInsightsConfig(new InsightsConfig().setQueryInsightsEnabled(false))),
            List.of(InstanceField.INSIGHTS)),
        Arguments.of(
            settings(all -> all.setUserLabels(Map.of("team", "other"))),
            List.of(InstanceField.TAGS)));
  }

  @ParameterizedTest
  @MethodSource("changedBySomebody")
  void whatSomebodyElseChangesIsSeenNamedAndBroughtBack(
      DatabaseInstance change, List<InstanceField> fields) throws IOException {
    patch(spec.name(), change);
    assertThat(differences(spec)).containsExactlyInAnyOrderElementsOf(fields);
    assertThatThrownBy(() -> cloud.instances().ensure(spec, OnDrift.FAIL))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(fields.get(0).id());
    cloud.instances().ensure(spec, OnDrift.KEEP).await(LIMIT);
    assertThat(differences(spec)).as("kept").containsExactlyInAnyOrderElementsOf(fields);
    BackupPolicy consenting = spec.backups().orElseThrow().discarding();
    cloud
        .instances()
        .ensure(spec.toBuilder().backups(consenting).build(), OnDrift.APPLY)
        .await(LIMIT);
    assertThat(differences(spec)).isEmpty();
  }

  @Test
  void whatDeletesBackupsIsNotBroughtBackWithoutConsent() throws IOException {
    patch(
        spec.name(),
        backups(
            all ->
                all.setBackupRetentionSettings(
                    new BackupRetentionSettings().setRetainedBackups(30))));
    int patches = gcp.simulator.requests("instances.patch").size();
    assertThatThrownBy(() -> cloud.instances().ensure(spec, OnDrift.APPLY).await(LIMIT))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContainingAll("7 automated backups in place of 30", "discarding()");
    assertThat(gcp.simulator.requests("instances.patch")).hasSize(patches);
    patch(
        spec.name(),
        backups(
            all ->
                all.setBackupRetentionSettings(
                    new BackupRetentionSettings().setRetainedBackups(7))));
  }

  static Stream<Arguments> changedForGood() {
    return Stream.of(
        Arguments.of(
            settings(all -> all.setStorageAutoResizeLimit(200L)),
            settings(all -> all.setStorageAutoResizeLimit(100L)),
            InstanceField.STORAGE_GROWTH_LIMIT),
        Arguments.of(
            settings(all -> all.setStorageAutoResize(false)),
            settings(all -> all.setStorageAutoResize(true)),
            InstanceField.STORAGE_GROWTH),
        Arguments.of(
            new DatabaseInstance()
                .setDiskEncryptionConfiguration(
                    new DiskEncryptionConfiguration().setKmsKeyName(KEY + "other")),
            new DatabaseInstance()
                .setDiskEncryptionConfiguration(
                    new DiskEncryptionConfiguration().setKmsKeyName(KEY + "k")),
            InstanceField.ENCRYPTION_KEY),
        Arguments.of(
            addresses(
                all -> all.setAuthorizedNetworks(List.of(new AclEntry().setValue("0.0.0.0/0")))),
            addresses(
                all ->
                    all.setAuthorizedNetworks(List.of(new AclEntry().setValue("203.0.113.0/24")))),
            InstanceField.PUBLIC_ACCESS));
  }

  /** What no change is about is refused by name, before any request. */
  @ParameterizedTest
  @MethodSource("changedForGood")
  void whatCannotBeBroughtBackIsNamed(
      DatabaseInstance change, DatabaseInstance back, InstanceField field) throws IOException {
    patch(spec.name(), change);
    try {
      assertThat(differences(spec)).containsExactly(field);
      int patches = gcp.simulator.requests("instances.patch").size();
      assertThatThrownBy(() -> cloud.instances().ensure(spec, OnDrift.APPLY))
          .isInstanceOf(UnsupportedFeatureException.class)
          .hasMessageContaining(field.id());
      assertThat(gcp.simulator.requests("instances.patch")).hasSize(patches);
    } finally {
      patch(spec.name(), back);
    }
    assertThat(differences(spec)).isEmpty();
  }

  /** One that grows by itself may be larger than it was made, and one that does not may not. */
  @Test
  void aDiskThatIsLargerIsSeenUnlessItGrows() throws IOException {
    InstanceSpec fixed =
        SimulatedCloudSql.spec("fixed", folder)
            .storage(Storage.ssd(DataSize.gib(20)).fixed())
            .build();
    cloud.instances().create(fixed).await(LIMIT);
    assertThat(differences(fixed)).isEmpty();
    patch("fixed", settings(all -> all.setDataDiskSizeGb(30L)));
    assertThat(differences(fixed)).containsExactly(InstanceField.STORAGE_SIZE);
    int patches = gcp.simulator.requests("instances.patch").size();
    assertThatThrownBy(() -> cloud.instances().ensure(fixed, OnDrift.APPLY).await(LIMIT))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContainingAll("30 GiB", "storage-size");
    assertThat(gcp.simulator.requests("instances.patch")).hasSize(patches);
    InstanceSpec larger = fixed.toBuilder().storage(Storage.ssd(DataSize.gib(40)).fixed()).build();
    cloud.instances().ensure(larger, OnDrift.APPLY).await(LIMIT);
    assertThat(differences(larger)).isEmpty();
    InstanceSpec growing = fixed.toBuilder().storage(Storage.ssd(DataSize.gib(20))).build();
    patch("fixed", settings(all -> all.setStorageAutoResize(true)));
    assertThat(differences(growing)).isEmpty();
  }

  @Test
  void whatNobodyAsksForIsNotCompared() throws IOException {
    InstanceSpec least = SimulatedCloudSql.spec(spec.name(), folder).build();
    assertThat(differences(least)).containsExactly(InstanceField.AVAILABILITY);
    assertThat(
            differences(
                least.toBuilder()
                    .availability(Availability.REGIONAL)
                    .size(InstanceSize.named("db-custom-2-8192"))
                    .build()))
        .isEmpty();
  }

  @Test
  void eachOtherFieldThatDiffersIsSeen() {
    InstanceSpec other =
        spec.toBuilder()
            .storage(Storage.hdd(DataSize.gib(20)).fixed())
            .database("another")
            .network(Network.privateNetwork("projects/shop-project/global/networks/main"))
            .parameter("maintenance_work_mem", "65536")
            .tag("stage", "two")
            .build();
    assertThat(differences(other))
        .containsExactlyInAnyOrder(
            InstanceField.STORAGE_TYPE,
            InstanceField.STORAGE_GROWTH,
            InstanceField.DATABASE,
            InstanceField.PRIVATE_NETWORK,
            InstanceField.PARAMETERS,
            InstanceField.TAGS);
  }

  @Test
  void whatIsOnlyPreferredIsComparedWithWhatItBecame() throws IOException {
    InstanceSpec adjusted =
        SimulatedCloudSql.spec("adjusted", folder)
            .storage(Storage.ssd(DataSize.mib(20_481)))
            .backups(
                BackupPolicy.daily(LocalTime.of(3, 0, 1))
                    .lasting(Duration.ofHours(1))
                    .retainDays(366)
                    .withPointInTime())
            .maintenance(
                MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30))
                    .lasting(Duration.ofHours(2)))
            .insights(Insights.enabled().retainDays(30))
            .preferring(InstanceField.values())
            .build();
    cloud.instances().create(adjusted).await(LIMIT);
    assertThat(differences(adjusted)).isEmpty();
    patch("adjusted", backups(all -> all.setTransactionLogRetentionDays(3)));
    assertThat(differences(adjusted)).containsExactly(InstanceField.POINT_IN_TIME);
    cloud.instances().ensure(adjusted, OnDrift.APPLY).await(LIMIT);
    assertThat(differences(adjusted)).isEmpty();
  }

  @Test
  void thereIsNoDriftOfWhatIsNotThere() throws IOException {
    InstanceSpec missing = SimulatedCloudSql.spec("missing", folder).build();
    assertThatThrownBy(() -> cloud.instances().drift(missing))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("missing");
  }
}
