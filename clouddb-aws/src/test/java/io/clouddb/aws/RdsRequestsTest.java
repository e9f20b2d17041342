/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static java.time.DayOfWeek.SATURDAY;
import static java.time.DayOfWeek.SUNDAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Insights;
import io.clouddb.instance.InstanceField;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.instance.TlsMode;
import io.clouddb.operation.Operation;
import io.clouddb.plan.Plan;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.Tag;

/** Every field of a spec, as it goes over the wire. Time stands still, so nothing is made. */
class RdsRequestsTest {
  private static RdsTestCloud rds;
  private static CloudDb cloud;
  private static int count;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud(SimulatedClock.manual(Instant.EPOCH), builder -> builder.quota(100));
    cloud = rds.open();
  }

  @AfterAll
  static void stop() {
    // The last first; each of them, whatever another says.
    try (RdsTestCloud second = rds;
        CloudDb first = cloud) {
      // Closed by leaving.
    }
  }

  private static InstanceSpec.Builder spec() {
    count++;
    return RdsTestCloud.spec("fields-" + count);
  }

  private static Arguments field(
      InstanceField field, UnaryOperator<InstanceSpec.Builder> asking, String... members) {
    return Arguments.of(field, asking, Stream.of(members).toList());
  }

  static Stream<Arguments> fields() {
    Storage disk = Storage.ssd(DataSize.gib(200));
    return Stream.of(
        field(InstanceField.ENGINE, s -> s, "Engine=postgres"),
        field(InstanceField.ENGINE_VERSION, s -> s, "EngineVersion=16"),
        field(
            InstanceField.SIZE,
            s -> s.size(InstanceSize.named("db.x2g.large")),
            "DBInstanceClass=db.x2g.large"),
        field(
            InstanceField.SIZE,
            s -> s.size(InstanceSize.atLeast(3, DataSize.gib(20))),
            "DBInstanceClass=db.r7g.xlarge"),
        field(
            InstanceField.SIZE,
            s -> s.size(InstanceSize.atLeast(1, DataSize.mib(1))),
            "DBInstanceClass=db.t4g.micro"),
        field(
            InstanceField.STORAGE_SIZE,
            s -> s.storage(disk),
            "StorageType=gp3",
            "AllocatedStorage=200",
            "StorageEncrypted=true"),
        field(
            InstanceField.STORAGE_IOPS,
            s -> s.storage(Storage.provisionedIops(DataSize.gib(100), 5000)),
            "StorageType=io2",
            "Iops=5000",
            "AllocatedStorage=100"),
        field(
            InstanceField.STORAGE_GROWTH,
            s -> s.storage(disk.growing()),
            "MaxAllocatedStorage=65536"),
        field(
            InstanceField.STORAGE_GROWTH_LIMIT,
            s -> s.storage(disk.growingTo(DataSize.gib(500))),
            "MaxAllocatedStorage=500"),
        field(
            InstanceField.ENCRYPTION, s -> s.storage(disk.unencrypted()), "StorageEncrypted=false"),
        field(
            InstanceField.ENCRYPTION_KEY,
            s -> s.storage(disk.encryptedWith("alias/shop")),
            "StorageEncrypted=true",
            "KmsKeyId=alias/shop"),
        field(
            InstanceField.AVAILABILITY, s -> s.availability(Availability.REGIONAL), "MultiAZ=true"),
        field(InstanceField.AVAILABILITY, s -> s, "MultiAZ=false"),
        field(InstanceField.DATABASE, s -> s.database("Orders_1"), "DBName=Orders_1"),
        field(
            InstanceField.ADMIN_LOGIN,
            s -> s,
            "MasterUsername=app_admin",
            "MasterUserPassword=***"),
        field(
            InstanceField.ADMIN_MANAGED_PASSWORD,
            s -> s.admin(AdminLogin.managed("owner")),
            "MasterUsername=owner",
            "ManageMasterUserPassword=true"),
        field(
            InstanceField.BACKUPS, s -> s.backups(BackupPolicy.none()), "BackupRetentionPeriod=0"),
        field(
            InstanceField.BACKUPS, s -> s.backups(BackupPolicy.daily()), "BackupRetentionPeriod=1"),
        field(
            InstanceField.BACKUP_RETENTION,
            s -> s.backups(BackupPolicy.daily().retainDays(35)),
            "BackupRetentionPeriod=35"),
        field(
            InstanceField.BACKUP_WINDOW,
            s -> s.backups(BackupPolicy.daily(LocalTime.of(23, 45))),
            "PreferredBackupWindow=23:45-00:15"),
        field(
            InstanceField.MAINTENANCE_WINDOW,
            s -> s.maintenance(MaintenanceWindow.weekly(SUNDAY, LocalTime.of(4, 0))),
            "PreferredMaintenanceWindow=sun:04:00-sun:05:00"),
        field(
            InstanceField.MAINTENANCE_WINDOW,
            s -> s.maintenance(MaintenanceWindow.weekly(SATURDAY, LocalTime.of(23, 30))),
            "PreferredMaintenanceWindow=sat:23:30-sun:00:30"),
        field(InstanceField.PRIVATE_NETWORK, s -> s, "PubliclyAccessible=false"),
        field(
            InstanceField.PRIVATE_NETWORK,
            s -> s.network(Network.privateNetwork("network-1").securityGroup("sg-0123456789ab")),
            "PubliclyAccessible=false",
            "DBSubnetGroupName=network-1",
            "VpcSecurityGroupIds.VpcSecurityGroupId.1=sg-0123456789ab"),
        field(
            InstanceField.PUBLIC_ACCESS,
            s ->
                s.network(Network.publicAccess("203.0.113.0/24").securityGroup("sg-0123456789ab"))
                    .preferring(InstanceField.PUBLIC_ACCESS),
            "PubliclyAccessible=true",
            "VpcSecurityGroupIds.VpcSecurityGroupId.1=sg-0123456789ab"),
        field(
            InstanceField.DELETION_PROTECTION,
            s -> s.deletionProtection(true),
            "DeletionProtection=true"),
        field(
            InstanceField.INSIGHTS,
            s -> s.insights(Insights.enabled()),
            "EnablePerformanceInsights=true",
            "DatabaseInsightsMode=standard"),
        field(
            InstanceField.DELETION_PROTECTION,
            s -> s.deletionProtection(false),
            "DeletionProtection=false"),
        field(
            InstanceField.INSIGHTS,
            s -> s.insights(Insights.disabled()),
            "EnablePerformanceInsights=false"),
        field(
            InstanceField.INSIGHTS_RETENTION,
            s -> s.insights(Insights.enabled().retainDays(62)),
            "PerformanceInsightsRetentionPeriod=62"),
        field(
            InstanceField.BACKUP_WINDOW_LENGTH,
            s -> s.backups(BackupPolicy.daily(LocalTime.of(3, 0)).lasting(Duration.ofHours(1))),
            "PreferredBackupWindow=03:00-04:00"),
        field(
            InstanceField.MAINTENANCE_WINDOW_LENGTH,
            s ->
                s.maintenance(
                    MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(23, 0))
                        .lasting(Duration.ofHours(2))),
            "PreferredMaintenanceWindow=sun:23:00-mon:01:00"),
        field(
            InstanceField.TAGS,
            s -> s.tag("Environment", "Production: a/b+c=d@e"),
            "Tags.Tag.1.Key=Environment"),
        field(
            InstanceField.TAGS,
            s -> s.tag("team", "shop"),
            "Tags.Tag.1.Key=team",
            "Tags.Tag.1.Value=shop",
            "Tags.Tag.2.Key=clouddb-attempt"));
  }

  @ParameterizedTest(name = "{0} {2}")
  @MethodSource("fields")
  void isSent(
      InstanceField field, UnaryOperator<InstanceSpec.Builder> asking, List<String> members) {
    InstanceSpec spec = asking.apply(spec()).build();
    Plan plan = cloud.instances().plan(spec);
    assertThat(plan.entries())
        .filteredOn(entry -> entry.field() == field)
        .singleElement()
        .satisfies(
            entry ->
                assertThat(members)
                    .as("the plan names a member that is sent")
                    .anyMatch(member -> member.startsWith(entry.vendorField())));
    var operation = cloud.instances().create(spec);
    assertThat(operation.resource().name()).isEqualTo(spec.name());
    Requests.await(rds, "CreateDBInstance", spec.name());
    Map<String, String> form = rds.lastForm("CreateDBInstance");
    assertThat(form.entrySet().stream().map(Map.Entry::toString)).containsAll(members);
    assertThat(form).containsEntry("DBInstanceIdentifier", spec.name());
  }

  @Test
  void nothingIsSentThatWasNotAskedFor() {
    InstanceSpec spec = spec().build();
    assertThat(cloud.instances().create(spec).resource().name()).isEqualTo(spec.name());
    Requests.await(rds, "CreateDBInstance", spec.name());
    assertThat(rds.lastForm("CreateDBInstance").keySet())
        .containsExactlyInAnyOrder(
            "AllocatedStorage",
            "DBInstanceClass",
            "DBInstanceIdentifier",
            "DBName",
            "Engine",
            "EngineVersion",
            "MasterUserPassword",
            "MasterUsername",
            "MultiAZ",
            "PubliclyAccessible",
            "StorageEncrypted",
            "StorageType",
            "Tags.Tag.1.Key",
            "Tags.Tag.1.Value");
  }

  @Test
  void parametersStandInAGroupOfTheirOwn() {
    InstanceSpec spec =
        spec().parameter("work_mem", "8192").logicalReplication(true).tls(TlsMode.OPTIONAL).build();
    var operation = cloud.instances().create(spec);
    Requests.await(rds, "CreateDBInstance", spec.name());
    Map<String, String> group = rds.lastForm("CreateDBParameterGroup");
    assertThat(group)
        .containsEntry("DBParameterGroupFamily", "postgres16")
        .containsEntry("Tags.Tag.1.Key", "clouddb-attempt")
        .containsEntry("Tags.Tag.2.Key", "clouddb-instance")
        .containsEntry("Tags.Tag.2.Value", spec.name());
    assertThat(rds.lastForm("ModifyDBParameterGroup"))
        .containsEntry("Parameters.Parameter.1.ParameterName", "rds.force_ssl")
        .containsEntry("Parameters.Parameter.1.ParameterValue", "0")
        .containsEntry("Parameters.Parameter.2.ParameterName", "rds.logical_replication")
        .containsEntry("Parameters.Parameter.2.ParameterValue", "1")
        .containsEntry("Parameters.Parameter.3.ParameterName", "work_mem")
        .containsEntry("Parameters.Parameter.3.ParameterValue", "8192")
        .containsEntry("Parameters.Parameter.3.ApplyMethod", "pending-reboot");
    assertThat(rds.lastForm("CreateDBInstance"))
        .containsEntry("DBParameterGroupName", group.get("DBParameterGroupName"));
    assertThat(operation.status()).isEqualTo(Operation.Status.RUNNING);
  }

  @Test
  void theCallerCanChangeBothRequests() {
    InstanceSpec spec = spec().parameter("work_mem", "8192").build();
    var operation =
        cloud
            .instances()
            .create(
                spec,
                Native.customize(
                    CreateDbInstanceRequest.Builder.class, b -> b.copyTagsToSnapshot(true)),
                Native.customize(
                    CreateDbParameterGroupRequest.Builder.class,
                    b ->
                        b.description("mine").tags(Tag.builder().key("cost").value("42").build())));
    Requests.await(rds, "CreateDBInstance", spec.name());
    assertThat(rds.lastForm("CreateDBParameterGroup"))
        .containsEntry("Description", "mine")
        .containsEntry("Tags.Tag.1.Key", "clouddb-attempt")
        .containsEntry("Tags.Tag.2.Key", "clouddb-instance")
        .containsEntry("Tags.Tag.3.Key", "cost");
    assertThat(rds.lastForm("CreateDBInstance")).containsEntry("CopyTagsToSnapshot", "true");
    assertThat(operation.resource().name()).isEqualTo(spec.name());
  }
}
