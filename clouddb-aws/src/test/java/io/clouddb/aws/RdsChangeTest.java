/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Insights;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.TlsMode;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.ApplyMethod;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.Parameter;

/** What becomes of an instance and its parameter group when it is changed, stopped or deleted. */
class RdsChangeTest extends RdsOperations {
  @Test
  void tlsIsDemandedUntilItIsOptional() throws SQLException {
    Instance instance = create(RdsTestCloud.spec("tls"));
    String plain =
        "jdbc:postgresql://"
            + instance.host().orElseThrow()
            + ":"
            + instance.port()
            + "/shop?sslmode=disable&user=app_admin&password=correct-horse-battery";
    assertThatThrownBy(() -> DriverManager.getConnection(plain)).isInstanceOf(SQLException.class);
    modify(instance, InstanceChange.builder().tls(TlsMode.OPTIONAL));
    try (Connection connection = DriverManager.getConnection(plain)) {
      assertThat(connection.isValid(1)).isTrue();
    }
  }

  @Test
  void aStaticParameterRestartsTheInstanceOnceAndADynamicOneNever() throws SQLException {
    Instance instance = create(RdsTestCloud.spec("params").parameter("work_mem", "8192"));
    assertThat(rebootsOf("params")).isEmpty();
    modify(instance, InstanceChange.builder().parameter("work_mem", "16384"));
    assertThat(show(instance, login(), "SHOW work_mem")).isEqualTo("16MB");
    assertThat(rebootsOf("params")).isEmpty();
    assertThat(rds.lastForm("ModifyDBParameterGroup"))
        .containsEntry("Parameters.Parameter.1.ApplyMethod", "immediate");
    modify(instance, InstanceChange.builder().parameter("max_connections", "66"));
    assertThat(show(instance, login(), "SHOW max_connections")).isEqualTo("66");
    assertThat(rds.lastForm("ModifyDBParameterGroup"))
        .containsEntry("Parameters.Parameter.1.ApplyMethod", "pending-reboot");
    assertThat(rebootsOf("params")).hasSize(1);
    assertThat(groupsOf("params")).hasSize(1);
    int changes = rds.simulator().requests("ModifyDBParameterGroup").size();
    modify(instance, InstanceChange.builder().parameter("max_connections", "66"));
    assertThat(rds.simulator().requests("ModifyDBParameterGroup")).hasSize(changes);
    assertThat(rebootsOf("params")).hasSize(1);
  }

  @Test
  void anUnknownParameterOfAChangeIsRefused() {
    Instance instance = create(RdsTestCloud.spec("unknown").parameter("work_mem", "8192"));
    assertThatThrownBy(
            () -> modify(instance, InstanceChange.builder().parameter("work_memory", "1")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("work_memory");
    Instance plain = create(RdsTestCloud.spec("plain"));
    assertThatThrownBy(() -> modify(plain, InstanceChange.builder().parameter("work_memory", "1")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("work_memory");
    assertThat(groupsOf("plain")).isEmpty();
  }

  /** RDS would refuse it after the steps before it. */
  @Test
  void aPasswordThatRdsManagesIsNotSetByAChange() {
    Instance managed =
        create(RdsTestCloud.spec("managed-one").admin(AdminLogin.managed("app_admin")));
    rds.simulator().clearRequests();
    assertThatThrownBy(
            () ->
                modify(
                    managed,
                    InstanceChange.builder()
                        .tag("a", "b")
                        .adminPassword(SecretRef.literal("another-horse-battery"))))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("RDS manages its password");
    assertThat(rds.simulator().requests("AddTagsToResource")).isEmpty();
    assertThat(rds.simulator().requests("ModifyDBInstance")).isEmpty();
    cloud.instances().delete(managed.id()).await(LIMIT);
  }

  @Test
  void aGroupThatSomebodyElseMadeIsNeitherChangedNorRemoved() {
    RdsClient client = cloud.unwrap(RdsClient.class);
    client.createDBParameterGroup(
        r ->
            r.dbParameterGroupName("clouddb-shared")
                .dbParameterGroupFamily("postgres16")
                .description("theirs"));
    Operation<Instance> operation =
        cloud
            .instances()
            .create(
                RdsTestCloud.spec("guest").build(),
                Native.customize(
                    CreateDbInstanceRequest.Builder.class,
                    b -> b.dbParameterGroupName("clouddb-shared")));
    Instance instance = operation.await(LIMIT);
    assertThatThrownBy(
            () -> modify(instance, InstanceChange.builder().parameter("work_mem", "8192")))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("clouddb-shared");
    cloud.instances().delete(instance.id()).await(LIMIT);
    assertThat(rds.simulator().rds().parameterGroups(RdsTestCloud.REGION))
        .contains("clouddb-shared");
  }

  @Test
  void deletionTakesTheParameterGroupAlongAndNothingElse() {
    Instance doomed = create(RdsTestCloud.spec("doomed").logicalReplication(true));
    Instance kept = create(RdsTestCloud.spec("doomed-not").logicalReplication(true));
    Operation<?> operation = cloud.instances().delete(doomed.id());
    try (CloudDb other = rds.open()) {
      assertThat(other.operations().resume(operation.token(), ResourceId.class).await(LIMIT))
          .isEqualTo(doomed.id());
    }
    assertThat(rds.simulator().rds().parameterGroups(RdsTestCloud.REGION))
        .noneMatch(name -> name.matches("clouddb-doomed-[0-9a-f]{8}-.*"))
        .anyMatch(name -> name.startsWith("clouddb-doomed-not-"));
    assertThat(cloud.instances().get(kept.id()).state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(rds.lastForm("DeleteDBInstance"))
        .containsEntry("SkipFinalSnapshot", "true")
        .containsEntry("DeleteAutomatedBackups", "true");
  }

  @Test
  void deletesWhatIsStillBeingMadeOnceItCanBe() {
    Operation<Instance> creation = cloud.instances().create(RdsTestCloud.spec("early").build());
    Requests.await(rds, "CreateDBInstance", "early");
    assertThat(cloud.instances().delete(creation.resource()).await(LIMIT))
        .isEqualTo(creation.resource());
    assertThat(cloud.instances().find("early")).isEmpty();
  }

  @Test
  void everyFieldOfAChangeIsSent() {
    Instance instance = create(RdsTestCloud.spec("changed").backups(BackupPolicy.none()));
    Instance after =
        modify(
            instance,
            InstanceChange.builder()
                .size(InstanceSize.atLeast(2, DataSize.gib(8)))
                .storageSize(DataSize.gib(40))
                .availability(Availability.REGIONAL)
                .adminPassword(SecretRef.literal("another-password"))
                .backups(BackupPolicy.daily(LocalTime.of(3, 0)))
                .maintenance(MaintenanceWindow.weekly(DayOfWeek.FRIDAY, LocalTime.of(5, 0)))
                .deletionProtection(false)
                .insights(Insights.enabled())
                .tag("stage", "two"));
    Map<String, String> form = rds.lastForm("ModifyDBInstance");
    assertThat(form)
        .containsEntry("DBInstanceIdentifier", "changed")
        .containsEntry("ApplyImmediately", "true")
        .containsEntry("DBInstanceClass", "db.m7g.large")
        .containsEntry("AllocatedStorage", "40")
        .containsEntry("MultiAZ", "true")
        .containsEntry("MasterUserPassword", "***")
        // Backups were off; a policy without a retention turns them on.
        .containsEntry("BackupRetentionPeriod", "1")
        .containsEntry("PreferredBackupWindow", "03:00-03:30")
        .containsEntry("PreferredMaintenanceWindow", "fri:05:00-fri:06:00")
        .containsEntry("DeletionProtection", "false")
        .containsEntry("EnablePerformanceInsights", "true")
        // Another mode, chosen elsewhere, stays.
        .doesNotContainKey("DatabaseInsightsMode")
        .hasSize(11);
    assertThat(rds.lastForm("AddTagsToResource"))
        .containsEntry("ResourceName", instance.id().nativeId().orElseThrow())
        .containsEntry("Tags.Tag.1.Key", "stage")
        .containsEntry("Tags.Tag.1.Value", "two");
    assertThat(after.nativeSize()).contains("db.m7g.large");
    assertThat(after.availability()).contains(Availability.REGIONAL);
    assertThat(after.storageSize()).contains(DataSize.gib(40));
    assertThat(after.unwrap(DBInstance.class).backupRetentionPeriod()).isEqualTo(1);
    modify(after, InstanceChange.builder().backups(BackupPolicy.daily().retainDays(9)));
    modify(after, InstanceChange.builder().backups(BackupPolicy.daily(LocalTime.of(2, 0))));
    assertThat(cloud.instances().get("changed").unwrap(DBInstance.class).backupRetentionPeriod())
        .as("a policy without a retention leaves the one that there is")
        .isEqualTo(9);
  }

  @Test
  void aChangeWaitsForTheInstanceToBeAvailable() {
    Operation<Instance> creation = cloud.instances().create(RdsTestCloud.spec("hasty").build());
    Requests.await(rds, "CreateDBInstance", "hasty");
    Instance changed =
        cloud
            .instances()
            .modify(
                creation.resource(), InstanceChange.builder().storageSize(DataSize.gib(30)).build())
            .await(LIMIT);
    assertThat(changed.storageSize()).contains(DataSize.gib(30));
    assertThat(creation.await(LIMIT).name()).isEqualTo("hasty");
  }

  @Test
  void aStoppedInstanceIsNotChangedAndEnsureStartsIt() {
    Instance instance = create(RdsTestCloud.spec("sleepy"));
    cloud.instances().stop(instance.id()).await(LIMIT);
    assertThat(cloud.instances().stop(instance.id()).await(LIMIT).state())
        .isEqualTo(InstanceState.STOPPED);
    assertThatThrownBy(
            () -> modify(instance, InstanceChange.builder().storageSize(DataSize.gib(30))))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("Start it first");
    assertThat(cloud.instances().ensure(RdsTestCloud.spec("sleepy").build()).await(LIMIT).state())
        .isEqualTo(InstanceState.AVAILABLE);
  }

  @Test
  void theServicesOwnRefusalsOfAChangeAreTold() {
    Instance instance = create(RdsTestCloud.spec("small"));
    InstanceChange change = InstanceChange.builder().storageSize(DataSize.gib(30)).build();
    Native iops = Native.customize(ModifyDbInstanceRequest.Builder.class, b -> b.iops(3000));
    assertThatThrownBy(() -> cloud.instances().modify(instance.id(), change, iops).await(LIMIT))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("You can't specify IOPS");
  }

  @Test
  void anUnrelatedChangeNeitherMakesNorAwaitsWhatSomebodyElsePutOff() throws SQLException {
    Instance instance = create(RdsTestCloud.spec("calm").parameter("work_mem", "8192"));
    RdsClient client = cloud.unwrap(RdsClient.class);
    client.modifyDBParameterGroup(
        r ->
            r.dbParameterGroupName(groupsOf("calm").get(0))
                .parameters(
                    Parameter.builder()
                        .parameterName("max_connections")
                        .parameterValue("66")
                        .applyMethod(ApplyMethod.PENDING_REBOOT)
                        .build()));
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (!describe("calm")
        .dbParameterGroups()
        .get(0)
        .parameterApplyStatus()
        .equals("pending-reboot")) {
      assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
    }
    rds.simulator()
        .servers()
        .find(rds.simulator().rds().key(RdsTestCloud.REGION, "calm"))
        .orElseThrow()
        .putAttribute("PendingModifiedValues", Map.of("AllocatedStorage", "40"));
    assertThat(describe("calm").pendingModifiedValues().allocatedStorage()).isEqualTo(40);

    Instance after = modify(instance, InstanceChange.builder().tag("a", "b"));

    assertThat(after.tags()).containsEntry("a", "b");
    assertThat(rebootsOf("calm")).isEmpty();
    assertThat(show(instance, login(), "SHOW max_connections")).isNotEqualTo("66");
  }

  private DBInstance describe(String name) {
    return cloud.instances().get(name).unwrap(DBInstance.class);
  }

  @Test
  void aGroupThatCannotBeRemovedDoesNotHideWhyTheChangeFailed() {
    Instance instance = create(RdsTestCloud.spec("hidden"));
    rds.simulator().faults().on("DeleteDBParameterGroup").refused(403, "AccessDenied", "No");
    assertThatThrownBy(
            () -> modify(instance, InstanceChange.builder().parameter("work_memory", "1")))
        .isInstanceOfSatisfying(
            InvalidArgumentException.class,
            e ->
                assertThat(e.details().leftBehind())
                    .hasValueSatisfying(text -> assertThat(text).contains("clouddb-hidden-")))
        .hasMessageContaining("work_memory");
  }

  @Test
  void noSecretGetsIntoTheTokenOfAChange() {
    Instance instance = create(RdsTestCloud.spec("discreet"));
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .modify(
                        instance.id(),
                        InstanceChange.builder().tag("a", "b").build(),
                        Native.customize(
                            ModifyDbInstanceRequest.Builder.class,
                            b -> b.tdeCredentialPassword("secret-in-the-wrong-place"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageNotContaining("secret-in-the-wrong-place");
  }
}
