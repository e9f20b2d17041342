/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.error.AuthenticationException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.InvalidArgumentException;
import io.clouddb.error.UnavailableException;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.replica.ReplicaSpec;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.rds.RdsClient;
import software.amazon.awssdk.services.sts.StsClient;

/** Whose the credentials are: asked when it is needed, once, and held against ids and tokens. */
class AwsAccountTest {
  private static final String WHO = "GetCallerIdentity";
  private static final String ACCOUNT = "210987654321";
  private static final String ANOTHER = "999999999999";
  private static final String AWAY = "eu-west-1";

  private final RdsTestCloud rds =
      new RdsTestCloud(SimulatedClock.manual(Instant.EPOCH), builder -> builder.account(ACCOUNT));
  private CloudDb cloud;

  @BeforeEach
  void open() {
    cloud = CloudDb.open(rds.config().retryPolicy(RetryPolicy.NONE).build());
  }

  @AfterEach
  void close() {
    assertThat(rds.simulator().faults().pending()).isZero();
    cloud.close();
    rds.close();
  }

  private List<RecordedRequest> asked() {
    return rds.simulator().requests(WHO);
  }

  private static ResourceId orders(String account) {
    return ResourceId.of("aws", account, RdsTestCloud.REGION, "instance", "orders");
  }

  private String tokenOf(String account) {
    return rds.token(
        OperationState.begin(
            InstanceDriver.DELETE.id(), orders(account), "1", rds.clock().instant(), null));
  }

  @Test
  void isAskedByTheFirstCallAndOnceForAllRegions() {
    InstanceChange change = InstanceChange.builder().tag("a", "b").build();
    assertThat(cloud.instances().plan(RdsTestCloud.spec("orders").build())).isNotNull();
    assertThat(cloud.instances().planModify(change)).isNotNull();
    assertThat(cloud.replicas().plan(orders(ANOTHER), ReplicaSpec.named("reader"))).isNotNull();
    assertThat(cloud.operations().unfinished()).isEmpty();
    assertThat(rds.simulator().requests()).isEmpty();
    for (int i = 0; i < 50; i++) {
      assertThat(cloud.instances().find("nobody")).isEmpty();
      assertThat(cloud.in(AWAY).instances().find("nobody")).isEmpty();
    }
    assertThat(asked()).hasSize(1);
    assertThatThrownBy(() -> cloud.replicas().plan(orders(ANOTHER), ReplicaSpec.named("reader")))
        .as("known by now")
        .isInstanceOf(InvalidArgumentException.class);
  }

  @Test
  void standsInTheIdsThatItGives() {
    var created = cloud.instances().create(RdsTestCloud.spec("orders").build());
    assertThat(created.resource()).isEqualTo(orders(ACCOUNT));
    Requests.await(rds, "CreateDBInstance", "orders");
    assertThat(cloud.instances().get("orders").id()).isEqualTo(orders(ACCOUNT));
    assertThat(cloud.instances().get(orders(ACCOUNT)).id().nativeId())
        .contains("arn:aws:rds:" + RdsTestCloud.REGION + ":" + ACCOUNT + ":db:orders");
    assertThat(cloud.instances().list()).extracting(Instance::id).containsExactly(orders(ACCOUNT));
  }

  @Test
  void anIdOrATokenOfAnotherOneIsRefusedBeforeAnyOtherCall() {
    InstanceChange change = InstanceChange.builder().tag("a", "b").build();
    List<ThrowingCallable> calls =
        List.of(
            () -> cloud.instances().get(orders(ANOTHER)),
            () -> cloud.instances().modify(orders(ANOTHER), change),
            () -> cloud.instances().start(orders(ANOTHER)),
            () -> cloud.instances().delete(orders(ANOTHER)),
            () -> cloud.replicas().create(orders(ANOTHER), ReplicaSpec.named("reader")),
            () -> cloud.replicas().list(orders(ANOTHER)),
            () -> cloud.operations().resume(tokenOf(ANOTHER), ResourceId.class));
    for (ThrowingCallable call : calls) {
      assertThatThrownBy(call)
          .isInstanceOf(InvalidArgumentException.class)
          .hasMessageContaining(ANOTHER);
    }
    assertThat(rds.simulator().requests())
        .extracting(RecordedRequest::operation)
        .containsExactly(WHO);
  }

  @Test
  void anIdOrATokenOfNoneIsRefusedWithAdvice() {
    assertThatThrownBy(() -> cloud.instances().delete(orders("")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("has no account", ACCOUNT, "by its name");
    assertThatThrownBy(() -> cloud.replicas().create(orders(""), ReplicaSpec.named("reader")))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContaining("by its name");
    assertThatThrownBy(() -> cloud.operations().resume(tokenOf(""), ResourceId.class))
        .isInstanceOf(InvalidArgumentException.class)
        .hasMessageContainingAll("names no account", ACCOUNT);
  }

  @Test
  void whoDoesNotTellIsAskedAgainTheNextTime() {
    rds.simulator().faults().on(WHO).unavailable();
    assertThatThrownBy(() -> cloud.instances().find("orders"))
        .isInstanceOfSatisfying(
            UnavailableException.class,
            e -> assertThat(e.details().operation()).contains("sts.GetCallerIdentity"));
    rds.simulator().faults().on(WHO).credentialsExpire();
    assertThatThrownBy(() -> cloud.instances().find("orders"))
        .isInstanceOf(AuthenticationException.class);
    assertThat(cloud.instances().find("orders")).isEmpty();
    assertThat(asked()).hasSize(3);
    try (CloudDb patient = rds.open()) {
      rds.simulator().faults().on(WHO).times(2).throttled();
      assertThat(patient.instances().find("orders")).isEmpty();
    }
  }

  @Test
  void anAnswerOfAProxyIsNone() {
    try (CloudDb unchecked = CloudDb.open(rds.unchecked().retryPolicy(RetryPolicy.NONE).build())) {
      rds.simulator().faults().on(WHO).intercepted(200, "text/html", "<html>Sign in</html>");
      assertThatThrownBy(() -> unchecked.instances().find("orders"))
          .isInstanceOf(UnavailableException.class)
          .hasMessageContaining("proxy");
      assertThat(unchecked.instances().find("orders")).isEmpty();
    }
  }

  @Test
  void expiredCredentialsLeaveTheTokenWithWhichItGoesOn() {
    rds.simulator().faults().on(WHO).credentialsExpire();
    CloudDbException e =
        catchThrowableOfType(
            CloudDbException.class,
            () -> cloud.operations().resume(tokenOf(ACCOUNT), ResourceId.class));
    assertThat(e).isInstanceOf(AuthenticationException.class);
    assertThat(e.details().resource()).isPresent();
    String token = e.details().operationToken().orElseThrow();
    assertThat(cloud.operations().resume(token, ResourceId.class).resource())
        .isEqualTo(orders(ACCOUNT));
  }

  /** A network in which one region's STS does not answer until it is back. */
  private static final class OneRegionHangs implements SdkHttpClient {
    private final SdkHttpClient network = Apache5HttpClient.create();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch back = new CountDownLatch(1);

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      ExecutableHttpRequest prepared = network.prepareRequest(request);
      String signature = request.httpRequest().firstMatchingHeader("Authorization").orElseThrow();
      if (!signature.contains("/sts/")) {
        return prepared;
      }
      return new ExecutableHttpRequest() {
        @Override
        public HttpExecuteResponse call() throws IOException {
          asked.add(signature.contains("/" + AWAY + "/sts/") ? AWAY : RdsTestCloud.REGION);
          if (asked.contains(RdsTestCloud.REGION) && !asked.contains(AWAY)) {
            try {
              back.await();
            } catch (InterruptedException e) {
              throw new InterruptedIOException(e.toString());
            }
          }
          return prepared.call();
        }

        @Override
        public void abort() {
          prepared.abort();
        }
      };
    }

    @Override
    public void close() {
      network.close();
    }
  }

  @Test
  void aRegionThatHangsStopsNoOther() throws Exception {
    try (OneRegionHangs network = new OneRegionHangs();
        CloudDb here = CloudDb.open(rds.unchecked().using(SdkHttpClient.class, network).build())) {
      List<Thread> threads = new ArrayList<>();
      List<FutureTask<Boolean>> found = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        FutureTask<Boolean> find = new FutureTask<>(() -> here.instances().find("a").isEmpty());
        found.add(find);
        threads.add(new Thread(find));
      }
      threads.get(0).start();
      Requests.eventually(() -> !network.asked.isEmpty());
      threads.get(1).start();
      Requests.eventually(() -> threads.get(1).getState() == Thread.State.WAITING);
      assertThat(here.in(AWAY).instances().find("a")).isEmpty();
      assertThat(found).noneMatch(FutureTask::isDone);
      network.back.countDown();
      for (FutureTask<Boolean> find : found) {
        assertThat(find.get()).isTrue();
      }
      assertThat(network.asked).containsExactly(RdsTestCloud.REGION, AWAY);
    }
  }

  /** Its interrupt is its own, and nobody else's. */
  @Test
  void whoIsInterruptedWhileItAsksFailsAlone() throws Exception {
    try (OneRegionHangs network = new OneRegionHangs();
        CloudDb here =
            CloudDb.open(
                rds.unchecked()
                    .retryPolicy(RetryPolicy.NONE)
                    .using(SdkHttpClient.class, network)
                    .build())) {
      List<Thread> threads = new ArrayList<>();
      List<FutureTask<Boolean>> found = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        FutureTask<Boolean> find = new FutureTask<>(() -> here.instances().find("a").isEmpty());
        found.add(find);
        threads.add(new Thread(find));
      }
      threads.get(0).start();
      Requests.eventually(() -> !network.asked.isEmpty());
      threads.get(1).start();
      Requests.eventually(() -> threads.get(1).getState() == Thread.State.WAITING);
      threads.get(0).interrupt();
      assertThatThrownBy(() -> found.get(0).get()).hasCauseInstanceOf(CloudDbException.class);
      network.back.countDown();
      assertThat(found.get(1).get()).isTrue();
      assertThat(network.asked).hasSize(2);
    }
  }

  private <B extends AwsClientBuilder<B, C>, C> C client(B builder, String region) {
    return builder
        .region(Region.of(region))
        .endpointOverride(rds.simulator().endpoint())
        .credentialsProvider(rds.credentials())
        .build();
  }

  @Test
  void isThatOfTheClientsThatAreHandedIn() {
    try (RdsClient instances = client(RdsClient.builder(), RdsTestCloud.REGION);
        StsClient elsewhere = client(StsClient.builder(), AWAY)) {
      CloudConfig.Builder both =
          CloudConfig.builder("aws", RdsTestCloud.REGION)
              .using(RdsClient.class, instances)
              .using(StsClient.class, elsewhere);
      try (CloudDb handed = CloudDb.open(both.build())) {
        assertThat(handed.unwrap(StsClient.class)).isSameAs(elsewhere);
        assertThat(handed.instances().find("orders")).isEmpty();
      }
      assertThat(elsewhere.getCallerIdentity().account()).as("left open").isEqualTo(ACCOUNT);
      for (CloudConfig.Builder one :
          List.of(
              CloudConfig.builder("aws", RdsTestCloud.REGION).using(RdsClient.class, instances),
              CloudConfig.builder("aws", RdsTestCloud.REGION).using(StsClient.class, elsewhere))) {
        assertThatThrownBy(() -> CloudDb.open(one.build()))
            .isInstanceOf(InvalidArgumentException.class)
            .hasMessageContainingAll("handed in together", "same credentials");
      }
    }
    assertThat(cloud.unwrap(StsClient.class)).isSameAs(cloud.unwrap(StsClient.class));
  }
}
