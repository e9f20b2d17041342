/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudDb;
import io.clouddb.Native;
import io.clouddb.error.AlreadyExistsException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.QuotaException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.rds.model.CreateDbInstanceRequest;
import software.amazon.awssdk.services.rds.model.CreateDbParameterGroupRequest;
import software.amazon.awssdk.services.rds.model.DBInstance;
import software.amazon.awssdk.services.rds.model.ModifyDbInstanceRequest;

/** What a creation takes several requests for, and what is left of one that fails. */
class RdsCreationTest extends RdsOperations {
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
    CountDownLatch goOn = new CountDownLatch(1);
    rds.simulator().faults().on("ModifyDBParameterGroup").heldUntil(goOn);
    CloudDb first = rds.open();
    Native copying =
        Native.customize(CreateDbInstanceRequest.Builder.class, b -> b.copyTagsToSnapshot(true));
    Operation<Instance> abandoned = first.instances().create(spec, copying);
    token = abandoned.token();
    first.close();
    assertThat(cloud.instances().find("resumed")).isEmpty();
    goOn.countDown();
    assertThat(token).doesNotContain("correct-horse");
    Instance instance = cloud.operations().resume(token, Instance.class, copying).await(LIMIT);
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(instance.tags()).containsOnly(Map.entry("team", "shop"));
    assertThat(instance.unwrap(DBInstance.class).copyTagsToSnapshot()).isTrue();
    // Once more, when all has happened: the same instance, and nothing is made twice.
    Instance again = cloud.operations().resume(token, Instance.class, copying).await(LIMIT);
    assertThat(again).isEqualTo(instance);
    assertThat(
            rds.simulator().requests("CreateDBInstance").stream()
                .map(RdsTestCloud::form)
                .filter(form -> "resumed".equals(form.get("DBInstanceIdentifier"))))
        .hasSize(1);
  }

  @Test
  void aProcessThatCannotReadThePasswordLeavesTheCreationToAnother(@TempDir Path folder)
      throws Exception {
    Path password = Files.writeString(folder.resolve("password"), "correct-horse-battery\n");
    CountDownLatch goOn = new CountDownLatch(1);
    rds.simulator().faults().on("ModifyDBParameterGroup").heldUntil(goOn);
    String token;
    try (CloudDb first = rds.open()) {
      token =
          first
              .instances()
              .create(
                  RdsTestCloud.spec("handed-on")
                      .admin(AdminLogin.of("app_admin", SecretRef.file(password)))
                      .parameter("work_mem", "8192")
                      .build())
              .token();
    }
    goOn.countDown();
    Files.delete(password);
    assertThatThrownBy(() -> cloud.operations().resume(token, Instance.class).await(LIMIT))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> {
              assertThat(e.details().leftBehind())
                  .hasValueSatisfying(text -> assertThat(text).contains("clouddb-handed-on-"));
              assertThat(e.details().operationToken()).isPresent();
            });
    Files.writeString(password, "correct-horse-battery\n");
    assertThat(cloud.operations().resume(token, Instance.class).await(LIMIT).state())
        .isEqualTo(InstanceState.AVAILABLE);
  }

  @Test
  void aLiteralPasswordHasNoTokenUntilItHasBeenSent() {
    CountDownLatch goOn = new CountDownLatch(1);
    rds.simulator().faults().on("ModifyDBParameterGroup").heldUntil(goOn);
    Operation<Instance> operation =
        cloud.instances().create(RdsTestCloud.spec("literal").logicalReplication(true).build());
    assertThatThrownBy(operation::token).isInstanceOf(InvalidArgumentException.class);
    goOn.countDown();
    operation.await(LIMIT);
    assertThat(operation.token()).startsWith("clouddb-op-");
  }

  @Test
  void aCreationThatFailsLeavesNoParameterGroup() {
    rds.simulator().faults().on("CreateDBInstance").refused(400, "StorageQuotaExceeded", "Full");
    assertThatThrownBy(() -> create(RdsTestCloud.spec("unlucky").logicalReplication(true)))
        .isInstanceOfSatisfying(
            QuotaException.class, e -> assertThat(e.details().leftBehind()).isEmpty());
    assertThat(groupsOf("unlucky")).isEmpty();
    assertThat(cloud.instances().find("unlucky")).isEmpty();
  }

  @Test
  void aParameterGroupThatCannotBeRemovedIsNamed() {
    rds.simulator().faults().on("CreateDBInstance").refused(400, "StorageQuotaExceeded", "Full");
    rds.simulator().faults().on("DeleteDBParameterGroup").refused(403, "AccessDenied", "No");
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
    rds.simulator().clearRequests();
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
    assertThat(rds.simulator().requests())
        .extracting(RecordedRequest::operation)
        .containsExactly("GetCallerIdentity");
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
    assertThat(rds.simulator().requests("GetSecretValue"))
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
