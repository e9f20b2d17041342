/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.PASSWORD;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static io.clouddb.error.ErrorCategory.CONDITION_FAILED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.instance.MaintenanceWindow;
import io.clouddb.instance.TlsMode;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalTime;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Azure accepts a change by 202 and ends it as {@code Failed} afterwards, for a reason that passes.
 * It also shows a new server late: this one answers 404 some 87 times, as in a recording.
 */
@Tag("slow")
class FailedOperationsTest {
  private static final String BUSY = "Server 'orders' is busy with another operation.";

  @RegisterExtension static final SharedAzure SHARED = new SharedAzure(Duration.ofSeconds(870));

  private static AzureOnThisMachine azure;
  private static CloudDb cloud;
  private static ResourceId shared;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    azure = SHARED.azure();
    cloud = SHARED.cloud();
    shared = cloud.instances().create(spec("shared").build()).await(LIMIT).id();
  }

  private static int sent(String operation) {
    return azure.azure.requests(operation).size();
  }

  private static CloudDbException failure(ThrowingCallable call) {
    return catchThrowableOfType(CloudDbException.class, call);
  }

  @Test
  void aCreationRepeatsEachOfItsPartsUntilAzureHasTimeForIt() {
    azure.azure.faults().on("Databases_Create").operationFails("ServerIsBusy", BUSY);
    azure.azure.faults().on("FirewallRules_CreateOrUpdate").operationFails("ServerBusy", BUSY);
    azure.azure.faults().on("FirewallRules_CreateOrUpdate").operationFails("ServerBusy", BUSY);
    azure
        .azure
        .faults()
        .on("Servers_Update")
        .operationFails("InternalServerError", "An unexpected error occured.");
    azure
        .azure
        .faults()
        .on("Configurations_Put")
        .operationFails("", "Server orders is busy with other operations. Please try later");
    azure.azure.faults().on("Configurations_Put").operationFails("ProvisioningServerBusy", BUSY);
    azure.azure.faults().on("Servers_Restart").operationFails("ServerIsBusy", BUSY);
    // An operation that was just accepted may not be shown yet.
    azure.azure.faults().on("AzureAsyncOperation_Get").refused(404, "ResourceNotFound", "Not yet.");
    Instance orders =
        cloud
            .instances()
            .create(
                spec("orders")
                    .database("shop")
                    .maintenance(MaintenanceWindow.weekly(DayOfWeek.SUNDAY, LocalTime.of(4, 30)))
                    .logicalReplication(true)
                    .build())
            .await(LIMIT);
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(sent("Servers_Create")).isEqualTo(1);
    assertThat(sent("Databases_Create")).isEqualTo(2);
    assertThat(sent("FirewallRules_CreateOrUpdate")).isEqualTo(3);
    assertThat(sent("Servers_Update")).isEqualTo(2);
    assertThat(sent("Configurations_Put")).isEqualTo(3);
    assertThat(sent("Servers_Restart")).isEqualTo(2);
    azure.azure.faults().on("Servers_Delete").operationFails("ServerIsBusy", BUSY);
    cloud.instances().delete(orders.id()).await(LIMIT);
    assertThat(cloud.instances().find("orders")).isEmpty();
    assertThat(sent("Servers_Delete")).isEqualTo(2);
  }

  @Test
  void everyOtherKindOfOperationIsRepeatedToo() {
    azure.azure.faults().on("Servers_Update").operationFails("ServerIsBusy", BUSY);
    assertThat(
            cloud
                .instances()
                .modify(
                    shared, InstanceChange.builder().tag("a", "b").tls(TlsMode.OPTIONAL).build())
                .await(LIMIT)
                .tags())
        .containsEntry("a", "b");
    azure
        .azure
        .faults()
        .on("Servers_Stop")
        .operationFails("InternalServerError", "An unexpected error occured.");
    assertThat(cloud.instances().stop(shared).await(LIMIT).state())
        .isEqualTo(InstanceState.STOPPED);
    CloudDbException e =
        failure(
            () ->
                cloud
                    .instances()
                    .modify(shared, InstanceChange.builder().tag("a", "c").build())
                    .await(LIMIT));
    assertThat(e.category()).as("a stopped server is no busy one").isEqualTo(CONDITION_FAILED);
    assertThat(e.nextStep().orElseThrow()).contains("Start it");
    azure.azure.faults().on("Servers_Start").operationFails("ServerBusy", BUSY);
    assertThat(cloud.instances().start(shared).await(LIMIT).state())
        .isEqualTo(InstanceState.AVAILABLE);
    assertThat(sent("Servers_Update")).isEqualTo(3);
    assertThat(sent("Servers_Stop")).isEqualTo(2);
    assertThat(sent("Servers_Start")).isEqualTo(2);
  }

  /** As published of a restart: the parameter's change was over, and the server still updating. */
  @Test
  void aServerThatIsNotReadyYetIsWaitedFor() {
    String updating =
        "Restart or Stop Server can only be performed on Started servers. Sever Name = shared,"
            + " Current Server State = Updating";
    azure.azure.faults().on("Servers_Restart").operationFails("ServerIsNotReady", updating);
    cloud
        .instances()
        .modify(shared, InstanceChange.builder().logicalReplication(true).build())
        .await(LIMIT);
    assertThat(sent("Servers_Restart")).isEqualTo(2);
    azure.azure.faults().on("Servers_Stop").operationFails("ServerIsNotReady", updating);
    cloud.instances().stop(shared).await(LIMIT);
    assertThat(sent("Servers_Stop")).isEqualTo(2);
    // Of a stopped server Azure says the same, and means something else.
    cloud.instances().stop(shared).await(LIMIT);
    cloud.instances().start(shared).await(LIMIT);
  }

  private SecretRef passwordInAFile() throws Exception {
    return SecretRef.file(Files.writeString(folder.resolve("password"), "Sup3r-secret!"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theServersOwnCreationIsRepeated(boolean literal) throws Exception {
    azure
        .azure
        .faults()
        .on("Servers_Create")
        .operationFails("InternalServerError", "An unexpected error occured.");
    Instance orders =
        cloud
            .instances()
            .create(
                spec(literal ? "literal" : "again")
                    .admin(AdminLogin.of("app_admin", literal ? PASSWORD : passwordInAFile()))
                    .tag("team", "shop")
                    .build())
            .await(LIMIT);
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(orders.tags()).containsEntry("team", "shop");
    assertThat(sent("Servers_Create")).isEqualTo(2);
    List<RecordedRequest> created = azure.azure.requests("Servers_Create");
    assertThat(created.get(1).body()).isEqualTo(created.get(0).body());
  }

  @Test
  void givesUpAfterItsLimitAndNamesWhatIsMissingAndWhatToDo() {
    for (int i = 0; i < OperationStep.MOST_TRIES; i++) {
      azure.azure.faults().on("FirewallRules_CreateOrUpdate").operationFails("ServerIsBusy", BUSY);
    }
    CloudDbException e =
        failure(
            () ->
                cloud
                    .instances()
                    .create(spec("half").database("shop").parameter("work_mem", "8192").build())
                    .await(LIMIT));
    assertThat(e.category()).isEqualTo(ErrorCategory.BUSY);
    assertThat(e.retryable()).isFalse();
    assertThat(e).hasMessageContaining(BUSY).hasMessageContaining("tries");
    assertThat(e.details().leftBehind().orElseThrow())
        .contains("the server half", "firewall rule 127.0.0.0/8", "parameter work_mem")
        .doesNotContain("database");
    assertThat(e.nextStep().orElseThrow()).contains("firewall").contains("modify");
    assertThat(sent("FirewallRules_CreateOrUpdate")).isEqualTo(OperationStep.MOST_TRIES);
  }

  @Test
  void whatDoesNotPassIsNotRepeated() {
    azure
        .azure
        .faults()
        .on("Servers_Update")
        .operationFails("ServerEditionIncompatibleWithSkuSize", "No.");
    CloudDbException e =
        failure(
            () ->
                cloud
                    .instances()
                    .modify(shared, InstanceChange.builder().tag("x", "y").build())
                    .await(LIMIT));
    assertThat(e.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
    assertThat(sent("Servers_Update")).isEqualTo(1);
  }
}
