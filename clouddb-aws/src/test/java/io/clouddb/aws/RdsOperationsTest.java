/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.QuotaException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Availability;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.TlsMode;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.RecordedRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** What RDS needs several requests for, from the first one to what is left in the end. */
class RdsOperationsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static RdsTestCloud rds;
  private CloudDb cloud;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud();
  }

  @AfterAll
  static void stop() {
    rds.close();
  }

  @BeforeEach
  void open() {
    cloud = rds.open();
  }

  @AfterEach
  void close() {
    cloud.close();
    assertThat(rds.simulator().faults().pending()).isZero();
  }

  private Instance create(InstanceSpec.Builder spec) {
    return cloud.instances().create(spec.build()).await(LIMIT);
  }

  private Instance modify(Instance instance, InstanceChange.Builder change) {
    return cloud.instances().modify(instance.id(), change.build()).await(LIMIT);
  }

  private static String show(Instance instance, AdminLogin login, String sql) throws SQLException {
    try (Connection connection = instance.connection(login).connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      assertThat(rows.next()).isTrue();
      return rows.getString(1);
    }
  }

  private static AdminLogin login() {
    return AdminLogin.of("app_admin", SecretRef.literal("correct-horse-battery"));
  }

  private static List<String> groupsOf(String instance) {
    return rds.simulator().parameterGroups(RdsTestCloud.REGION).stream()
        .filter(name -> name.startsWith("clouddb-" + instance + "-"))
        .toList();
  }

  private static List<String> rebootsOf(String instance) {
    return rds.simulator().requests("RebootDBInstance").stream()
        .map(RdsTestCloud::form)
        .map(form -> form.get("DBInstanceIdentifier"))
        .filter(instance::equals)
        .toList();
  }

  @Test
  void everyStepOfACreationGoesOnInAnotherProcess(@TempDir Path folder) throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "correct-horse-battery\n");
    InstanceSpec spec =
        RdsTestCloud.spec("resumed")
            .admin(AdminLogin.of("app_admin", SecretRef.file(password)))
            .parameter("work_mem", "8192")
            .tag("team", "shop")
            .build();
    String token;
    // The first process gets no further than the parameter group.
    rds.simulator().faults().on("ModifyDBParameterGroup").latency(Duration.ofMillis(300));
    CloudDb first = rds.open();
    Operation<Instance> abandoned =
        first
            .instances()
            .create(
                spec,
                Native.customize(
                    CreateDbInstanceRequest.Builder.class, b -> b.copyTagsToSnapshot(true)));
    token = abandoned.token();
    first.close();
    assertThat(cloud.instances().find("resumed")).isEmpty();
    assertThat(token).doesNotContain("correct-horse");
    Instance instance = cloud.operations().resume(token, Instance.class).await(LIMIT);
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(instance.tags()).containsOnly(Map.entry("team", "shop"));
    assertThat(instance.unwrap(DBInstance.class).copyTagsToSnapshot()).isTrue();
    // Once more, when all has happened: the same instance, and nothing is made twice.
    Instance again = cloud.operations().resume(token, Instance.class).await(LIMIT);
    assertThat(again).isEqualTo(instance);
    assertThat(
            rds.simulator().requests("CreateDBInstance").stream()
                .map(RdsTestCloud::form)
                .filter(form -> "resumed".equals(form.get("DBInstanceIdentifier"))))
        .hasSize(1);
  }

  @Test
  void aLiteralPasswordHasNoTokenUntilItHasBeenSent() {
    rds.simulator().faults().on("ModifyDBParameterGroup").latency(Duration.ofMillis(500));
    Operation<Instance> operation =
        cloud.instances().create(RdsTestCloud.spec("literal").logicalReplication(true).build());
    assertThatThrownBy(operation::token).isInstanceOf(InvalidArgumentException.class);
    operation.await(LIMIT);
    assertThat(operation.token()).startsWith("clouddb-op-");
  }

  @Test
  void aCreationThatFailsLeavesNoParameterGroup() {
    rds.simulator().refuseNext("CreateDBInstance", 400, "StorageQuotaExceeded", "Full");
    assertThatThrownBy(() -> create(RdsTestCloud.spec("unlucky").logicalReplication(true)))
        .isInstanceOfSatisfying(
            QuotaException.class, e -> assertThat(e.details().leftBehind()).isEmpty());
    assertThat(groupsOf("unlucky")).isEmpty();
    assertThat(cloud.instances().find("unlucky")).isEmpty();
  }

  @Test
  void aParameterGroupThatCannotBeRemovedIsNamed() {
    rds.simulator().refuseNext("CreateDBInstance", 400, "StorageQuotaExceeded", "Full");
    rds.simulator().refuseNext("DeleteDBParameterGroup", 403, "AccessDenied", "No");
    assertThatThrownBy(() -> create(RdsTestCloud.spec("orphan").logicalReplication(true)))
        .isInstanceOfSatisfying(
            QuotaException.class,
            e ->
                assertThat(e.details().leftBehind())
                    .hasValueSatisfying(text -> assertThat(text).contains("clouddb-orphan-")));
    assertThat(groupsOf("orphan")).hasSize(1);
  }

  @Test
  void parametersThatRdsRefusesLeaveNothing() {
    assertThatThrownBy(() -> create(RdsTestCloud.spec("typo").parameter("work_memory", "1")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("work_memory");
    assertThat(groupsOf("typo")).isEmpty();
    assertThat(cloud.instances().find("typo")).isEmpty();
  }

  @Test
  void anImpossiblePasswordIsFoundBeforeAnythingIsMade() {
    int before = rds.simulator().requests().size();
    assertThatThrownBy(
            () ->
                create(
                    RdsTestCloud.spec("weak")
                        .logicalReplication(true)
                        .admin(AdminLogin.of("app_admin", SecretRef.literal("sh@rt")))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageNotContaining("sh@rt");
    assertThatThrownBy(
            () ->
                create(
                    RdsTestCloud.spec("weak")
                        .admin(AdminLogin.of("app_admin", SecretRef.environment("NO_SUCH_ONE")))))
        .hasMessageContaining("NO_SUCH_ONE");
    assertThat(rds.simulator().requests()).hasSize(before);
  }

  @Test
  void theServiceMakesAndKeepsThePassword() throws SQLException {
    Instance instance = create(RdsTestCloud.spec("managed").admin(AdminLogin.managed("owner")));
    AdminLogin login = instance.admin().orElseThrow();
    assertThat(login.managed()).isTrue();
    assertThat(login.password())
        .hasValueSatisfying(
            secret -> {
              assertThat(secret.kind()).isEqualTo(SecretRef.Kind.STORE);
              assertThat(secret.name()).startsWith("arn:aws:secretsmanager:");
            });
    try (Connection connection = instance.connection().connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT current_user")) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getString(1)).isEqualTo("owner");
    }
    Instance later = cloud.instances().get("managed");
    assertThat(show(later, later.admin().orElseThrow(), "SELECT 1")).isEqualTo("1");
    assertThat(rds.simulator().requests("secretsmanager.GetSecretValue"))
        .isNotEmpty()
        .extracting(RecordedRequest::responseBody)
        .filteredOn(body -> body.contains(login.password().orElseThrow().name()))
        .isNotEmpty()
        .allSatisfy(body -> assertThat(body).contains("\"SecretString\":\"***\""));
  }

  @Test
  void aSecretThatIsNotThereIsNotFound() {
    Instance instance = create(RdsTestCloud.spec("secretless"));
    assertThatThrownBy(
            () ->
                instance
                    .connection(AdminLogin.of("app_admin", SecretRef.store("arn:none")))
                    .connect())
        .hasStackTraceContaining("Secrets Manager can't find the specified secret");
  }

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
    assertThat(rds.simulator().parameterGroups(RdsTestCloud.REGION)).contains("clouddb-shared");
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
    assertThat(rds.simulator().parameterGroups(RdsTestCloud.REGION))
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
                .insights(true)
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
        .containsEntry("DatabaseInsightsMode", "standard")
        .hasSize(12);
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
    assertThatThrownBy(
            () -> modify(instance, InstanceChange.builder().storageSize(DataSize.gib(21))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("10%");
  }

  @Test
  void somebodyElsesInstanceIsNotAdopted() {
    create(RdsTestCloud.spec("taken"));
    assertThatThrownBy(() -> create(RdsTestCloud.spec("taken").logicalReplication(true)))
        .isInstanceOf(AlreadyExistsException.class);
    assertThat(groupsOf("taken")).isEmpty();
  }

  @Test
  void customizingWhatIsNotSentIsRefused() {
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .create(
                        RdsTestCloud.spec("native").build(),
                        Native.customize(
                            CreateDbParameterGroupRequest.Builder.class, b -> b.description("x"))))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .create(
                        RdsTestCloud.spec("native").build(),
                        Native.customize(
                            ModifyDbInstanceRequest.Builder.class, b -> b.applyImmediately(false))))
        .isInstanceOf(InvalidArgumentException.class);
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .create(
                        RdsTestCloud.spec("native").build(),
                        Native.customize(
                            CreateDbInstanceRequest.Builder.class,
                            b -> b.masterUserPassword("secret-in-the-wrong-place"))))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageNotContaining("secret-in-the-wrong-place");
    assertThat(cloud.instances().find("native")).isEmpty();
  }

  @Test
  void noPasswordIsInAnyRecordedRequest() {
    create(RdsTestCloud.spec("quiet"));
    assertThat(rds.simulator().requests())
        .allSatisfy(r -> assertThat(r.toString()).doesNotContain("correct-horse-battery"));
  }
}
