/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.finish;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.resourcemanager.postgresqlflexibleserver.models.ServerForUpdate;
import io.clouddb.CloudDb;
import io.clouddb.Native;
import io.clouddb.ResourceId;
import io.clouddb.backup.BackupPolicy;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Insights;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CreateInstance;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.PolledState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * That an operation is over, or is not shown any more, is no success: the server tells, where it
 * does.
 */
class ForgottenOperationsTest {
  private static AzureOnThisMachine azure;
  private static CloudDb cloud;
  private static ResourceId orders;

  @TempDir private Path folder;

  @BeforeAll
  static void start() {
    azure = new AzureOnThisMachine(100, 40, Duration.ZERO, 6000);
    cloud = azure.open();
    orders = cloud.instances().create(spec("orders").build()).await(LIMIT).id();
  }

  @AfterAll
  static void stop() {
    try {
      cloud.close();
      assertThat(azure.azure.bugs()).isEmpty();
      assertThat(azure.azure.notSimulated()).isEmpty();
    } finally {
      azure.close();
    }
  }

  @BeforeEach
  void forget() {
    azure.azure.clearRequests();
  }

  private SecretRef file(String password) throws Exception {
    return SecretRef.file(Files.writeString(folder.resolve("password"), password));
  }

  private static PolledState begin(InstanceChange change) {
    return azure.driver().startModify(orders, change, Customizations.NONE);
  }

  private static Instance end(PolledState state) {
    return finish(azure.driver(), state).orElseThrow();
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
    PolledState state =
        begin(
            InstanceChange.builder()
                .size(InstanceSize.named("Standard_E4ds_v5"))
                .tag("ours", "yes")
                .build());
    cloud
        .instances()
        .modify(orders, InstanceChange.builder().tag("theirs", "meanwhile").build())
        .await(LIMIT);
    azure.azure.forgetOperations();
    Instance after = end(state);
    assertThat(after.nativeSize()).contains("Standard_E4ds_v5");
    assertThat(after.tags()).containsEntry("ours", "yes").containsEntry("theirs", "meanwhile");
  }

  @Test
  void aForgottenChangeThatTheServerShowsIsDone() {
    PolledState state = begin(InstanceChange.builder().tag("a", "b").build());
    assertThat(end(state).tags()).containsEntry("a", "b");
    azure.azure.forgetOperations();
    assertThat(end(state).tags()).containsEntry("a", "b");
    assertThat(sent()).isEqualTo(1);
  }

  @Test
  void aForgottenPasswordIsSetAgain() throws Exception {
    azure.azure.faults().on("Servers_Update").operationFails("SkuNotAvailable", "No.");
    PolledState state =
        begin(InstanceChange.builder().adminPassword(file("An0ther-secret")).build());
    azure.azure.forgetOperations();
    assertThat(end(state).name()).isEqualTo("orders");
    assertThat(sent()).isEqualTo(2);
  }

  @Test
  void theCallerIsToldOfAForgottenChangeThatCannotBeMadeAgain() {
    PolledState literal =
        begin(InstanceChange.builder().adminPassword(SecretRef.literal("Thi3d-secret")).build());
    PolledState customized =
        azure
            .driver()
            .startModify(
                orders,
                InstanceChange.builder().insights(Insights.enabled()).build(),
                new Customizations(
                    java.util.List.of(
                        Native.customize(
                            ServerForUpdate.class,
                            update -> update.withTags(java.util.Map.of("x", "y"))))));
    azure.azure.forgetOperations();
    for (PolledState state : new PolledState[] {literal, customized}) {
      assertThat(state.toString()).doesNotContain("Thi3d-secret");
      CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> end(state));
      assertThat(e).hasMessageContaining("no longer shows");
      assertThat(e.retryable()).isFalse();
      assertThat(e.details().outcomeKnown()).isFalse();
      assertThat(e.nextStep().orElseThrow()).contains("Make the change again");
    }
    assertThat(sent()).isEqualTo(2);
  }

  /** The answer says that all is done, and nothing is. */
  @Test
  void aChangeThatIsDroppedInSilenceIsNoSuccess() {
    azure.azure.faults().on("Servers_Update").intercepted(202, "application/json", "{}");
    PolledState state =
        begin(InstanceChange.builder().backups(BackupPolicy.daily().retainDays(14)).build());
    ConditionFailedException e =
        catchThrowableOfType(
            ConditionFailedException.class,
            () -> end(new Attempts(0, false, 0, Attempts.MOST_MISSING - 3).in(state)));
    assertThat(e).hasMessageContaining("the retention is 7 instead of 14");
    assertThat(e.nextStep().orElseThrow()).contains("Make the change again");
  }

  /** Azure says that the creation failed; that its server turns ready later is no success. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCreationThatFailedIsNoSuccessBecauseItsServerComesLater(boolean shown) throws Exception {
    String name = shown ? "changing" : "hidden";
    SecretRef password = file("Sup3r-secret!");
    PolledState state =
        azure
            .driver()
            .startCreate(
                new CreateInstance(
                    spec(name).admin(AdminLogin.of("app_admin", password)).build(),
                    "attempt-1",
                    Customizations.NONE));
    azure
        .azure
        .faults()
        .on("AzureAsyncOperation_Get")
        .intercepted(
            200,
            "application/json",
            "{\"name\":\"1\",\"status\":\"Failed\",\"error\":{\"code\":\"InternalServerError\","
                + "\"message\":\"The standby could not be made.\"}}");
    if (!shown) {
      azure.azure.faults().on("Servers_Get").refused(404, "ResourceNotFound", "Not yet.");
    }
    CloudDbException e = catchThrowableOfType(CloudDbException.class, () -> end(state));
    assertThat(e).hasMessageContaining("The standby could not be made.");
    assertThat(e.details().leftBehind().orElseThrow()).contains("the server " + name);
  }
}
