/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.aws.rds.RdsBackupDriver;
import io.clouddb.aws.rds.RdsInstanceDriver;
import io.clouddb.aws.rds.RdsReplicaDriver;
import io.clouddb.aws.rds.wire.CheckingHttpClient;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Storage;
import io.clouddb.internal.operation.OperationToken;
import io.clouddb.operation.OperationKind;
import io.clouddb.plan.Specification;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.Customizations;
import io.clouddb.spi.OperationState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.workflow.StepContext;
import io.clouddb.spi.workflow.StepRun;
import io.clouddb.spi.workflow.Workflow;
import io.clouddb.testkit.postgres.EmbeddedPostgres;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.server.Timings;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.rds.RdsClient;

/**
 * A simulated RDS for tests. What the driver sends and what the simulator answers is held against
 * the service's definition, and {@link #close()} fails when anything was not as it has it.
 */
public final class RdsTestCloud implements AutoCloseable {
  /** Where everything is. */
  public static final String REGION = "ap-northeast-2";

  /** Simulated seconds in a real one: five minutes of creation take a quarter of a second. */
  private static final double SPEED = 1200;

  private static final String TOKEN_KEY = "a-key-for-tests-0123456789";
  private static final String PASSWORD = "correct-horse-battery";

  private final SimulatedClock clock;
  private final CheckingHttpClient http = new CheckingHttpClient(Apache5HttpClient.create());
  private final SimulatedAws simulator;

  /** Starts a simulator as it is by default. */
  public RdsTestCloud() {
    this(builder -> builder);
  }

  /**
   * Starts a simulator.
   *
   * @param settings what is different from the default
   */
  public RdsTestCloud(UnaryOperator<SimulatedAws.Builder> settings) {
    this(SimulatedClock.scaled(SPEED), settings);
  }

  /**
   * Starts a simulator with a clock of its own.
   *
   * @param clock its time, closed with it
   * @param settings what is different from the default
   */
  public RdsTestCloud(SimulatedClock clock, UnaryOperator<SimulatedAws.Builder> settings) {
    this.clock = clock;
    this.simulator =
        settings
            .apply(
                SimulatedAws.builder()
                    .clock(clock)
                    .region(REGION)
                    .timings(Timings.USUAL.withFirstBackup(Duration.ofMinutes(1)))
                    .subnetGroup("network-1"))
            .start();
  }

  /**
   * The simulator.
   *
   * @return the simulator
   */
  public SimulatedAws simulator() {
    return simulator;
  }

  /**
   * How to open it.
   *
   * @return a new builder, each time for the same cloud
   */
  public CloudConfig.Builder config() {
    return unchecked().using(SdkHttpClient.class, http);
  }

  /**
   * How to open it with the HTTP client that the provider makes itself, past the check.
   *
   * @return a new builder
   */
  public CloudConfig.Builder unchecked() {
    return unsealed().tokenKey(SecretRef.literal(TOKEN_KEY));
  }

  /**
   * How to open it without a key for tokens, so that it takes those that anybody has written.
   *
   * @return a new builder
   */
  public CloudConfig.Builder unsealed() {
    // Not by simulator.config(): some tests hold the cloud's time, and look at it in real time.
    return CloudConfig.builder("aws", REGION)
        .endpoint(simulator.endpoint())
        .databaseRootCertificate(EmbeddedPostgres.certificateAuthority())
        .endpointSecret(simulator.secret())
        .retryPolicy(new RetryPolicy(4, Duration.ofMillis(5), Duration.ofMillis(50)))
        .pollInterval(Duration.ofMillis(20))
        // Limits pass with the cloud's time, pauses between polls in real time.
        .clock(clock);
  }

  /**
   * Its time.
   *
   * @return the clock
   */
  public SimulatedClock clock() {
    return clock;
  }

  /**
   * The credentials of its only user, for a client of a test's own.
   *
   * @return what a client takes
   */
  public AwsCredentialsProvider credentials() {
    return StaticCredentialsProvider.create(
        AwsBasicCredentials.create(SimulatedAws.ACCESS_KEY, simulator.secret().resolve()));
  }

  /**
   * Opens it.
   *
   * @return the cloud, to be closed by the caller
   */
  public CloudDb open() {
    return CloudDb.open(config().build());
  }

  /**
   * The workflow of a kind, for a test that takes its steps one by one. It sends each request once.
   *
   * @param cloud whose client it uses
   * @param kind the kind
   * @param <T> what comes of it
   * @return the workflow
   */
  @SuppressWarnings("unchecked") // A kind is its id and its class together.
  public <T> Workflow<T> workflow(CloudDb cloud, OperationKind<T> kind) {
    CloudConfig config = config().build();
    RemoteCalls calls =
        new RemoteCalls("aws", RetryPolicy.NONE, config.observations(), e -> Optional.empty());
    RdsInstanceDriver instances =
        new RdsInstanceDriver(
            "aws",
            config.location(),
            simulator::account,
            () -> cloud.unwrap(RdsClient.class),
            calls);
    RdsReplicaDriver replicas =
        new RdsReplicaDriver(
            "aws",
            config.location(),
            simulator::account,
            in -> cloud.in(in).unwrap(RdsClient.class),
            calls);
    RdsBackupDriver backups =
        new RdsBackupDriver(
            "aws",
            config.location(),
            simulator::account,
            in -> cloud.in(in).unwrap(RdsClient.class),
            calls);
    return (Workflow<T>)
        Stream.of(instances.workflows(), replicas.workflows(), backups.workflows())
            .flatMap(List::stream)
            .filter(workflow -> workflow.kind().equals(kind))
            .findFirst()
            .orElseThrow();
  }

  /**
   * What a step works with.
   *
   * @param state where the operation stands
   * @param now the time
   * @return a context without customizations
   */
  public static StepContext context(OperationState state, Instant now) {
    return new StepContext(state, Customizations.NONE, SecretRef::resolve, now);
  }

  /**
   * An operation that a test polls itself.
   *
   * @param cloud whose client it uses
   * @param kind its kind
   * @param state where it stands
   * @param <T> what comes of it
   * @return the operation, as one that this library began
   */
  public <T> StepRun<T> run(CloudDb cloud, OperationKind<T> kind, OperationState state) {
    return new StepRun<>(
        workflow(cloud, kind), context(state, clock.instant()), written -> {}, true);
  }

  /**
   * The beginning of an operation.
   *
   * @param kind its kind
   * @param name the instance's name
   * @param specification what is asked for, null for nothing more
   * @return the state
   */
  public OperationState begun(
      OperationKind<?> kind, String name, @Nullable Specification specification) {
    return OperationState.begin(
        kind.id(), id(name), UUID.randomUUID().toString(), clock.instant(), specification);
  }

  /**
   * The id of an instance here.
   *
   * @param name the instance's name
   * @return the id
   */
  public ResourceId id(String name) {
    return ResourceId.of("aws", simulator.account(), REGION, "instance", name);
  }

  /**
   * The token of an operation, sealed with the key of {@link #config()}.
   *
   * @param state where it stands
   * @return the text
   */
  public String token(OperationState state) {
    return new OperationToken("aws", SecretRef.literal(TOKEN_KEY)).write(state);
  }

  /**
   * The least that a spec needs here.
   *
   * @param name the instance's name
   * @return a new builder
   */
  public static InstanceSpec.Builder spec(String name) {
    return InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
        .size(InstanceSize.named("db.t4g.medium"))
        .storage(Storage.ssd(DataSize.gib(20)))
        .database("shop")
        .admin(AdminLogin.of("app_admin", SecretRef.literal(PASSWORD)));
  }

  /**
   * What the last request of an action carried.
   *
   * @param action the action
   * @return the form, without action, version and secrets
   */
  public Map<String, String> lastForm(String action) {
    var requests = simulator.requests(action);
    assertThat(requests).as(action).isNotEmpty();
    return form(requests.get(requests.size() - 1));
  }

  /**
   * What a request carried.
   *
   * @param request the request
   * @return the form, without action, version and secrets
   */
  public static Map<String, String> form(RecordedRequest request) {
    Map<String, String> form = new TreeMap<>();
    for (String pair : request.body().split("&")) {
      int equals = pair.indexOf('=');
      form.put(
          URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    form.keySet().removeAll(Set.of("Action", "Version"));
    return form;
  }

  /** Stops everything, and fails when something went past the service's definition. */
  @Override
  public void close() {
    // Before the end: a request that is under way then finds the cloud closed, and that is no bug.
    List<String> notSimulated = simulator.notSimulated();
    List<Throwable> bugs = simulator.bugs();
    // The last first; each of them, whatever another says.
    try (clock;
        http;
        simulator) {
      // Closed by leaving.
    }
    assertThat(simulator.requests().toString()).doesNotContain(PASSWORD);
    assertThat(http.problems()).as("against the service's definition").isEmpty();
    assertThat(notSimulated).isEmpty();
    assertThat(bugs).isEmpty();
  }
}
