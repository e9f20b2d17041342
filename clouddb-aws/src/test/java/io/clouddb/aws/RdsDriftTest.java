/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.NotFoundException;
import io.clouddb.error.UnsupportedFeatureException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.instance.TlsMode;
import io.clouddb.plan.Drift;
import io.clouddb.plan.Field;
import io.clouddb.plan.OnDrift;
import io.clouddb.security.SecretRef;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.Parameter;
import software.amazon.awssdk.services.rds.model.PendingModifiedValues;
import software.amazon.awssdk.services.rds.model.Tag;

/** An instance that is held beside its spec, and what somebody else has changed about it. */
class RdsDriftTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final String GROUP = "sg-0123456789ab";

  private static RdsTestCloud rds;
  private static CloudDb cloud;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud();
    cloud = rds.open();
    cloud.instances().create(orders()).await(LIMIT);
  }

  @AfterAll
  static void stop() {
    // The last first; each of them, whatever another says.
    try (RdsTestCloud second = rds;
        CloudDb first = cloud) {
      // Closed by leaving.
    }
  }

  private static InstanceSpec orders() {
    return everything("orders").build();
  }

  private static InstanceSpec.Builder everything(String name) {
    return RdsTestCloud.spec(name)
        .storage(Storage.ssd(DataSize.gib(50)).growingTo(DataSize.gib(200)))
        .backups(
            BackupPolicy.daily(LocalTime.of(3, 0))
                .lasting(Duration.ofMinutes(45))
                .retainDays(14)
                .withPointInTime()
                .discarding())
        .maintenance(
            MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30))
                .lasting(Duration.ofHours(2)))
        .network(Network.privateNetwork("network-1").securityGroup(GROUP))
        .tls(TlsMode.OPTIONAL)
        .deletionProtection(false)
        .logicalReplication(true)
        .insights(Insights.enabled().retainDays(62))
        .parameter("work_mem", "8192")
        .tag("team", "shop");
  }

  private static List<Field> differing(InstanceSpec spec) {
    return fields(cloud.instances().drift(spec).differences());
  }

  private static List<Field> fields(List<Drift.Difference> differences) {
    return differences.stream().map(Drift.Difference::field).toList();
  }

  private static RdsClient somebody() {
    return cloud.unwrap(RdsClient.class);
  }

  private static DBInstance described(String name) {
    return somebody()
        .describeDBInstances(request -> request.dbInstanceIdentifier(name))
        .dbInstances()
        .get(0);
  }

  private static void settle(String name) {
    DBInstance instance = described(name);
    while (!instance.dbInstanceStatus().equals("available")
        || !PendingModifiedValues.builder().build().equals(instance.pendingModifiedValues())) {
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      instance = described(name);
    }
  }

  private static Consumer<String> modify(Consumer<ModifyDbInstanceRequest.Builder> change) {
    return name -> {
      var unused =
          somebody()
              .modifyDBInstance(
                  request ->
                      change.accept(request.dbInstanceIdentifier(name).applyImmediately(true)));
      settle(name);
    };
  }

  private static void set(String name, String parameter, String value) {
    String group = described(name).dbParameterGroups().get(0).dbParameterGroupName();
    var unused =
        somebody()
            .modifyDBParameterGroup(
                request ->
                    request
                        .dbParameterGroupName(group)
                        .parameters(
                            Parameter.builder()
                                .parameterName(parameter)
                                .parameterValue(value)
                                .applyMethod(ApplyMethod.PENDING_REBOOT)
                                .build()));
    settle(name);
  }

  private static Consumer<String> parameter(String parameter, String value) {
    return name -> {
      set(name, parameter, value);
      reboot(name);
    };
  }

  private static void reboot(String name) {
    var unused = somebody().rebootDBInstance(request -> request.dbInstanceIdentifier(name));
    settle(name);
  }

  private static void retag(String name) {
    var unused =
        somebody()
            .addTagsToResource(
                request ->
                    request
                        .resourceName(described(name).dbInstanceArn())
                        .tags(tag("team", "others"), tag("cost", "12")));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }

  private static Arguments change(
      InstanceField field, String actual, Consumer<String> change, InstanceField... others) {
    return Arguments.of(field, actual, change, List.of(others));
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        change(InstanceField.SIZE, "db.m7g.large", modify(r -> r.dbInstanceClass("db.m7g.large"))),
        change(InstanceField.AVAILABILITY, "true", modify(r -> r.multiAZ(true))),
        change(InstanceField.BACKUP_RETENTION, "21", modify(r -> r.backupRetentionPeriod(21))),
        change(
            InstanceField.BACKUPS,
            "0",
            modify(r -> r.backupRetentionPeriod(0)),
            InstanceField.BACKUP_RETENTION,
            InstanceField.POINT_IN_TIME),
        change(
            InstanceField.BACKUP_WINDOW,
            "02:00-02:45",
            modify(r -> r.preferredBackupWindow("02:00-02:45"))),
        change(
            InstanceField.BACKUP_WINDOW_LENGTH,
            "60 minutes",
            modify(r -> r.preferredBackupWindow("03:00-04:00"))),
        change(
            InstanceField.MAINTENANCE_WINDOW,
            "sat:04:30-sat:06:30",
            modify(r -> r.preferredMaintenanceWindow("sat:04:30-sat:06:30"))),
        change(
            InstanceField.MAINTENANCE_WINDOW_LENGTH,
            "60 minutes",
            modify(r -> r.preferredMaintenanceWindow("sun:04:30-sun:05:30"))),
        change(InstanceField.DELETION_PROTECTION, "true", modify(r -> r.deletionProtection(true))),
        change(InstanceField.INSIGHTS, "false", modify(r -> r.enablePerformanceInsights(false))),
        change(
            InstanceField.INSIGHTS_RETENTION,
            "93",
            modify(r -> r.performanceInsightsRetentionPeriod(93))),
        change(InstanceField.TLS, "1", parameter("rds.force_ssl", "1")),
        change(InstanceField.LOGICAL_REPLICATION, "0", parameter("rds.logical_replication", "0")),
        change(InstanceField.PARAMETERS, "{work_mem=4096}", parameter("work_mem", "4096")),
        change(InstanceField.TAGS, "{team=others}", RdsDriftTest::retag));
  }

  private static long requests() {
    return Stream.of(
            "AddTagsToResource",
            "CreateDBInstance",
            "CreateDBParameterGroup",
            "ModifyDBInstance",
            "ModifyDBParameterGroup",
            "RebootDBInstance")
        .mapToLong(action -> rds.simulator().requests(action).size())
        .sum();
  }

  @Test
  void whatWasAskedForIsWhatIsThere() {
    cloud.instances().create(everything("asked").build()).await(LIMIT);
    long before = requests();
    Drift drift = cloud.instances().drift(everything("asked").build());
    assertThat(drift.differences()).isEmpty();
    assertThat(drift.unknown())
        .as("the password")
        .extracting(Drift.Difference::field, Drift.Difference::vendorField)
        .containsExactly(tuple(InstanceField.ADMIN_LOGIN, "MasterUserPassword"));
    assertThat(requests()).isEqualTo(before);
  }

  @Test
  void anotherOneIsAsItWasAskedForToo() {
    InstanceSpec other =
        RdsTestCloud.spec("other")
            .size(InstanceSize.atLeast(2, DataSize.gib(6)))
            .storage(
                Storage.provisionedIops(DataSize.gib(100), 3000)
                    .growing()
                    .encryptedWith("alias/shop"))
            .admin(AdminLogin.managed("owner"))
            .backups(BackupPolicy.none())
            .network(Network.publicAccess("203.0.113.0/24").securityGroup(GROUP))
            .preferring(InstanceField.PUBLIC_ACCESS)
            .insights(Insights.disabled())
            .deletionProtection(false)
            .build();
    cloud.instances().create(other).await(LIMIT);
    Drift drift = cloud.instances().drift(other);
    assertThat(drift.differences()).isEmpty();
    assertThat(drift.unknown()).isEmpty();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("changes")
  void whatSomebodyElseHasChangedIsSeenAndBroughtBack(
      InstanceField field, String actual, Consumer<String> change, List<InstanceField> others) {
    assertThat(differing(orders())).isEmpty();
    change.accept("orders");
    List<Drift.Difference> differences = cloud.instances().drift(orders()).differences();
    assertThat(fields(differences))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of(field), others.stream()).toList());
    assertThat(differences)
        .filteredOn(difference -> difference.field() == field)
        .extracting(Drift.Difference::actual)
        .containsExactly(actual);
    long before = requests();
    assertThatThrownBy(() -> cloud.instances().ensure(orders(), OnDrift.FAIL))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining(field.id() + ": ")
        .hasMessageContaining(actual);
    cloud.instances().ensure(orders(), OnDrift.KEEP).await(LIMIT);
    assertThat(requests()).isEqualTo(before);
    assertThat(differing(orders())).contains(field);
    cloud.instances().ensure(orders(), OnDrift.APPLY).await(LIMIT);
    assertThat(differing(orders())).isEmpty();
  }

  @Test
  void backupsAreNotDeletedToBringThePolicyBack() {
    InstanceSpec spec =
        RdsTestCloud.spec("kept").backups(BackupPolicy.daily().retainDays(3)).build();
    cloud.instances().create(spec).await(LIMIT);
    modify(request -> request.backupRetentionPeriod(9)).accept("kept");
    long before = requests();
    assertThatThrownBy(() -> cloud.instances().ensure(spec, OnDrift.APPLY))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("would delete those that are older than 3");
    assertThat(requests()).isEqualTo(before);
  }

  @Test
  void aTagOfSomebodyElseIsNoDriftAndStays() {
    InstanceSpec shared = RdsTestCloud.spec("shared").tag("team", "shop").build();
    cloud.instances().create(shared).await(LIMIT);
    retag("shared");
    cloud.instances().ensure(shared, OnDrift.APPLY).await(LIMIT);
    assertThat(cloud.instances().get("shared").tags())
        .containsEntry("team", "shop")
        .containsEntry("cost", "12");
  }

  @Test
  void aDiskGrowsToWhatIsAskedForAndIsNeverMadeSmaller() {
    InstanceSpec small = RdsTestCloud.spec("disk").build();
    InstanceSpec large = small.toBuilder().storage(Storage.ssd(DataSize.gib(40))).build();
    cloud.instances().create(small).await(LIMIT);
    assertThat(differing(large)).containsExactly(InstanceField.STORAGE_SIZE);
    cloud.instances().ensure(large, OnDrift.APPLY).await(LIMIT);
    assertThat(differing(large)).isEmpty();
    assertThat(differing(small)).containsExactly(InstanceField.STORAGE_SIZE);
    long before = requests();
    assertThatThrownBy(() -> cloud.instances().ensure(small, OnDrift.APPLY))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("never becomes smaller");
    assertThat(requests()).isEqualTo(before);
  }

  @Test
  void whatCannotBeChangedIsNamed() {
    InstanceSpec other =
        everything("orders")
            .storage(Storage.provisionedIops(DataSize.gib(100), 2000).fixed().unencrypted())
            .database("store")
            .admin(AdminLogin.of("other_admin", SecretRef.environment("PW")))
            .network(Network.privateNetwork("default").securityGroup("sg-0123456789cd"))
            .build();
    long before = requests();
    assertThat(differing(other))
        .containsExactlyInAnyOrder(
            InstanceField.STORAGE_TYPE,
            InstanceField.STORAGE_SIZE,
            InstanceField.STORAGE_IOPS,
            InstanceField.STORAGE_GROWTH,
            InstanceField.ENCRYPTION,
            InstanceField.DATABASE,
            InstanceField.ADMIN_LOGIN,
            InstanceField.PRIVATE_NETWORK);
    assertThatThrownBy(() -> cloud.instances().ensure(other, OnDrift.APPLY))
        .isInstanceOf(UnsupportedFeatureException.class)
        .hasMessageContaining("database: DBName is shop, wanted is store")
        .hasMessageContaining("admin-login: MasterUsername is app_admin, wanted is other_admin")
        .hasMessageContaining("storage-type: StorageType is gp3, wanted is io2")
        .hasMessageContaining("private-network: DBSubnetGroupName is network-1, not public");
    assertThat(requests()).isEqualTo(before);
  }

  @Test
  void aStaticParameterThatWaitsForARestartIsNotKnown() {
    InstanceSpec spec = RdsTestCloud.spec("waiting").logicalReplication(true).build();
    cloud.instances().create(spec).await(LIMIT);
    set("waiting", "rds.logical_replication", "0");
    Drift drift = cloud.instances().drift(spec);
    assertThat(drift.differences()).isEmpty();
    assertThat(fields(drift.unknown())).contains(InstanceField.LOGICAL_REPLICATION);
    reboot("waiting");
    assertThat(differing(spec)).containsExactly(InstanceField.LOGICAL_REPLICATION);
  }

  /** RDS applies none of its values before the restart, be they dynamic. */
  @Test
  void noParameterOfANewGroupIsKnownBeforeARestart() {
    InstanceSpec spec = RdsTestCloud.spec("fresh").parameter("work_mem", "4096").build();
    cloud.instances().create(RdsTestCloud.spec("fresh").build()).await(LIMIT);
    var unusedGroup =
        somebody()
            .createDBParameterGroup(
                r ->
                    r.dbParameterGroupName("theirs")
                        .dbParameterGroupFamily("postgres16")
                        .description("theirs"));
    var unused =
        somebody()
            .modifyDBParameterGroup(
                r ->
                    r.dbParameterGroupName("theirs")
                        .parameters(
                            Parameter.builder()
                                .parameterName("work_mem")
                                .parameterValue("4096")
                                .applyMethod(ApplyMethod.IMMEDIATE)
                                .build()));
    modify(r -> r.dbParameterGroupName("theirs")).accept("fresh");
    assertThat(fields(cloud.instances().drift(spec).unknown())).contains(InstanceField.PARAMETERS);
    reboot("fresh");
    Drift drift = cloud.instances().drift(spec);
    assertThat(drift.differences()).isEmpty();
    assertThat(fields(drift.unknown())).doesNotContain(InstanceField.PARAMETERS);
  }

  @Test
  void aSubnetGroupIsTheSameInCapitals() {
    InstanceSpec capitals =
        orders().toBuilder()
            .network(Network.privateNetwork("Network-1").securityGroup(GROUP))
            .build();
    assertThat(differing(capitals)).doesNotContain(InstanceField.PRIVATE_NETWORK);
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThatThrownBy(() -> cloud.instances().drift(RdsTestCloud.spec("nowhere").build()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("nowhere");
  }
}
