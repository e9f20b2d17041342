/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.clouddb.DataSize;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.backup.BackupPolicy;
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
import io.clouddb.plan.Plan.Outcome;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CloudSqlPlansTest {
  private static final String VPC = "projects/shop-project/global/networks/main";
  private static final String KEY = "projects/p/locations/asia-northeast3/keyRings/r/cryptoKeys/k";
  private final CloudSqlFields plans = new CloudSqlFields(SimulatedCloudSql.PLACE);

  private static InstanceSpec.Builder spec() {
    return spec("16");
  }

  private static InstanceSpec.Builder spec(String version) {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, version)
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .network(Network.privateNetwork(VPC))
        .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")));
  }

  static Stream<Arguments> refused() {
    InstanceSpec.Builder manyTags = spec();
    IntStream.range(0, 62).forEach(i -> manyTags.tag("t" + i, "v"));
    return Stream.of(
        Arguments.of(
            InstanceField.PRIVATE_NETWORK,
            InstanceSpec.builder("orders", Engine.POSTGRESQL, "16")
                .size(InstanceSize.atLeast(2, DataSize.gib(8)))
                .storage(Storage.ssd(DataSize.gib(20)))
                .admin(AdminLogin.of("app_admin", SecretRef.environment("PW"))),
            "no default network"),
        Arguments.of(
            InstanceField.PRIVATE_NETWORK,
            spec().network(Network.privateNetwork("subnet-1")),
            "resource name"),
        Arguments.of(
            InstanceField.PRIVATE_NETWORK,
            spec().network(Network.privateNetwork(VPC).securityGroup("sg-1")),
            "security groups"),
        Arguments.of(
            InstanceField.PRIVATE_NETWORK,
            spec().network(Network.privateNetwork(VPC).dnsZone("zone")),
            "DNS zone"),
        Arguments.of(
            InstanceField.PRIVATE_NETWORK,
            spec().network(Network.privateNetwork(VPC).allowing("203.0.113.0/24")),
            "at once"),
        Arguments.of(
            InstanceField.PUBLIC_ACCESS,
            spec().network(Network.publicAccess("203.0.113.0/24", "2001:db8::/32")),
            "IPv4 only, and [2001:db8::/32] are asked for"),
        Arguments.of(
            InstanceField.STORAGE_IOPS,
            spec().storage(Storage.provisionedIops(DataSize.gib(100), 3000)),
            "IOPS"),
        Arguments.of(
            InstanceField.STORAGE_SIZE, spec().storage(Storage.ssd(DataSize.gib(65_537))), "65536"),
        Arguments.of(
            InstanceField.STORAGE_GROWTH_LIMIT,
            spec().storage(Storage.ssd(DataSize.gib(20)).growingTo(DataSize.gib(65_537))),
            "65536"),
        Arguments.of(
            InstanceField.ENCRYPTION,
            spec().storage(Storage.ssd(DataSize.gib(20)).unencrypted()),
            "always encrypts"),
        Arguments.of(
            InstanceField.ENCRYPTION_KEY,
            spec().storage(Storage.ssd(DataSize.gib(20)).encryptedWith("arn:aws:kms:k")),
            "resource name"),
        Arguments.of(
            InstanceField.ENCRYPTION_KEY,
            spec()
                .storage(
                    Storage.ssd(DataSize.gib(20))
                        .encryptedWith(KEY.replace("asia-northeast3", "us-east1"))),
            "region asia-northeast3"),
        Arguments.of(
            InstanceField.AVAILABILITY,
            spec().availability(Availability.REGIONAL).backups(BackupPolicy.none()),
            "backups are off"),
        Arguments.of(
            InstanceField.ADMIN_MANAGED_PASSWORD,
            spec().admin(AdminLogin.managed("app_admin")),
            "makes no passwords"),
        Arguments.of(
            InstanceField.ADMIN_LOGIN,
            spec().admin(AdminLogin.of("cloudsqladmin", SecretRef.environment("PW"))),
            "the service's own"),
        Arguments.of(
            InstanceField.ADMIN_LOGIN,
            spec().admin(AdminLogin.of("app_admin", SecretRef.store("projects/p/secrets/s"))),
            "Secret Manager"),
        Arguments.of(
            InstanceField.SIZE,
            spec().size(InstanceSize.named("db.m7g.large")),
            "no Cloud SQL tier"),
        Arguments.of(InstanceField.ENGINE_VERSION, spec("42"), "no PostgreSQL 42"),
        Arguments.of(
            InstanceField.ENGINE_VERSION,
            spec("11").size(InstanceSize.named("db-perf-optimized-N-8")),
            "ENTERPRISE_PLUS begins with PostgreSQL 12"),
        Arguments.of(
            InstanceField.PARAMETERS, spec().parameter("wal_level", "logical"), "wal_level"),
        Arguments.of(
            InstanceField.PARAMETERS,
            spec().logicalReplication(true).parameter(Flags.LOGICAL_DECODING, "off"),
            "contradicts"),
        Arguments.of(InstanceField.TAGS, spec().tag("Environment", "production"), "label's key"),
        Arguments.of(InstanceField.TAGS, spec().tag("environment", "Production"), "label's value"),
        Arguments.of(InstanceField.TAGS, manyTags, "at most 61 labels"));
  }

  @ParameterizedTest
  @MethodSource("refused")
  void whatCloudSqlCannotDoIsRefusedByName(
      InstanceField field, InstanceSpec.Builder spec, String why) {
    // Preferring it changes nothing: there is no nearest thing.
    Plan plan = plans.plan(spec.preferring(field).build());

    assertThat(plan.entries(Outcome.REFUSED))
        .anySatisfy(
            entry -> {
              assertThat(entry.field()).isEqualTo(field);
              assertThat(entry.text()).contains(why);
              assertThat(entry.alternative()).isNotBlank();
            });
    assertSupportIsNoYes(field);
  }

  @Test
  void anotherEngineIsRefused() {
    InstanceSpec spec =
        InstanceSpec.builder("orders", Engine.MYSQL, "8.0")
            .size(InstanceSize.atLeast(2, DataSize.gib(8)))
            .storage(Storage.ssd(DataSize.gib(20)))
            .network(Network.privateNetwork(VPC))
            .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")))
            .build();

    assertThat(plans.plan(spec).entries(Outcome.REFUSED))
        .extracting(Plan.Entry::field, Plan.Entry::text)
        .containsExactly(
            tuple(InstanceField.ENGINE, "this provider makes PostgreSQL only"),
            tuple(InstanceField.ENGINE_VERSION, "this provider makes PostgreSQL only"));
    assertThat(
            CloudSqlFields.supports(Feature.of(InstanceField.TLS), FeatureContext.of(Engine.MYSQL)))
        .extracting(Support::answer)
        .isEqualTo(Support.Answer.NO);
  }

  @Test
  void aNameThatIsTooLongWithItsProjectIsRefused() {
    InstanceSpec spec = spec().build();

    assertThat(
            new CloudSqlFields(new Place("x".repeat(92), "asia-northeast3")).plan(spec).feasible())
        .isFalse();
    assertThat(
            new CloudSqlFields(new Place("x".repeat(91), "asia-northeast3")).plan(spec).feasible())
        .isTrue();
  }

  /** What is just within the limits is taken as it is. */
  @Test
  void theLeastAndTheMostAreTaken() {
    for (InstanceSpec.Builder each :
        List.of(
            spec("9.6"),
            spec("12").size(InstanceSize.named("db-perf-optimized-N-8")),
            spec().storage(Storage.ssd(DataSize.gib(10))),
            spec().storage(Storage.ssd(DataSize.gib(20)).growingTo(DataSize.gib(65_536))))) {
      assertThat(plans.plan(each.build()).entries(Outcome.HONOURED))
          .as(each.build().toJson())
          .hasSameSizeAs(plans.plan(each.build()).entries());
    }
  }

  /** Where Cloud SQL was asked, its list decides of sizes in lists, and of versions. */
  @Test
  void aCatalogDecides() {
    Catalog catalog =
        Catalog.builder("gcp", "asia-northeast3", Engine.POSTGRESQL, Instant.EPOCH)
            .sizes(
                List.of(
                    CatalogSize.builder("db-perf-optimized-N-8")
                        .tier(Tier.ENTERPRISE_PLUS)
                        .build()))
            .versions(List.of(new CatalogVersion("16", "", false)))
            .build();
    InstanceSpec there = spec("16").size(InstanceSize.named("db-perf-optimized-N-8")).build();
    assertThat(plans.plan(there, catalog).feasible()).isTrue();
    assertThat(plans.plan(there, catalog).toString()).doesNotContain("a catalog tells");
    InstanceSpec other = spec("15").size(InstanceSize.named("db-perf-optimized-N-9")).build();
    assertThat(plans.plan(other, catalog).entries(Outcome.REFUSED))
        .extracting(Plan.Entry::field)
        .containsExactlyInAnyOrder(InstanceField.SIZE, InstanceField.ENGINE_VERSION);
    assertThat(plans.plan(spec("16").build(), catalog).feasible())
        .as("a custom machine is in no list")
        .isTrue();
  }

  static Stream<Arguments> adjusted() {
    return Stream.of(
        Arguments.of(InstanceField.ENGINE_VERSION, spec("16.4"), "POSTGRES_16"),
        Arguments.of(
            InstanceField.STORAGE_SIZE, spec().storage(Storage.ssd(DataSize.gib(5))), "10"),
        Arguments.of(
            InstanceField.STORAGE_SIZE, spec().storage(Storage.ssd(DataSize.mib(20_481))), "21"),
        Arguments.of(
            InstanceField.STORAGE_GROWTH_LIMIT,
            spec().storage(Storage.ssd(DataSize.gib(20)).growingTo(DataSize.mib(20_481))),
            "21"),
        Arguments.of(
            InstanceField.BACKUP_WINDOW,
            spec().backups(BackupPolicy.daily(LocalTime.of(3, 0, 1))),
            "03:00"),
        Arguments.of(
            InstanceField.BACKUP_RETENTION,
            spec().backups(BackupPolicy.daily().retainDays(366)),
            "365"),
        Arguments.of(
            InstanceField.POINT_IN_TIME,
            spec().backups(BackupPolicy.daily().retainDays(8).withPointInTime()),
            "7"),
        Arguments.of(
            InstanceField.BACKUP_WINDOW_LENGTH,
            spec().backups(BackupPolicy.daily(LocalTime.of(3, 0)).lasting(Duration.ofHours(1))),
            "4 hours"),
        Arguments.of(
            InstanceField.MAINTENANCE_WINDOW_LENGTH,
            spec()
                .maintenance(
                    MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0))
                        .lasting(Duration.ofHours(2))),
            "1 hour"),
        Arguments.of(
            InstanceField.INSIGHTS_RETENTION,
            spec().insights(Insights.enabled().retainDays(30)),
            "7 days"),
        Arguments.of(
            InstanceField.MAINTENANCE_WINDOW,
            spec().maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30))),
            "day 7, hour 4"));
  }

  @ParameterizedTest
  @MethodSource("adjusted")
  void whatIsOnlyPreferredIsAdjustedAndElseRefused(
      InstanceField field, InstanceSpec.Builder spec, String value) {
    Plan strict = plans.plan(spec.build());
    assertThat(strict.entries(Outcome.REFUSED))
        .extracting(Plan.Entry::field)
        .containsExactly(field);

    Plan lenient = plans.plan(spec.preferring(field).build());
    assertThat(lenient.feasible()).isTrue();
    assertThat(lenient.entries(Outcome.ADJUSTED))
        .singleElement()
        .satisfies(
            entry -> {
              assertThat(entry.field()).isEqualTo(field);
              assertThat(entry.text()).startsWith(value + " (");
            });
    assertSupportIsNoYes(field);
  }

  /** A field that can be refused is never said to be there without a condition. */
  private static void assertSupportIsNoYes(InstanceField field) {
    Support support =
        CloudSqlFields.supports(Feature.of(field), FeatureContext.of(Engine.POSTGRESQL));
    assertThat(support.answer()).isNotEqualTo(Support.Answer.YES);
    assertThat(support.reason()).isNotBlank();
  }

  @Test
  void theLimitsThatAreToldAreThoseThatArePlanned() {
    assertLimit(
        InstanceField.STORAGE_SIZE,
        "size.gib.max",
        gib -> spec().storage(Storage.ssd(DataSize.gib(gib))));
    assertLimit(
        InstanceField.BACKUP_RETENTION,
        "retention.days.max",
        days -> spec().backups(BackupPolicy.daily().retainDays((int) days)));
    assertLimit(
        InstanceField.POINT_IN_TIME,
        "retention.days.max",
        days -> spec().backups(BackupPolicy.daily().retainDays((int) days).withPointInTime()));
    assertLimit(
        InstanceField.SIZE,
        "cpus.max",
        cpus -> spec().size(InstanceSize.atLeast((int) cpus, DataSize.gib(8))));
    assertLimit(
        InstanceField.TAGS,
        "tags.max",
        count -> {
          InstanceSpec.Builder many = spec();
          IntStream.range(0, (int) count).forEach(i -> many.tag("t" + i, "v"));
          return many;
        });
    Support plus =
        CloudSqlFields.supports(
            Feature.of(InstanceField.POINT_IN_TIME),
            FeatureContext.of(Engine.POSTGRESQL).withEdition(Tier.ENTERPRISE_PLUS));
    assertThat(plus.limits()).containsEntry("retention.days.max", 35L);
  }

  private interface SpecOf {
    InstanceSpec.Builder with(long value);
  }

  private void assertLimit(InstanceField field, String limit, SpecOf spec) {
    Support support =
        CloudSqlFields.supports(Feature.of(field), FeatureContext.of(Engine.POSTGRESQL));
    assertThat(support.limits()).containsKey(limit);
    long most = support.limits().getOrDefault(limit, -1L);
    assertThat(plans.plan(spec.with(most).build()).feasible()).isTrue();
    assertThat(plans.plan(spec.with(most + 1).build()).entries(Outcome.REFUSED))
        .extracting(Plan.Entry::field)
        .containsExactly(field);
  }

  @ParameterizedTest
  @CsvSource({
    "OPTIONAL, ALLOW_UNENCRYPTED_AND_ENCRYPTED",
    "REQUIRED, ENCRYPTED_ONLY",
    "CLIENT_CERTIFICATE, TRUSTED_CLIENT_CERTIFICATE_REQUIRED"
  })
  void everyTlsModeIsPlannedSentAndReadAlike(TlsMode tls, String sslMode) {
    InstanceSpec spec = spec().tls(tls).build();

    assertThat(plans.plan(spec).entries(Outcome.HONOURED))
        .anySatisfy(entry -> assertThat(entry.text()).isEqualTo(sslMode));
    assertThat(
            InsertBody.of(spec, SimulatedCloudSql.PLACE, "a")
                .getSettings()
                .getIpConfiguration()
                .getSslMode())
        .isEqualTo(sslMode);
    assertThat(NetworkFields.tls(sslMode)).isEqualTo(tls);
  }

  @Test
  void regionalSaysThatItSwitchesBackupsOn() {
    Plan plan = plans.plan(spec().availability(Availability.REGIONAL).build());

    assertThat(plan.feasible()).isTrue();
    assertThat(plan.toString()).contains("both are switched on");
  }

  @Test
  void enterprisePlusKeepsLogsForLonger() {
    InstanceSpec spec =
        spec()
            .size(InstanceSize.named("db-perf-optimized-N-8"))
            .backups(BackupPolicy.daily().retainDays(35).withPointInTime())
            .build();

    assertThat(plans.plan(spec).feasible()).isTrue();
  }

  @Test
  void aChangeIsPlannedByTheSameRules() {
    InstanceChange change =
        InstanceChange.builder()
            .size(InstanceSize.named("db.m7g.large"))
            .storageSize(DataSize.mib(20_481))
            .availability(Availability.REGIONAL)
            .backups(BackupPolicy.none())
            .adminPassword(SecretRef.store("s"))
            .parameter("ssl", "off")
            .build();

    assertThat(plans.plan(change).entries(Outcome.REFUSED))
        .extracting(Plan.Entry::field)
        .containsExactlyInAnyOrder(
            InstanceField.SIZE,
            InstanceField.STORAGE_SIZE,
            InstanceField.AVAILABILITY,
            InstanceField.ADMIN_LOGIN,
            InstanceField.PARAMETERS);
  }

  @Test
  void whatTheEditionKeepsByItselfIsTold() {
    InstanceSpec.Builder spec = spec().backups(BackupPolicy.daily().withPointInTime());
    assertThat(plans.plan(spec.build()).toString())
        .contains("the edition keeps 7 backups and 7 days of logs");
    assertThat(
            plans.plan(spec.size(InstanceSize.named("db-perf-optimized-N-8")).build()).toString())
        .contains("the edition keeps 15 backups and 14 days of logs");
  }

  @Test
  void aChangeThatDoesNotSayTheEditionSaysWhatDependsOnIt() {
    InstanceChange change =
        InstanceChange.builder()
            .backups(BackupPolicy.daily().retainDays(20).withPointInTime())
            .build();
    assertThat(plans.plan(change).feasible()).isTrue();
    assertThat(plans.plan(change).toString()).contains("where the instance is of ENTERPRISE_PLUS");
    assertThat(
            plans
                .plan(
                    InstanceChange.builder()
                        .backups(BackupPolicy.daily().retainDays(7).withPointInTime())
                        .build())
                .toString())
        .as("each edition keeps so many")
        .doesNotContain("where the instance is");
    assertThat(
            plans
                .plan(
                    InstanceChange.builder()
                        .backups(BackupPolicy.daily().retainDays(36).withPointInTime())
                        .build())
                .feasible())
        .isFalse();
    assertThat(
            plans
                .plan(
                    InstanceChange.builder()
                        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
                        .backups(BackupPolicy.daily().retainDays(20).withPointInTime())
                        .build())
                .feasible())
        .isFalse();
  }
}
