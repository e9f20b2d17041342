/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.rds;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.DataSize;
import io.clouddb.aws.RdsTestCloud;
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
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.DBSubnetGroup;
import software.amazon.awssdk.services.rds.model.MasterUserSecret;
import software.amazon.awssdk.services.rds.model.Tag;
import software.amazon.awssdk.services.rds.model.VpcSecurityGroupMembership;

/**
 * What becomes of each field on the way there and back: the members of the request, what the plan
 * says of them, and what an instance that was made so is held against.
 */
class RequestedFieldsTest {
  private static final RdsFields FIELDS = new RdsFields("aws");
  private static final String KEY = "arn:aws:kms:us-east-1:123456789012:key/k";
  private static final String GROUP = "sg-0123456789ab";

  private static InstanceSpec.Builder spec() {
    return RdsTestCloud.spec("orders").storage(Storage.ssd(DataSize.gib(50)));
  }

  private static InstanceSpec.Builder spec(String version) {
    return InstanceSpec.builder("orders", Engine.POSTGRESQL, version)
        .size(InstanceSize.named("db.t4g.medium"))
        .storage(Storage.ssd(DataSize.gib(50)))
        .admin(AdminLogin.of("app_admin", SecretRef.environment("PW")));
  }

  private static CreateDbInstanceRequest request(InstanceSpec spec) {
    assertThat(FIELDS.plan(spec).feasible()).as("%s", FIELDS.plan(spec)).isTrue();
    return FIELDS.create(spec).build();
  }

  @Test
  void theLeastSpecBecomesTheseMembers() {
    assertThat(RequestMembers.of(request(spec().build())))
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("DBInstanceIdentifier", "orders"),
                Map.entry("Engine", "postgres"),
                Map.entry("EngineVersion", "16"),
                Map.entry("DBInstanceClass", "db.t4g.medium"),
                Map.entry("StorageType", "gp3"),
                Map.entry("AllocatedStorage", "50"),
                Map.entry("StorageEncrypted", "true"),
                Map.entry("DBName", "shop"),
                Map.entry("MasterUsername", "app_admin"),
                Map.entry("MultiAZ", "false"),
                Map.entry("PubliclyAccessible", "false")));
    assertThat(FIELDS.parameters(spec().build())).isEmpty();
  }

  private static Arguments made(
      InstanceField field,
      UnaryOperator<InstanceSpec.Builder> asking,
      String text,
      String... members) {
    return Arguments.of(field, asking, text, List.of(members));
  }

  private static UnaryOperator<InstanceSpec.Builder> disk(Storage storage) {
    return spec -> spec.storage(storage);
  }

  private static UnaryOperator<InstanceSpec.Builder> backups(BackupPolicy policy) {
    return spec -> spec.backups(policy);
  }

  private static MaintenanceWindow sunday() {
    return MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30));
  }

  /** The field, what is asked for, what the plan says, and what differs in the request. */
  static Stream<Arguments> created() {
    return Stream.of(ofEngine(), ofDisks(), ofBackups(), ofNetworks(), ofSettings())
        .flatMap(each -> each);
  }

  private static Stream<Arguments> ofEngine() {
    return Stream.of(
        made(InstanceField.NAME, s -> s, "DBInstanceIdentifier = orders"),
        made(InstanceField.ENGINE, s -> s, "Engine = postgres"),
        made(InstanceField.ENGINE_VERSION, s -> s, "EngineVersion = 16"),
        made(
            InstanceField.SIZE,
            s -> s.size(InstanceSize.atLeast(2, DataSize.gib(6))),
            "DBInstanceClass = db.m7g.large",
            "DBInstanceClass=db.m7g.large"),
        made(InstanceField.AVAILABILITY, s -> s, "MultiAZ = false"),
        made(
            InstanceField.AVAILABILITY,
            s -> s.availability(Availability.REGIONAL),
            "MultiAZ = true",
            "MultiAZ=true"),
        made(InstanceField.DATABASE, s -> s.database("store"), "DBName = store", "DBName=store"),
        made(
            InstanceField.ADMIN_LOGIN,
            s -> s.admin(AdminLogin.of("owner", SecretRef.environment("PW"))),
            "MasterUsername = owner",
            "MasterUsername=owner"),
        made(
            InstanceField.ADMIN_MANAGED_PASSWORD,
            s -> s.admin(AdminLogin.managed("owner")),
            "ManageMasterUserPassword = true, for owner",
            "MasterUsername=owner",
            "ManageMasterUserPassword=true"));
  }

  private static Stream<Arguments> ofDisks() {
    Storage bought = Storage.provisionedIops(DataSize.gib(100), 3000);
    return Stream.of(
        made(InstanceField.STORAGE_TYPE, s -> s, "StorageType = gp3"),
        made(
            InstanceField.STORAGE_IOPS,
            disk(bought),
            "Iops = 3000",
            "StorageType=io2",
            "AllocatedStorage=100",
            "Iops=3000"),
        made(InstanceField.STORAGE_SIZE, s -> s, "AllocatedStorage = 50"),
        made(
            InstanceField.STORAGE_GROWTH,
            disk(Storage.ssd(DataSize.gib(50)).growing()),
            "MaxAllocatedStorage = 65536",
            "MaxAllocatedStorage=65536"),
        made(
            InstanceField.STORAGE_GROWTH,
            disk(bought.growing()),
            "MaxAllocatedStorage = 6000",
            "StorageType=io2",
            "AllocatedStorage=100",
            "Iops=3000",
            "MaxAllocatedStorage=6000"),
        made(
            InstanceField.STORAGE_GROWTH,
            disk(Storage.ssd(DataSize.gib(50)).fixed()),
            "MaxAllocatedStorage = none"),
        made(
            InstanceField.STORAGE_GROWTH_LIMIT,
            disk(Storage.ssd(DataSize.gib(50)).growingTo(DataSize.gib(200))),
            "MaxAllocatedStorage = 200",
            "MaxAllocatedStorage=200"),
        made(
            InstanceField.STORAGE_GROWTH_LIMIT,
            disk(Storage.ssd(DataSize.gib(50)).growingTo(DataSize.gib(55))),
            "MaxAllocatedStorage = 55",
            "MaxAllocatedStorage=55"),
        made(
            InstanceField.STORAGE_GROWTH,
            disk(Storage.ssd(DataSize.gib(59_578)).growing()),
            "MaxAllocatedStorage = 65536",
            "AllocatedStorage=59578",
            "MaxAllocatedStorage=65536"),
        made(InstanceField.ENCRYPTION, s -> s, "StorageEncrypted = true"),
        made(
            InstanceField.ENCRYPTION,
            disk(Storage.ssd(DataSize.gib(50)).unencrypted()),
            "StorageEncrypted = false",
            "StorageEncrypted=false"),
        made(
            InstanceField.ENCRYPTION_KEY,
            disk(Storage.ssd(DataSize.gib(50)).encryptedWith(KEY)),
            "KmsKeyId = " + KEY,
            "KmsKeyId=" + KEY));
  }

  private static Stream<Arguments> ofBackups() {
    BackupPolicy three = BackupPolicy.daily(LocalTime.of(3, 0));
    return Stream.of(
        made(
            InstanceField.BACKUPS,
            backups(BackupPolicy.none()),
            "BackupRetentionPeriod = 0",
            "BackupRetentionPeriod=0"),
        made(
            InstanceField.BACKUPS,
            backups(BackupPolicy.daily()),
            "BackupRetentionPeriod = 1",
            "BackupRetentionPeriod=1"),
        made(
            InstanceField.BACKUPS,
            backups(BackupPolicy.daily().retainDays(14)),
            "BackupRetentionPeriod = 14",
            "BackupRetentionPeriod=14"),
        made(
            InstanceField.BACKUP_RETENTION,
            backups(BackupPolicy.daily().retainDays(35)),
            "BackupRetentionPeriod = 35",
            "BackupRetentionPeriod=35"),
        made(
            InstanceField.POINT_IN_TIME,
            backups(BackupPolicy.daily().withPointInTime()),
            "BackupRetentionPeriod = every positive retention",
            "BackupRetentionPeriod=1"),
        made(
            InstanceField.BACKUP_WINDOW,
            backups(three),
            "PreferredBackupWindow = 03:00-03:30",
            "BackupRetentionPeriod=1",
            "PreferredBackupWindow=03:00-03:30"),
        made(
            InstanceField.BACKUP_WINDOW_LENGTH,
            backups(three.lasting(Duration.ofMinutes(45))),
            "PreferredBackupWindow = 45 minutes",
            "BackupRetentionPeriod=1",
            "PreferredBackupWindow=03:00-03:45"),
        made(
            InstanceField.MAINTENANCE_WINDOW,
            s -> s.maintenance(sunday()),
            "PreferredMaintenanceWindow = sun:04:30-sun:05:30",
            "PreferredMaintenanceWindow=sun:04:30-sun:05:30"),
        made(
            InstanceField.MAINTENANCE_WINDOW_LENGTH,
            s -> s.maintenance(sunday().lasting(Duration.ofMinutes(30))),
            "PreferredMaintenanceWindow = 30 minutes",
            "PreferredMaintenanceWindow=sun:04:30-sun:05:00"),
        // They touch, and do not overlap.
        made(
            InstanceField.BACKUP_WINDOW,
            s -> s.backups(BackupPolicy.daily(LocalTime.of(4, 0))).maintenance(sunday()),
            "PreferredBackupWindow = 04:00-04:30",
            "BackupRetentionPeriod=1",
            "PreferredBackupWindow=04:00-04:30",
            "PreferredMaintenanceWindow=sun:04:30-sun:05:30"));
  }

  private static Stream<Arguments> ofNetworks() {
    return Stream.of(
        made(InstanceField.PRIVATE_NETWORK, s -> s, "PubliclyAccessible = false"),
        made(
            InstanceField.PRIVATE_NETWORK,
            s -> s.network(Network.privateNetwork("Network-1").securityGroup(GROUP)),
            "DBSubnetGroupName = Network-1",
            "DBSubnetGroupName=Network-1",
            "VpcSecurityGroupIds=[" + GROUP + "]"),
        made(
            InstanceField.PUBLIC_ACCESS,
            s ->
                s.network(Network.publicAccess("203.0.113.0/24").securityGroup(GROUP))
                    .preferring(InstanceField.PUBLIC_ACCESS),
            "PubliclyAccessible = true",
            "PubliclyAccessible=true",
            "VpcSecurityGroupIds=[" + GROUP + "]"));
  }

  private static Stream<Arguments> ofSettings() {
    return Stream.of(
        made(
            InstanceField.DELETION_PROTECTION,
            s -> s.deletionProtection(true),
            "DeletionProtection = true",
            "DeletionProtection=true"),
        made(
            InstanceField.DELETION_PROTECTION,
            s -> s.deletionProtection(false),
            "DeletionProtection = false",
            "DeletionProtection=false"),
        made(
            InstanceField.INSIGHTS,
            s -> s.insights(Insights.disabled()),
            "EnablePerformanceInsights = false",
            "EnablePerformanceInsights=false",
            "DatabaseInsightsMode=standard"),
        made(
            InstanceField.INSIGHTS_RETENTION,
            s -> s.insights(Insights.enabled().retainDays(62)),
            "PerformanceInsightsRetentionPeriod = 62",
            "EnablePerformanceInsights=true",
            "DatabaseInsightsMode=standard",
            "PerformanceInsightsRetentionPeriod=62"),
        made(
            InstanceField.TAGS,
            s -> s.tag("team", "shop"),
            "Tags = {team=shop}",
            "Tags=[Tag(Key=team, Value=shop)]"),
        // These three are parameters, which stand in a group.
        made(InstanceField.TLS, s -> s.tls(TlsMode.OPTIONAL), "DB parameter rds.force_ssl = 0"),
        made(
            InstanceField.LOGICAL_REPLICATION,
            s -> s.logicalReplication(true),
            "DB parameter rds.logical_replication = 1"),
        made(
            InstanceField.PARAMETERS,
            s -> s.parameter("work_mem", "8192"),
            "DB parameter group = {work_mem=8192}"));
  }

  private static String planned(Specification specification, InstanceField field) {
    return FIELDS.plan(specification).entries().stream()
        .filter(entry -> entry.field() == field)
        .map(Plan.Entry::toString)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("created")
  void aCreationCarriesWhatItsPlanSays(
      InstanceField field,
      UnaryOperator<InstanceSpec.Builder> asking,
      String text,
      List<String> differing) {
    InstanceSpec asked = asking.apply(spec()).build();
    assertThat(planned(asked, field)).startsWith(field.id()).contains(": " + text);
    Map<String, String> sent = RequestMembers.of(request(asked));
    Map<String, String> usual = RequestMembers.of(request(spec().build()));
    assertThat(sent.keySet()).containsAll(usual.keySet());
    assertThat(
            sent.entrySet().stream()
                .filter(member -> !member.getValue().equals(usual.get(member.getKey())))
                .map(Map.Entry::toString))
        .containsExactlyInAnyOrderElementsOf(differing);
  }

  /** An instance as RDS shows it that was made by a request, with what RDS chooses itself. */
  private static DBInstance.Builder made(InstanceSpec spec) {
    CreateDbInstanceRequest asked = request(spec);
    DBInstance.Builder made =
        DBInstance.builder()
            .dbInstanceIdentifier(asked.dbInstanceIdentifier())
            .engine(asked.engine())
            .engineVersion(asked.engineVersion() + ".15")
            .dbInstanceClass(asked.dbInstanceClass())
            .storageType(asked.storageType())
            .allocatedStorage(asked.allocatedStorage())
            .maxAllocatedStorage(asked.maxAllocatedStorage())
            .iops(asked.iops() == null ? Integer.valueOf(3000) : asked.iops())
            .storageEncrypted(asked.storageEncrypted())
            .kmsKeyId(asked.kmsKeyId() == null ? KEY : asked.kmsKeyId())
            .dbName(asked.dbName())
            .masterUsername(asked.masterUsername())
            .multiAZ(asked.multiAZ())
            .publiclyAccessible(asked.publiclyAccessible())
            .dbSubnetGroup(
                DBSubnetGroup.builder()
                    .dbSubnetGroupName(
                        asked.dbSubnetGroupName() == null
                            ? "default"
                            : asked.dbSubnetGroupName().toLowerCase(java.util.Locale.ROOT))
                    .build())
            .vpcSecurityGroups(
                asked.vpcSecurityGroupIds().stream()
                    .map(id -> VpcSecurityGroupMembership.builder().vpcSecurityGroupId(id).build())
                    .toList())
            .backupRetentionPeriod(
                asked.backupRetentionPeriod() == null
                    ? Integer.valueOf(1)
                    : asked.backupRetentionPeriod())
            .preferredBackupWindow(
                asked.preferredBackupWindow() == null
                    ? "13:00-13:30"
                    : asked.preferredBackupWindow())
            .preferredMaintenanceWindow(
                asked.preferredMaintenanceWindow() == null
                    ? "tue:11:02-tue:11:32"
                    : asked.preferredMaintenanceWindow())
            .deletionProtection(Boolean.TRUE.equals(asked.deletionProtection()))
            .performanceInsightsEnabled(Boolean.TRUE.equals(asked.enablePerformanceInsights()))
            .performanceInsightsRetentionPeriod(asked.performanceInsightsRetentionPeriod())
            .tagList(asked.tags());
    if (Boolean.TRUE.equals(asked.manageMasterUserPassword())) {
      made.masterUserSecret(MasterUserSecret.builder().secretArn("arn").build());
    }
    return made;
  }

  private static Drift drift(DBInstance there, InstanceSpec spec) {
    return FIELDS.drift(
        new InstanceAsItIs(
            there,
            spec.tls() == TlsMode.REQUIRED && FIELDS.parameters(spec).isEmpty()
                ? Map.of("rds.force_ssl", "1")
                : withTls(FIELDS.parameters(spec))),
        spec);
  }

  private static Map<String, String> withTls(Map<String, String> own) {
    Map<String, String> all = new TreeMap<>(Map.of("rds.force_ssl", "1"));
    all.putAll(own);
    return all;
  }

  @ParameterizedTest(name = "{2}")
  @MethodSource("created")
  void whatWasMadeSoIsAsItWasAskedFor(
      InstanceField field,
      UnaryOperator<InstanceSpec.Builder> asking,
      String text,
      List<String> differing) {
    InstanceSpec asked = asking.apply(spec()).build();
    Drift drift = drift(made(asked).build(), asked);
    assertThat(drift.differences()).isEmpty();
    // No look shows a password; one that RDS makes is not asked for.
    assertThat(drift.unknown())
        .extracting(Drift.Difference::field)
        .isEqualTo(asked.admin().managed() ? List.of() : List.of(InstanceField.ADMIN_LOGIN));
  }

  private static Arguments changed(
      InstanceField field,
      UnaryOperator<InstanceSpec.Builder> asking,
      Consumer<DBInstance.Builder> change,
      String text) {
    return Arguments.of(field, asking, change, text);
  }

  /** The field, the spec, what was changed about its instance, and what the drift says. */
  static Stream<Arguments> changedByOthers() {
    return Stream.of(
        changed(
            InstanceField.NAME,
            s -> s,
            i -> i.dbInstanceIdentifier("other"),
            "DBInstanceIdentifier is other, wanted is orders"),
        changed(
            InstanceField.ENGINE,
            s -> s,
            i -> i.engine("mysql"),
            "Engine is mysql, wanted is postgres"),
        changed(
            InstanceField.ENGINE_VERSION,
            s -> s,
            i -> i.engineVersion("17.2"),
            "EngineVersion is 17.2, wanted is 16"),
        changed(
            InstanceField.SIZE,
            s -> s,
            i -> i.dbInstanceClass("db.m7g.large"),
            "DBInstanceClass is db.m7g.large, wanted is db.t4g.medium"),
        changed(
            InstanceField.AVAILABILITY,
            s -> s,
            i -> i.multiAZ(true),
            "MultiAZ is true, wanted is false"),
        changed(
            InstanceField.DATABASE,
            s -> s,
            i -> i.dbName("store"),
            "DBName is store, wanted is shop"),
        changed(
            InstanceField.ADMIN_LOGIN,
            s -> s,
            i -> i.masterUsername("owner"),
            "MasterUsername is owner, wanted is app_admin"),
        changed(
            InstanceField.ADMIN_LOGIN,
            s -> s,
            i -> i.masterUserSecret(secret -> secret.secretArn("arn")),
            "MasterUsername is app_admin, with a password that RDS makes, wanted is app_admin"),
        changed(
            InstanceField.ADMIN_MANAGED_PASSWORD,
            s -> s.admin(AdminLogin.managed("owner")),
            i -> i.masterUsername("other"),
            "ManageMasterUserPassword is true, for other, wanted is true, for owner"),
        changed(
            InstanceField.STORAGE_TYPE,
            s -> s,
            i -> i.storageType("gp2"),
            "StorageType is gp2, wanted is gp3"),
        changed(
            InstanceField.STORAGE_SIZE,
            s -> s,
            i -> i.allocatedStorage(51),
            "AllocatedStorage is 51, wanted is 50"),
        changed(
            InstanceField.STORAGE_IOPS,
            disk(Storage.provisionedIops(DataSize.gib(100), 3000)),
            i -> i.iops(4000),
            "Iops is 4000, wanted is 3000"),
        changed(
            InstanceField.STORAGE_GROWTH,
            disk(Storage.ssd(DataSize.gib(50)).fixed()),
            i -> i.maxAllocatedStorage(100),
            "MaxAllocatedStorage is 100, wanted is none"),
        changed(
            InstanceField.STORAGE_GROWTH,
            disk(Storage.ssd(DataSize.gib(50)).growing()),
            i -> i.maxAllocatedStorage(null),
            "MaxAllocatedStorage is none, wanted is 65536"),
        changed(
            InstanceField.STORAGE_GROWTH_LIMIT,
            disk(Storage.ssd(DataSize.gib(50)).growingTo(DataSize.gib(200))),
            i -> i.maxAllocatedStorage(300),
            "MaxAllocatedStorage is 300, wanted is 200"),
        changed(
            InstanceField.ENCRYPTION,
            s -> s,
            i -> i.storageEncrypted(false),
            "StorageEncrypted is false, wanted is true"),
        changed(
            InstanceField.ENCRYPTION_KEY,
            disk(Storage.ssd(DataSize.gib(50)).encryptedWith("k")),
            i -> i.kmsKeyId("arn:aws:kms:us-east-1:123456789012:key/other"),
            "KmsKeyId is arn:aws:kms:us-east-1:123456789012:key/other, wanted is k"),
        changed(
            InstanceField.BACKUPS,
            backups(BackupPolicy.none()),
            i -> i.backupRetentionPeriod(1),
            "BackupRetentionPeriod is 1, wanted is 0"),
        changed(
            InstanceField.BACKUPS,
            backups(BackupPolicy.daily()),
            i -> i.backupRetentionPeriod(0),
            "BackupRetentionPeriod is 0, wanted is 1"),
        changed(
            InstanceField.BACKUP_RETENTION,
            backups(BackupPolicy.daily().retainDays(14)),
            i -> i.backupRetentionPeriod(7),
            "BackupRetentionPeriod is 7, wanted is 14"),
        changed(
            InstanceField.POINT_IN_TIME,
            backups(BackupPolicy.daily().withPointInTime()),
            i -> i.backupRetentionPeriod(0),
            "BackupRetentionPeriod is 0, wanted is every positive retention"),
        changed(
            InstanceField.POINT_IN_TIME,
            backups(BackupPolicy.daily().withPointInTime()),
            i -> i.readReplicaSourceDBInstanceIdentifier("first"),
            "BackupRetentionPeriod is that of a replica, which has no points in time, wanted is"
                + " every positive retention"),
        changed(
            InstanceField.BACKUP_WINDOW,
            backups(BackupPolicy.daily(LocalTime.of(3, 0))),
            i -> i.preferredBackupWindow("03:01-03:30"),
            "PreferredBackupWindow is 03:01-03:30, wanted is 03:00-03:30"),
        changed(
            InstanceField.BACKUP_WINDOW_LENGTH,
            backups(BackupPolicy.daily(LocalTime.of(3, 0)).lasting(Duration.ofMinutes(45))),
            i -> i.preferredBackupWindow("03:00-04:00"),
            "PreferredBackupWindow is 60 minutes, wanted is 45 minutes"),
        changed(
            InstanceField.MAINTENANCE_WINDOW,
            s -> s.maintenance(sunday()),
            i -> i.preferredMaintenanceWindow("mon:04:30-mon:05:30"),
            "PreferredMaintenanceWindow is mon:04:30-mon:05:30, wanted is sun:04:30-sun:05:30"),
        changed(
            InstanceField.MAINTENANCE_WINDOW_LENGTH,
            s -> s.maintenance(sunday().lasting(Duration.ofHours(2))),
            i -> i.preferredMaintenanceWindow("sun:04:30-sun:05:30"),
            "PreferredMaintenanceWindow is 60 minutes, wanted is 120 minutes"),
        changed(
            InstanceField.PRIVATE_NETWORK,
            s -> s,
            i -> i.publiclyAccessible(true),
            "PubliclyAccessible is default, public, with the security groups [], wanted is false"),
        changed(
            InstanceField.PRIVATE_NETWORK,
            s -> s.network(Network.privateNetwork("network-1").securityGroup(GROUP)),
            i -> i.dbSubnetGroup(group -> group.dbSubnetGroupName("network-2")),
            "DBSubnetGroupName is network-2, not public, with the security groups ["
                + GROUP
                + "], wanted is network-1"),
        changed(
            InstanceField.PRIVATE_NETWORK,
            s -> s.network(Network.privateNetwork("network-1").securityGroup(GROUP)),
            i ->
                i.vpcSecurityGroups(
                    VpcSecurityGroupMembership.builder().vpcSecurityGroupId("sg-1").build()),
            "DBSubnetGroupName is network-1, not public, with the security groups [sg-1], wanted is"
                + " network-1"),
        changed(
            InstanceField.PUBLIC_ACCESS,
            s ->
                s.network(Network.publicAccess("203.0.113.0/24").securityGroup(GROUP))
                    .preferring(InstanceField.PUBLIC_ACCESS),
            i -> i.publiclyAccessible(false),
            "PubliclyAccessible is default, not public, with the security groups ["
                + GROUP
                + "], wanted is true"),
        changed(
            InstanceField.DELETION_PROTECTION,
            s -> s.deletionProtection(true),
            i -> i.deletionProtection(false),
            "DeletionProtection is false, wanted is true"),
        changed(
            InstanceField.INSIGHTS,
            s -> s.insights(Insights.enabled()),
            i -> i.performanceInsightsEnabled(false),
            "EnablePerformanceInsights is false, wanted is true"),
        changed(
            InstanceField.INSIGHTS_RETENTION,
            s -> s.insights(Insights.enabled().retainDays(62)),
            i -> i.performanceInsightsRetentionPeriod(93),
            "PerformanceInsightsRetentionPeriod is 93, wanted is 62"),
        changed(
            InstanceField.TAGS,
            s -> s.tag("team", "shop"),
            i ->
                i.tagList(
                    Tag.builder().key("team").value("others").build(),
                    Tag.builder().key("cost").value("12").build()),
            "Tags is {team=others}, wanted is {team=shop}"));
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("changedByOthers")
  void whatSomebodyElseHasChangedIsToldInTheVendorsTerms(
      InstanceField field,
      UnaryOperator<InstanceSpec.Builder> asking,
      Consumer<DBInstance.Builder> change,
      String text) {
    InstanceSpec asked = asking.apply(spec()).build();
    DBInstance.Builder there = made(asked);
    change.accept(there);
    assertThat(drift(there.build(), asked).differences())
        .filteredOn(difference -> difference.field() == field)
        .extracting(Drift.Difference::toString)
        .containsExactly(field.id() + ": " + text);
  }

  @Test
  void parametersAreComparedByTheGroupsValues() {
    InstanceSpec asked =
        spec()
            .tls(TlsMode.OPTIONAL)
            .logicalReplication(false)
            .parameters(Map.of("work_mem", "8192", "max_wal_size", "4096"))
            .build();
    Map<String, String> group =
        Map.of(
            "rds.force_ssl", "0",
            "rds.logical_replication", "0",
            "work_mem", "8192",
            "max_wal_size", "4096");
    assertThat(FIELDS.parameters(asked)).isEqualTo(group);
    assertThat(ParameterFields.names(RdsFields.asked(asked))).isEqualTo(group.keySet());
    DBInstance there = made(asked).build();
    assertThat(FIELDS.drift(new InstanceAsItIs(there, group), asked).differences()).isEmpty();

    Map<String, String> others = new TreeMap<>(group);
    others.put("rds.force_ssl", "1");
    others.put("rds.logical_replication", "1");
    others.put("work_mem", "4096");
    assertThat(FIELDS.drift(new InstanceAsItIs(there, others), asked).differences())
        .extracting(Drift.Difference::toString)
        .containsExactly(
            "tls: DB parameter rds.force_ssl is 1, wanted is 0",
            "logical-replication: DB parameter rds.logical_replication is 1, wanted is 0",
            "parameters: DB parameter group is {max_wal_size=4096, work_mem=4096}, wanted is"
                + " {max_wal_size=4096, work_mem=8192}");
    others.remove("max_wal_size");
    assertThat(FIELDS.drift(new InstanceAsItIs(there, others), asked).unknown())
        .as("one that is not told leaves all of them unknown")
        .extracting(Drift.Difference::field)
        .containsExactly(InstanceField.ADMIN_LOGIN, InstanceField.PARAMETERS);
  }

  @Test
  void tlsIsSetWhereTheDefaultGroupHasIsAnother() {
    assertThat(FIELDS.parameters(spec("14").tls(TlsMode.REQUIRED).build()))
        .isEqualTo(Map.of("rds.force_ssl", "1"));
    assertThat(FIELDS.parameters(spec("14.9").tls(TlsMode.OPTIONAL).build())).isEmpty();
    assertThat(FIELDS.parameters(spec("15").tls(TlsMode.REQUIRED).build())).isEmpty();
    assertThat(FIELDS.parameters(spec("15").tls(TlsMode.OPTIONAL).build()))
        .isEqualTo(Map.of("rds.force_ssl", "0"));
    // A change does not know the version.
    for (TlsMode mode : new TlsMode[] {TlsMode.REQUIRED, TlsMode.OPTIONAL}) {
      assertThat(FIELDS.parameters(InstanceChange.builder().tls(mode).build()))
          .containsKey("rds.force_ssl");
    }
  }

  private static Arguments modified(
      InstanceField field,
      UnaryOperator<InstanceChange.Builder> asking,
      String text,
      String... members) {
    return Arguments.of(field, asking, text, List.of(members));
  }

  /** The field, what is asked for, what the plan says, and all that the request carries. */
  static Stream<Arguments> modified() {
    return Stream.of(
        modified(
            InstanceField.SIZE,
            c -> c.size(InstanceSize.atLeast(4, DataSize.gib(16))),
            "DBInstanceClass = db.m7g.xlarge",
            "DBInstanceClass=db.m7g.xlarge"),
        modified(
            InstanceField.STORAGE_SIZE,
            c -> c.storageSize(DataSize.gib(100)),
            "AllocatedStorage = 100 (a disk grows by at least 10 %, below the limit of its own"
                + " growth; Iops and StorageThroughput go with it where RDS demands them)",
            "AllocatedStorage=100"),
        // The least of a new disk is none of one that is there.
        modified(
            InstanceField.STORAGE_SIZE,
            c -> c.storageSize(DataSize.gib(10)),
            "AllocatedStorage = 10 (a disk grows by at least 10 %, below the limit of its own"
                + " growth; Iops and StorageThroughput go with it where RDS demands them)",
            "AllocatedStorage=10"),
        modified(
            InstanceField.STORAGE_SIZE,
            c -> c.storageSize(DataSize.mib(30_000)).preferring(InstanceField.STORAGE_SIZE),
            "AllocatedStorage = 30",
            "AllocatedStorage=30"),
        modified(
            InstanceField.AVAILABILITY,
            c -> c.availability(Availability.REGIONAL),
            "MultiAZ = true",
            "MultiAZ=true"),
        modified(
            InstanceField.AVAILABILITY,
            c -> c.availability(Availability.ZONAL),
            "MultiAZ = false",
            "MultiAZ=false"),
        modified(
            InstanceField.BACKUPS,
            c -> c.backups(BackupPolicy.none()),
            "BackupRetentionPeriod = 0",
            "BackupRetentionPeriod=0"),
        // What is there stays as it is; a look decides whether there is any.
        modified(
            InstanceField.BACKUPS,
            c -> c.backups(BackupPolicy.daily()),
            "BackupRetentionPeriod = as it is, but not 0"),
        modified(
            InstanceField.BACKUP_RETENTION,
            c -> c.backups(BackupPolicy.daily().retainDays(14)),
            "BackupRetentionPeriod = 14",
            "BackupRetentionPeriod=14"),
        modified(
            InstanceField.BACKUP_WINDOW,
            c -> c.backups(BackupPolicy.daily(LocalTime.of(3, 0))),
            "PreferredBackupWindow = 03:00-03:30",
            "PreferredBackupWindow=03:00-03:30"),
        modified(
            InstanceField.BACKUP_WINDOW,
            c ->
                c.backups(BackupPolicy.daily(LocalTime.of(4, 30)))
                    .maintenance(sunday())
                    .preferring(InstanceField.BACKUP_WINDOW),
            "PreferredBackupWindow = chosen by RDS (RDS refuses a backup window of 30 minutes that"
                + " overlaps the maintenance window sun:04:30-sun:05:30)",
            "PreferredMaintenanceWindow=sun:04:30-sun:05:30"),
        modified(
            InstanceField.MAINTENANCE_WINDOW,
            c -> c.maintenance(sunday()),
            "PreferredMaintenanceWindow = sun:04:30-sun:05:30",
            "PreferredMaintenanceWindow=sun:04:30-sun:05:30"),
        modified(
            InstanceField.DELETION_PROTECTION,
            c -> c.deletionProtection(false),
            "DeletionProtection = false",
            "DeletionProtection=false"),
        // The advanced mode, chosen elsewhere, stays; without insights there is none.
        modified(
            InstanceField.INSIGHTS,
            c -> c.insights(Insights.enabled()),
            "EnablePerformanceInsights = true",
            "EnablePerformanceInsights=true"),
        modified(
            InstanceField.INSIGHTS,
            c -> c.insights(Insights.disabled()),
            "EnablePerformanceInsights = false",
            "EnablePerformanceInsights=false",
            "DatabaseInsightsMode=standard"),
        modified(
            InstanceField.INSIGHTS_RETENTION,
            c -> c.insights(Insights.enabled().retainDays(731)),
            "PerformanceInsightsRetentionPeriod = 731",
            "EnablePerformanceInsights=true",
            "PerformanceInsightsRetentionPeriod=731"),
        // These go by requests of their own.
        modified(
            InstanceField.TAGS, c -> c.tag("team", "shop"), "AddTagsToResource Tags = {team=shop}"),
        modified(
            InstanceField.PARAMETERS,
            c -> c.parameter("work_mem", "8192"),
            "DB parameter group = {work_mem=8192}"),
        modified(
            InstanceField.LOGICAL_REPLICATION,
            c -> c.logicalReplication(true),
            "DB parameter rds.logical_replication = 1"),
        modified(
            InstanceField.TLS, c -> c.tls(TlsMode.REQUIRED), "DB parameter rds.force_ssl = 1"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("modified")
  void aChangeCarriesWhatItsPlanSays(
      InstanceField field,
      UnaryOperator<InstanceChange.Builder> asking,
      String text,
      List<String> carried) {
    InstanceChange asked = asking.apply(InstanceChange.builder()).build();
    assertThat(FIELDS.plan(asked).feasible()).isTrue();
    assertThat(planned(asked, field)).startsWith(field.id()).contains(": " + text);
    assertThat(
            RequestMembers.of(FIELDS.modify(asked).build()).entrySet().stream()
                .map(Object::toString))
        .containsExactlyInAnyOrderElementsOf(carried);
  }

  /** It is sent where it is read, by the step. */
  @Test
  void aPasswordIsInNeitherPlanNorRequest() {
    SecretRef secret = SecretRef.literal("correct-horse-battery");
    InstanceSpec spec = spec().admin(AdminLogin.of("app_admin", secret)).build();
    InstanceChange change = InstanceChange.builder().adminPassword(secret).build();
    assertThat(planned(change, InstanceField.ADMIN_LOGIN)).contains(": MasterUserPassword = ");
    for (Object text :
        List.of(
            FIELDS.plan(spec),
            FIELDS.plan(change),
            RequestMembers.of(FIELDS.create(spec).build()),
            RequestMembers.of(FIELDS.modify(change).build()))) {
      assertThat(text.toString()).doesNotContain("correct-horse-battery");
    }
    assertThat(RequestMembers.of(FIELDS.modify(change).build())).isEmpty();
    Optional<Drift.Difference> password =
        drift(made(spec).build(), spec).unknown().stream().findFirst();
    assertThat(password)
        .hasValueSatisfying(
            unknown ->
                assertThat(unknown)
                    .hasToString(
                        "admin-login: MasterUserPassword is not shown by the cloud, wanted is the"
                            + " one of the spec"));
  }
}
