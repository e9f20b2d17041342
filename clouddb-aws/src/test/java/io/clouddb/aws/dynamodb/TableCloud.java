/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.aws.internal.SignedJsonClient;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.table.Capacity;
import io.clouddb.table.ChangeImages;
import io.clouddb.table.GlobalTableSpec;
import io.clouddb.table.IndexProjection;
import io.clouddb.table.IndexSpec;
import io.clouddb.table.Key;
import io.clouddb.table.KeyType;
import io.clouddb.table.TableDescription;
import io.clouddb.table.Throughput;
import io.clouddb.table.TimeToLive;
import io.clouddb.testkit.contract.internal.Eventually;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.aws.definition.WireWitness;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbSettings;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A simulated AWS for tests of tables, whose time runs fast. */
final class TableCloud implements AutoCloseable {
  static final String HOME = "us-east-1";
  static final String AWAY = "eu-west-1";
  static final Duration LIMIT = Duration.ofMinutes(2);
  static final String TOKEN_KEY = "a-key-for-tests-0123456789";

  /** Simulated seconds in a real one: eight minutes of an index take less than a fifth of one. */
  private static final double SPEED = 3000;

  final SimulatedClock clock = SimulatedClock.scaled(SPEED);
  final SimulatedAws simulator;
  private final SdkHttpClient http = Apache5HttpClient.create();

  TableCloud() {
    this(DynamoDbSettings.USUAL);
  }

  /** One whose tables are made faster or slower than usual. */
  TableCloud(DynamoDbSettings settings) {
    simulator = SimulatedAws.builder().clock(clock).region(HOME).dynamoDb(settings).start();
  }

  CloudConfig.Builder config() {
    return config(HOME);
  }

  CloudConfig.Builder config(String region) {
    return simulator.config(region).tokenKey(SecretRef.literal(TOKEN_KEY));
  }

  CloudDb open() {
    return CloudDb.open(config().build());
  }

  /** The vendor's own client. */
  DynamoDbClient client(String region) {
    return DynamoDbClient.builder()
        .region(Region.of(region))
        .endpointOverride(simulator.endpoint())
        .httpClient(http)
        .credentialsProvider(credentials())
        .build();
  }

  SdkHttpClient http() {
    return http;
  }

  AwsCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(SimulatedAws.ACCESS_KEY, simulator.secret().resolve()));
  }

  /** What Application Auto Scaling has of a table in a region, whether or not it is there. */
  Set<Scaled> left(String region, String table) {
    return scaling(region).left(table);
  }

  /** Application Auto Scaling, by the actions' names. */
  SignedJsonClient scaler(String region) {
    return new SignedJsonClient(
        () -> http,
        simulator.endpoint(),
        region,
        "application-autoscaling",
        "AnyScaleFrontendService",
        credentials());
  }

  ScalingClient scaling(String region) {
    SignedJsonClient client = scaler(region);
    RemoteCalls calls =
        new RemoteCalls("aws", RetryPolicy.NONE, ObservationRegistry.NOOP, ControlErrors.ofReads());
    return new ScalingClient(() -> client, region, calls);
  }

  static Key key() {
    return Key.partition("pk", KeyType.STRING).sort("sk", KeyType.STRING);
  }

  static IndexSpec index(String name) {
    return IndexSpec.of(
        name, Key.partition(name + "pk", KeyType.STRING).sort(name + "sk", KeyType.NUMBER));
  }

  static Capacity scaled(long most) {
    return Capacity.autoscale(5, most)
        .target(70)
        .cooldowns(Duration.ofSeconds(300), Duration.ofSeconds(60));
  }

  static GlobalTableSpec.Builder plain(String name) {
    return GlobalTableSpec.builder(name, key());
  }

  /** As much as DynamoDB has, in two regions. */
  static GlobalTableSpec.Builder whole(String name) {
    return plain(name)
        .index(index("gsi1").projecting(IndexProjection.keysOnly()))
        .index(
            index("gsi2").throughput(Throughput.reads(scaled(100)).writes(scaled(200).target(50))))
        .index(
            IndexSpec.of("lsi", Key.partition("pk", KeyType.STRING).sort("other", KeyType.STRING))
                .local())
        .region(HOME)
        .region(AWAY)
        .throughput(Throughput.reads(scaled(40_000)).writes(scaled(40_000)))
        .timeToLive(TimeToLive.at("expires_at"))
        .changeFeed(ChangeImages.NEW_AND_OLD)
        .deletionProtection(true)
        .pointInTimeRecoveryDays(7)
        .tag("app", "shop");
  }

  static TableDescription create(CloudDb cloud, GlobalTableSpec.Builder spec) {
    return cloud.tables().create(spec.build()).await(LIMIT);
  }

  /** DynamoDB refuses a second change of a table's time to live within an hour. */
  void passAnHour() {
    Instant later = clock.instant().plus(Duration.ofMinutes(61));
    Eventually.holds("it is " + later, LIMIT, () -> clock.instant().isAfter(later));
  }

  /** Forgets the requests, which the definition has seen before. */
  void forget() {
    assertThat(WireWitness.problems(simulator.requests())).isEmpty();
    simulator.clearRequests();
  }

  /** Stops everything, and fails when something went past what is simulated. */
  @Override
  public void close() {
    List<String> notSimulated = simulator.notSimulated();
    List<Throwable> bugs = simulator.bugs();
    List<String> problems = WireWitness.problems(simulator.requests());
    try (clock;
        http;
        simulator) {
      // Closed by leaving.
    }
    assertThat(notSimulated).isEmpty();
    assertThat(bugs).isEmpty();
    assertThat(problems).isEmpty();
  }
}
