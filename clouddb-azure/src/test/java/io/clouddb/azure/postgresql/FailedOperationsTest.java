/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Azure accepts a change by 202 and ends it as {@code Failed} afterwards, for a reason that passes.
 */
class FailedOperationsTest {
  private static final String BUSY = "Server 'orders' is busy with another operation.";

  @TempDir private Path folder;
  private final AzureOnThisMachine azure = new AzureOnThisMachine();
  private final CloudDb cloud = azure.open();

  @AfterEach
  void close() {
    try {
      cloud.close();
      assertThat(azure.azure.server().bugs()).isEmpty();
      assertThat(azure.azure.server().notSimulated()).isEmpty();
    } finally {
      azure.close();
    }
  }

  private int sent(String operation) {
    return azure.azure.server().requests(operation).size();
  }

  @Test
  void aCreationRepeatsEachOfItsPartsUntilAzureHasTimeForIt() {
    azure.azure.failNext("Databases_Create", "ServerIsBusy", BUSY);
    azure.azure.failNext("FirewallRules_CreateOrUpdate", "ServerBusy", BUSY);
    azure.azure.failNext("FirewallRules_CreateOrUpdate", "ServerBusy", BUSY);
    azure.azure.failNext("Servers_Update", "InternalServerError", "An unexpected error occured.");
    azure.azure.failNext(
        "Configurations_Put", "", "Server orders is busy with other operations. Please try later");
    azure.azure.failNext("Configurations_Put", "ProvisioningServerBusy", BUSY);
    azure.azure.failNext("Servers_Restart", "ServerIsBusy", BUSY);
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
    assertThat(sent("Databases_Create")).isEqualTo(2);
    assertThat(sent("FirewallRules_CreateOrUpdate")).isEqualTo(3);
    assertThat(sent("Servers_Update")).isEqualTo(2);
    assertThat(sent("Configurations_Put")).isEqualTo(3);
    assertThat(sent("Servers_Restart")).isEqualTo(2);
  }

  @Test
  void everyOtherKindOfOperationIsRepeatedToo() {
    ResourceId id = cloud.instances().create(spec("orders").build()).await(LIMIT).id();
    azure.azure.failNext("Servers_Update", "ServerIsBusy", BUSY);
    assertThat(
            cloud
                .instances()
                .modify(id, InstanceChange.builder().tag("a", "b").tls(TlsMode.OPTIONAL).build())
                .await(LIMIT)
                .tags())
        .containsEntry("a", "b");
    azure.azure.failNext("Servers_Stop", "InternalServerError", "An unexpected error occured.");
    assertThat(cloud.instances().stop(id).await(LIMIT).state()).isEqualTo(InstanceState.STOPPED);
    azure.azure.failNext("Servers_Start", "ServerBusy", BUSY);
    assertThat(cloud.instances().start(id).await(LIMIT).state()).isEqualTo(InstanceState.AVAILABLE);
    azure.azure.failNext("Servers_Delete", "ServerIsBusy", BUSY);
    cloud.instances().delete(id).await(LIMIT);
    assertThat(cloud.instances().find("orders")).isEmpty();
    for (String operation :
        List.of("Servers_Update", "Servers_Stop", "Servers_Start", "Servers_Delete")) {
      assertThat(sent(operation)).as(operation).isEqualTo(2);
    }
  }

  private SecretRef passwordInAFile() throws Exception {
    return SecretRef.file(Files.writeString(folder.resolve("password"), "Sup3r-secret!"));
  }

  @Test
  void theServersOwnCreationIsRepeatedWhereThePasswordCanBeReadAgain() throws Exception {
    azure.azure.failNext("Servers_Create", "InternalServerError", "An unexpected error occured.");
    Instance orders =
        cloud
            .instances()
            .create(
                spec("orders")
                    .admin(AdminLogin.of("app_admin", passwordInAFile()))
                    .tag("team", "shop")
                    .build())
            .await(LIMIT);
    assertThat(orders.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(orders.tags()).containsEntry("team", "shop");
    assertThat(sent("Servers_Create")).isEqualTo(2);
    assertThat(azure.changes().get(1).body()).isEqualTo(azure.changes().get(0).body());
  }

  @Test
  void aLiteralPasswordIsNotKeptSoTheCallerCreatesAgain() {
    azure.azure.failNext("Servers_Create", "InternalServerError", "An unexpected error occured.");
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class,
            () -> cloud.instances().create(spec("orders").build()).await(LIMIT));
    assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(e.nextStep().orElseThrow()).contains("Create it again");
    assertThat(sent("Servers_Create")).isEqualTo(1);
  }

  @Test
  void givesUpAfterItsLimitAndNamesWhatIsMissingAndWhatToDo() {
    for (int i = 0; i < 100; i++) {
      azure.azure.failNext("FirewallRules_CreateOrUpdate", "ServerIsBusy", BUSY);
    }
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class,
            () ->
                cloud
                    .instances()
                    .create(spec("orders").database("shop").parameter("work_mem", "8192").build())
                    .await(LIMIT));
    assertThat(e.category()).isEqualTo(ErrorCategory.BUSY);
    assertThat(e.retryable()).isFalse();
    assertThat(e).hasMessageContaining(BUSY).hasMessageContaining("tries");
    assertThat(e.details().leftBehind().orElseThrow())
        .contains("the server orders", "firewall.127.0.0.0/8", "parameter.work_mem")
        .doesNotContain("database");
    assertThat(e.nextStep().orElseThrow()).contains("firewall").contains("modify");
    assertThat(sent("FirewallRules_CreateOrUpdate")).isBetween(5, 50);
  }

  @Test
  void whatDoesNotPassIsNotRepeated() {
    ResourceId id = cloud.instances().create(spec("orders").build()).await(LIMIT).id();
    azure.azure.failNext("Servers_Update", "ServerEditionIncompatibleWithSkuSize", "No.");
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class,
            () ->
                cloud
                    .instances()
                    .modify(id, InstanceChange.builder().tag("a", "b").build())
                    .await(LIMIT));
    assertThat(e.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
    assertThat(sent("Servers_Update")).isEqualTo(1);
  }

  @Test
  void aStoppedServerIsNoBusyOne() {
    ResourceId id = cloud.instances().create(spec("orders").build()).await(LIMIT).id();
    cloud.instances().stop(id).await(LIMIT);
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class,
            () ->
                cloud
                    .instances()
                    .modify(id, InstanceChange.builder().tag("a", "b").build())
                    .await(LIMIT));
    assertThat(e.category()).isEqualTo(ErrorCategory.CONDITION_FAILED);
    assertThat(e.nextStep().orElseThrow()).contains("Start it");
    assertThat(sent("Servers_Update")).isEqualTo(1);
  }
}
