/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static io.clouddb.gcp.sql.SimulatedCloudSql.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.api.services.sqladmin.model.DatabaseInstance;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.ErrorDetails;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import io.clouddb.testkit.simulator.server.Timings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every error of the table, provoked on the wire. */
class CloudSqlErrorsTest {
  private static SimulatedCloudSql gcp;
  private static CloudDb cloud;
  private static SqlAdminCalls calls;
  private static Instance orders;
  @TempDir private static Path folder;

  @BeforeAll
  static void start() throws IOException {
    gcp = SimulatedCloudSql.start();
    cloud = gcp.open();
    calls = SimulatedCloudSql.calls(cloud);
    orders = create("orders");
  }

  @AfterAll
  static void close() {
    cloud.close();
    assertThat(gcp.simulator.bugs()).isEmpty();
    gcp.close();
  }

  @BeforeEach
  void forget() {
    gcp.simulator.clearRequests();
  }

  private static InstanceSpec spec(String name) throws IOException {
    return SimulatedCloudSql.spec(name, folder).build();
  }

  private static Instance create(String name) throws IOException {
    return cloud.instances().create(spec(name)).await(LIMIT);
  }

  private static CloudDbException failureOf(Callable<?> call) {
    return catchThrowableOfType(CloudDbException.class, call::call);
  }

  @ParameterizedTest
  @CsvSource({
    "404, instanceDoesNotExist, NOT_FOUND",
    "404, notFound, NOT_FOUND",
    "409, instanceAlreadyExists, ALREADY_EXISTS",
    "409, alreadyExists, ALREADY_EXISTS",
    "409, operationInProgress, BUSY",
    // Seen in the wild with this status, too.
    "403, operationInProgress, BUSY",
    "409, invalidState, BUSY",
    "409, aborted, BUSY",
    "409, someNewReason, OTHER",
    "412, staleData, CONDITION_FAILED",
    "412, conditionNotMet, CONDITION_FAILED",
    "400, invalid, INVALID_ARGUMENT",
    "400, invalidFlagValue, INVALID_ARGUMENT",
    // What is nothing for an instance of its role may be right for another one.
    "400, invalidOperation, CONDITION_FAILED",
    "400, errorReplicationMasterInvalidOperation, CONDITION_FAILED",
    "400, errorReadReplicaInvalidOperation, CONDITION_FAILED",
    "401, authError, AUTHENTICATION",
    "403, notAuthorized, PERMISSION",
    "403, accessNotConfigured, PERMISSION",
    "403, quotaExceeded, QUOTA",
    "403, rateLimitExceeded, THROTTLED",
    "429, rateLimitExceeded, THROTTLED",
    "429, someNewReason, THROTTLED",
    "501, notImplemented, UNSUPPORTED_FEATURE",
    "503, backendError, UNAVAILABLE"
  })
  void aRefusalIsTranslatedByItsReason(int status, String reason, ErrorCategory category)
      throws IOException {
    gcp.simulator.faults().on("instances.insert").refused(status, reason, "A sentence.");

    CloudDbException e = failureOf(() -> calls.insert(body("refused")));

    assertThat(e.category()).isEqualTo(category);
    ErrorDetails details = e.details();
    // The JDK's HTTP client gives the body of a 401 to a streamed request to no one.
    boolean bodyless = status == 401;
    assertThat(details.providerCode()).contains(bodyless ? "401" : reason);
    assertThat(details.message()).contains(bodyless ? "401" : "A sentence.");
    assertThat(details.operation()).contains("sqladmin.instances.insert");
    assertThat(details.resource()).contains("refused");
    assertThat(details.outcomeKnown()).isTrue();
    assertThat(e).hasCauseInstanceOf(IOException.class);
  }

  private static DatabaseInstance body(String name) throws IOException {
    return InsertBody.of(spec(name), SimulatedCloudSql.PLACE, "attempt-1");
  }

  @Test
  void aServerErrorLeavesTheOutcomeOfAChangeUnknownButNotOfARead() throws IOException {
    gcp.simulator.faults().on("instances.insert").refused(500, "internalError", "A sentence.");
    CloudDbException change = failureOf(() -> calls.insert(body("others")));
    assertThat(change.category()).isEqualTo(ErrorCategory.OUTCOME_UNKNOWN);
    assertThat(change.details().outcomeKnown()).isFalse();

    gcp.simulator.faults().on("instances.get").refused(500, "internalError", "A sentence.");
    CloudDbException read = failureOf(() -> calls.get("orders"));
    assertThat(read.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
    assertThat(read.retryable()).isTrue();
  }

  @Test
  void throttlingAndShortFailuresAreSleptOver() throws IOException {
    gcp.simulator.faults().on("instances.insert").times(2).throttled();
    gcp.simulator.faults().on("operations.get").times(2).unavailable();
    gcp.simulator.faults().on("users.list").throttled();

    assertThat(create("throttled").name()).isEqualTo("throttled");
    assertThat(gcp.simulator.faults().pending()).isZero();
    assertThat(gcp.simulator.requests("instances.insert"))
        .extracting(RecordedRequest::status)
        .containsExactly(429, 429, 200);
  }

  @Test
  void aServiceThatIsNotThereIsUnavailable() throws IOException {
    SimulatedGoogle gone = SimulatedGoogle.start();
    gone.close();
    try (CloudDb away = CloudDb.open(gcp.config().endpoint(gone.endpoint()).build())) {
      CloudDbException read = failureOf(() -> away.instances().get(orders.id()));
      assertThat(read.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
      InstanceSpec spec = spec("others");
      CloudDbException change = failureOf(() -> away.instances().create(spec));
      assertThat(change.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
      // Refused connections carry no request, so nothing has happened.
      assertThat(change.details().outcomeKnown()).isTrue();
    }
  }

  @Test
  void theQuotaOfTheProjectIsTold() throws IOException {
    gcp.simulator
        .faults()
        .on("instances.insert")
        .refused(403, "quotaExceeded", "The project has too many instances.");
    InstanceSpec spec = spec("others");
    CloudDbException e = failureOf(() -> cloud.instances().create(spec).await(LIMIT));
    assertThat(e.category()).isEqualTo(ErrorCategory.QUOTA);
    assertThat(e.details().leftBehind()).as("nothing was made").isEmpty();
    assertThat(e.retryable()).isFalse();
  }

  @Test
  void anInvalidFlagIsRefusedByTheService() throws IOException {
    InstanceSpec spec =
        SimulatedCloudSql.spec("flagged", folder).parameter("no_such_flag", "1").build();
    CloudDbException e = failureOf(() -> cloud.instances().create(spec).await(LIMIT));
    assertThat(e.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
    assertThat(e.details().providerCode()).contains("invalidFlagValue");
    assertThat(e).hasMessageContaining("no_such_flag");
    assertThat(cloud.instances().find("flagged")).isEmpty();
  }

  @Test
  void anOperationThatEndsWithAnErrorFails() throws IOException {
    gcp.simulator
        .faults()
        .on("instances.patch")
        .operationFails("INTERNAL_ERROR", "The update broke.");

    CloudDbException e =
        failureOf(
            () ->
                cloud
                    .instances()
                    .modify(orders.id(), InstanceChange.builder().tag("broken", "b").build())
                    .await(LIMIT));

    assertThat(e.category()).isEqualTo(ErrorCategory.OTHER);
    assertThat(e.retryable()).isFalse();
    assertThat(e.details().providerCode()).contains("INTERNAL_ERROR");
    assertThat(e.details().requestId()).isPresent();
    assertThat(e).hasMessageContaining("The update broke.");
    assertThat(cloud.instances().get(orders.id()).tags()).doesNotContainKey("broken");
  }

  @ParameterizedTest
  @CsvSource({
    "QUOTA_EXCEEDED, QUOTA",
    "RESOURCE_EXHAUSTED, QUOTA",
    "INVALID_REQUEST, INVALID_ARGUMENT",
    "NOT_AUTHORIZED, PERMISSION",
    "FAILED_PRECONDITION, CONDITION_FAILED",
    "ERROR_RDBMS, OTHER"
  })
  void theErrorOfAnOperationIsTranslatedByItsCode(String code, ErrorCategory category)
      throws IOException {
    gcp.simulator.faults().on("instances.delete").operationFails(code, "A sentence.");

    CloudDbException e = failureOf(() -> cloud.instances().delete(orders.id()).await(LIMIT));

    assertThat(e.category()).isEqualTo(category);
    assertThat(e.details().providerCode()).contains(code);
  }

  @Test
  void aCreationThatFailsTellsWhatIsLeftBehind() throws IOException {
    gcp.simulator.faults().failStarts(1);
    InstanceSpec spec = spec("failing");

    CloudDbException e = failureOf(() -> cloud.instances().create(spec).await(LIMIT));

    assertThat(e.details().leftBehind()).get().asString().contains("failing");
    assertThat(e.nextStep()).get().asString().contains("Remove");
    CloudDbException ensured = failureOf(() -> cloud.instances().ensure(spec).await(LIMIT));
    assertThat(ensured).hasMessageContaining("has failed");
  }

  @Test
  void aProtectedInstanceIsNotDeletedEvenWhenTheProtectionComesInBetween() throws IOException {
    gcp.simulator
        .faults()
        .on("instances.delete")
        .refused(
            400,
            "invalid",
            "The instance is protected. Please disable the deletion protection and try again.");

    CloudDbException e = failureOf(() -> cloud.instances().delete(orders.id()).await(LIMIT));

    assertThat(e.category()).isEqualTo(ErrorCategory.CONDITION_FAILED);
  }

  @Test
  void anInstanceThatGoesAwayUnderADeletionIsGone() throws IOException {
    Instance gone = create("gone");
    gcp.simulator
        .faults()
        .on("instances.delete")
        .refused(404, "instanceDoesNotExist", "It does not exist.");

    assertThat(cloud.instances().delete(gone.id()).await(LIMIT)).isEqualTo(gone.id());
  }

  @Test
  void aPasswordThatCannotBeReadIsNoticedBeforeAnythingHappens() {
    SecretRef missing = SecretRef.environment("CLOUDDB_NO_SUCH_VARIABLE");
    InstanceSpec spec =
        InstanceSpec.builder("unread", Engine.POSTGRESQL, "16")
            .size(orders.nativeSize().map(InstanceSize::named).orElseThrow())
            .storage(Storage.ssd(DataSize.gib(20)))
            .network(Network.publicAccess("203.0.113.0/24"))
            .admin(AdminLogin.of("app_admin", missing))
            .build();
    InstanceChange change = InstanceChange.builder().tag("a", "b").adminPassword(missing).build();

    assertThat(failureOf(() -> cloud.instances().create(spec)))
        .hasMessageContaining("CLOUDDB_NO_SUCH_VARIABLE");
    assertThat(failureOf(() -> cloud.instances().modify(orders.id(), change)))
        .hasMessageContaining("CLOUDDB_NO_SUCH_VARIABLE");
    assertThat(gcp.simulator.requests()).isEmpty();
  }

  @Test
  void anOperationInProgressIsWaitedFor() throws IOException {
    for (int i = 0; i < 20; i++) {
      gcp.simulator.faults().on("instances.patch").refused(409, "operationInProgress", "Busy.");
    }

    Instance changed =
        cloud
            .instances()
            .modify(orders.id(), InstanceChange.builder().tag("waited", "b").build())
            .await(LIMIT);

    assertThat(changed.tags()).containsEntry("waited", "b");
    assertThat(gcp.simulator.requests("instances.patch")).hasSize(21);
  }

  @Test
  void settingsThatChangedInBetweenAreMergedAnew() throws IOException {
    gcp.simulator.faults().on("instances.patch").refused(412, "staleData", "Condition not met.");

    Instance changed =
        cloud
            .instances()
            .modify(orders.id(), InstanceChange.builder().tag("merged", "b").build())
            .await(LIMIT);

    assertThat(changed.tags()).containsEntry("merged", "b");
    assertThat(gcp.simulator.requests("instances.patch")).hasSize(2);
  }

  @Test
  void settingsThatChangeForeverEndTheWork() throws IOException {
    gcp.simulator
        .faults()
        .on("instances.patch")
        .times(15)
        .refused(412, "staleData", "Condition not met.");

    CloudDbException e =
        failureOf(
            () ->
                cloud
                    .instances()
                    .modify(orders.id(), InstanceChange.builder().tag("stale", "b").build())
                    .await(LIMIT));

    assertThat(e.category()).isEqualTo(ErrorCategory.CONDITION_FAILED);
    assertThat(e.details().operationToken()).as("it may be gone on with").isPresent();
    assertThat(gcp.simulator.faults().pending()).isZero();
  }

  @Test
  void theNameOfADeletedInstanceMayStayTaken() throws Exception {
    try (SimulatedGoogle google =
            SimulatedGoogle.builder().timings(Timings.NONE).keepsDeletedNames(true).start();
        CloudDb other = CloudDb.open(google.config().build())) {
      Instance kept = other.instances().create(spec("kept")).await(LIMIT);
      other.instances().delete(kept.id()).await(LIMIT);

      InstanceSpec again = spec("kept");
      CloudDbException e = failureOf(() -> other.instances().create(again).await(LIMIT));

      assertThat(e.category()).isEqualTo(ErrorCategory.ALREADY_EXISTS);
      assertThat(e.details().leftBehind()).isEmpty();
      assertThat(e.nextStep()).get().asString().contains("a week");
    }
  }
}
