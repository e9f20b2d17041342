/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.CloudDb;
import io.clouddb.Native;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Insights;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.workflow.StepRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * That an operation is over, or is not shown any more, is no success: the server tells, where it
 * does.
 */
class ForgottenOperationsTest {
  @RegisterExtension static final SharedAzure SHARED = new SharedAzure();

  private static AzureOnThisMachine azure;
  private static CloudDb cloud;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    azure = SHARED.azure();
    cloud = SHARED.cloud();
    cloud.instances().create(spec("orders").build()).await(LIMIT);
  }

  private SecretRef file(String password) throws Exception {
    return SecretRef.file(Files.writeString(folder.resolve("password"), password));
  }

  /** A change whose request was sent. */
  private static StepRun<Instance> begin(InstanceChange change, Native... customized) {
    OneRun runs = azure.runs();
    StepRun<Instance> run = runs.begin(InstanceDriver.MODIFY, "orders", change, customized);
    assertThat(runs.poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    return run;
  }

  private static Instance end(StepRun<Instance> run) {
    return azure.runs().finish(run);
  }

  private static int sent() {
    return azure.azure.requests("Servers_Update").size();
  }

  @Test
  void aForgottenChangeIsMadeAgainWhereTheServerDoesNotShowIt() {
    azure
        .azure
        .faults()
        .on("Servers_Update")
        .operationFails("SkuNotAvailable", "This size is not here.");
    StepRun<Instance> state =
        begin(
            InstanceChange.builder()
                .size(InstanceSize.named("Standard_E4ds_v5"))
                .tag("ours", "yes")
                .build());
    cloud
        .instances()
        .modify(
            azure.runs().id("orders"), InstanceChange.builder().tag("theirs", "meanwhile").build())
        .await(LIMIT);
    azure.azure.forgetOperations();
    Instance after = end(state);
    assertThat(after.nativeSize()).contains("Standard_E4ds_v5");
    assertThat(after.tags()).containsEntry("ours", "yes").containsEntry("theirs", "meanwhile");
  }

  @Test
  void aForgottenChangeThatTheServerShowsIsDone() {
    StepRun<Instance> run = begin(InstanceChange.builder().tag("a", "b").build());
    OperationState sent = run.state();
    assertThat(end(run).tags()).containsEntry("a", "b");
    azure.azure.forgetOperations();
    assertThat(end(azure.runs().resume(InstanceDriver.MODIFY, sent)).tags())
        .containsEntry("a", "b");
    assertThat(sent()).isEqualTo(1);
  }

  @Test
  void aForgottenPasswordIsSetAgain() throws Exception {
    azure.azure.faults().on("Servers_Update").operationFails("SkuNotAvailable", "No.");
    StepRun<Instance> state =
        begin(InstanceChange.builder().adminPassword(file("An0ther-secret")).build());
    azure.azure.forgetOperations();
    assertThat(end(state).name()).isEqualTo("orders");
    assertThat(sent()).isEqualTo(2);
  }

  @Test
  void whatNoLookCanTellIsMadeAgain() {
    StepRun<Instance> literal =
        begin(InstanceChange.builder().adminPassword(SecretRef.literal("Thi3d-secret")).build());
    assertThat(literal.state().toString()).doesNotContain("Thi3d-secret");
    azure.azure.forgetOperations();
    end(literal);
    assertThat(sent()).isEqualTo(2);
    assertThat(azure.azure.requests().toString()).doesNotContain("Thi3d-secret");
    StepRun<Instance> customized =
        begin(
            InstanceChange.builder().insights(Insights.enabled()).build(),
            Native.customize(
                ServerForUpdate.class, update -> update.withTags(java.util.Map.of("x", "y"))));
    azure.azure.forgetOperations();
    assertThat(end(customized).tags()).containsEntry("x", "y");
    assertThat(sent()).isEqualTo(4);
  }

  /** The operation says that all is done, and nothing is. */
  @Test
  void aChangeThatIsDroppedInSilenceIsNoSuccess() {
    azure.azure.faults().on("Servers_Update").operationFails("Dropped", "In silence.");
    azure
        .azure
        .faults()
        .on("AzureAsyncOperation_Get")
        .intercepted(200, "application/json", "{\"name\":\"1\",\"status\":\"Succeeded\"}");
    StepRun<Instance> run =
        begin(
            InstanceChange.builder()
                .backups(BackupPolicy.daily().retainDays(14).discarding())
                .build());
    ConditionFailedException e =
        catchThrowableOfType(ConditionFailedException.class, () -> end(run));
    assertThat(e).hasMessageContaining("instead of 14");
    assertThat(e.nextStep().orElseThrow()).contains("Make the change again");
    assertThat(sent()).isEqualTo(1);
  }

  /** An answer without an operation tells nothing. */
  @Test
  void aChangeThatNobodyHeardOfIsMadeAgain() {
    azure.azure.faults().on("Servers_Update").intercepted(202, "application/json", "{}");
    Instance after =
        end(begin(InstanceChange.builder().backups(BackupPolicy.daily().retainDays(21)).build()));
    assertThat(after.unwrap(ServerInner.class).backup().backupRetentionDays()).isEqualTo(21);
    assertThat(sent()).isEqualTo(2);
  }

  /** Azure says that the creation failed; that its server turns ready later is no success. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCreationThatFailedIsNoSuccessBecauseItsServerComesLater(boolean shown) throws Exception {
    String name = shown ? "changing" : "hidden";
    SecretRef password = file("Sup3r-secret!");
    OneRun runs = azure.runs();
    StepRun<Instance> run =
        runs.begin(
            InstanceDriver.CREATE,
            name,
            spec(name).admin(AdminLogin.of("app_admin", password)).build());
    assertThat(runs.poll(run)).isInstanceOf(StepRun.Outcome.Running.class);
    azure
        .azure
        .faults()
        .on("AzureAsyncOperation_Get")
        .times(shown ? 1 : 2)
        .intercepted(
            200,
            "application/json",
            "{\"name\":\"1\",\"status\":\"Failed\",\"error\":{\"code\":\"InternalServerError\","
                + "\"message\":\"The standby could not be made.\"}}");
    if (!shown) {
      azure.azure.faults().on("Servers_Get").refused(404, "ResourceNotFound", "Not yet.");
    }
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> end(run));
    assertThat(e).hasMessageContaining("The standby could not be made.");
    assertThat(e.details().leftBehind().orElseThrow()).contains("the server " + name);
  }
}
