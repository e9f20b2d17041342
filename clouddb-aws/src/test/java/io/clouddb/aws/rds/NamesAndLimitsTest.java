/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.Support;
import io.clouddb.aws.RdsTestCloud;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Storage;
import io.clouddb.plan.Plan;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which names, versions, tags and numbers RDS takes. */
class NamesAndLimitsTest {
  private static final RdsFields FIELDS = new RdsFields("aws");
  private static final FeatureContext POSTGRES = FeatureContext.of(Engine.POSTGRESQL);

  private static Plan.Outcome outcome(InstanceSpec.Builder spec, InstanceField field) {
    return FIELDS.plan(spec.build()).entries().stream()
        .filter(entry -> entry.field() == field)
        .map(Plan.Entry::outcome)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"admin", "rdsadmin", "public", "none", "pg_owner", "rds_owner", "_owner"})
  void reservedNamesAreNoMasterUsers(String user) {
    for (AdminLogin login :
        List.of(AdminLogin.of(user, SecretRef.environment("PW")), AdminLogin.managed(user))) {
      InstanceField field =
          login.managed() ? InstanceField.ADMIN_MANAGED_PASSWORD : InstanceField.ADMIN_LOGIN;
      assertThat(outcome(RdsTestCloud.spec("orders").admin(login), field))
          .isEqualTo(Plan.Outcome.REFUSED);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"administrator", "pgowner", "rdsowner", "a", "app_admin"})
  void othersAre(String user) {
    assertThat(
            outcome(
                RdsTestCloud.spec("orders").admin(AdminLogin.managed(user)),
                InstanceField.ADMIN_MANAGED_PASSWORD))
        .isEqualTo(Plan.Outcome.HONOURED);
  }

  @ParameterizedTest
  @CsvSource({"shop, HONOURED", "Shop1, HONOURED", "_shop, REFUSED"})
  void aDatabaseBeginsWithALetter(String name, Plan.Outcome outcome) {
    assertThat(outcome(RdsTestCloud.spec("orders").database(name), InstanceField.DATABASE))
        .isEqualTo(outcome);
  }

  @ParameterizedTest
  @CsvSource({
    "16, 16, HONOURED",
    "16.4, 16, HONOURED",
    "11, 11, HONOURED",
    "11.22, 11, HONOURED",
    "18.1, 18, HONOURED",
    "10, 10, REFUSED",
    "9.6, 0, REFUSED",
    "16.4.1, 0, REFUSED"
  })
  void aVersionIsAMajorOneWithOrWithoutItsMinor(String version, int major, Plan.Outcome outcome) {
    assertThat(EngineFields.major(version)).isEqualTo(major);
    assertThat(EngineFields.family(version)).isEqualTo("postgres" + major);
    InstanceSpec.Builder spec =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, version)
            .size(InstanceSize.named("db.t4g.medium"))
            .storage(Storage.ssd(DataSize.gib(20)))
            .admin(AdminLogin.managed("owner"));
    assertThat(outcome(spec, InstanceField.ENGINE_VERSION)).isEqualTo(outcome);
  }

  /** Of these RDS chooses the minor version; whether it has another one, a catalog tells. */
  @ParameterizedTest
  @CsvSource({"13, false", "18, false", "12, true", "16.4, true"})
  void aVersionThatThisReleaseDoesNotKnowIsLeftOpen(String version, boolean open) {
    InstanceSpec spec =
        InstanceSpec.builder("orders", Engine.POSTGRESQL, version)
            .size(InstanceSize.named("db.t4g.medium"))
            .storage(Storage.ssd(DataSize.gib(20)))
            .admin(AdminLogin.managed("owner"))
            .build();
    assertThat(FIELDS.plan(spec).toString().contains("whether RDS has it, a catalog tells"))
        .isEqualTo(open);
  }

  static Stream<Map<String, String>> takenTags() {
    return Stream.of(
        Map.of("team", "shop"),
        Map.of("a b+c-d=e.f_g:h/i@j", "Größe 7"),
        Map.of("awsome", ""),
        Map.of("k".repeat(128), "v".repeat(256)));
  }

  @ParameterizedTest
  @MethodSource("takenTags")
  void tagsAreTaken(Map<String, String> tags) {
    assertThat(Tags.whyNot(tags)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "aws:team, shop, AWS's own",
    "AWS:team, shop, AWS's own",
    "rds:team, shop, the key 'rds:team' begins with rds:",
    "team, aws:shop, the value of 'team' begins with aws:",
    "team, rds:shop, the value of 'team' begins with rds:",
    "what?, shop, the key 'what?'",
    "team, what?, the value of 'team'"
  })
  void orRefusedByName(String key, String value, String why) {
    assertThat(Tags.whyNot(Map.of(key, value)))
        .hasValueSatisfying(text -> assertThat(text).contains(why));
  }

  @Test
  void longTagsAreRefused() {
    assertThat(Tags.whyNot(Map.of("k".repeat(129), "v")))
        .hasValueSatisfying(text -> assertThat(text).contains("1 to 128"));
    assertThat(Tags.whyNot(Map.of("k", "v".repeat(257))))
        .hasValueSatisfying(text -> assertThat(text).contains("at most 256"));
  }

  @ParameterizedTest
  @CsvSource({
    "1, 7",
    "7, 7",
    "8, 31",
    "31, 31",
    "32, 62",
    "62, 62",
    "93, 93",
    "712, 713",
    "713, 713",
    "714, 731",
    "731, 731",
    "9999, 731"
  })
  void insightsAreKeptForTheNextLongerTimeThatRdsHas(int asked, int kept) {
    assertThat(InsightsRetention.kept(asked)).isEqualTo(kept);
  }

  @ParameterizedTest
  @CsvSource({
    "20, 1000, 20000",
    "100, 1000, 100000",
    "256, 1000, 256000",
    "257, 1000, 256000",
    "2000, 1000, 256000",
    "2001, 1001, 256000",
    "65536, 32768, 256000"
  })
  void aDiskTakesSoManyOperations(int gib, int least, int most) {
    assertThat(DiskLimits.leastIops(gib)).isEqualTo(least);
    assertThat(DiskLimits.mostIops(gib)).isEqualTo(most);
  }

  @Test
  void operationsGoWithDisksOfSoManyGib() {
    assertThat(DiskLimits.mostGib(1000)).isEqualTo(2000);
    assertThat(DiskLimits.mostGib(32_768)).isEqualTo(65_536);
    assertThat(DiskLimits.mostGib(256_000)).isEqualTo(65_536);
    assertThat(DiskLimits.wholeGib(DataSize.gib(20))).isEqualTo(20);
    assertThat(DiskLimits.wholeGib(DataSize.mib(20 * 1024 + 1))).isEqualTo(21);
  }

  @ParameterizedTest
  @EnumSource(
      value = InstanceField.class,
      names = {"BACKUP_LOCATION", "GEO_REDUNDANT_BACKUP"})
  void whereBackupsAreIsNotThePolicys(InstanceField field) {
    Support support = FIELDS.support(Feature.of(field), POSTGRES);
    assertThat(support.answer()).isEqualTo(Support.Answer.NO);
    assertThat(support.reason()).contains("https://docs.aws.amazon.com/AmazonRDS/");
  }

  @ParameterizedTest
  @EnumSource(
      value = InstanceField.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"BACKUP_LOCATION", "GEO_REDUNDANT_BACKUP"})
  void eachFieldIsToldOfPostgresqlAlone(InstanceField field) {
    Support support = FIELDS.support(Feature.of(field), POSTGRES);
    assertThat(support.answer()).isNotEqualTo(Support.Answer.NO);
    assertThat(FIELDS.support(Feature.of(field), FeatureContext.of(Engine.MYSQL)).reason())
        .contains("makes no mysql");
  }

  @Test
  void onlyWhereTheEngineIsOpenIsItACondition() {
    Feature engine = Feature.of(InstanceField.ENGINE);
    assertThat(FIELDS.support(engine, POSTGRES).answer()).isEqualTo(Support.Answer.YES);
    assertThat(FIELDS.support(engine, FeatureContext.any()))
        .extracting(Support::answer, Support::reason)
        .containsExactly(Support.Answer.CONDITIONAL, "PostgreSQL only");
  }

  private static Plan.Entry refusal(InstanceSpec.Builder spec, InstanceField field) {
    return FIELDS.plan(spec.preferring(InstanceField.values()).build()).entries().stream()
        .filter(entry -> entry.field() == field)
        .filter(entry -> entry.outcome() == Plan.Outcome.REFUSED)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aDiskThatCannotGrowIsToldWhatWouldHelp() {
    InstanceSpec.Builder bought =
        RdsTestCloud.spec("orders")
            .storage(Storage.provisionedIops(DataSize.gib(1900), 1000).growing());
    assertThat(refusal(bought, InstanceField.STORAGE_GROWTH))
        .extracting(Plan.Entry::text, Plan.Entry::alternative)
        .containsExactly(
            "a disk with 1000 operations per second has at most 2000 GiB",
            "no growth, or more iops");
    InstanceSpec.Builder largest =
        RdsTestCloud.spec("orders")
            .storage(Storage.ssd(DataSize.gib(60_000)).growingTo(DataSize.gib(65_000)));
    for (InstanceField field :
        List.of(InstanceField.STORAGE_GROWTH, InstanceField.STORAGE_GROWTH_LIMIT)) {
      assertThat(refusal(largest, field))
          .extracting(Plan.Entry::text, Plan.Entry::alternative)
          .containsExactly("the disk has the largest size already", "no growth");
    }
  }

  /** A new disk has a least size; one that is there has a size of its own to grow from. */
  @Test
  void aSizeIsToldByTheDiskThatItIsOf() {
    InstanceSpec small = RdsTestCloud.spec("orders").storage(Storage.ssd(DataSize.gib(5))).build();
    assertThat(FIELDS.plan(small).toString()).contains("RDS counts in whole GiB, from 20");
    InstanceChange odd = InstanceChange.builder().storageSize(DataSize.mib(30_000)).build();
    assertThat(FIELDS.plan(odd).toString())
        .contains("RDS counts in whole GiB, and a disk grows by at least 10 %");
  }

  /** A window that RDS chooses has the length that RDS chooses. */
  @Test
  void aWindowThatOverlapsLosesItsLengthToo() {
    InstanceSpec.Builder overlapping =
        RdsTestCloud.spec("orders")
            .backups(BackupPolicy.daily(LocalTime.of(3, 45)).lasting(Duration.ofMinutes(40)))
            .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 0)))
            .preferring(InstanceField.BACKUP_WINDOW);
    assertThat(outcome(overlapping, InstanceField.BACKUP_WINDOW)).isEqualTo(Plan.Outcome.ADJUSTED);
    assertThat(outcome(overlapping, InstanceField.BACKUP_WINDOW_LENGTH))
        .isEqualTo(Plan.Outcome.REFUSED);
  }

  /** The number of the tags is not what is wrong with so many. */
  @Test
  void whatIsWrongWithTagsIsToldByWhatHelps() {
    InstanceSpec.Builder spec = RdsTestCloud.spec("orders").tag("aws:team", "shop");
    for (int i = 1; i < Tags.MOST; i++) {
      spec.tag("t" + i, "v");
    }
    assertThat(refusal(spec, InstanceField.TAGS).alternative()).isEqualTo("another key or value");
    assertThat(refusal(spec.tag("u", "v"), InstanceField.TAGS).alternative()).isEqualTo("fewer");
  }

  @Test
  void anInstanceThatIsStoppedStartsAgain() {
    Support stop = FIELDS.support(Feature.INSTANCE_STOP, POSTGRES);
    assertThat(stop.answer()).isEqualTo(Support.Answer.CONDITIONAL);
    assertThat(stop.limits()).containsEntry("stopped.days.max", 7L);
  }
}
