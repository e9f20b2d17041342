/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
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
import io.clouddb.plan.Plan.Outcome;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What RDS cannot do as asked: refused by name, or adjusted when it is only preferred. */
class RdsPlanTest {
  private static final FeatureContext POSTGRES = FeatureContext.of(Engine.POSTGRESQL);
  private static CloudDb cloud;

  /** A plan makes no call, so there is nobody to call. */
  @BeforeAll
  static void open() {
    cloud = CloudDb.open("clouddb:aws:us-east-1");
  }

  @AfterAll
  static void close() {
    cloud.close();
  }

  private static InstanceSpec.Builder spec() {
    return RdsTestCloud.spec("planned");
  }

  private static Plan.Entry entry(Plan plan, InstanceField field) {
    return plan.entries().stream().filter(e -> e.field() == field).findFirst().orElseThrow();
  }

  private static Arguments of(
      InstanceField field, UnaryOperator<InstanceSpec.Builder> asking, String text) {
    return Arguments.of(field, asking, text);
  }

  private static UnaryOperator<InstanceSpec.Builder> disk(Storage storage) {
    return spec -> spec.storage(storage);
  }

  static Stream<Arguments> adjustable() {
    return Stream.of(
        of(InstanceField.STORAGE_TYPE, disk(Storage.hdd(DataSize.gib(100))), "gp3"),
        of(InstanceField.STORAGE_SIZE, disk(Storage.ssd(DataSize.gib(5))), "20"),
        of(InstanceField.STORAGE_SIZE, disk(Storage.ssd(DataSize.mib(30_000))), "30"),
        of(
            InstanceField.STORAGE_SIZE,
            disk(Storage.provisionedIops(DataSize.gib(50), 3000)),
            "100"),
        of(
            InstanceField.STORAGE_IOPS,
            disk(Storage.provisionedIops(DataSize.gib(100), 10)),
            "1000"),
        of(
            InstanceField.STORAGE_IOPS,
            disk(Storage.provisionedIops(DataSize.gib(3000), 1000)),
            "1500"),
        of(
            InstanceField.STORAGE_IOPS,
            disk(Storage.provisionedIops(DataSize.gib(100), 100_001)),
            "100000"),
        of(
            InstanceField.STORAGE_GROWTH_LIMIT,
            disk(Storage.ssd(DataSize.gib(100)).growingTo(DataSize.gib(105))),
            "110"),
        of(
            InstanceField.STORAGE_GROWTH_LIMIT,
            disk(Storage.provisionedIops(DataSize.gib(100), 1000).growingTo(DataSize.gib(2001))),
            "2000"),
        of(
            InstanceField.BACKUP_RETENTION,
            s -> s.backups(BackupPolicy.daily().retainDays(36)),
            "35"),
        of(
            InstanceField.BACKUP_WINDOW,
            s ->
                s.backups(BackupPolicy.daily(LocalTime.of(3, 45)))
                    .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0))),
            "chosen by RDS"),
        of(
            InstanceField.BACKUP_WINDOW,
            s -> s.backups(BackupPolicy.daily(LocalTime.of(3, 0, 30))),
            "03:00-03:30"),
        of(
            InstanceField.BACKUP_WINDOW_LENGTH,
            s -> s.backups(BackupPolicy.daily(LocalTime.of(3, 0)).lasting(Duration.ofMinutes(20))),
            "30 minutes"),
        of(
            InstanceField.MAINTENANCE_WINDOW_LENGTH,
            s ->
                s.maintenance(
                    MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0))
                        .lasting(Duration.ofSeconds(3601))),
            "61 minutes"),
        of(
            InstanceField.INSIGHTS_RETENTION,
            s -> s.insights(Insights.enabled().retainDays(63)),
            "93"),
        of(
            InstanceField.MAINTENANCE_WINDOW,
            s -> s.maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0, 1))),
            "sun:04:00-sun:05:00"),
        of(
            InstanceField.PUBLIC_ACCESS,
            s -> s.network(Network.publicAccess("203.0.113.0/24").securityGroup("sg-0123456789ab")),
            "true"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("adjustable")
  void isAdjustedWhenItIsOnlyPreferred(
      InstanceField field, UnaryOperator<InstanceSpec.Builder> asking, String text) {
    Plan required = cloud.instances().plan(asking.apply(spec()).build());
    assertThat(entry(required, field).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(entry(required, field).alternative()).contains("preferring").contains(text);
    assertThatThrownBy(() -> cloud.instances().create(asking.apply(spec()).build()))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining(field.id());
    Plan preferred = cloud.instances().plan(asking.apply(spec()).preferring(field).build());
    assertThat(preferred.feasible()).isTrue();
    assertThat(entry(preferred, field).outcome()).isEqualTo(Outcome.ADJUSTED);
    assertThat(entry(preferred, field).text()).contains(text);
  }

  @Test
  void saysWhatOnlyACatalogCouldDecide() {
    Plan known = cloud.instances().plan(spec().build());
    assertThat(known.toString()).doesNotContain("catalog");
    Plan unknown =
        cloud
            .instances()
            .plan(
                InstanceSpec.builder("planned", Engine.POSTGRESQL, "16.4")
                    .size(InstanceSize.named("db.m9z.large"))
                    .storage(Storage.ssd(DataSize.gib(20)))
                    .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")))
                    .build());
    assertThat(unknown.feasible()).isTrue();
    assertThat(entry(unknown, InstanceField.SIZE).text())
        .startsWith("db.m9z.large (")
        .contains("catalog");
    assertThat(entry(unknown, InstanceField.ENGINE_VERSION).text())
        .startsWith("16.4 (")
        .contains("catalog");
  }

  static Stream<Arguments> impossible() {
    return Stream.of(
        of(InstanceField.ENGINE_VERSION, RdsPlanTest::version9, "11"),
        of(InstanceField.SIZE, s -> s.size(InstanceSize.named("Standard_D2ds_v5")), "db."),
        of(InstanceField.SIZE, s -> s.size(InstanceSize.atLeast(500, DataSize.gib(1))), "named"),
        of(InstanceField.STORAGE_SIZE, disk(Storage.ssd(DataSize.gib(70_000))), "several"),
        of(InstanceField.DATABASE, s -> s.database("_shop"), "CREATE DATABASE"),
        of(
            InstanceField.ADMIN_LOGIN,
            s -> s.admin(AdminLogin.of("admin", SecretRef.environment("PW"))),
            "app_admin"),
        of(
            InstanceField.ADMIN_MANAGED_PASSWORD,
            s -> s.admin(AdminLogin.managed("pg_owner")),
            "app_admin"),
        of(InstanceField.TLS, s -> s.tls(TlsMode.CLIENT_CERTIFICATE), "REQUIRED"),
        of(
            InstanceField.PUBLIC_ACCESS,
            s -> s.network(Network.publicAccess("203.0.113.0/24")),
            "203.0.113.0/24"),
        of(
            InstanceField.PRIVATE_NETWORK,
            s -> s.network(Network.privateNetwork("a").dnsZone("/b")),
            "dnsZone"),
        of(
            InstanceField.PRIVATE_NETWORK,
            s -> s.network(Network.privateNetwork("network-1").allowing("203.0.113.0/24")),
            "security group"),
        of(
            InstanceField.PUBLIC_ACCESS,
            s ->
                s.network(
                    Network.publicAccess("203.0.113.0/24")
                        .securityGroup("sg-0123456789ab")
                        .dnsZone("/b")),
            "dnsZone"),
        of(
            InstanceField.PARAMETERS,
            s -> s.parameter("wal_level", "logical"),
            "logicalReplication(true)"),
        of(InstanceField.PARAMETERS, s -> s.parameter("rds.force_ssl", "0"), "TlsMode.OPTIONAL"),
        of(InstanceField.TAGS, s -> s.tag("aws:team", "shop"), "another key"),
        of(InstanceField.TAGS, s -> s.tag("what?", "shop"), "another key"),
        of(InstanceField.TAGS, RdsPlanTest::fiftyTags, "fewer"));
  }

  @Test
  void aDiskWithBoughtOperationsGrowsAsFarAsTheyAllow() {
    Storage disk = Storage.provisionedIops(DataSize.gib(100), 3000);
    assertThat(
            entry(
                    cloud.instances().plan(spec().storage(disk.growing()).build()),
                    InstanceField.STORAGE_GROWTH)
                .text())
        .isEqualTo("6000");
    Plan none =
        cloud
            .instances()
            .plan(
                spec()
                    .storage(Storage.provisionedIops(DataSize.gib(1900), 1000).growing())
                    .preferring(InstanceField.values())
                    .build());
    assertThat(entry(none, InstanceField.STORAGE_GROWTH).outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(entry(none, InstanceField.STORAGE_GROWTH).text()).contains("2000 GiB");
  }

  private static InstanceSpec.Builder version9(InstanceSpec.Builder unused) {
    return InstanceSpec.builder("planned", Engine.POSTGRESQL, "9.6")
        .size(InstanceSize.named("db.t4g.micro"))
        .storage(Storage.ssd(DataSize.gib(20)))
        .admin(AdminLogin.managed("owner"));
  }

  private static InstanceSpec.Builder fiftyTags(InstanceSpec.Builder spec) {
    for (int i = 0; i < 50; i++) {
      spec.tag("t" + i, "v");
    }
    return spec;
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("impossible")
  void isRefusedWithWhatToDoInstead(
      InstanceField field, UnaryOperator<InstanceSpec.Builder> asking, String alternative) {
    Plan plan =
        cloud.instances().plan(asking.apply(spec()).preferring(InstanceField.values()).build());
    assertThat(plan.entries(Outcome.REFUSED))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.field()).isEqualTo(field);
              assertThat(entry.text()).isNotBlank();
              assertThat(entry.alternative()).contains(alternative);
            });
  }

  @Test
  void otherEnginesAreRefused() {
    InstanceSpec mysql =
        InstanceSpec.builder("planned", Engine.MYSQL, "8")
            .size(InstanceSize.named("db.t4g.micro"))
            .storage(Storage.ssd(DataSize.gib(20)))
            .admin(AdminLogin.managed("owner"))
            .build();
    assertThat(cloud.instances().plan(mysql).entries(Outcome.REFUSED))
        .extracting(Plan.Entry::field)
        .contains(InstanceField.ENGINE);
    for (InstanceField field : InstanceField.values()) {
      assertThat(
              cloud
                  .capabilities()
                  .supports(Feature.of(field), FeatureContext.of(Engine.MYSQL))
                  .answer())
          .isEqualTo(Support.Answer.NO);
    }
  }

  @Test
  void tlsIsAParameterWhereTheDefaultDiffers() {
    assertThat(tls("16", TlsMode.REQUIRED)).isEqualTo("1, as in the default group");
    assertThat(tls("16", TlsMode.OPTIONAL)).isEqualTo("0");
    assertThat(tls("14", TlsMode.REQUIRED)).isEqualTo("1");
    assertThat(tls("14", TlsMode.OPTIONAL)).isEqualTo("0, as in the default group");
  }

  private static String tls(String version, TlsMode mode) {
    InstanceSpec spec =
        InstanceSpec.builder("planned", Engine.POSTGRESQL, version)
            .size(InstanceSize.named("db.t4g.micro"))
            .storage(Storage.ssd(DataSize.gib(20)))
            .admin(AdminLogin.managed("owner"))
            .tls(mode)
            .build();
    return entry(cloud.instances().plan(spec), InstanceField.TLS).text();
  }

  @Test
  void limitsAreWherePlansChange() {
    long days = limit(InstanceField.BACKUP_RETENTION, "retention.days.max");
    assertThat(honours(s -> s.backups(BackupPolicy.daily().retainDays((int) days)))).isTrue();
    assertThat(honours(s -> s.backups(BackupPolicy.daily().retainDays((int) days + 1)))).isFalse();
    long least = limit(InstanceField.STORAGE_SIZE, "storage.gib.min");
    assertThat(honours(disk(Storage.ssd(DataSize.gib(least))))).isTrue();
    assertThat(honours(disk(Storage.ssd(DataSize.gib(least - 1))))).isFalse();
    long most = limit(InstanceField.STORAGE_SIZE, "storage.gib.max");
    assertThat(honours(disk(Storage.ssd(DataSize.gib(most))))).isTrue();
    assertThat(honours(disk(Storage.ssd(DataSize.gib(most + 1))))).isFalse();
    int iops = (int) limit(InstanceField.STORAGE_IOPS, "iops.max");
    assertThat(honours(disk(Storage.provisionedIops(DataSize.gib(1000), iops)))).isTrue();
    assertThat(honours(disk(Storage.provisionedIops(DataSize.gib(1000), iops + 1)))).isFalse();
    int cpus = (int) limit(InstanceField.SIZE, "cpus.max");
    assertThat(honours(s -> s.size(InstanceSize.atLeast(cpus, DataSize.gib(1))))).isTrue();
    assertThat(honours(s -> s.size(InstanceSize.atLeast(cpus + 1, DataSize.gib(1))))).isFalse();
    long memory = limit(InstanceField.SIZE, "memory.gib.max");
    assertThat(honours(s -> s.size(InstanceSize.atLeast(1, DataSize.gib(memory))))).isTrue();
    assertThat(honours(s -> s.size(InstanceSize.atLeast(1, DataSize.gib(memory + 1))))).isFalse();
    int tags = (int) limit(InstanceField.TAGS, "tags.max");
    TreeMap<String, String> many = new TreeMap<>();
    for (int i = 0; i < tags; i++) {
      many.put("t" + i, "v");
    }
    assertThat(honours(s -> s.tags(many))).isTrue();
    assertThat(honours(s -> s.tags(many).tag("u", "v"))).isFalse();
  }

  private static long limit(InstanceField field, String name) {
    return Objects.requireNonNull(
        cloud.capabilities().supports(Feature.of(field), POSTGRES).limits().get(name));
  }

  private static boolean honours(UnaryOperator<InstanceSpec.Builder> asking) {
    Plan plan = cloud.instances().plan(asking.apply(spec()).build());
    return plan.entries(Outcome.HONOURED).size() == plan.entries().size();
  }

  @Test
  void whatSupportPromisesWithoutConditionIsHonouredForChangesToo() {
    InstanceChange change =
        InstanceChange.builder()
            .storageSize(DataSize.gib(100))
            .backups(BackupPolicy.daily(LocalTime.of(1, 0)).retainDays(35).withPointInTime())
            .maintenance(MaintenanceWindow.weekly(DayOfWeek.MONDAY, LocalTime.of(2, 0)))
            .tls(TlsMode.OPTIONAL)
            .logicalReplication(false)
            .insights(Insights.disabled())
            .deletionProtection(true)
            .parameter("work_mem", "8192")
            .tag("a", "b")
            .adminPassword(SecretRef.literal("never-shown-anywhere"))
            .build();
    Plan plan = cloud.instances().planModify(change);
    assertThat(plan.entries(Outcome.HONOURED)).hasSize(change.fields().size());
    assertThat(plan.toString()).doesNotContain("never-shown-anywhere");
  }

  @Test
  void impossibleChangesAreRefused() {
    Plan plan =
        cloud
            .instances()
            .planModify(
                InstanceChange.builder()
                    .size(InstanceSize.named("huge"))
                    .storageSize(DataSize.gib(100_000))
                    .tls(TlsMode.CLIENT_CERTIFICATE)
                    .backups(BackupPolicy.daily().retainDays(99))
                    .parameter("ssl", "off")
                    .build());
    assertThat(plan.entries(Outcome.REFUSED))
        .extracting(Plan.Entry::field)
        .containsExactlyInAnyOrder(
            InstanceField.SIZE,
            InstanceField.STORAGE_SIZE,
            InstanceField.TLS,
            InstanceField.BACKUP_RETENTION,
            InstanceField.PARAMETERS);
  }
}
