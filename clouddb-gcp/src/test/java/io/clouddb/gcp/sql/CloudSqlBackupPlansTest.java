/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.api.services.sqladmin.model.BackupConfiguration;
import com.google.api.services.sqladmin.model.BackupRetentionSettings;
import com.google.api.services.sqladmin.model.DatabaseInstance;
import com.google.api.services.sqladmin.model.IpConfiguration;
import com.google.api.services.sqladmin.model.Settings;
import io.clouddb.Feature;
import io.clouddb.FeatureContext;
import io.clouddb.ResourceId;
import io.clouddb.Support;
import io.clouddb.backup.BackupField;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.backup.BackupReplicationSpec;
import io.clouddb.backup.BackupSpec;
import io.clouddb.backup.RestoreField;
import io.clouddb.backup.RestoreSpec;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.plan.Field;
import io.clouddb.plan.Plan;
import io.clouddb.plan.Specification;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What is said of backups and restores before anything is asked. */
class CloudSqlBackupPlansTest {
  private static final Place HOME = SimulatedCloudSql.PLACE;
  private static final FeatureContext POSTGRES = FeatureContext.of(Engine.POSTGRESQL);
  private static final String KEY =
      "projects/p/locations/" + SimulatedCloudSql.REGION + "/keyRings/r/cryptoKeys/k";
  private static final String VPC = "projects/p/global/networks/default";
  private static final ResourceId BACKUP =
      ResourceId.of(
          "gcp", SimulatedCloudSql.PROJECT, SimulatedCloudSql.REGION, "backup", "orders/first");
  private static final RestoreSpec FROM_BACKUP = RestoreSpec.from(BACKUP).named("orders-2");
  private static final RestoreSpec AT_A_MOMENT =
      RestoreSpec.of(Stepwise.id("orders")).at(Instant.EPOCH).named("orders-2");

  private static List<Object> fields(Plan plan, Plan.Outcome outcome) {
    return plan.entries(outcome).stream().<Object>map(Plan.Entry::field).toList();
  }

  private static List<String> honoured(Plan plan) {
    return plan.orThrow().entries(Plan.Outcome.HONOURED).stream()
        .map(Plan.Entry::toString)
        .toList();
  }

  // Backups

  @Test
  void aBackupHasItsNameAndTagsInItsDescription() {
    BackupSpec spec =
        BackupSpec.named("first")
            .of(Stepwise.id("orders"), SimulatedCloudSql.REGION)
            .tag("team", "one");
    assertThat(honoured(BackupTables.plan(spec, HOME)))
        .containsExactlyInAnyOrder(
            "name: description = first",
            "take: backupRuns.insert = orders",
            "tags: description = {team=one}");
  }

  static Stream<Arguments> neverOfABackup() {
    BackupSpec first = BackupSpec.named("first");
    BackupSpec taken = first.of(Stepwise.id("orders"), SimulatedCloudSql.REGION);
    BackupReplicationSpec replicated = BackupReplicationSpec.replicated();
    return Stream.of(
        Arguments.of(taken.encryptionKey(KEY), BackupField.ENCRYPTION_KEY, "encryptedWith"),
        Arguments.of(taken.sharedWith("other"), BackupField.SHARING, "cloudsql.backupRuns.get"),
        Arguments.of(taken.exportedTo("gs://b/o"), BackupField.EXPORT, "unwrap(SQLAdmin.class)"),
        Arguments.of(
            replicated.of(Stepwise.id("orders")), BackupField.REPLICATION, "geoRedundant(true)"),
        Arguments.of(replicated.retainDays(7), BackupField.REPLICATION_RETENTION, "geoRedundant"),
        Arguments.of(replicated.encryptionKey(KEY), BackupField.REPLICATION_KEY, "geoRedundant"));
  }

  @ParameterizedTest
  @MethodSource("neverOfABackup")
  void whatNoBackupHasIsRefusedWithAnotherWay(Specification spec, BackupField field, String way) {
    Plan plan = BackupTables.plan(spec, HOME);
    assertThat(fields(plan, Plan.Outcome.REFUSED)).containsExactly(field);
    assertThat(plan.entries(Plan.Outcome.REFUSED).get(0).toString()).contains(way);
    assertThat(BackupTables.supports(Feature.of(field), POSTGRES).orElseThrow().answer())
        .isEqualTo(Support.Answer.NO);
  }

  @Test
  void everyFeatureOfBackupsAndRestoresIsAnswered() {
    for (BackupField field : BackupField.values()) {
      Support support = CloudSqlFields.supports(Feature.of(field), POSTGRES);
      assertThat(support.answer())
          .as(field.id())
          .isEqualTo(
              List.of(BackupField.NAME, BackupField.TAKE, BackupField.TAGS).contains(field)
                  ? Support.Answer.YES
                  : Support.Answer.NO);
      assertThat(support.reason().isEmpty())
          .as(field.id())
          .isEqualTo(support.answer() == Support.Answer.YES);
    }
    for (RestoreField field : RestoreField.values()) {
      Support support = CloudSqlFields.supports(Feature.of(field), POSTGRES);
      assertThat(support.answer()).as(field.id()).isNotEqualTo(Support.Answer.NO);
    }
    assertThat(CloudSqlFields.supports(Feature.DELETE_KEEPING_BACKUPS, POSTGRES).answer())
        .isNotEqualTo(Support.Answer.NO);
    assertThat(BackupTables.supports(Feature.of(InstanceField.SIZE), POSTGRES)).isEmpty();
    assertThat(RestoreTables.supports(Feature.of(InstanceField.SIZE), POSTGRES)).isEmpty();
  }

  // Restores

  private static RestoreSpec full(RestoreSpec spec) {
    return spec.size(InstanceSize.named("db-custom-4-16384"))
        .availability(Availability.REGIONAL)
        .network(Network.privateNetwork(VPC))
        .deletionProtection(true)
        .parameter("work_mem", "8192")
        .tag("team", "one");
  }

  @Test
  void aPlanOfARestoreNamesGooglesFieldAndWhatItGets() {
    List<String> both =
        List.of(
            "name: name = orders-2",
            "size: settings.tier = db-custom-4-16384 (ENTERPRISE, with a disk PD_SSD, or PD_HDD as"
                + " its source, without what only ENTERPRISE_PLUS has and what is bought of a"
                + " Hyperdisk)",
            "availability: settings.availabilityType = REGIONAL (which needs automated backups and"
                + " point-in-time recovery: both are switched on)",
            "private-network: settings.ipConfiguration.privateNetwork = " + VPC,
            "deletion-protection: settings.deletionProtectionEnabled = true",
            "parameters: settings.databaseFlags = {work_mem=8192}",
            "tags: settings.userLabels = {team=one}");
    assertThat(honoured(RestoreTables.plan(full(FROM_BACKUP).encryptionKey(KEY), HOME)))
        .containsAll(both)
        .contains(
            "backup: backup = orders/first",
            "encryption-key: diskEncryptionConfiguration.kmsKeyName = " + KEY)
        .hasSize(both.size() + 2);
    assertThat(honoured(RestoreTables.plan(full(AT_A_MOMENT), HOME)))
        .containsAll(both)
        .contains("moment: cloneContext.pointInTime = 1970-01-01T00:00:00Z")
        .hasSize(both.size() + 1);
    assertThat(
            honoured(
                RestoreTables.plan(
                    RestoreSpec.of(Stepwise.id("orders")).latest().named("orders-2"), HOME)))
        .containsExactlyInAnyOrder(
            "name: name = orders-2", "latest: cloneContext.pointInTime = the latest recovery time");
  }

  @Test
  void aRestoreWritesWhatIsAskedForOverWhatIsItsSources() {
    DatabaseInstance body =
        new DatabaseInstance()
            .setSettings(new Settings().setDataDiskType("PD_HDD").setActivationPolicy("ALWAYS"));
    RestoreTables.write(body, full(FROM_BACKUP).encryptionKey(KEY), HOME);
    assertThat(Leaves.of(body))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("name", "orders-2"),
                Map.entry("settings.activationPolicy", "ALWAYS"),
                Map.entry("settings.tier", "db-custom-4-16384"),
                Map.entry("settings.edition", "ENTERPRISE"),
                Map.entry("settings.dataDiskType", "PD_HDD"),
                Map.entry("settings.availabilityType", "REGIONAL"),
                Map.entry("settings.backupConfiguration.enabled", "true"),
                Map.entry("settings.backupConfiguration.pointInTimeRecoveryEnabled", "true"),
                Map.entry("settings.ipConfiguration.ipv4Enabled", "false"),
                Map.entry("settings.ipConfiguration.privateNetwork", VPC),
                Map.entry("settings.deletionProtectionEnabled", "true"),
                Map.entry("settings.databaseFlags[0].name", "work_mem"),
                Map.entry("settings.databaseFlags[0].value", "8192"),
                Map.entry("settings.userLabels.team", "one"),
                Map.entry("diskEncryptionConfiguration.kmsKeyName", KEY)));
  }

  static Stream<Arguments> notOfARestore() {
    return Stream.of(
        Arguments.of(FROM_BACKUP.encryptionKey("a-key"), RestoreField.ENCRYPTION_KEY, "locations"),
        Arguments.of(
            FROM_BACKUP.encryptionKey("projects/p/locations/us-east1/keyRings/r/cryptoKeys/k"),
            RestoreField.ENCRYPTION_KEY,
            "us-east1"),
        Arguments.of(
            AT_A_MOMENT.encryptionKey(KEY),
            RestoreField.ENCRYPTION_KEY,
            "a clone is encrypted as its source is"),
        Arguments.of(
            FROM_BACKUP.size(InstanceSize.named("r6g.large")), RestoreField.SIZE, "r6g.large"),
        Arguments.of(
            FROM_BACKUP.network(Network.privateNetwork("vpc-1")),
            RestoreField.PRIVATE_NETWORK,
            "'vpc-1'"),
        Arguments.of(
            FROM_BACKUP.network(Network.publicAccess("2001:db8::/32")),
            RestoreField.PUBLIC_ACCESS,
            "2001:db8::/32"),
        Arguments.of(
            FROM_BACKUP.parameter("wal_level", "logical"), RestoreField.PARAMETERS, "wal_level"),
        Arguments.of(FROM_BACKUP.tag("Team", "one"), RestoreField.TAGS, "Team"),
        Arguments.of(FROM_BACKUP.named("a".repeat(86)), RestoreField.NAME, "97 characters"));
  }

  @ParameterizedTest
  @MethodSource("notOfARestore")
  void whatCannotBeRestoredSoIsRefusedByName(RestoreSpec spec, Field field, String why) {
    Plan plan = RestoreTables.plan(spec, HOME);
    assertThat(fields(plan, Plan.Outcome.REFUSED)).containsExactly(field);
    assertThat(plan.entries(Plan.Outcome.REFUSED).get(0).toString()).contains(why);
  }

  @Test
  void aBackupIsRestoredInAnyRegionAndAMomentInItsOwn() {
    Place far = new Place(SimulatedCloudSql.PROJECT, "europe-west1");
    RestoreSpec backup = FROM_BACKUP.in("europe-west1");
    assertThat(honoured(RestoreTables.plan(backup, far)))
        .contains("other-region: region = europe-west1");
    RestoreSpec moment = AT_A_MOMENT.in("europe-west1");
    assertThat(fields(RestoreTables.plan(moment, far), Plan.Outcome.REFUSED))
        .containsExactly(RestoreField.OTHER_REGION);
  }

  @Test
  void whatIsTheSourcesWhateverIsAskedIsNamedOnce() {
    assertThat(inherited(FROM_BACKUP))
        .contains(InstanceField.ENGINE_VERSION, InstanceField.ADMIN_LOGIN)
        .doesNotContain(InstanceField.ENCRYPTION_KEY)
        .doesNotHaveDuplicates();
    assertThat(inherited(AT_A_MOMENT))
        .contains(InstanceField.ENCRYPTION_KEY)
        .doesNotHaveDuplicates();
  }

  private static List<Object> inherited(RestoreSpec spec) {
    return RestoreTables.plan(spec, HOME).inherited().stream()
        .<Object>map(Plan.Inherited::field)
        .toList();
  }

  // Policies

  private static InstanceChange policy(BackupPolicy policy) {
    return InstanceChange.builder().backups(policy).build();
  }

  private static Plan plan(BackupPolicy policy) {
    return new CloudSqlFields(HOME).plan(policy(policy));
  }

  private static Map<String, String> patch(BackupPolicy policy) {
    return Leaves.of(PatchBody.of(policy(policy), HOME).getSettings().getBackupConfiguration());
  }

  @Test
  void aPolicyOfLogsAndAPlaceIsHonoured() {
    BackupPolicy policy =
        BackupPolicy.daily().retainDays(8).withPointInTime().retainLogDays(5).storedIn("eu");
    assertThat(honoured(plan(policy)))
        .contains(
            "log-retention: settings.backupConfiguration.transactionLogRetentionDays = 5",
            "backup-location: settings.backupConfiguration.location = eu");
    assertThat(patch(policy))
        .containsEntry("transactionLogRetentionDays", "5")
        .containsEntry("pointInTimeRecoveryEnabled", "true")
        .containsEntry("location", "eu");
  }

  @Test
  void logsAreKeptForNoLongerThanAnyEditionDoes() {
    Plan plan = plan(BackupPolicy.daily().retainDays(60).withPointInTime().retainLogDays(40));
    assertThat(fields(plan, Plan.Outcome.HONOURED)).doesNotContain(InstanceField.LOG_RETENTION);
    assertThat(plan.feasible()).as("only where the caller prefers it").isFalse();
    Plan tooFew = plan(BackupPolicy.daily().retainDays(5).withPointInTime().retainLogDays(6));
    assertThat(fields(tooFew, Plan.Outcome.REFUSED)).containsExactly(InstanceField.LOG_RETENTION);
    assertThat(tooFew.entries(Plan.Outcome.REFUSED).get(0).toString()).contains("retainDays");
  }

  @ParameterizedTest
  @CsvSource({
    // place, geo-redundant, what is sent; nothing where it is refused
    ", true, asia",
    ", false, asia-northeast3",
    "eu, true, eu",
    "europe-west1, false, europe-west1",
    "europe-west1, true, ",
    "us, false, "
  })
  void geoRedundantIsAMultiRegion(String place, boolean geoRedundant, String sent) {
    BackupPolicy policy = BackupPolicy.daily().geoRedundant(geoRedundant);
    if (place != null) {
      policy = policy.storedIn(place);
    }
    if (sent == null) {
      assertThat(fields(plan(policy), Plan.Outcome.REFUSED))
          .containsExactly(InstanceField.GEO_REDUNDANT_BACKUP);
    } else {
      plan(policy).orThrow();
      assertThat(patch(policy)).containsEntry("location", sent);
    }
  }

  @Test
  void aRegionThatThisReleaseDoesNotKnowHasNoMultiRegion() {
    Place mars = new Place(SimulatedCloudSql.PROJECT, "mars-north1");
    InstanceChange change = policy(BackupPolicy.daily().geoRedundant(true));
    assertThat(fields(new CloudSqlFields(mars).plan(change), Plan.Outcome.REFUSED))
        .containsExactly(InstanceField.GEO_REDUNDANT_BACKUP);
  }

  @ParameterizedTest
  @CsvSource({
    "eu, true",
    "asia, true",
    "us, true",
    "europe-west1, true",
    "northamerica-northeast2, true",
    "europe, false",
    "EU, false",
    "europe-west, false",
    "'', false",
    "eu-, false"
  })
  void aPlaceIsARegionOrAMultiRegion(String place, boolean isOne) {
    assertThat(BackupPlace.whyNot(place).isEmpty()).isEqualTo(isOne);
  }

  @ParameterizedTest
  @CsvSource({
    "asia-northeast3, , asia",
    "australia-southeast1, , asia",
    "europe-west1, '', eu",
    "southamerica-east1, , us",
    "europe-west1, us, us",
    "me-west1, , the multi-region around me-west1"
  })
  void backupsAreWhereGoogleStoresThem(String region, String asked, String place) {
    DatabaseInstance instance =
        new DatabaseInstance()
            .setRegion(region)
            .setSettings(
                new Settings()
                    .setBackupConfiguration(new BackupConfiguration().setLocation(asked)));
    assertThat(BackupPlace.of(instance)).isEqualTo(place);
  }

  // Consent

  private static DatabaseInstance protectedWell() {
    return new DatabaseInstance()
        .setName("orders")
        .setSettings(
            new Settings()
                .setEdition("ENTERPRISE")
                .setIpConfiguration(new IpConfiguration())
                .setBackupConfiguration(
                    new BackupConfiguration()
                        .setEnabled(true)
                        .setPointInTimeRecoveryEnabled(true)
                        .setTransactionLogRetentionDays(5)
                        .setBackupRetentionSettings(
                            new BackupRetentionSettings()
                                .setRetentionUnit("COUNT")
                                .setRetainedBackups(10))));
  }

  private static void check(BackupPolicy policy, DatabaseInstance instance) {
    DiscardedBackups.requireConsent(
        policy, PatchBody.of(policy(policy), HOME), instance, Stepwise.id("orders"));
  }

  static Stream<Arguments> policiesThatTakeAway() {
    return Stream.of(
        Arguments.of(BackupPolicy.none(), "automated backups are turned off, of which it has 10"),
        Arguments.of(BackupPolicy.none(), "no moment can be restored any more"),
        Arguments.of(BackupPolicy.daily().retainDays(9), "9 automated backups in place of 10"),
        Arguments.of(
            BackupPolicy.daily().retainDays(10).withPointInTime().retainLogDays(4),
            "a moment of the last 4 days, and not of 5"),
        Arguments.of(BackupPolicy.daily().retainDays(4), "a moment of the last 4 days"));
  }

  @ParameterizedTest
  @MethodSource("policiesThatTakeAway")
  void whatTakesBackupsAwayNeedsConsent(BackupPolicy policy, String lost) {
    assertThatThrownBy(() -> check(policy, protectedWell()))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(lost)
        .hasMessageContaining("discarding()");
    assertThatCode(() -> check(policy.discarding(), protectedWell())).doesNotThrowAnyException();
  }

  @Test
  void whatKeepsAsMuchNeedsNone() {
    for (BackupPolicy policy :
        List.of(
            BackupPolicy.daily(),
            BackupPolicy.daily().retainDays(10),
            BackupPolicy.daily().retainDays(11).withPointInTime(),
            BackupPolicy.daily().retainDays(10).withPointInTime().retainLogDays(5))) {
      assertThatCode(() -> check(policy, protectedWell())).doesNotThrowAnyException();
    }
    DatabaseInstance none = protectedWell();
    none.getSettings().getBackupConfiguration().setEnabled(false);
    assertThatCode(() -> check(BackupPolicy.none(), none)).doesNotThrowAnyException();
    DatabaseInstance unknown = protectedWell().setSettings(null);
    assertThatCode(() -> check(BackupPolicy.none(), unknown)).doesNotThrowAnyException();
  }
}
