/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.aws.internal.AwsErrors;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.error.ErrorCategory;
import io.clouddb.error.QuotaException;
import io.clouddb.error.UnavailableException;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.micrometer.observation.ObservationRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.rds.RdsClient;

/** Every error that RDS can answer to the driver's requests, in portable terms. */
class RdsErrorsTest {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private static RdsTestCloud rds;
  private static CloudDb cloud;

  @BeforeAll
  static void start() {
    rds = new RdsTestCloud(SimulatedClock.manual(Instant.EPOCH), builder -> builder);
    cloud = CloudDb.open(rds.config().retryPolicy(RetryPolicy.NONE).build());
  }

  @AfterAll
  static void stop() {
    // The last first; each of them, whatever another says.
    try (RdsTestCloud second = rds;
        CloudDb first = cloud) {
      // Closed by leaving.
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, DBInstanceAlreadyExists, AlreadyExists, false",
    "404, DBParameterGroupNotFound, NotFound, false",
    "404, DBSubnetGroupNotFoundFault, NotFound, false",
    "404, DBSecurityGroupNotFound, NotFound, false",
    "404, OptionGroupNotFoundFault, NotFound, false",
    "404, CertificateNotFound, NotFound, false",
    "400, Throttling, Throttled, true",
    "503, RequestLimitExceeded, Throttled, true",
    "400, InvalidDBClusterStateFault, Busy, true",
    "400, InvalidVPCNetworkStateFault, ConditionFailed, false",
    "400, InstanceQuotaExceeded, Quota, false",
    "400, StorageQuotaExceeded, Quota, false",
    "400, InsufficientDBInstanceCapacity, Unavailable, true",
    "503, ServiceUnavailable, Unavailable, true",
    "400, InvalidParameterValue, InvalidArgument, false",
    "400, InvalidParameterCombination, InvalidArgument, false",
    "400, MissingParameter, InvalidArgument, false",
    "400, ValidationError, InvalidArgument, false",
    "400, InvalidSubnet, InvalidArgument, false",
    "400, DBSubnetGroupDoesNotCoverEnoughAZs, InvalidArgument, false",
    "403, InvalidClientTokenId, Authentication, false",
    "403, SignatureDoesNotMatch, Authentication, false",
    "403, ExpiredToken, Authentication, false",
    "403, MissingAuthenticationToken, Authentication, false",
    "400, IncompleteSignature, Authentication, false",
    "400, RequestExpired, Authentication, false",
    "403, AccessDenied, Permission, false",
    "403, OptInRequired, Permission, false",
    "400, KMSKeyNotAccessibleFault, Permission, false",
    "400, StorageTypeNotSupported, UnsupportedFeature, false",
    "400, ProvisionedIopsNotAvailableInAZFault, UnsupportedFeature, false",
    "400, NetworkTypeNotSupported, UnsupportedFeature, false",
    "400, UnsupportedOperation, UnsupportedFeature, false",
  })
  void ofAChange(int status, String code, String exception, boolean retryable) {
    rds.simulator().faults().on("CreateDBInstance").refused(status, code, "The reason");
    CloudDbException e = failureOfACreation();
    assertThat(e.getClass().getSimpleName()).isEqualTo(exception + "Exception");
    assertThat(e.retryable()).isEqualTo(retryable);
    assertThat(e.details().outcomeKnown()).isTrue();
    assertThat(e.details().providerCode()).contains(code);
    assertThat(e.details().message()).isEqualTo("The reason");
    assertThat(e.details().requestId()).isPresent();
    assertThat(e.details().operation()).contains("rds.CreateDBInstance");
    assertThat(e.details().resource()).contains("refused");
    assertThat(e).hasCauseInstanceOf(AwsServiceException.class);
    assertThat(cloud.instances().find("refused")).isEmpty();
  }

  /** The request by itself: an operation would wait for what may pass. */
  private static CloudDbException failureOfACreation() {
    RdsClient client = cloud.unwrap(RdsClient.class);
    return failureOf(
        () ->
            client.createDBInstance(
                request ->
                    request
                        .dbInstanceIdentifier("refused")
                        .engine("postgres")
                        .dbInstanceClass("db.t4g.medium")));
  }

  private static CloudDbException failureOf(Callable<?> change) {
    RemoteCalls calls =
        new RemoteCalls("aws", RetryPolicy.NONE, ObservationRegistry.NOOP, AwsErrors.ofChanges());
    return catchThrowableOfType(
        CloudDbException.class, () -> calls.once("rds.CreateDBInstance", "refused", change));
  }

  @Test
  void aBreakdownLeavesOpenWhatAChangeHasDone() {
    rds.simulator().faults().on("CreateDBInstance").unavailable();
    assertThat(failureOfACreation())
        .isInstanceOfSatisfying(
            UnavailableException.class,
            e -> {
              assertThat(e.details().outcomeKnown()).isFalse();
              assertThat(e.retryable()).isTrue();
            });
  }

  /** Nobody brings a security group of EC2-Classic into another state. */
  @Test
  void aStateThatNeverPassesIsNoReasonToWait() {
    rds.simulator()
        .faults()
        .on("ModifyDBInstance")
        .refused(400, "InvalidDBSecurityGroupState", "The reason");
    RdsClient client = cloud.unwrap(RdsClient.class);
    assertThat(failureOf(() -> client.modifyDBInstance(r -> r.dbInstanceIdentifier("refused"))))
        .isInstanceOf(ConditionFailedException.class);
  }

  @Test
  void aFinalRefusalOfAStepIsTheEndOfItsOperation() {
    rds.simulator().faults().on("CreateDBInstance").refused(400, "InstanceQuotaExceeded", "Full");
    assertThatThrownBy(
            () -> cloud.instances().create(RdsTestCloud.spec("full").build()).await(LIMIT))
        .isInstanceOfSatisfying(
            QuotaException.class,
            e -> {
              assertThat(e.details().operation()).contains("rds.CreateDBInstance");
              assertThat(e.details().resource()).contains("full in " + RdsTestCloud.REGION);
              assertThat(e.details().requestId()).isPresent();
              assertThat(e.details().outcomeKnown()).isTrue();
              assertThat(e.details().leftBehind()).isEmpty();
            })
        .hasStackTraceContaining("InstanceQuotaExceededException");
  }

  @Test
  void aBreakdownOfAReadIsTransient() {
    rds.simulator().faults().on("DescribeDBInstances").unavailable();
    assertThatThrownBy(() -> cloud.instances().find("any"))
        .isInstanceOfSatisfying(
            UnavailableException.class, e -> assertThat(e.details().outcomeKnown()).isTrue());
  }

  @Test
  void deletionProtectionThatAppearsMeanwhileIsACondition() {
    var created = cloud.instances().create(RdsTestCloud.spec("guarded").build());
    Requests.await(rds, "CreateDBInstance", "guarded");
    rds.simulator()
        .faults()
        .on("DeleteDBInstance")
        .refused(
            400,
            "InvalidParameterCombination",
            "Cannot delete protected DB Instance, please disable deletion protection");
    assertThatThrownBy(() -> cloud.instances().delete(created.resource()).await(LIMIT))
        .isInstanceOf(ConditionFailedException.class);
  }

  @Test
  void aRequestWithoutCredentialsIsRefusedByTheService() throws Exception {
    HttpResponse<String> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(rds.simulator().endpoint())
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "Action=DescribeDBInstances&Version=2014-10-31"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body()).contains("<Code>MissingAuthenticationToken</Code>");
  }

  @Test
  void theServiceKnowsItsUserByWhatTheSdkSigns() {
    String key = SimulatedAws.ACCESS_KEY;
    String secret = rds.simulator().secret().resolve();
    assertThat(refusal(AwsBasicCredentials.create(key, secret + "x")))
        .isEqualTo("SignatureDoesNotMatch");
    assertThat(refusal(AwsBasicCredentials.create("AKIDEXAMPLE", secret)))
        .isEqualTo("InvalidClientTokenId");
    assertThat(refusal(AwsSessionCredentials.create(key, secret, "token")))
        .isEqualTo("InvalidClientTokenId");
  }

  private String refusal(AwsCredentials credentials) {
    CloudConfig.Builder stranger =
        rds.config()
            .using(AwsCredentialsProvider.class, StaticCredentialsProvider.create(credentials));
    try (CloudDb opened = CloudDb.open(stranger.build())) {
      CloudDbException e =
          catchThrowableOfType(CloudDbException.class, () -> opened.instances().find("orders"));
      assertThat(e.category()).isIn(ErrorCategory.AUTHENTICATION, ErrorCategory.PERMISSION);
      return e.details().providerCode().orElseThrow();
    }
  }
}
