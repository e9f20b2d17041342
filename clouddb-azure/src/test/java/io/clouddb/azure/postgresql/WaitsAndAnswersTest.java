/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LIMIT;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.PASSWORD;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.error.AuthenticationException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.DeadlineException;
import io.clouddb.error.PermissionException;
import io.clouddb.error.ThrottledException;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.InstanceState;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Refusals that pass and refusals that do not, and errors from which an operation goes on. */
@Tag("slow")
class WaitsAndAnswersTest {
  private static final String BUSY = "Server 'shared' is busy with another operation.";

  @RegisterExtension static final SharedAzure SHARED = new SharedAzure();

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

  private static <E extends CloudDbException> E failure(Class<E> type, ThrowingCallable call) {
    return catchThrowableOfType(type, call);
  }

  private InstanceSpec resumable(String name) throws Exception {
    Path password = Files.writeString(folder.resolve("password"), PASSWORD.resolve());
    return spec(name)
        .admin(AdminLogin.of("app_admin", SecretRef.file(password)))
        .database("shop")
        .build();
  }

  private static Instance tagged(String value) {
    return cloud
        .instances()
        .modify(shared, InstanceChange.builder().tag("at", value).build())
        .await(LIMIT);
  }

  @Test
  void aBusyServerIsWaitedFor() {
    azure.azure.faults().on("Servers_Update").times(30).refused(409, "ServerIsBusy", BUSY);
    assertThat(tagged("last").tags()).containsEntry("at", "last");
    assertThat(azure.azure.requests("Servers_Update")).hasSize(31);
  }

  @Test
  void aStoppedServerThatIsCalledBusyIsNotWaitedFor() {
    cloud.instances().stop(shared).await(LIMIT);
    azure.azure.faults().on("Servers_Update").times(1000).refused(409, "ServerIsBusy", BUSY);
    ConditionFailedException e = failure(ConditionFailedException.class, () -> tagged("never"));
    assertThat(e).hasMessageContaining("shared is stopped").hasMessageContaining(BUSY);
    assertThat(e.nextStep().orElseThrow()).contains("Start it");
    assertThat(azure.azure.requests("Servers_Update")).hasSize(1);
    azure.azure.faults().clear();
    cloud.instances().start(shared).await(LIMIT);
  }

  @Test
  void whatStaysBusyIsWaitedForUntilALimitAndGoesOnFromItsToken() {
    azure.azure.faults().on("Servers_Update").times(100_000).refused(409, "ServerIsBusy", BUSY);
    DeadlineException e = failure(DeadlineException.class, () -> tagged("late"));
    assertThat(e).hasMessageContaining("PT6H").hasMessageContaining(BUSY);
    assertThat(e.details().outcomeKnown()).isTrue();
    assertThat(e.nextStep().orElseThrow()).contains("token");
    azure.azure.faults().clear();
    String token = e.details().operationToken().orElseThrow();
    assertThat(cloud.operations().resume(token, Instance.class).await(LIMIT).tags())
        .containsEntry("at", "late");
  }

  @Test
  void aCreationWithExpiredCredentialsGoesOnByItsToken() throws Exception {
    InstanceSpec spec = resumable("expired");
    // Of the look at the operation, in the middle of it.
    azure.azure.faults().on("AzureAsyncOperation_Get").after(1).credentialsExpire();
    AuthenticationException e =
        failure(AuthenticationException.class, () -> cloud.instances().create(spec).await(LIMIT));
    assertThat(e.details().leftBehind().orElseThrow()).contains("the server expired");
    String token = e.details().operationToken().orElseThrow();
    // And of a request of a later step.
    azure.azure.faults().on("Databases_Create").credentialsExpire();
    AuthenticationException again =
        failure(
            AuthenticationException.class,
            () -> cloud.operations().resume(token, Instance.class).await(LIMIT));
    assertThat(again.details().outcomeKnown()).isTrue();
    String later = again.details().operationToken().orElseThrow();
    Instance made = cloud.operations().resume(later, Instance.class).await(LIMIT);
    assertThat(made.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(azure.azure.requests("Servers_Create")).hasSize(1);
    assertThat(azure.azure.requests("Databases_Create")).hasSize(2);
  }

  @Test
  void aLostCreationThatIsRefusedLaterMayHaveMadeAServer() {
    azure.azure.faults().on("Servers_Create").refused(504, "GatewayTimeout", "No answer.");
    azure.azure.faults().on("Servers_Create").refused(403, "AuthorizationFailed", "No more.");
    PermissionException e =
        failure(
            PermissionException.class,
            () -> cloud.instances().create(spec("perhaps").build()).await(LIMIT));
    assertThat(e.details().outcomeKnown()).isFalse();
    assertThat(e.details().leftBehind().orElseThrow()).contains("perhaps the server perhaps");
    assertThat(azure.azure.requests("Servers_Create")).hasSize(2);
  }

  @Test
  void aChangeThatIsThrottledOutSaysWhatWasDoneAndIsNotDoneAgain() {
    ResourceId id = cloud.instances().create(spec("half").build()).await(LIMIT).id();
    azure.azure.clearRequests();
    azure.azure.faults().on("Servers_Update").after(1).times(1000).throttled();
    InstanceChange change =
        InstanceChange.builder().tag("a", "b").storageSize(DataSize.gib(128)).build();
    try (CloudDb impatient = CloudDb.open(azure.config().retryPolicy(RetryPolicy.NONE).build())) {
      ThrottledException e =
          failure(
              ThrottledException.class,
              () -> impatient.instances().modify(id, change).await(LIMIT));
      assertThat(e.details().leftBehind()).contains("done: change; not done: disk");
      azure.azure.faults().clear();
      azure.azure.clearRequests();
      Instance after =
          impatient
              .operations()
              .resume(e.details().operationToken().orElseThrow(), Instance.class)
              .await(LIMIT);
      assertThat(after.storageSize()).contains(DataSize.gib(128));
      assertThat(after.tags()).containsEntry("a", "b");
    }
    assertThat(azure.azure.requests("Servers_Update")).hasSize(1);
  }

  @Test
  void aLockIsNotWaitedFor() {
    azure.azure.faults().on("Servers_Delete").refused(409, "ScopeLocked", "It is locked.");
    ConditionFailedException e =
        failure(
            ConditionFailedException.class, () -> cloud.instances().delete(shared).await(LIMIT));
    assertThat(e.nextStep().orElseThrow()).contains("management lock");
    assertThat(e.details().leftBehind().orElseThrow()).contains("costs money");
    assertThat(azure.azure.requests("Servers_Delete")).hasSize(1);
  }
}
