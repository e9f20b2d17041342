/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbService;
import io.clouddb.testkit.simulator.aws.dynamodb.DynamoDbSettings;
import io.clouddb.testkit.simulator.aws.dynamodb.control.ControlPlane;
import io.clouddb.testkit.simulator.aws.sts.StsService;
import io.clouddb.testkit.simulator.engine.CloudEngine;
import io.clouddb.testkit.simulator.engine.Faults;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.http.RunSecret;
import io.clouddb.testkit.simulator.http.SimulatorServer;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * Amazon DynamoDB on this machine, for any SDK, without Docker, an account or a database: one line
 * starts it in a fraction of a second.
 *
 * <pre>{@code
 * try (DynamoDbSimulator dynamoDb = DynamoDbSimulator.start();
 *     DynamoDbClient client =
 *         DynamoDbClient.builder()
 *             .endpointOverride(dynamoDb.endpoint())
 *             .region(Region.US_EAST_1)
 *             .credentialsProvider(
 *                 StaticCredentialsProvider.create(
 *                     AwsBasicCredentials.create(dynamoDb.accessKey(), dynamoDb.secretKey())))
 *             .build()) {
 *   ...
 * }
 * }</pre>
 *
 * <p>It listens on the loopback address only, and requests have to be signed with its credentials;
 * the region that one is signed for is the one where it takes effect. Its time is the real one
 * unless a builder is given another clock: tables are there in a moment, items expire, and
 * provisioned throughput is exceeded, by that clock. May be used from any thread.
 *
 * <p>It can be run as a program, too: {@code java
 * io.clouddb.testkit.simulator.aws.DynamoDbSimulator --port 8000 --access-key test --secret-key
 * test}.
 */
public final class DynamoDbSimulator implements AutoCloseable {
  private static final String USAGE =
      "Usage: DynamoDbSimulator [--port PORT] [--access-key KEY --secret-key KEY]";

  private final Builder settings;
  private final String secretKey;
  private final SimulatedClock clock;
  private final CloudEngine engine;
  private final DynamoDbService service;
  private final SimulatorServer server;

  private DynamoDbSimulator(Builder builder) {
    this.settings = builder;
    this.secretKey =
        builder.secretKey == null ? RunSecret.random().reference().resolve() : builder.secretKey;
    this.clock = builder.clock == null ? SimulatedClock.scaled(1) : builder.clock;
    this.engine = new CloudEngine(clock);
    this.service = new DynamoDbService(builder.account, engine, builder.service);
    SignatureV4 signature = new SignatureV4(builder.accessKey, secretKey, Clock.systemUTC());
    AwsFrontDoor door =
        new AwsFrontDoor(
            List.of(
                service, service.autoScaling(), new StsService(builder.account, builder.accessKey)),
            signature,
            engine::newId);
    try {
      this.server = SimulatorServer.start(door, engine, builder.port);
    } catch (RuntimeException e) {
      closeEngine();
      throw e;
    }
  }

  /**
   * Starts one as it is by default: on a free port, with credentials of its own.
   *
   * @return the running simulator
   * @throws java.io.UncheckedIOException when it cannot listen
   */
  public static DynamoDbSimulator start() {
    return builder().start();
  }

  /**
   * Starts the description of one that differs from the default.
   *
   * @return a builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Runs one until the process is ended.
   *
   * @param arguments {@code --port}, {@code --access-key}, {@code --secret-key}, each with a value;
   *     without them a free port, and credentials of this run, which it prints
   * @throws InterruptedException when the thread is interrupted
   */
  @SuppressWarnings("SystemOut") // It is a program here, whose output this is.
  public static void main(String... arguments) throws InterruptedException {
    Builder builder = builder();
    if (arguments.length % 2 != 0) {
      throw new IllegalArgumentException(USAGE);
    }
    for (int i = 0; i < arguments.length; i += 2) {
      String value = arguments[i + 1];
      switch (arguments[i]) {
        case "--port" -> builder.port(Integer.parseInt(value));
        case "--access-key" -> builder.accessKey(value);
        case "--secret-key" -> builder.secretKey(value);
        default -> throw new IllegalArgumentException(USAGE);
      }
    }
    try (DynamoDbSimulator simulator = builder.start()) {
      System.out.println("DynamoDB is simulated at " + simulator.endpoint());
      if (builder.secretKey == null) {
        System.out.println(
            "AWS_ACCESS_KEY_ID="
                + simulator.accessKey()
                + " AWS_SECRET_ACCESS_KEY="
                + simulator.secretKey());
      }
      new CountDownLatch(1).await();
    }
  }

  /**
   * Where it listens.
   *
   * @return for example {@code http://127.0.0.1:40123}
   */
  public URI endpoint() {
    return server.endpoint();
  }

  /**
   * The port that it listens on.
   *
   * @return a TCP port of the loopback address
   */
  public int port() {
    return endpoint().getPort();
  }

  /**
   * The access key of its only user.
   *
   * @return never null
   */
  public String accessKey() {
    return settings.accessKey;
  }

  /**
   * The secret key that requests have to be signed with.
   *
   * @return another one at each start, unless the builder was given one
   */
  public String secretKey() {
    return secretKey;
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
   * Its tables as they are managed: by how much replicas are behind, and which keys of KMS are
   * disabled.
   *
   * @return what a test may change at any time
   */
  public ControlPlane control() {
    return service.control();
  }

  /**
   * What goes wrong on demand: by the names of actions, for example {@code PutItem}.
   *
   * @return the faults, which may be changed at any time
   */
  public Faults faults() {
    return engine.faults();
  }

  /**
   * The service, for tests that look into its tables: how large one is, or by how much an index is
   * behind.
   *
   * @return the service
   */
  public DynamoDbService service() {
    return service;
  }

  /**
   * The requests so far, without secrets.
   *
   * @return a copy, oldest first; of a great many only the newest ones
   */
  public List<RecordedRequest> requests() {
    return engine.requests().requests();
  }

  /**
   * What was asked for and is not simulated. A test asserts that it is empty.
   *
   * @return a copy of the messages
   */
  public List<String> notSimulated() {
    return engine.requests().notSimulated();
  }

  /**
   * What has gone wrong in the simulator itself. A test asserts that it is empty.
   *
   * @return a copy
   */
  public List<Throwable> bugs() {
    return engine.requests().bugs();
  }

  private void closeEngine() {
    engine.close();
    if (settings.clock == null) {
      clock.close();
    }
  }

  /** Stops listening, forgets all tables, and ends its clock if that is its own. */
  @Override
  public void close() {
    server.close();
    closeEngine();
  }

  /** Describes a simulator, where it is not as by default. */
  public static final class Builder {
    private int port;
    private String accessKey = SimulatedAws.ACCESS_KEY;
    private String account = "123456789012";
    private @Nullable String secretKey;
    private @Nullable SimulatedClock clock;
    private DynamoDbSettings service = new DynamoDbSettings(Duration.ofMillis(50), Duration.ZERO);

    private Builder() {}

    /**
     * Sets the port; a free one by default.
     *
     * @param value a TCP port
     * @return this builder
     */
    public Builder port(int value) {
      this.port = value;
      return this;
    }

    /**
     * Sets the access key of its only user.
     *
     * @param value letters and digits
     * @return this builder
     */
    public Builder accessKey(String value) {
      this.accessKey = Objects.requireNonNull(value, "accessKey");
      return this;
    }

    /**
     * Sets the secret key; one that nobody can guess by default.
     *
     * @param value the key
     * @return this builder
     */
    public Builder secretKey(String value) {
      this.secretKey = Objects.requireNonNull(value, "secretKey");
      return this;
    }

    /**
     * Sets the number of the account; {@code 123456789012} by default.
     *
     * @param value twelve digits
     * @return this builder
     */
    public Builder account(String value) {
      this.account = Objects.requireNonNull(value, "account");
      return this;
    }

    /**
     * Gives it a clock, which stays the caller's to close.
     *
     * @param value the clock
     * @return this builder
     */
    public Builder clock(SimulatedClock value) {
      this.clock = Objects.requireNonNull(value, "clock");
      return this;
    }

    /**
     * Says how long changes of tables take and how far indexes are behind.
     *
     * @param value the settings
     * @return this builder
     */
    public Builder settings(DynamoDbSettings value) {
      this.service = Objects.requireNonNull(value, "settings");
      return this;
    }

    /**
     * Starts it.
     *
     * @return the running simulator
     * @throws io.clouddb.error.ConditionFailedException when the port is taken
     * @throws java.io.UncheckedIOException when it cannot listen for another reason
     */
    public DynamoDbSimulator start() {
      return new DynamoDbSimulator(this);
    }
  }
}
