/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.model.AclEntry;
import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.BackupRetentionSettings;
import com.google.api.services.sqladmin.model.DatabaseFlags;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.DiskEncryptionConfiguration;
import com.google.api.services.sqladmin.model.InsightsConfig;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.DataSize;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.instance.TlsMode;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which of Google's fields carries which of ours, and how it is read back. */
class CloudSqlFieldsTest {
  private static final String VPC = "projects/shop-project/global/networks/main";
  private static final String KEY = "projects/p/locations/asia-northeast3/keyRings/r/cryptoKeys/k";
  private static final CloudSqlFields FIELDS = new CloudSqlFields(SimulatedCloudSql.PLACE);

  private static InstanceSpec.Builder least() {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .network(Network.privateNetwork(VPC))
        .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")));
  }

  private static InstanceSpec.Builder everything() {
    return least()
        .storage(Storage.hdd(DataSize.gib(64)).growingTo(DataSize.gib(256)).encryptedWith(KEY))
        .availability(Availability.REGIONAL)
        .database("shop")
        .backups(
            BackupPolicy.daily(LocalTime.of(3, 30))
                .lasting(Duration.ofHours(4))
                .retainDays(5)
                .withPointInTime())
        .maintenance(
            MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0))
                .lasting(Duration.ofHours(1)))
        .tls(TlsMode.REQUIRED)
        .deletionProtection(true)
        .logicalReplication(true)
        .insights(Insights.enabled().retainDays(7))
        .parameter("work_mem", "8192")
        .tag("team", "shop");
  }

  private static DatabaseInstance made(InstanceSpec spec) {
    return InsertBody.of(spec, SimulatedCloudSql.PLACE, "attempt-1");
  }

  private static SeenInstance seen(DatabaseInstance instance) {
    return new SeenInstance(instance, Optional.empty(), Optional.empty());
  }

  private static Optional<Drift.Difference> difference(
      InstanceField field, InstanceSpec spec, SeenInstance there) {
    Drift drift = FIELDS.drift(there, spec);
    return Stream.concat(drift.differences().stream(), drift.unknown().stream())
        .filter(each -> each.field() == field)
        .findFirst();
  }

  /** For the reader: all that a plan says where everything can be had. */
  @Test
  void aPlanNamesGooglesFieldAndWhatItGets() {
    Plan plan = FIELDS.plan(everything().build());
    assertThat(plan.feasible()).isTrue();
    assertThat(plan.entries(Plan.Outcome.HONOURED))
        .extracting(Plan.Entry::toString)
        .containsExactlyInAnyOrder(
            "name: name = orders",
            "engine: databaseVersion = POSTGRES",
            "engine-version: databaseVersion = POSTGRES_16",
            "size: settings.tier = db-custom-2-8192 (ENTERPRISE, the smallest by the rules of"
                + " Cloud SQL's custom machine types)",
            "storage-type: settings.dataDiskType = PD_HDD",
            "storage-size: settings.dataDiskSizeGb = 64",
            "storage-growth: settings.storageAutoResize = true",
            "storage-growth-limit: settings.storageAutoResizeLimit = 256",
            "encryption: diskEncryptionStatus = always encrypted",
            "encryption-key: diskEncryptionConfiguration.kmsKeyName = " + KEY,
            "availability: settings.availabilityType = REGIONAL",
            "database: databases.name = shop",
            "admin-login: users.name = app_admin, users.password = env:PW",
            "backups: settings.backupConfiguration.enabled = true",
            "backup-window: settings.backupConfiguration.startTime = 03:30",
            "backup-window-length: settings.backupConfiguration.startTime = 4 hours",
            "backup-retention:"
                + " settings.backupConfiguration.backupRetentionSettings.retainedBackups = 5",
            "point-in-time: settings.backupConfiguration.pointInTimeRecoveryEnabled = true",
            "maintenance-window: settings.maintenanceWindow = day 7, hour 4",
            "maintenance-window-length: settings.maintenanceWindow = 1 hour",
            "private-network: settings.ipConfiguration.privateNetwork = " + VPC,
            "tls: settings.ipConfiguration.sslMode = ENCRYPTED_ONLY",
            "deletion-protection: settings.deletionProtectionEnabled = true",
            "logical-replication: settings.databaseFlags.cloudsql.logical_decoding = on",
            "insights: settings.insightsConfig.queryInsightsEnabled = true",
            "insights-retention: settings.insightsConfig.queryInsightsEnabled = 7 days",
            "parameters: settings.databaseFlags = {work_mem=8192}",
            "tags: settings.userLabels = {team=shop}");
  }

  static Stream<Arguments> carriedByAnInsert() {
    return Stream.of(
        carried("settings.tier", "db-custom-2-8192", b -> b),
        carried("settings.edition", "ENTERPRISE", b -> b),
        carried(
            "settings.edition",
            "ENTERPRISE_PLUS",
            b -> b.size(InstanceSize.named("db-perf-optimized-N-8"))),
        carried("databaseVersion", "POSTGRES_16", b -> b),
        carried("settings.dataDiskType", "PD_SSD", b -> b),
        carried("settings.dataDiskType", "PD_HDD", b -> b.storage(Storage.hdd(DataSize.gib(20)))),
        carried("settings.dataDiskSizeGb", "20", b -> b),
        carried(
            "settings.storageAutoResize",
            "false",
            b -> b.storage(Storage.ssd(DataSize.gib(20)).fixed())),
        carried(
            "settings.storageAutoResizeLimit",
            "100",
            b -> b.storage(Storage.ssd(DataSize.gib(20)).growingTo(DataSize.gib(100)))),
        carried(
            "diskEncryptionConfiguration.kmsKeyName",
            KEY,
            b -> b.storage(Storage.ssd(DataSize.gib(20)).encryptedWith(KEY))),
        carried("settings.availabilityType", "ZONAL", b -> b.availability(Availability.ZONAL)),
        carried(
            "settings.backupConfiguration.enabled", "false", b -> b.backups(BackupPolicy.none())),
        carried(
            "settings.backupConfiguration.pointInTimeRecoveryEnabled",
            "false",
            b -> b.backups(BackupPolicy.daily())),
        carried(
            "settings.backupConfiguration.startTime",
            "03:05",
            b -> b.backups(BackupPolicy.daily(LocalTime.of(3, 5)))),
        carried(
            "settings.backupConfiguration.backupRetentionSettings.retainedBackups",
            "30",
            b -> b.backups(BackupPolicy.daily().retainDays(30))),
        // No longer than the backups, and no longer than the edition keeps them.
        carried(
            "settings.backupConfiguration.transactionLogRetentionDays",
            "5",
            b -> b.backups(BackupPolicy.daily().retainDays(5))),
        carried(
            "settings.backupConfiguration.transactionLogRetentionDays",
            "7",
            b -> b.backups(BackupPolicy.daily().retainDays(30))),
        carried(
            "settings.maintenanceWindow.day",
            "1",
            b -> b.maintenance(MaintenanceWindow.weekly(DayOfWeek.MONDAY, LocalTime.of(5, 0)))),
        carried(
            "settings.maintenanceWindow.hour",
            "5",
            b -> b.maintenance(MaintenanceWindow.weekly(DayOfWeek.MONDAY, LocalTime.of(5, 0)))),
        carried("settings.ipConfiguration.ipv4Enabled", "false", b -> b),
        carried("settings.ipConfiguration.privateNetwork", VPC, b -> b),
        carried(
            "settings.ipConfiguration.ipv4Enabled",
            "true",
            b -> b.network(Network.publicAccess("203.0.113.0/24"))),
        carried(
            "settings.ipConfiguration.authorizedNetworks[0].value",
            "203.0.113.0/24",
            b -> b.network(Network.publicAccess("203.0.113.0/24"))),
        carried("settings.deletionProtectionEnabled", "true", b -> b.deletionProtection(true)),
        carried("settings.deletionProtectionEnabled", "false", b -> b.deletionProtection(false)),
        carried("settings.databaseFlags[0].value", "off", b -> b.logicalReplication(false)),
        carried("settings.databaseFlags[0].name", "work_mem", b -> b.parameter("work_mem", "1")),
        carried(
            "settings.insightsConfig.queryInsightsEnabled",
            "false",
            b -> b.insights(Insights.disabled())),
        carried("settings.userLabels.team", "shop", b -> b.tag("team", "shop")),
        carried("settings.userLabels.clouddb-attempt", "attempt-1", b -> b),
        carried("settings.userLabels.clouddb-admin", "app_admin", b -> b),
        carried("settings.userLabels.clouddb-database", "-shop", b -> b.database("Shop")));
  }

  private static Arguments carried(
      String field, String value, UnaryOperator<InstanceSpec.Builder> asked) {
    return Arguments.of(field, value, asked);
  }

  @ParameterizedTest(name = "{0} = {1}")
  @MethodSource("carriedByAnInsert")
  void anInsertCarriesItAndItIsReadBack(
      String field, String value, UnaryOperator<InstanceSpec.Builder> asked) {
    InstanceSpec spec = asked.apply(least()).build();
    assertThat(Leaves.of(made(spec))).containsEntry(field, value);
    assertThat(FIELDS.drift(seen(made(spec)), spec).differences())
        .as("what was made as it was asked for")
        .isEmpty();
  }

  static Stream<Arguments> carriedByAPatch() {
    return Stream.of(
        changed(
            b -> b.size(InstanceSize.named("db-perf-optimized-N-8")),
            Map.of("tier", "db-perf-optimized-N-8", "edition", "ENTERPRISE_PLUS")),
        changed(b -> b.storageSize(DataSize.gib(30)), Map.of("dataDiskSizeGb", "30")),
        changed(b -> b.availability(Availability.ZONAL), Map.of("availabilityType", "ZONAL")),
        changed(
            b -> b.availability(Availability.REGIONAL),
            Map.of(
                "availabilityType",
                "REGIONAL",
                "backupConfiguration.enabled",
                "true",
                "backupConfiguration.pointInTimeRecoveryEnabled",
                "true")),
        changed(
            b -> b.backups(BackupPolicy.none()),
            Map.of(
                "backupConfiguration.enabled",
                "false",
                "backupConfiguration.pointInTimeRecoveryEnabled",
                "false")),
        // That point-in-time recovery is left out is no wish to lose it.
        changed(
            b -> b.backups(BackupPolicy.daily(LocalTime.of(3, 0))),
            Map.of(
                "backupConfiguration.enabled", "true", "backupConfiguration.startTime", "03:00")),
        changed(
            b -> b.backups(BackupPolicy.daily().retainDays(20)),
            Map.of(
                "backupConfiguration.enabled",
                "true",
                "backupConfiguration.backupRetentionSettings.retainedBackups",
                "20",
                "backupConfiguration.backupRetentionSettings.retentionUnit",
                "COUNT")),
        changed(
            b -> b.backups(BackupPolicy.daily().withPointInTime()),
            Map.of(
                "backupConfiguration.enabled",
                "true",
                "backupConfiguration.pointInTimeRecoveryEnabled",
                "true")),
        changed(
            b -> b.backups(BackupPolicy.daily().retainDays(20).withPointInTime()),
            Map.of(
                "backupConfiguration.enabled",
                "true",
                "backupConfiguration.pointInTimeRecoveryEnabled",
                "true",
                "backupConfiguration.transactionLogRetentionDays",
                "20",
                "backupConfiguration.backupRetentionSettings.retainedBackups",
                "20",
                "backupConfiguration.backupRetentionSettings.retentionUnit",
                "COUNT")),
        changed(
            b -> b.maintenance(MaintenanceWindow.weekly(DayOfWeek.MONDAY, LocalTime.of(5, 0))),
            Map.of("maintenanceWindow.day", "1", "maintenanceWindow.hour", "5")),
        changed(
            b -> b.tls(TlsMode.CLIENT_CERTIFICATE),
            Map.of("ipConfiguration.sslMode", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED")),
        changed(b -> b.deletionProtection(true), Map.of("deletionProtectionEnabled", "true")),
        changed(
            b -> b.logicalReplication(true),
            Map.of(
                "databaseFlags[0].name",
                "cloudsql.logical_decoding",
                "databaseFlags[0].value",
                "on")),
        changed(
            b -> b.parameter("work_mem", "8192"),
            Map.of("databaseFlags[0].name", "work_mem", "databaseFlags[0].value", "8192")),
        changed(
            b -> b.insights(Insights.enabled()),
            Map.of("insightsConfig.queryInsightsEnabled", "true")),
        changed(b -> b.tag("team", "shop"), Map.of("userLabels.team", "shop")));
  }

  private static Arguments changed(
      UnaryOperator<InstanceChange.Builder> asked, Map<String, String> settings) {
    return Arguments.of(settings, asked);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("carriedByAPatch")
  void aPatchCarriesWhatIsAskedForAndNoMore(
      Map<String, String> settings, UnaryOperator<InstanceChange.Builder> asked) {
    InstanceChange change = asked.apply(InstanceChange.builder()).build();
    FIELDS.plan(change).orThrow();
    Settings sent = PatchBody.of(change, SimulatedCloudSql.PLACE).getSettings();
    assertThat(Leaves.of(sent)).containsExactlyInAnyOrderEntriesOf(settings);
  }

  @Test
  void aPasswordIsNoMatterOfThePatch() {
    InstanceChange change =
        InstanceChange.builder().adminPassword(SecretRef.environment("PW")).build();
    assertThat(FIELDS.plan(change).entries(Plan.Outcome.HONOURED))
        .extracting(Plan.Entry::toString)
        .containsExactly("admin-login: users.password = env:PW");
    assertThat(PatchBody.of(change, SimulatedCloudSql.PLACE)).isEmpty();
  }

  @Test
  void thePasswordOfTheServicesOwnAdministratorIsTheRootPassword() {
    InstanceSpec spec =
        least().admin(AdminLogin.of("postgres", SecretRef.environment("PW"))).build();
    assertThat(FIELDS.plan(spec).entries())
        .extracting(Plan.Entry::toString)
        .contains("admin-login: rootPassword of the user postgres = env:PW");
  }

  @ParameterizedTest
  @CsvSource({"cloudsql_admin, false", "pg_read_all_data, false", "my_cloudsql, true"})
  void aNameIsTheServicesOwnByItsBeginning(String user, boolean isFree) {
    InstanceSpec spec = least().admin(AdminLogin.of(user, SecretRef.environment("PW"))).build();
    assertThat(FIELDS.plan(spec).feasible()).isEqualTo(isFree);
  }

  static Stream<Arguments> changedBySomebody() {
    return Stream.of(
        shown(InstanceField.NAME, "other", i -> i.setName("other")),
        shown(InstanceField.ENGINE, "mysql", i -> i.setDatabaseVersion("MYSQL_8_0")),
        shown(
            InstanceField.ENGINE_VERSION, "POSTGRES_15", i -> i.setDatabaseVersion("POSTGRES_15")),
        shown(
            InstanceField.ENGINE_VERSION,
            "POSTGRES_15_7",
            i -> i.setDatabaseInstalledVersion("POSTGRES_15_7")),
        shown(InstanceField.SIZE, "db-custom-4-8192", set(s -> s.setTier("db-custom-4-8192"))),
        shown(InstanceField.STORAGE_TYPE, "PD_SSD", set(s -> s.setDataDiskType("PD_SSD"))),
        shown(
            InstanceField.STORAGE_SIZE,
            "80",
            set(s -> s.setDataDiskSizeGb(80L).setStorageAutoResize(false))),
        shown(InstanceField.STORAGE_SIZE, "40", set(s -> s.setDataDiskSizeGb(40L))),
        shown(InstanceField.STORAGE_GROWTH, "false", set(s -> s.setStorageAutoResize(false))),
        shown(InstanceField.STORAGE_GROWTH_LIMIT, "0", set(s -> s.setStorageAutoResizeLimit(0L))),
        shown(
            InstanceField.ENCRYPTION_KEY,
            "a key of Google's own",
            i -> i.setDiskEncryptionConfiguration(null)),
        shown(
            InstanceField.ENCRYPTION_KEY,
            "a key of Google's own",
            i ->
                i.setDiskEncryptionConfiguration(
                    new DiskEncryptionConfiguration().setKmsKeyName(""))),
        shown(InstanceField.AVAILABILITY, "ZONAL", set(s -> s.setAvailabilityType("ZONAL"))),
        shown(InstanceField.BACKUPS, "false", backups(b -> b.setEnabled(null))),
        shown(InstanceField.BACKUP_WINDOW, "12:00", backups(b -> b.setStartTime("12:00"))),
        shown(
            InstanceField.BACKUP_RETENTION,
            "9",
            backups(
                b ->
                    b.setBackupRetentionSettings(
                        new BackupRetentionSettings().setRetainedBackups(9)))),
        shown(
            InstanceField.POINT_IN_TIME,
            "false",
            backups(b -> b.setPointInTimeRecoveryEnabled(false))),
        shown(
            InstanceField.POINT_IN_TIME,
            "true, with 2 days of logs",
            backups(b -> b.setTransactionLogRetentionDays(2))),
        shown(
            InstanceField.MAINTENANCE_WINDOW,
            "at any time",
            set(s -> s.setMaintenanceWindow(null))),
        shown(
            InstanceField.MAINTENANCE_WINDOW,
            "at any time",
            set(s -> s.getMaintenanceWindow().setDay(0))),
        shown(
            InstanceField.MAINTENANCE_WINDOW,
            "at any time",
            set(s -> s.getMaintenanceWindow().setDay(null))),
        shown(
            InstanceField.MAINTENANCE_WINDOW,
            "day 7, hour 0",
            set(s -> s.getMaintenanceWindow().setHour(null))),
        shown(
            InstanceField.PRIVATE_NETWORK,
            "projects/shop-project/global/networks/other",
            addresses(a -> a.setPrivateNetwork(VPC.replace("main", "other")))),
        shown(
            InstanceField.PRIVATE_NETWORK,
            VPC + ", and a public address for [0.0.0.0/0]",
            addresses(
                a ->
                    a.setIpv4Enabled(true)
                        .setAuthorizedNetworks(List.of(new AclEntry().setValue("0.0.0.0/0"))))),
        shown(
            InstanceField.PRIVATE_NETWORK,
            VPC + ", and a public address for []",
            addresses(a -> a.setIpv4Enabled(true).setAuthorizedNetworks(null))),
        shown(
            InstanceField.PRIVATE_NETWORK,
            "no private network",
            addresses(a -> a.setPrivateNetwork(null))),
        shown(
            InstanceField.TLS,
            "ALLOW_UNENCRYPTED_AND_ENCRYPTED",
            addresses(a -> a.setSslMode("ALLOW_UNENCRYPTED_AND_ENCRYPTED"))),
        shown(
            InstanceField.DELETION_PROTECTION,
            "false",
            set(s -> s.setDeletionProtectionEnabled(null))),
        shown(InstanceField.LOGICAL_REPLICATION, "off", set(s -> s.setDatabaseFlags(null))),
        shown(
            InstanceField.PARAMETERS,
            "{work_mem=4096}",
            set(
                s ->
                    s.setDatabaseFlags(
                        List.of(flag("work_mem", "4096"), flag("max_connections", "9"))))),
        shown(InstanceField.INSIGHTS, "false", set(s -> s.setInsightsConfig(null))),
        shown(InstanceField.INSIGHTS, "false", set(s -> s.setInsightsConfig(new InsightsConfig()))),
        shown(
            InstanceField.TAGS,
            "{team=other}",
            set(s -> s.setUserLabels(Map.of("team", "other", "stage", "one")))));
  }

  private static Arguments shown(
      InstanceField field, String actual, Consumer<DatabaseInstance> change) {
    return Arguments.of(field, actual, change);
  }

  private static Consumer<DatabaseInstance> set(Consumer<Settings> change) {
    return instance -> change.accept(instance.getSettings());
  }

  private static Consumer<DatabaseInstance> backups(Consumer<BackupConfiguration> change) {
    return set(settings -> change.accept(settings.getBackupConfiguration()));
  }

  private static Consumer<DatabaseInstance> addresses(Consumer<IpConfiguration> change) {
    return set(settings -> change.accept(settings.getIpConfiguration()));
  }

  private static DatabaseFlags flag(String name, String value) {
    return new DatabaseFlags().setName(name).setValue(value);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("changedBySomebody")
  void whatSomebodyElseChangesIsSeenAsGoogleShowsIt(
      InstanceField field, String actual, Consumer<DatabaseInstance> change) {
    InstanceSpec spec = everything().build();
    DatabaseInstance there = made(spec);
    change.accept(there);
    assertThat(difference(field, spec, seen(there)))
        .hasValueSatisfying(
            it -> {
              assertThat(it.state()).isEqualTo(Drift.State.DIFFERENT);
              assertThat(it.actual()).isEqualTo(actual);
            });
  }

  static Stream<Arguments> fulfilled() {
    return Stream.of(
        shown(
            InstanceField.ENGINE_VERSION,
            "its minor version",
            i -> i.setDatabaseInstalledVersion("POSTGRES_16_9")),
        shown(
            InstanceField.STORAGE_SIZE,
            "one that has grown",
            set(s -> s.setDataDiskSizeGb(80L).setStorageAutoResize(true))),
        shown(
            InstanceField.POINT_IN_TIME,
            "logs of which no days are told",
            backups(b -> b.setTransactionLogRetentionDays(null))),
        shown(
            InstanceField.PRIVATE_NETWORK,
            "the same VPC by its address",
            addresses(a -> a.setPrivateNetwork("https://compute.googleapis.com/v1/" + VPC))),
        shown(
            InstanceField.PARAMETERS,
            "others beside them",
            set(
                s ->
                    s.setDatabaseFlags(
                        List.of(flag("max_connections", "9"), flag("work_mem", "8192"))))),
        shown(
            InstanceField.TAGS,
            "others beside them",
            set(s -> s.setUserLabels(Map.of("team", "shop", "stage", "one")))));
  }

  /** What has no field of its own is known, too: a window's length, that it is encrypted. */
  @Test
  void whatIsMadeAsItIsAskedForHasNoDrift() {
    InstanceSpec spec = everything().build();
    Drift drift = FIELDS.drift(seen(made(spec)), spec);
    assertThat(drift.differences()).isEmpty();
    assertThat(drift.unknown())
        .extracting(Drift.Difference::field)
        .containsExactlyInAnyOrder(InstanceField.DATABASE, InstanceField.ADMIN_LOGIN);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("fulfilled")
  void whatFulfilsItIsNoDifference(
      InstanceField field, String what, Consumer<DatabaseInstance> change) {
    InstanceSpec spec = everything().build();
    DatabaseInstance there = made(spec);
    change.accept(there);
    assertThat(difference(field, spec, seen(there))).as(what).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "ENGINE_VERSION",
        "NAME",
        "SIZE",
        "STORAGE_TYPE",
        "STORAGE_SIZE",
        "STORAGE_GROWTH",
        "STORAGE_GROWTH_LIMIT",
        "AVAILABILITY",
        "BACKUP_WINDOW",
        "BACKUP_RETENTION",
        "TLS",
        "DATABASE",
        "ADMIN_LOGIN"
      })
  void whatGoogleDoesNotShowIsNotKnown(InstanceField field) {
    // The version is that of the request, as long as none is installed.
    DatabaseInstance bare = new DatabaseInstance().setDatabaseVersion("POSTGRES_16");
    boolean version = field == InstanceField.ENGINE_VERSION;
    assertThat(difference(field, everything().build(), seen(bare)).map(Drift.Difference::state))
        .isEqualTo(version ? Optional.empty() : Optional.of(Drift.State.UNKNOWN));
  }

  @ParameterizedTest
  @CsvSource({
    "DATABASE, true, , ",
    "DATABASE, false, DIFFERENT, no such database",
    "DATABASE, , UNKNOWN, ''",
    // That there is such a user says nothing of its password.
    "ADMIN_LOGIN, true, UNKNOWN, ''",
    "ADMIN_LOGIN, false, DIFFERENT, no such user",
    "ADMIN_LOGIN, , UNKNOWN, ''"
  })
  void whatIsInsideOnlyTheDatabaseTells(
      InstanceField field, Boolean isThere, Drift.State state, String actual) {
    InstanceSpec spec = everything().build();
    Optional<Boolean> told = Optional.ofNullable(isThere);
    Optional<Drift.Difference> seen =
        difference(field, spec, new SeenInstance(made(spec), told, told));
    assertThat(seen.map(Drift.Difference::state)).isEqualTo(Optional.ofNullable(state));
    assertThat(seen.map(Drift.Difference::actual)).isEqualTo(Optional.ofNullable(actual));
  }

  @ParameterizedTest
  @CsvSource({
    "203.0.113.7/32, 203.0.113.7/32, true",
    "203.0.113.7/32, 203.0.113.7, true",
    "203.0.113.0/24, 203.0.113.0/25, false"
  })
  void oneAddressIsARangeOfItsOwn(String asked, String there, boolean same) {
    InstanceSpec spec = least().network(Network.publicAccess(asked)).build();
    DatabaseInstance instance = made(spec);
    addresses(a -> a.setAuthorizedNetworks(List.of(new AclEntry().setValue(there))))
        .accept(instance);
    assertThat(difference(InstanceField.PUBLIC_ACCESS, spec, seen(instance)).isEmpty())
        .isEqualTo(same);
  }

  @Test
  void rangesAreInNoOrderAndAPublicAddressIsNeeded() {
    InstanceSpec spec =
        least().network(Network.publicAccess("198.51.100.0/24", "203.0.113.0/24")).build();
    DatabaseInstance instance = made(spec);
    addresses(
            a ->
                a.setAuthorizedNetworks(
                    List.of(
                        new AclEntry().setValue("203.0.113.0/24"),
                        new AclEntry().setValue("198.51.100.0/24"))))
        .accept(instance);
    assertThat(difference(InstanceField.PUBLIC_ACCESS, spec, seen(instance))).isEmpty();
    addresses(a -> a.setIpv4Enabled(false)).accept(instance);
    assertThat(difference(InstanceField.PUBLIC_ACCESS, spec, seen(instance)))
        .hasValueSatisfying(it -> assertThat(it.actual()).isEqualTo("no public address"));
  }

  /** Google's version of 9 has two parts, and 1 is no beginning of 16. */
  @ParameterizedTest
  @CsvSource({
    "9.6, POSTGRES_9_6_24, false, true",
    "16, POSTGRES_16_3, false, true",
    "16, POSTGRES_160_3, false, false",
    "16.4, POSTGRES_16_3, false, false",
    "16.4, POSTGRES_16_4, false, true",
    // Only preferred, it has become the major version.
    "16.4, POSTGRES_16_3, true, true",
    "9.6.1, POSTGRES_9_6_24, true, true"
  })
  void aMajorVersionIsFulfilledByItsMinorOnes(
      String wanted, String installed, boolean preferred, boolean same) {
    InstanceSpec.Builder asked =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, wanted)
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(20)))
            .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")));
    if (preferred) {
      asked.preferring(InstanceField.ENGINE_VERSION);
    }
    DatabaseInstance there =
        new DatabaseInstance()
            .setDatabaseVersion("POSTGRES_16")
            .setDatabaseInstalledVersion(installed);
    assertThat(difference(InstanceField.ENGINE_VERSION, asked.build(), seen(there)).isEmpty())
        .isEqualTo(same);
  }

  @ParameterizedTest
  @CsvSource({"ENTERPRISE, false, 7", "ENTERPRISE_PLUS, true, 35", ", true, 7"})
  void capabilitiesGoByTheEditionThatIsAskedAbout(
      String edition, boolean hasFirstVersion, long logDays) {
    FeatureContext context = FeatureContext.of(Engine.POSTGRESQL);
    if (edition != null) {
      context = context.withEdition(edition);
    }
    Support version = CloudSqlFields.supports(Feature.of(InstanceField.ENGINE_VERSION), context);
    assertThat(version.reason().contains("ENTERPRISE_PLUS from PostgreSQL 12 on"))
        .isEqualTo(hasFirstVersion);
    assertThat(CloudSqlFields.supports(Feature.of(InstanceField.POINT_IN_TIME), context).limits())
        .containsEntry("retention.days.max", logDays);
  }

  @Test
  void capabilitiesTellTheNumbersOfEachField() {
    assertThat(limits(InstanceField.SIZE))
        .isEqualTo(Map.of("cpus.max", 96L, "memory.mib.min", 3840L));
    assertThat(limits(InstanceField.STORAGE_SIZE))
        .isEqualTo(Map.of("size.gib.min", 10L, "size.gib.max", 65_536L));
    assertThat(limits(InstanceField.STORAGE_GROWTH_LIMIT))
        .isEqualTo(Map.of("size.gib.max", 65_536L));
    assertThat(limits(InstanceField.BACKUP_WINDOW_LENGTH)).isEqualTo(Map.of("window.hours", 4L));
    assertThat(limits(InstanceField.BACKUP_RETENTION))
        .isEqualTo(Map.of("retention.days.min", 1L, "retention.days.max", 365L));
    assertThat(limits(InstanceField.MAINTENANCE_WINDOW)).isEqualTo(Map.of("window.hours", 1L));
    assertThat(limits(InstanceField.INSIGHTS_RETENTION))
        .isEqualTo(Map.of("retention.days.max", 7L));
    assertThat(limits(InstanceField.TAGS)).isEqualTo(Map.of("tags.max", 61L));
  }

  private static Map<String, Long> limits(InstanceField field) {
    return CloudSqlFields.supports(Feature.of(field), FeatureContext.of(Engine.POSTGRESQL))
        .limits();
  }

  @Test
  void capabilitiesSayNoOfWhatTheyDoNotKnow() {
    FeatureContext postgres = FeatureContext.of(Engine.POSTGRESQL);
    assertThat(CloudSqlFields.supports(Feature.INSTANCE_STOP, postgres).answer())
        .isEqualTo(Support.Answer.YES);
    Support unknown = CloudSqlFields.supports(new Feature("instance.flies"), postgres);
    assertThat(unknown.answer()).isEqualTo(Support.Answer.NO);
    assertThat(unknown.reason()).contains("instance.flies");
    Support mysql = CloudSqlFields.supports(Feature.INSTANCE_STOP, FeatureContext.of(Engine.MYSQL));
    assertThat(mysql.answer()).isEqualTo(Support.Answer.NO);
    assertThat(mysql.reason()).contains("mysql");
  }

  static Stream<Arguments> saidOfAChange() {
    return Stream.of(
        // What a size brings with it where the instance is not so already.
        said(
            b -> b.size(InstanceSize.named("db-custom-2-8192")),
            "db-custom-2-8192 (ENTERPRISE, which keeps 7 days of logs at most)"),
        said(
            b -> b.size(InstanceSize.named("db-custom-N4-2-8192")),
            "db-custom-N4-2-8192 (ENTERPRISE, with a disk HYPERDISK_BALANCED to which the data is"
                + " moved, which keeps 7 days of logs at most)"),
        said(
            b -> b.size(InstanceSize.named("db-perf-optimized-N-8")),
            "db-perf-optimized-N-8 (ENTERPRISE_PLUS) (whether the region has it, a catalog"
                + " tells)"),
        said(
            b ->
                b.size(InstanceSize.named("db-custom-2-8192"))
                    .backups(BackupPolicy.daily().retainDays(5).withPointInTime()),
            "db-custom-2-8192 (ENTERPRISE)"));
  }

  private static Arguments said(UnaryOperator<InstanceChange.Builder> asked, String text) {
    return Arguments.of(text, asked);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("saidOfAChange")
  void aChangeOfTheSizeSaysWhatComesWithIt(
      String text, UnaryOperator<InstanceChange.Builder> asked) {
    Plan plan = FIELDS.plan(asked.apply(InstanceChange.builder()).build());
    assertThat(plan.entries(Plan.Outcome.HONOURED))
        .filteredOn(entry -> entry.field() == InstanceField.SIZE)
        .extracting(Plan.Entry::text)
        .containsExactly(text);
  }

  @Test
  void whatIsLeftUnsetIsLeftToGoogle() {
    Map<String, String> sent = Leaves.of(made(least().build()));
    Set<String> unset =
        Set.of(
            "settings.storageAutoResize",
            "settings.storageAutoResizeLimit",
            "settings.backupConfiguration.enabled",
            "settings.deletionProtectionEnabled",
            "settings.insightsConfig.queryInsightsEnabled",
            "settings.maintenanceWindow.day",
            "settings.databaseFlags[0].name",
            "settings.userLabels.clouddb-database",
            "diskEncryptionConfiguration.kmsKeyName");
    assertThat(sent).doesNotContainKeys(unset.toArray(String[]::new));
  }
}
