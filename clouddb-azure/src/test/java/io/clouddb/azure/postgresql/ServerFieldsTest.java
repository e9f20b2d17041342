/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static io.clouddb.plan.Plan.Outcome.ADJUSTED;
import static io.clouddb.plan.Plan.Outcome.HONOURED;
import static io.clouddb.plan.Plan.Outcome.REFUSED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.DataSize;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Catalog;
import io.clouddb.instance.CatalogSize;
import io.clouddb.instance.CatalogVersion;
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
import io.clouddb.plan.Plan;
import io.clouddb.replica.ReplicaField;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a plan says of each field, and what capabilities say. */
class ServerFieldsTest {
  private static final String SUBNET =
      "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/d";
  private static final FeatureContext POSTGRES = FeatureContext.of(Engine.POSTGRESQL);

  private static Plan.Entry entry(InstanceField field, UnaryOperator<InstanceSpec.Builder> change) {
    return entry(field, ServerFields.plan(change.apply(spec("orders")).build()));
  }

  private static Plan.Entry entry(InstanceField field, Plan plan) {
    return plan.entries().stream().filter(e -> e.field() == field).findFirst().orElseThrow();
  }

  private static void refused(
      InstanceField field, String why, UnaryOperator<InstanceSpec.Builder> change) {
    Plan.Entry entry = entry(field, change);
    assertThat(entry.outcome()).isEqualTo(REFUSED);
    assertThat(entry.toString()).contains(why);
    assertThat(entry.alternative()).isNotBlank();
    assertThatThrownBy(() -> ServerFields.plan(change.apply(spec("orders")).build()).orThrow())
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(field.id());
  }

  private static void adjustedOnlyWhenPreferred(
      InstanceField field, String value, UnaryOperator<InstanceSpec.Builder> change) {
    refused(field, value, change);
    Plan.Entry preferred = entry(field, b -> change.apply(b).preferring(field));
    assertThat(preferred.outcome()).isEqualTo(ADJUSTED);
    assertThat(preferred.text()).contains(value);
  }

  @Test
  void honoursTheLeastSpec() {
    Plan plan = ServerFields.plan(spec("orders").build());
    assertThat(plan.feasible()).isTrue();
    assertThat(plan.entries(HONOURED)).hasSameSizeAs(plan.entries());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, Standard_B1ms, Standard_D2ds_v5",
    "2, 4, Standard_B2s, Standard_D2ds_v5",
    "2, 8, Standard_D2ds_v5, Standard_D2ds_v5",
    "2, 16, Standard_E2ds_v5, Standard_E2ds_v5",
    "4, 16, Standard_D4ds_v5, Standard_D4ds_v5",
    "8, 64, Standard_E8ds_v5, Standard_E8ds_v5",
    "3, 1, Standard_D4ds_v5, Standard_D4ds_v5",
    "96, 600, Standard_E96ds_v5, Standard_E96ds_v5"
  })
  void takesTheSmallestSizeThatFits(int cpus, long gib, String zonal, String regional) {
    InstanceSize size = InstanceSize.atLeast(cpus, DataSize.gib(gib));
    assertThat(ServerSizes.sku(size, Availability.ZONAL).orElseThrow().name()).isEqualTo(zonal);
    assertThat(ServerSizes.sku(size, Availability.REGIONAL).orElseThrow().name())
        .isEqualTo(regional);
  }

  @Test
  void refusesWhatFlexibleServersDoNotHave() {
    refused(InstanceField.SIZE, "96 vCPU", b -> b.size(InstanceSize.atLeast(128, DataSize.gib(8))));
    refused(InstanceField.SIZE, "db.m7g.large", b -> b.size(InstanceSize.named("db.m7g.large")));
    refused(
        InstanceField.ENCRYPTION,
        "always encrypted",
        b -> b.storage(Storage.ssd(DataSize.gib(64)).unencrypted()));
    refused(
        InstanceField.ENCRYPTION_KEY,
        "Native.customize",
        b -> b.storage(Storage.ssd(DataSize.gib(64)).encryptedWith("https://v/keys/k")));
    refused(
        InstanceField.STORAGE_SIZE, "32767 GiB", b -> b.storage(Storage.ssd(DataSize.gib(32_768))));
    refused(
        InstanceField.AVAILABILITY,
        "burstable",
        b -> b.size(InstanceSize.named("Standard_B2s")).availability(Availability.REGIONAL));
    refused(InstanceField.DATABASE, "Azure's own", b -> b.database("azure_sys"));
    refused(
        InstanceField.ADMIN_LOGIN,
        "refuses the login",
        b -> b.admin(AdminLogin.of("azure_pg_admin", SecretRef.environment("PW"))));
    refused(
        InstanceField.ADMIN_MANAGED_PASSWORD,
        "SecretRef",
        b -> b.admin(AdminLogin.managed("app_admin")));
    refused(InstanceField.BACKUPS, "always backed up", b -> b.backups(BackupPolicy.none()));
    refused(InstanceField.TLS, "client certificates", b -> b.tls(TlsMode.CLIENT_CERTIFICATE));
    refused(InstanceField.DELETION_PROTECTION, "management lock", b -> b.deletionProtection(true));
    refused(
        InstanceField.PARAMETERS,
        "wal_level",
        b -> b.logicalReplication(true).parameter("wal_level", "replica"));
    refused(
        InstanceField.PARAMETERS,
        "require_secure_transport",
        b -> b.parameter("require_secure_transport", "off"));
    refused(
        InstanceField.PARAMETERS,
        "require_secure_transport",
        b -> b.tls(TlsMode.REQUIRED).parameter("Require_Secure_Transport", "off"));
    refused(
        InstanceField.PARAMETERS,
        "case only",
        b -> b.parameter("work_mem", "4096").parameter("WORK_MEM", "8192"));
    refused(InstanceField.TAGS, "< > % &", b -> b.tag("a/b", "c"));
    refused(InstanceField.TAGS, "case only", b -> b.tag("Team", "a").tag("team", "b"));
    refused(
        InstanceField.TAGS,
        "50 tags",
        b -> {
          for (int i = 0; i < 50; i++) {
            b.tag("t" + i, "v");
          }
          return b;
        });
  }

  @Test
  void refusesNetworksThatAzureCannotMake() {
    refused(
        InstanceField.PUBLIC_ACCESS, "IPv4", b -> b.network(Network.publicAccess("2001:db8::/32")));
    refused(
        InstanceField.PUBLIC_ACCESS,
        "all of Azure",
        b -> b.network(Network.publicAccess("0.0.0.0/32")));
    refused(
        InstanceField.PUBLIC_ACCESS,
        "security groups",
        b -> b.network(Network.publicAccess("1.2.3.4/32").securityGroup("sg-1")));
    refused(
        InstanceField.PRIVATE_NETWORK,
        "no ARM id",
        b ->
            b.network(
                Network.privateNetwork("subnet-1").dnsZone("/shop.postgres.database.azure.com")));
    refused(
        InstanceField.PRIVATE_NETWORK,
        "private DNS zone",
        b -> b.network(Network.privateNetwork(SUBNET)));
    refused(
        InstanceField.PRIVATE_NETWORK,
        "security groups",
        b ->
            b.network(
                Network.privateNetwork(SUBNET)
                    .dnsZone("/shop.postgres.database.azure.com")
                    .securityGroup("sg-1")));
    for (String zone :
        List.of(
            "orders.postgres.database.azure.com", "ORDERS.Postgres.Database.Chinacloudapi.cn")) {
      refused(
          InstanceField.PRIVATE_NETWORK,
          "has the name of the server's own host",
          b -> b.network(Network.privateNetwork(SUBNET).dnsZone("/privateDnsZones/" + zone)));
    }
    for (String zone : List.of("shop.internal", "postgres.database.azure.com", "z/")) {
      refused(
          InstanceField.PRIVATE_NETWORK,
          "is none of flexible servers",
          b -> b.network(Network.privateNetwork(SUBNET).dnsZone("/privateDnsZones/" + zone)));
    }
    for (String zone :
        List.of(
            "shop.postgres.database.azure.com",
            "shop.postgres.database.usgovcloudapi.net",
            "orders.shop.postgres.database.azure.com",
            "orders2.postgres.database.azure.com",
            "orders.private.postgres.database.azure.com")) {
      assertThat(
              entry(
                      InstanceField.PRIVATE_NETWORK,
                      b ->
                          b.network(
                              Network.privateNetwork(SUBNET).dnsZone("/privateDnsZones/" + zone)))
                  .outcome())
          .as(zone)
          .isEqualTo(HONOURED);
    }
  }

  @Test
  void adjustsWhatIsOnlyPreferred() {
    adjustedOnlyWhenPreferred(
        InstanceField.STORAGE_TYPE, "Premium SSD", b -> b.storage(Storage.hdd(DataSize.gib(64))));
    adjustedOnlyWhenPreferred(
        InstanceField.STORAGE_IOPS,
        "come with the disk's size",
        b -> b.storage(Storage.provisionedIops(DataSize.gib(64), 5000)));
    adjustedOnlyWhenPreferred(
        InstanceField.STORAGE_GROWTH,
        "fixed size",
        b -> b.storage(Storage.ssd(DataSize.gib(64)).growing()));
    adjustedOnlyWhenPreferred(
        InstanceField.STORAGE_GROWTH_LIMIT,
        "fixed size",
        b -> b.storage(Storage.ssd(DataSize.gib(64)).growingTo(DataSize.gib(128))));
    adjustedOnlyWhenPreferred(
        InstanceField.STORAGE_SIZE, "128", b -> b.storage(Storage.ssd(DataSize.gib(100))));
    adjustedOnlyWhenPreferred(
        InstanceField.BACKUP_WINDOW,
        "a time that Azure chooses",
        b -> b.backups(BackupPolicy.daily(LocalTime.of(3, 0))));
    adjustedOnlyWhenPreferred(
        InstanceField.BACKUP_RETENTION, "7", b -> b.backups(BackupPolicy.daily().retainDays(3)));
    adjustedOnlyWhenPreferred(
        InstanceField.BACKUP_RETENTION, "35", b -> b.backups(BackupPolicy.daily().retainDays(90)));
    adjustedOnlyWhenPreferred(
        InstanceField.MAINTENANCE_WINDOW,
        "04:30",
        b -> b.maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30, 10))));
    adjustedOnlyWhenPreferred(
        InstanceField.BACKUP_WINDOW_LENGTH,
        "a time that Azure chooses",
        b -> b.backups(BackupPolicy.daily(LocalTime.of(3, 0)).lasting(Duration.ofHours(1))));
    adjustedOnlyWhenPreferred(
        InstanceField.MAINTENANCE_WINDOW_LENGTH,
        "hour",
        b ->
            b.maintenance(
                MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0))
                    .lasting(Duration.ofHours(2))));
    adjustedOnlyWhenPreferred(
        InstanceField.INSIGHTS_RETENTION, "30", b -> b.insights(Insights.enabled().retainDays(31)));
    InstanceSpec nowhere =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "16.4")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(64)))
            .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")))
            .build();
    Plan required = ServerFields.plan(nowhere);
    assertThat(entry(InstanceField.PRIVATE_NETWORK, required).outcome()).isEqualTo(REFUSED);
    assertThat(entry(InstanceField.ENGINE_VERSION, required).outcome()).isEqualTo(REFUSED);
    Plan preferred =
        ServerFields.plan(
            nowhere.toBuilder()
                .preferring(InstanceField.PRIVATE_NETWORK, InstanceField.ENGINE_VERSION)
                .build());
    assertThat(preferred.feasible()).isTrue();
    assertThat(entry(InstanceField.PRIVATE_NETWORK, preferred).toString())
        .contains("properties.network.publicNetworkAccess = Enabled")
        .contains("nobody can connect");
  }

  @Test
  void honoursTheVersionsThatThePublishedDefinitionLists() {
    List<String> published =
        PublishedDefinition.values("PUT /{server}", "properties.version").stream()
            .filter(version -> Integer.parseInt(version) >= 14)
            .toList();
    assertThat(EngineFields.VERSIONS).containsExactlyInAnyOrderElementsOf(published);
  }

  @Test
  void refusesOtherEnginesAndVersions() {
    InstanceSpec mysql =
        InstanceSpec.builder("orders", Engine.MYSQL, "8.0")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(64)))
            .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")))
            .build();
    assertThat(entry(InstanceField.ENGINE, ServerFields.plan(mysql)).outcome()).isEqualTo(REFUSED);
    assertThat(entry(InstanceField.ENGINE_VERSION, ServerFields.plan(mysql)))
        .hasToString("engine-version: there is no version of mysql");
    InstanceSpec old =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, "9.6")
            .size(mysql.size())
            .storage(mysql.storage())
            .admin(mysql.admin())
            .build();
    assertThat(entry(InstanceField.ENGINE_VERSION, ServerFields.plan(old)).text())
        .contains("9.6 is not offered");
  }

  @Test
  void aChangeIsHeldToTheSameLimits() {
    Plan plan =
        ServerFields.plan(
            InstanceChange.builder()
                .storageSize(DataSize.gib(100))
                .backups(BackupPolicy.none())
                .deletionProtection(true)
                .tls(TlsMode.CLIENT_CERTIFICATE)
                .adminPassword(SecretRef.environment("PW"))
                .build());
    assertThat(plan.entries(REFUSED))
        .extracting(Plan.Entry::field)
        .containsExactlyInAnyOrder(
            InstanceField.STORAGE_SIZE,
            InstanceField.BACKUPS,
            InstanceField.DELETION_PROTECTION,
            InstanceField.TLS);
  }

  @Test
  void aChangeOfTheSizeLooksAtTheStandbyThatIsThere() {
    InstanceChange burstable =
        InstanceChange.builder().size(InstanceSize.named("Standard_B2s")).build();
    assertThat(entry(InstanceField.SIZE, ServerFields.plan(burstable)).toString())
        .contains("refused by modify when there is a standby");
    ServerView.Facts standby = new ServerView.Facts(true, false, null, null);
    assertThat(entry(InstanceField.SIZE, ServerFields.plan(burstable, standby)))
        .satisfies(
            entry -> {
              assertThat(entry.outcome()).isEqualTo(REFUSED);
              assertThat(entry.toString()).contains("the server has one");
            });
    Plan without =
        ServerFields.plan(
            InstanceChange.builder()
                .size(InstanceSize.named("Standard_B2s"))
                .availability(Availability.ZONAL)
                .build(),
            standby);
    assertThat(without.feasible()).isTrue();
    InstanceChange small =
        InstanceChange.builder().size(InstanceSize.atLeast(2, DataSize.gib(4))).build();
    assertThat(entry(InstanceField.SIZE, ServerFields.plan(small, standby)).toString())
        .contains("Standard_D2ds_v5");
    assertThat(
            entry(
                    InstanceField.AVAILABILITY,
                    ServerFields.plan(
                        InstanceChange.builder().availability(Availability.REGIONAL).build(),
                        new ServerView.Facts(false, true, null, null)))
                .outcome())
        .isEqualTo(REFUSED);
  }

  @ParameterizedTest
  @CsvSource({
    "standard_d2ds_v5, Standard_D2ds_v5, GeneralPurpose",
    "standard_b1ms, Standard_B1ms, Burstable",
    "STANDARD_E96ADS_V5, Standard_E96ads_v5, MemoryOptimized"
  })
  void theCaseOfASizesNameDoesNotMatter(String asked, String name, String tier) {
    assertThat(ServerSizes.sku(InstanceSize.named(asked), Availability.ZONAL))
        .hasValueSatisfying(
            sku -> {
              assertThat(sku.name()).isEqualTo(name);
              assertThat(sku.tier()).hasToString(tier);
            });
  }

  @Test
  void theLimitsThatCapabilitiesNameAreThoseOfThePlan() {
    Support retention = support(InstanceField.BACKUP_RETENTION);
    int least = limit(retention, "retention.days.min");
    int most = limit(retention, "retention.days.max");
    for (int days : new int[] {least - 1, least, most, most + 1}) {
      assertThat(
              entry(
                      InstanceField.BACKUP_RETENTION,
                      b -> b.backups(BackupPolicy.daily().retainDays(days)))
                  .outcome())
          .isEqualTo(days < least || days > most ? REFUSED : HONOURED);
    }
    Support size = support(InstanceField.STORAGE_SIZE);
    long largest = limit(size, "size.gib.max");
    assertThat(
            entry(InstanceField.STORAGE_SIZE, b -> b.storage(Storage.ssd(DataSize.gib(largest))))
                .outcome())
        .isEqualTo(HONOURED);
  }

  private static int limit(Support support, String name) {
    return Math.toIntExact(Objects.requireNonNull(support.limits().get(name)));
  }

  private static Arguments becomes(
      InstanceField field, String text, UnaryOperator<InstanceSpec.Builder> asking) {
    return Arguments.of(field, text, asking);
  }

  static Stream<Arguments> honoured() {
    String server = "Microsoft.DBforPostgreSQL/flexibleServers";
    return Stream.of(
        becomes(InstanceField.NAME, "name = orders", s -> s),
        becomes(InstanceField.ENGINE, "type = " + server, s -> s),
        becomes(InstanceField.ENGINE_VERSION, "properties.version = 16", s -> s),
        becomes(InstanceField.SIZE, "sku = Standard_D2ds_v5 (GeneralPurpose)", s -> s),
        becomes(
            InstanceField.SIZE,
            "sku = Standard_B2s (Burstable)",
            s -> s.size(InstanceSize.named("standard_b2s"))),
        // Whether a region has it, no table of a release knows.
        becomes(
            InstanceField.SIZE,
            "sku = Standard_D2s_v9 (GeneralPurpose) (in no table of this release: whether the"
                + " region has it, a catalog tells)",
            s -> s.size(InstanceSize.named("Standard_D2s_v9"))),
        becomes(InstanceField.STORAGE_TYPE, "properties.storage = Premium SSD", s -> s),
        becomes(InstanceField.STORAGE_SIZE, "properties.storage.storageSizeGB = 64", s -> s),
        becomes(
            InstanceField.STORAGE_GROWTH,
            "properties.storage.storageSizeGB = a fixed size, as without autoGrow",
            s -> s.storage(Storage.ssd(DataSize.gib(64)).fixed())),
        becomes(InstanceField.ENCRYPTION, "properties.dataEncryption.type = SystemManaged", s -> s),
        becomes(InstanceField.AVAILABILITY, "properties.highAvailability.mode = Disabled", s -> s),
        becomes(
            InstanceField.AVAILABILITY,
            "properties.highAvailability.mode = ZoneRedundant",
            s -> s.availability(Availability.REGIONAL)),
        becomes(InstanceField.DATABASE, "databases = shop", s -> s.database("shop")),
        becomes(
            InstanceField.ADMIN_LOGIN,
            "properties.administratorLogin, administratorLoginPassword = app_admin, (secret)",
            s -> s),
        becomes(
            InstanceField.BACKUPS,
            "properties.backup = daily",
            s -> s.backups(BackupPolicy.daily())),
        becomes(
            InstanceField.BACKUP_RETENTION,
            "properties.backup.backupRetentionDays = 14",
            s -> s.backups(BackupPolicy.daily().retainDays(14))),
        becomes(
            InstanceField.POINT_IN_TIME,
            "properties.backup = always",
            s -> s.backups(BackupPolicy.daily().withPointInTime())),
        becomes(
            InstanceField.MAINTENANCE_WINDOW,
            "properties.maintenanceWindow = SUNDAY 04:30 UTC",
            s -> s.maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30)))),
        becomes(
            InstanceField.MAINTENANCE_WINDOW_LENGTH,
            "properties.maintenanceWindow = 1 hour",
            s ->
                s.maintenance(
                    MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30))
                        .lasting(Duration.ofHours(1)))),
        becomes(
            InstanceField.PUBLIC_ACCESS,
            "firewallRules = [203.0.113.0/24]",
            s -> s.network(Network.publicAccess("203.0.113.0/24"))),
        becomes(
            InstanceField.PRIVATE_NETWORK,
            "properties.network.delegatedSubnetResourceId = "
                + SUBNET
                + ", with /shop.postgres.database.azure.com",
            s ->
                s.network(
                    Network.privateNetwork(SUBNET).dnsZone("/shop.postgres.database.azure.com"))),
        becomes(InstanceField.TLS, "require_secure_transport = on", s -> s),
        becomes(InstanceField.TLS, "require_secure_transport = off", s -> s.tls(TlsMode.OPTIONAL)),
        becomes(
            InstanceField.DELETION_PROTECTION,
            "nothing = none, as there is no such setting",
            s -> s.deletionProtection(false)),
        becomes(
            InstanceField.LOGICAL_REPLICATION,
            "wal_level = logical",
            s -> s.logicalReplication(true)),
        becomes(
            InstanceField.INSIGHTS,
            "pg_qs.query_capture_mode = top",
            s -> s.insights(Insights.enabled())),
        becomes(
            InstanceField.INSIGHTS,
            "pg_qs.query_capture_mode = none",
            s -> s.insights(Insights.disabled())),
        becomes(
            InstanceField.INSIGHTS_RETENTION,
            "pg_qs.retention_period_in_days = 30",
            s -> s.insights(Insights.enabled().retainDays(30))),
        becomes(
            InstanceField.PARAMETERS,
            "configurations = {work_mem=8192}",
            s -> s.parameter("work_mem", "8192")),
        becomes(InstanceField.TAGS, "tags = {a=b}", s -> s.tag("a", "b")));
  }

  @ParameterizedTest(name = "{1}")
  @MethodSource("honoured")
  void thePlanSaysWhatEachFieldBecomes(
      InstanceField field, String text, UnaryOperator<InstanceSpec.Builder> asking) {
    assertThat(entry(field, asking)).hasToString(field.id() + ": " + text);
  }

  /** The same in two ways contradicts nothing. */
  @ParameterizedTest
  @CsvSource({
    "wal_level, logical, replica",
    "WAL_LEVEL, logical, replica",
    "require_secure_transport, ON, off",
    "pg_qs.query_capture_mode, Top, all",
    "pg_qs.retention_period_in_days, 10, 11"
  })
  void aParameterMaySayWhatItsFieldSays(String name, String same, String other) {
    UnaryOperator<InstanceSpec.Builder> fields =
        s ->
            s.tls(TlsMode.REQUIRED)
                .logicalReplication(true)
                .insights(Insights.enabled().retainDays(10));
    assertThat(
            entry(InstanceField.PARAMETERS, s -> fields.apply(s).parameter(name, same)).outcome())
        .isEqualTo(HONOURED);
    refused(
        InstanceField.PARAMETERS,
        "[" + name.toLowerCase(Locale.ROOT) + "] says something else",
        s -> fields.apply(s).parameter(name, other));
  }

  @Test
  void aLoginThatOnlyBeginsLikeOneOfAzuresIsTaken() {
    for (String user : List.of("azure_superuser", "azure_pg_admin", "admin", "root", "pg_reader")) {
      refused(
          InstanceField.ADMIN_LOGIN,
          "Azure refuses the login " + user,
          s -> s.admin(AdminLogin.of(user, SecretRef.environment("PW"))));
    }
    assertThat(
            entry(
                    InstanceField.ADMIN_LOGIN,
                    s -> s.admin(AdminLogin.of("pgadmin", SecretRef.environment("PW"))))
                .outcome())
        .isEqualTo(HONOURED);
  }

  @Test
  void aPasswordThatChangesIsNamedAsOne() {
    Plan plan =
        ServerFields.plan(
            InstanceChange.builder().adminPassword(SecretRef.environment("PW")).build());
    assertThat(entry(InstanceField.ADMIN_LOGIN, plan))
        .hasToString("admin-login: properties.administratorLoginPassword = (secret)");
  }

  @ParameterizedTest
  @CsvSource({"512, 256, HONOURED", "513, 1, REFUSED", "1, 257, REFUSED"})
  void tagsAreAsLongAsAzureTakesThem(int key, int value, Plan.Outcome outcome) {
    assertThat(TagFields.whyNot(Map.of("k".repeat(key), "v".repeat(value))).isEmpty())
        .isEqualTo(outcome == HONOURED);
  }

  private static Support support(InstanceField field) {
    return ServerFields.support(Feature.of(field), POSTGRES);
  }

  @ParameterizedTest
  @EnumSource(InstanceField.class)
  void whatAPlanMayRefuseIsNeverSaidToBeThereWithoutACondition(InstanceField field) {
    Support support = support(field);
    assertThat(support.reason()).doesNotContain("This release knows no");
    Set<InstanceField> always =
        Set.of(
            InstanceField.NAME,
            InstanceField.POINT_IN_TIME,
            InstanceField.LOGICAL_REPLICATION,
            InstanceField.INSIGHTS);
    assertThat(support.answer() == Support.Answer.YES)
        .isEqualTo(always.contains(field) || field == InstanceField.ENGINE);
    assertThat(ServerFields.support(Feature.of(field), FeatureContext.of(Engine.MYSQL)).reason())
        .isEqualTo("Only PostgreSQL (flexible server) is driven on Azure");
  }

  @Test
  void whatAzureHasNotIsSaidSo() {
    for (InstanceField field :
        List.of(
            InstanceField.ENCRYPTION_KEY,
            InstanceField.ADMIN_MANAGED_PASSWORD,
            InstanceField.DELETION_PROTECTION)) {
      assertThat(support(field).answer()).as(field.id()).isEqualTo(Support.Answer.NO);
    }
    // Who asks for no engine in particular is told the condition.
    assertThat(
            ServerFields.support(Feature.of(InstanceField.ENGINE), FeatureContext.any()).reason())
        .contains("PostgreSQL only");
    assertThat(ServerFields.support(Feature.INSTANCE_STOP, POSTGRES))
        .satisfies(
            stop -> {
              assertThat(stop.reason()).contains("starts a stopped server again");
              assertThat(stop.limits()).containsEntry("stopped.days.max", 7L);
            });
    assertThat(ServerFields.support(Feature.of(ReplicaField.SOURCE), POSTGRES).answer())
        .isEqualTo(Support.Answer.NO);
  }

  @Test
  void theLimitsThatCapabilitiesNameAreTheLastThatThePlanTakes() {
    assertThat(support(InstanceField.ENGINE_VERSION).limits())
        .containsOnly(Map.entry("major.min", 14L), Map.entry("major.max", 18L));
    assertThat(support(InstanceField.SIZE).limits())
        .containsOnly(Map.entry("cpus.max", 96L), Map.entry("memory.gib.max", 672L));
    assertThat(sizeOutcome(96, 672)).isEqualTo(HONOURED);
    assertThat(sizeOutcome(97, 1)).isEqualTo(REFUSED);
    assertThat(sizeOutcome(1, 673)).isEqualTo(REFUSED);
    assertThat(support(InstanceField.STORAGE_SIZE).limits()).containsEntry("size.gib.min", 32L);
    assertThat(support(InstanceField.INSIGHTS_RETENTION).limits())
        .containsEntry("retention.days.max", 30L);
    assertThat(support(InstanceField.MAINTENANCE_WINDOW_LENGTH).limits())
        .containsEntry("window.hours", 1L);
    assertThat(support(InstanceField.TAGS).limits()).containsEntry("tags.count.max", 49L);
    assertThat(
            entry(
                    InstanceField.TAGS,
                    s -> {
                      for (int i = 0; i < 49; i++) {
                        s.tag("t" + i, "v");
                      }
                      return s;
                    })
                .outcome())
        .isEqualTo(HONOURED);
  }

  private static Plan.Outcome sizeOutcome(int cpus, long gib) {
    return entry(InstanceField.SIZE, s -> s.size(InstanceSize.atLeast(cpus, DataSize.gib(gib))))
        .outcome();
  }

  /** What a catalog decides, and what can be had in its place. */
  @Test
  void aCatalogDecidesOfSizesAndVersions() {
    Catalog catalog =
        Catalog.builder("azure", "koreacentral", Engine.POSTGRESQL, Instant.EPOCH)
            .sizes(
                List.of(
                    CatalogSize.builder("Standard_D4ds_v4")
                        .cpus(4)
                        .memory(DataSize.gib(16))
                        .build()))
            .versions(List.of(new CatalogVersion("15", "", false)))
            .build();
    Plan plan = ServerFields.plan(spec("orders").build(), catalog);
    assertThat(entry(InstanceField.SIZE, plan).toString())
        .contains("has no size Standard_D2ds_v5")
        .contains("InstanceSize.named(\"Standard_D4ds_v4\")");
    assertThat(entry(InstanceField.ENGINE_VERSION, plan).toString())
        .contains("has no postgresql 16; instead: one of 15");
    InstanceSpec.Builder there = spec("orders").size(InstanceSize.named("Standard_D4ds_v4"));
    assertThat(entry(InstanceField.SIZE, ServerFields.plan(there.build(), catalog)))
        .as("what the catalog has is left open by nobody")
        .hasToString("size: sku = Standard_D4ds_v4 (GeneralPurpose)");
    assertThat(
            entry(
                    InstanceField.SIZE,
                    ServerFields.plan(
                        spec("orders").size(InstanceSize.atLeast(97, DataSize.gib(1))).build(),
                        catalog))
                .alternative())
        .isEqualTo("at most 96 vCPU and 672 GiB");
  }

  /** A standby and a burstable size in one change, whichever of the two is there already. */
  @Test
  void aChangeThatTakesTheStandbyAwayMayHaveABurstableSize() {
    InstanceChange both =
        InstanceChange.builder()
            .size(InstanceSize.named("Standard_B2s"))
            .availability(Availability.REGIONAL)
            .build();
    assertThat(entry(InstanceField.AVAILABILITY, ServerFields.plan(both)).outcome())
        .isEqualTo(REFUSED);
    InstanceChange standby = InstanceChange.builder().availability(Availability.REGIONAL).build();
    for (ServerView.Facts before :
        List.of(new ServerView.Facts(false, false, null, null), ServerView.Facts.UNKNOWN)) {
      assertThat(ServerFields.plan(standby, before).feasible()).isTrue();
    }
    InstanceChange burstable =
        InstanceChange.builder().size(InstanceSize.named("Standard_B2s")).build();
    assertThat(
            entry(
                InstanceField.SIZE,
                ServerFields.plan(burstable, new ServerView.Facts(false, false, null, null))))
        .hasToString("size: sku = Standard_B2s (Burstable)");
  }

  @Test
  void aServerWithAStandbyTakesASizeThatIsNotBurstable() {
    InstanceChange larger =
        InstanceChange.builder().size(InstanceSize.named("Standard_D4ds_v5")).build();
    for (ServerView.Facts before :
        List.of(new ServerView.Facts(true, false, null, null), ServerView.Facts.UNKNOWN)) {
      assertThat(entry(InstanceField.SIZE, ServerFields.plan(larger, before)))
          .hasToString("size: sku = Standard_D4ds_v5 (GeneralPurpose)");
    }
  }

  /** There is no nearest disk to one that is larger than all. */
  @Test
  void aDiskThatAzureDoesNotSellIsRefusedAlsoWhereItIsOnlyPreferred() {
    assertThat(
            entry(
                InstanceField.STORAGE_SIZE,
                s ->
                    s.storage(Storage.ssd(DataSize.gib(32_768)))
                        .preferring(InstanceField.STORAGE_SIZE)))
        .satisfies(
            entry -> {
              assertThat(entry.outcome()).isEqualTo(REFUSED);
              assertThat(entry.text()).endsWith("is more than Azure sells");
              assertThat(entry.alternative()).isEqualTo("at most 32767 GiB");
            });
  }
}
