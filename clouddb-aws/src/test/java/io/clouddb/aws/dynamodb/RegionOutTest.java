/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static io.clouddb.aws.dynamodb.TableCloud.AWAY;
import static io.clouddb.aws.dynamodb.TableCloud.HOME;
import static io.clouddb.aws.dynamodb.TableCloud.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.clouddb.CloudDb;
import io.clouddb.error.AuthenticationException;
import io.clouddb.error.CloudDbException;
import io.clouddb.error.ConditionFailedException;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.TableChange;
import io.clouddb.table.TableDescription;
import io.clouddb.table.TableStatus;
import io.clouddb.table.Throughput;
import io.micrometer.observation.ObservationRegistry;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Tables of which a region is off, or down: just then somebody wants to be rid of it. */
class RegionOutTest {
  /** A pooled connection may have ended at the server, which is no region that is out. */
  private static final RetryPolicy ONCE_MORE =
      new RetryPolicy(2, Duration.ofMillis(1), Duration.ofMillis(5));

  private static TableCloud aws;
  private final Network network = new Network();
  private CloudDb cloud;

  @BeforeAll
  static void start() {
    aws = new TableCloud();
  }

  @AfterAll
  static void stop() {
    aws.close();
  }

  @BeforeEach
  void open() {
    cloud =
        CloudDb.open(
            aws.config().retryPolicy(ONCE_MORE).using(SdkHttpClient.class, network).build());
  }

  @AfterEach
  void close() {
    cloud.close();
  }

  /** What becomes of requests to the other region. */
  enum Away {
    THERE,
    /** As where the account has not opted in: nobody is known there. */
    OFF,
    DOWN
  }

  /** A network over which one region can be off or down. */
  private static final class Network implements SdkHttpClient {
    private volatile Away away = Away.THERE;

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
      String signature = request.httpRequest().firstMatchingHeader("Authorization").orElseThrow();
      if (away == Away.THERE || !signature.contains("/" + AWAY + "/")) {
        return aws.http().prepareRequest(request);
      }
      if (away == Away.DOWN) {
        return new ExecutableHttpRequest() {
          @Override
          public software.amazon.awssdk.http.HttpExecuteResponse call() throws ConnectException {
            throw new ConnectException("Connection refused");
          }

          @Override
          public void abort() {}
        };
      }
      return aws.http()
          .prepareRequest(
              HttpExecuteRequest.builder()
                  .contentStreamProvider(request.contentStreamProvider().orElse(null))
                  .request(
                      request.httpRequest().toBuilder()
                          .putHeader(
                              "Authorization",
                              signature.replaceFirst("Credential=[^/]*", "Credential=AKIANOBODY"))
                          .build())
                  .build());
    }

    @Override
    public void close() {}
  }

  private TableDescription create(String name, Throughput throughput) {
    GlobalTableSpec.Builder spec =
        TableCloud.plain(name).region(HOME).region(AWAY).throughput(throughput);
    return TableCloud.create(cloud, spec);
  }

  private static Throughput scaled() {
    return Throughput.reads(TableCloud.scaled(9)).writes(TableCloud.scaled(9));
  }

  @ParameterizedTest
  @EnumSource(names = {"OFF", "DOWN"})
  void aTableIsFoundAndItsRegionIsRemoved(Away away) {
    TableDescription table = create("out-" + away, Throughput.onDemand());
    network.away = away;
    TableDescription found = cloud.tables().get(table.id());
    assertThat(found.status()).isEqualTo(TableStatus.ACTIVE);
    assertThat(found.regions()).containsEntry(AWAY, TableStatus.INACCESSIBLE);
    assertThat(found.spec().regions()).hasSize(2);
    assertThatThrownBy(() -> cloud.tables().drift(found.spec()))
        .isInstanceOf(CloudDbException.class);
    TableDescription alone =
        cloud
            .tables()
            .modify(table.id(), TableChange.builder().tag("a", "b").removeRegion(AWAY).build())
            .await(LIMIT);
    assertThat(alone.regions()).containsOnlyKeys(HOME);
    assertThat(alone.spec().tags()).containsOnlyKeys("a");
  }

  @ParameterizedTest
  @EnumSource(names = {"OFF", "DOWN"})
  void aTableIsDeleted(Away away) {
    TableDescription table = create("gone-" + away, Throughput.onDemand());
    network.away = away;
    PrintStream usual = System.err;
    ByteArrayOutputStream logged = new ByteArrayOutputStream();
    System.setErr(new PrintStream(logged, true, StandardCharsets.UTF_8));
    try {
      cloud.tables().delete(table.id()).await(LIMIT);
    } finally {
      System.setErr(usual);
    }
    assertThat(logged.toString(StandardCharsets.UTF_8))
        .contains(AWAY + " does not tell what scales the table gone-" + away);
    assertThat(cloud.tables().find("gone-" + away)).isEmpty();
  }

  private TableDescription createInFour(String name, boolean isProtected) {
    return TableCloud.create(
        cloud,
        TableCloud.plain(name)
            .region(HOME)
            .region("ap-south-1")
            .region(AWAY)
            .region("eu-west-2")
            .deletionProtection(isProtected));
  }

  /** Which DynamoDB refuses, and no other one may be gone by then. */
  @Test
  void aRegionThatMayBeProtectedIsRemovedBeforeTheOthers() {
    TableDescription table = createInFour("kept", false);
    try (DynamoDbClient client = aws.client(AWAY)) {
      client.updateTable(request -> request.tableName("kept").deletionProtectionEnabled(true));
    }
    network.away = Away.DOWN;
    assertThatThrownBy(() -> cloud.tables().delete(table.id()).await(LIMIT))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("deletion protection")
        .hasMessageContaining("Once " + AWAY + " answers");
    assertThat(cloud.tables().get(table.id()).regions()).hasSize(4);
  }

  @Test
  void aChangeOfARegionThatIsProtectedAndDownSaysWhenItCanBeMade() {
    TableDescription table = createInFour("changed", true);
    network.away = Away.DOWN;
    TableChange change =
        TableChange.builder()
            .removeRegion("ap-south-1")
            .removeRegion(AWAY)
            .removeRegion("eu-west-2")
            .deletionProtection(false)
            .build();
    assertThatThrownBy(() -> cloud.tables().modify(table.id(), change).await(LIMIT))
        .isInstanceOf(ConditionFailedException.class)
        .hasMessageContaining("Once " + AWAY + " answers");
    assertThat(cloud.tables().get(table.id()).regions()).hasSize(4);
  }

  @Test
  void whatScalesARegionThatIsOffIsSaidToBeLeft() {
    TableDescription table = create("left", scaled());
    network.away = Away.OFF;
    assertThatThrownBy(() -> cloud.tables().delete(table.id()).await(LIMIT))
        .isInstanceOf(AuthenticationException.class)
        .hasMessageContaining("what scales it in " + AWAY);
    assertThat(aws.left(HOME, "left")).isEmpty();
    assertThat(aws.left(AWAY, "left")).hasSize(2);
    assertThat(cloud.tables().find("left")).isEmpty();
  }

  @Test
  void aChangeOfOneRegionGoesOnWithoutAnother() {
    TableDescription table =
        TableCloud.create(
            cloud, TableCloud.plain("three").region(HOME).region(AWAY).region("eu-west-2"));
    network.away = Away.DOWN;
    TableDescription two =
        cloud
            .tables()
            .modify(table.id(), TableChange.builder().removeRegion("eu-west-2").build())
            .await(LIMIT);
    assertThat(two.regions()).containsOnlyKeys(HOME, AWAY);
  }

  @Test
  void oneAnswerThatIsLostDoesNotSayThatARegionIsOut() {
    RegionalCalls regions =
        new RegionalCalls(
                HOME,
                region -> cloud.unwrap(DynamoDbClient.class),
                region -> {
                  throw new AssertionError("nobody asks what scales it");
                },
                new RemoteCalls(
                    "aws", RetryPolicy.NONE, ObservationRegistry.NOOP, ControlErrors.ofReads()))
            .singly();
    aws.simulator.faults().on("DescribeTable").unavailable();
    CloudDbException lost =
        catchThrowableOfType(CloudDbException.class, () -> regions.in(AWAY).find("none"));
    assertThat(RegionalCalls.isOut(lost)).isTrue();
    assertThat(regions.isOut(AWAY, "none", lost)).isFalse();
    aws.simulator.faults().on("DescribeTable").unavailable();
    assertThat(regions.isOut(AWAY, "none", lost)).isTrue();
  }
}
