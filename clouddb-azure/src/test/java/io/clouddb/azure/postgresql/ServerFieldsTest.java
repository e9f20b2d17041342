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
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServerFieldsTest {
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
        b -> b.network(Network.privateNetwork("subnet-1").dnsZone("/zone")));
    String subnet =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/d";
    refused(
        InstanceField.PRIVATE_NETWORK,
        "private DNS zone",
        b -> b.network(Network.privateNetwork(subnet)));
    refused(
        InstanceField.PRIVATE_NETWORK,
        "security groups",
        b -> b.network(Network.privateNetwork(subnet).dnsZone("/z").securityGroup("sg-1")));
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
    assertThat(entry(InstanceField.PRIVATE_NETWORK, preferred).text()).contains("nobody");
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
    ServerView.Facts standby = new ServerView.Facts(true, false);
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
                        new ServerView.Facts(false, true)))
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
    FeatureContext postgres = FeatureContext.of(Engine.POSTGRESQL);
    Support retention = ServerFields.support(Feature.of(InstanceField.BACKUP_RETENTION), postgres);
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
    Support size = ServerFields.support(Feature.of(InstanceField.STORAGE_SIZE), postgres);
    long largest = limit(size, "size.gib.max");
    assertThat(
            entry(InstanceField.STORAGE_SIZE, b -> b.storage(Storage.ssd(DataSize.gib(largest))))
                .outcome())
        .isEqualTo(HONOURED);
    assertThat(
            ServerFields.support(Feature.of(InstanceField.NAME), FeatureContext.of(Engine.MYSQL))
                .answer())
        .isEqualTo(Support.Answer.NO);
  }

  private static int limit(Support support, String name) {
    return Math.toIntExact(Objects.requireNonNull(support.limits().get(name)));
  }
}
