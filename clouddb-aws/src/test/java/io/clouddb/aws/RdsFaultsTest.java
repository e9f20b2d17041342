/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.error.AuthenticationException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.QuotaException;
import io.clouddb.error.ThrottledException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceState;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.engine.Faults;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** What the driver makes of lost answers, refusals for a moment and a network that is not there. */
class RdsFaultsTest {
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
    // With the HTTP client that the provider makes, since it is what must not send twice.
    cloud = CloudDb.open(rds.unchecked().build());
  }

  @AfterEach
  void close() {
    cloud.close();
    assertThat(faults().pending()).as("faults that did not happen").isZero();
  }

  private static Faults faults() {
    return rds.simulator().faults();
  }

  private static long sent(String action, String name) {
    return rds.simulator().requests(action).stream()
        .filter(r -> name.equals(RdsTestCloud.form(r).get("DBInstanceIdentifier")))
        .count();
  }

  @Test
  void aCreationWhoseAnswerWasLostIsAdopted() {
    faults().on("CreateDBInstance").connectionResetAfter();
    Instance instance = cloud.instances().create(RdsTestCloud.spec("adopted").build()).await(LIMIT);
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(sent("CreateDBInstance", "adopted")).isEqualTo(1);
  }

  @Test
  void aCreationThatNeverArrivedIsSentAgain() {
    faults().on("CreateDBInstance").connectionResetBefore();
    Instance instance = cloud.instances().create(RdsTestCloud.spec("resent").build()).await(LIMIT);
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(sent("CreateDBInstance", "resent")).isEqualTo(2);
  }

  @Test
  void aParameterGroupWhoseAnswerWasLostIsAdopted() {
    faults().on("CreateDBParameterGroup").connectionResetAfter();
    cloud
        .instances()
        .create(RdsTestCloud.spec("grouped").logicalReplication(true).build())
        .await(LIMIT);
    assertThat(rds.simulator().rds().parameterGroups(RdsTestCloud.REGION))
        .filteredOn(name -> name.startsWith("clouddb-grouped-"))
        .hasSize(1);
  }

  @Test
  void throttlingIsWaitedOut() {
    faults().on("CreateDBInstance").times(2).throttled();
    Instance instance =
        cloud.instances().create(RdsTestCloud.spec("throttled").build()).await(LIMIT);
    assertThat(instance.state()).isEqualTo(InstanceState.AVAILABLE);
    assertThat(sent("CreateDBInstance", "throttled")).isEqualTo(3);
  }

  @Test
  void onlyOneLayerRetries() {
    faults().on("DescribeDBInstances").times(4).throttled();
    int before = rds.simulator().requests("DescribeDBInstances").size();
    assertThatThrownBy(() -> cloud.instances().find("nobody"))
        .isInstanceOf(ThrottledException.class);
    assertThat(rds.simulator().requests("DescribeDBInstances")).hasSize(before + 4);
  }

  @Test
  void aLostCreationThatCannotBeLookedForIsUnsureAndNamed() {
    try (CloudDb once = CloudDb.open(rds.unchecked().retryPolicy(RetryPolicy.NONE).build())) {
      faults().on("CreateDBInstance").connectionResetBefore();
      // The two looks before the creation are answered, those after it are not.
      faults().on("DescribeDBInstances").after(2).times(5).unavailable();
      assertThatThrownBy(
              () -> once.instances().create(RdsTestCloud.spec("unsure").build()).await(LIMIT))
          .isInstanceOfSatisfying(
              UnavailableException.class,
              e -> {
                assertThat(e.details().outcomeKnown()).isFalse();
                assertThat(e.details().leftBehind())
                    .hasValueSatisfying(
                        left -> assertThat(left).contains("the DB instance unsure, if a request"));
              });
      assertThat(sent("CreateDBInstance", "unsure")).isEqualTo(1);
    }
  }

  @Test
  void aRefusalAfterALostCreationLeavesItUnsureAndNamed() {
    faults().on("CreateDBInstance").connectionResetBefore();
    faults().on("CreateDBInstance").refused(400, "InstanceQuotaExceeded", "Full");
    assertThatThrownBy(
            () ->
                cloud
                    .instances()
                    .create(RdsTestCloud.spec("doubtful").logicalReplication(true).build())
                    .await(LIMIT))
        .isInstanceOfSatisfying(
            QuotaException.class,
            e -> {
              assertThat(e.details().outcomeKnown()).isFalse();
              assertThat(e.retryable()).isFalse();
              assertThat(e.details().leftBehind())
                  .hasValueSatisfying(
                      left -> assertThat(left).contains("the DB instance doubtful, if a request"));
            });
    assertThat(rds.simulator().rds().parameterGroups(RdsTestCloud.REGION))
        .noneMatch(name -> name.startsWith("clouddb-doubtful-"));
  }

  @Test
  void lostAnswersOfOtherChangesDoNoHarm() {
    Instance instance = cloud.instances().create(RdsTestCloud.spec("lossy").build()).await(LIMIT);
    faults().on("ModifyDBInstance").connectionResetAfter();
    faults().on("AddTagsToResource").connectionResetAfter();
    Instance changed =
        cloud
            .instances()
            .modify(
                instance.id(),
                InstanceChange.builder().deletionProtection(true).tag("a", "b").build())
            .await(LIMIT);
    assertThat(changed.deletionProtection()).isTrue();
    assertThat(changed.tags()).containsEntry("a", "b");
    cloud
        .instances()
        .modify(instance.id(), InstanceChange.builder().deletionProtection(false).build())
        .await(LIMIT);
    faults().on("StopDBInstance").connectionResetAfter();
    assertThat(cloud.instances().stop(instance.id()).await(LIMIT).state())
        .isEqualTo(InstanceState.STOPPED);
    faults().on("StartDBInstance").connectionResetAfter();
    assertThat(cloud.instances().start(instance.id()).await(LIMIT).state())
        .isEqualTo(InstanceState.AVAILABLE);
    faults().on("DeleteDBInstance").connectionResetAfter();
    assertThat(cloud.instances().delete(instance.id()).await(LIMIT)).isEqualTo(instance.id());
    assertThat(cloud.instances().find("lossy")).isEmpty();
  }

  @Test
  void aRestartIsMadeOnceWhateverBecomesOfItsAnswer() {
    Instance instance =
        cloud
            .instances()
            .create(RdsTestCloud.spec("restarted").parameter("work_mem", "8192").build())
            .await(LIMIT);
    faults().on("RebootDBInstance").connectionResetAfter();
    cloud
        .instances()
        .modify(instance.id(), InstanceChange.builder().parameter("max_connections", "66").build())
        .await(LIMIT);
    assertThat(sent("RebootDBInstance", "restarted")).isEqualTo(1);
    faults().on("RebootDBInstance").connectionResetBefore();
    cloud
        .instances()
        .modify(instance.id(), InstanceChange.builder().parameter("max_connections", "67").build())
        .await(LIMIT);
    assertThat(sent("RebootDBInstance", "restarted")).isEqualTo(3);
  }

  @Test
  void pollsSurviveABreakdown() {
    // The two looks before the creation are answered, the polls after it are not.
    faults().on("DescribeDBInstances").after(2).times(6).unavailable();
    var operation = cloud.instances().create(RdsTestCloud.spec("patient").build());
    assertThat(operation.await(LIMIT).state()).isEqualTo(InstanceState.AVAILABLE);
  }

  @Test
  void aDatabaseThatDoesNotStartIsAFailure() {
    faults().failStarts(1);
    assertThatThrownBy(
            () -> cloud.instances().create(RdsTestCloud.spec("dead").build()).await(LIMIT))
        .isInstanceOfSatisfying(
            CloudDbException.class,
            e -> {
              assertThat(e.details().providerCode()).contains("failed");
              assertThat(e.details().leftBehind())
                  .hasValueSatisfying(text -> assertThat(text).contains("dead"));
            });
  }

  @Test
  void aServiceThatIsNotThereHasDoneNothing() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    try (CloudDb nobody =
        CloudDb.open(rds.unchecked().endpoint(URI.create("http://127.0.0.1:" + port)).build())) {
      assertThatThrownBy(() -> nobody.instances().create(RdsTestCloud.spec("nobody").build()))
          .isInstanceOfSatisfying(
              UnavailableException.class, e -> assertThat(e.details().outcomeKnown()).isTrue());
    }
  }

  @Test
  void anAnswerThatComesTooLateIsLookedFor() {
    try (RdsClient hasty =
            RdsClient.builder()
                .region(Region.of(RdsTestCloud.REGION))
                .endpointOverride(rds.simulator().endpoint())
                .credentialsProvider(rds.credentials())
                .overrideConfiguration(
                    o ->
                        o.retryStrategy(DefaultRetryStrategy.doNotRetry())
                            .apiCallTimeout(Duration.ofSeconds(5)))
                .build();
        StsClient sts =
            StsClient.builder()
                .region(Region.of(RdsTestCloud.REGION))
                .endpointOverride(rds.simulator().endpoint())
                .credentialsProvider(rds.credentials())
                .build();
        CloudDb late =
            CloudDb.open(
                CloudConfig.builder("aws", RdsTestCloud.REGION)
                    .retryPolicy(RetryPolicy.NONE)
                    .pollInterval(Duration.ofMillis(20))
                    .using(RdsClient.class, hasty)
                    .using(StsClient.class, sts)
                    .build())) {
      // The first request of a client takes long, and is not the one to be late.
      hasty.describeDBInstances(
          r -> r.overrideConfiguration(o -> o.apiCallTimeout(Duration.ofMinutes(1))));
      CountDownLatch givenUp = new CountDownLatch(1);
      faults().on("CreateDBInstance").heldUntil(givenUp);
      var operation = late.instances().create(RdsTestCloud.spec("late").build());
      Requests.eventually(() -> operation.progress().startsWith("looks what became of"));
      assertThat(sent("CreateDBInstance", "late")).isZero();
      givenUp.countDown();
      assertThat(operation.await(LIMIT).state()).isEqualTo(InstanceState.AVAILABLE);
      assertThat(sent("CreateDBInstance", "late")).as("adopted").isEqualTo(1);
    }
  }

  @Test
  void credentialsThatAreNotThereAreAnAuthenticationError() {
    try (CloudDb nobody =
        CloudDb.open(
            rds.unchecked()
                .using(AwsCredentialsProvider.class, AnonymousCredentialsProvider.create())
                .build())) {
      assertThatThrownBy(() -> nobody.instances().find("any"))
          .isInstanceOf(AuthenticationException.class);
    }
  }
}
