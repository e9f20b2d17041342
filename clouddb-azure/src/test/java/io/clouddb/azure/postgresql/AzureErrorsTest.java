/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static io.clouddb.azure.postgresql.AzureOnThisMachine.LOCATION;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.PASSWORD;
import static io.clouddb.azure.postgresql.AzureOnThisMachine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.azure.resourcemanager.postgresqlflexibleserver.fluent.models.ServerInner;
import io.clouddb.CloudDb;
import io.clouddb.azure.internal.ArmErrors;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.spi.RetryPolicy;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each of Azure's errors, provoked in the simulator and read off the library's exception. */
class AzureErrorsTest {
  private static AzureOnThisMachine azure;

  @BeforeAll
  static void start() {
    azure = new AzureOnThisMachine();
  }

  @AfterAll
  static void stop() {
    azure.close();
  }

  private static CloudDb open() {
    return CloudDb.open(azure.config().retryPolicy(RetryPolicy.NONE).build());
  }

  @ParameterizedTest
  @CsvSource({
    "400, NameAlreadyExists, ALREADY_EXISTS, true",
    "409, ServerAlreadyExists, ALREADY_EXISTS, true",
    "409, ServerNameAlreadyExists, ALREADY_EXISTS, true",
    "409, RemoteDatabaseExists, ALREADY_EXISTS, true",
    "404, ResourceGroupNotFound, NOT_FOUND, true",
    "404, SubscriptionNotFound, NOT_FOUND, true",
    "400, ServerNotFound, NOT_FOUND, true",
    "429, TooManyRequests, THROTTLED, true",
    "503, TooManyRequests, THROTTLED, true",
    "429, SubscriptionRequestsThrottled, THROTTLED, true",
    "409, ConflictingServerOperation, BUSY, true",
    "409, ConflictingDatabaseOperation, BUSY, true",
    "409, UpdateSloInProgress, BUSY, true",
    "409, ServerBusy, BUSY, true",
    "400, ServerIsBusy, BUSY, true",
    "400, ProvisioningServerBusy, BUSY, true",
    "400, ServerEditionIncompatibleWithSkuSize, INVALID_ARGUMENT, true",
    "400, HANotSupportedForBurstableSkuWithMoreInfo, INVALID_ARGUMENT, true",
    "400, NoRegisteredProviderFound, UNSUPPORTED_FEATURE, true",
    "412, PreconditionFailed, CONDITION_FAILED, true",
    "409, ScopeLocked, CONDITION_FAILED, true",
    "409, Conflict, CONDITION_FAILED, true",
    "400, InvalidParameterValue, INVALID_ARGUMENT, true",
    "400, ParameterOutOfRange, INVALID_ARGUMENT, true",
    "400, Whatever, INVALID_ARGUMENT, true",
    "401, AuthenticationFailed, AUTHENTICATION, true",
    "401, ExpiredAuthenticationToken, AUTHENTICATION, true",
    "403, AuthorizationFailed, PERMISSION, true",
    "403, RequestDisallowedByPolicy, PERMISSION, true",
    "409, ServerQuotaExceeded, QUOTA, true",
    "409, ServerDtuQuotaExceeded, QUOTA, true",
    "400, QuotaExceeded, QUOTA, true",
    "500, OperationTimedOut, UNAVAILABLE, false",
    "500, InternalServerError, UNAVAILABLE, false",
    "503, ServiceUnavailable, UNAVAILABLE, true",
    "405, MethodNotAllowed, UNSUPPORTED_FEATURE, true",
    "409, RegionDoesNotAllowProvisioning, UNSUPPORTED_FEATURE, true",
    "400, LocationIsOfferRestricted, UNSUPPORTED_FEATURE, true",
    "400, RegionIsOfferRestricted, UNSUPPORTED_FEATURE, true",
    "504, GatewayTimeout, OUTCOME_UNKNOWN, false",
    "418, Teapot, OTHER, true"
  })
  void meansWhatItSays(int status, String code, ErrorCategory category, boolean outcomeKnown) {
    azure.azure.faults().on("Servers_Create").refused(status, code, "A sentence of Azure's.");
    CloudDbException e = refusedCreation();
    assertThat(e.category()).isEqualTo(category);
    assertThat(e.details().outcomeKnown()).isEqualTo(outcomeKnown);
    assertThat(e.details().providerCode()).contains(code);
    assertThat(e.details().message()).isEqualTo("A sentence of Azure's.");
    assertThat(e.details().operation()).contains("postgresql.Servers.Create");
    assertThat(e.details().resource()).contains("orders");
    assertThat(e.details().requestId()).isPresent();
    assertThat(e.getCause())
        .isInstanceOf(com.azure.core.management.exception.ManagementException.class);
  }

  /** The request alone, without the step machine, which sends it again where that helps. */
  private static CloudDbException refusedCreation() {
    ServerInner body =
        ServerFields.create(spec("orders").build(), "attempt-1", LOCATION, PASSWORD.resolve());
    return catchThrowableOfType(
        CloudDbException.class, () -> azure.runs().calls().create("orders", body));
  }

  /** Published of servers whose creation was accepted, and ended as failed a minute later. */
  @ParameterizedTest
  @ValueSource(strings = {"PrivateDnsZoneNameNotValid", "PrivateDnsZoneHasWrongZoneSuffix"})
  void aZoneThatFailsACreationIsAnInvalidArgument(String code) {
    assertThat(ArmErrors.ofOperation(code, "A sentence of Azure's.").build().category())
        .isEqualTo(ErrorCategory.INVALID_ARGUMENT);
  }

  @Test
  void anEmptyCodeIsReadByItsMessage() {
    azure
        .azure
        .faults()
        .on("Servers_Create")
        .refused(400, "", "Server orders is busy with other operations. Please try later");
    CloudDbException e = refusedCreation();
    assertThat(e.category()).isEqualTo(ErrorCategory.BUSY);
    assertThat(e.details().providerCode()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"504, GatewayTimeout", "500, InternalServerError", "504, Whatever"})
  void aReadHasNoOutcomeThatCouldBeUnknown(int status, String code) {
    azure.azure.faults().on("Servers_Get").refused(status, code, "No answer.");
    try (CloudDb cloud = open()) {
      CloudDbException e =
          catchThrowableOfType(CloudDbException.class, () -> cloud.instances().find("orders"));
      assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
      assertThat(e.retryable()).isTrue();
      assertThat(e.details().outcomeKnown()).isTrue();
    }
  }

  @Test
  void anInterruptedCallStopsAtOnce() {
    azure.azure.clearRequests();
    try (CloudDb cloud = azure.open()) {
      Thread.currentThread().interrupt();
      CloudDbException e =
          catchThrowableOfType(CloudDbException.class, () -> cloud.instances().find("orders"));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
      assertThat(e).hasMessageContaining("interrupted");
      assertThat(azure.azure.requests("Servers_Get")).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void waitsAsLongAsAzureAsks() {
    azure.azure.faults().on("Servers_Get").throttled();
    try (CloudDb cloud = open()) {
      CloudDbException e =
          catchThrowableOfType(CloudDbException.class, () -> cloud.instances().find("orders"));
      assertThat(e.category()).isEqualTo(ErrorCategory.THROTTLED);
      assertThat(e.details().retryAfter()).contains(Duration.ofSeconds(1));
    }
  }

  @Test
  void theLibraryIsTheOnlyOneThatRetries() {
    azure.azure.clearRequests();
    azure.azure.faults().on("Servers_Get").times(2).unavailable();
    try (CloudDb cloud = open()) {
      assertThat(
              catchThrowableOfType(CloudDbException.class, () -> cloud.instances().find("orders")))
          .isNotNull();
    }
    assertThat(azure.azure.requests("Servers_Get")).hasSize(1);
    try (CloudDb cloud = azure.open()) {
      assertThat(cloud.instances().find("orders")).isEmpty();
    }
    assertThat(azure.azure.requests("Servers_Get")).hasSize(3);
  }

  @Test
  void aMissingGroupIsNoMissingServer() {
    try (CloudDb cloud = CloudDb.open(azure.config("no-such-group").build())) {
      CloudDbException e =
          catchThrowableOfType(CloudDbException.class, () -> cloud.instances().find("orders"));
      assertThat(e.category()).isEqualTo(ErrorCategory.NOT_FOUND);
      assertThat(e.details().providerCode()).contains("ResourceGroupNotFound");
      assertThat(e.nextStep().orElseThrow()).contains("Create the resource group");
      assertThat(
              catchThrowableOfType(
                      CloudDbException.class,
                      () -> cloud.instances().create(spec("orders").build()))
                  .details()
                  .providerCode())
          .contains("ResourceGroupNotFound");
    }
  }

  @Test
  void aServerOfThatNameElsewhereInAzureIsNotTakenOver() throws Exception {
    azure.azure.addResourceGroup(AzureOnThisMachine.SUBSCRIPTION, "other-rg", "koreacentral");
    try (CloudDb other = CloudDb.open(azure.config("other-rg").build());
        CloudDb cloud = azure.open()) {
      other.instances().create(spec("taken").build()).await(AzureOnThisMachine.LIMIT);
      CloudDbException e =
          catchThrowableOfType(
              CloudDbException.class,
              () ->
                  cloud.instances().create(spec("taken").build()).await(AzureOnThisMachine.LIMIT));
      assertThat(e.category()).isEqualTo(ErrorCategory.ALREADY_EXISTS);
      assertThat(e.details().providerCode()).contains("ServerNameAlreadyExists");
    }
  }

  @Test
  void nobodyThere() {
    AzureOnThisMachine gone = new AzureOnThisMachine();
    CloudDb cloud = CloudDb.open(gone.config().retryPolicy(RetryPolicy.NONE).build());
    gone.close();
    try (cloud) {
      CloudDbException e =
          catchThrowableOfType(CloudDbException.class, () -> cloud.instances().find("orders"));
      assertThat(e.category()).isEqualTo(ErrorCategory.UNAVAILABLE);
      assertThat(e.retryable()).isTrue();
      assertThat(e.details().outcomeKnown()).isTrue();
    }
  }

  @Test
  void whatTheSimulatorValidatesIsAnInvalidArgument() {
    try (CloudDb cloud = open()) {
      CloudDbException e =
          catchThrowableOfType(
              CloudDbException.class,
              () ->
                  cloud
                      .instances()
                      .create(
                          spec("orders")
                              .admin(
                                  io.clouddb.instance.AdminLogin.of(
                                      "app_admin",
                                      io.clouddb.security.SecretRef.literal("tooeasy")))
                              .build())
                      .await(AzureOnThisMachine.LIMIT));
      assertThat(e.category()).isEqualTo(ErrorCategory.INVALID_ARGUMENT);
      assertThat(e).hasMessageNotContaining("tooeasy").hasMessageContaining("8 to 128");
    }
  }
}
