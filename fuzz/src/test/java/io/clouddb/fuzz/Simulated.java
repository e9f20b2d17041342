/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.fuzz;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.ResourceId;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceChange;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.operation.Operation;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.CloudDbProvider;
import io.clouddb.spi.CloudDriver;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.engine.ManualClock;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;

/**
 * One simulated cloud with an instance in it, and the requests by which the vendor's SDK made and
 * changed that one. Its time stands still, so that whatever is asked of it starts no server.
 */
final class Simulated implements AutoCloseable {
  private static final Instant START = Instant.parse("2026-11-28T20:00:00Z");
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private final ManualClock clock;
  private final CloudConfig.Builder config;
  private final URI endpoint;
  private final Supplier<List<Throwable>> bugs;
  private final UnaryOperator<RawRequest> signing;
  private final List<RawRequest> requests;

  private Simulated(
      ManualClock clock,
      SimulatedCloud cloud,
      boolean publicNetwork,
      UnaryOperator<RawRequest> signing)
      throws Exception {
    this.clock = clock;
    this.endpoint = cloud.endpoint();
    this.bugs = cloud::bugs;
    this.config =
        cloud
            .config()
            .pollInterval(Duration.ofSeconds(1))
            // Simulated time is let pass by hours; the limits of operations are not meant here.
            .clock(Clock.systemUTC())
            .retryPolicy(RetryPolicy.NONE)
            .ids(() -> "attempt-1");
    this.signing = signing;
    this.parts.push(clock);
    this.parts.push(cloud);
    this.requests = record(publicNetwork);
  }

  static Simulated aws() throws Exception {
    ManualClock clock = SimulatedClock.manual(START);
    SimulatedAws aws = SimulatedAws.builder().clock(clock).quota(2).start();
    AwsBasicCredentials key =
        AwsBasicCredentials.create(SimulatedAws.ACCESS_KEY, aws.secret().resolve());
    return new Simulated(clock, aws, false, new AwsSigning(aws.endpoint(), key, "rds")::sign);
  }

  static Simulated azure() throws Exception {
    ManualClock clock = SimulatedClock.manual(START);
    SimulatedAzure azure = SimulatedAzure.builder().clock(clock).quota(2).start();
    return new Simulated(clock, azure, true, UnaryOperator.identity());
  }

  static Simulated google() throws Exception {
    ManualClock clock = SimulatedClock.manual(START);
    SimulatedGoogle google = SimulatedGoogle.builder().clock(clock).quota(2).start();
    return new Simulated(clock, google, true, UnaryOperator.identity());
  }

  URI endpoint() {
    return endpoint;
  }

  /** The request as one who may ask sends it. */
  RawRequest signed(RawRequest request) {
    return signing.apply(request);
  }

  /** What the vendor's SDK sent; the last instance that it made is still there. */
  List<RawRequest> requests() {
    return requests;
  }

  List<Throwable> bugs() {
    return bugs.get();
  }

  /** The driver itself, whose steps are taken one by one. */
  CloudDriver driver() {
    CloudConfig open = config.endpoint(endpoint).build();
    for (CloudDbProvider provider : ServiceLoader.load(CloudDbProvider.class)) {
      if (provider.id().equals(open.provider())) {
        RemoteCalls calls =
            new RemoteCalls(
                provider.id(), RetryPolicy.NONE, ObservationRegistry.NOOP, e -> Optional.empty());
        CloudDriver driver = provider.open(new DriverContext(open, calls));
        parts.push(driver);
        return driver;
      }
    }
    throw new IllegalStateException("There is no provider " + open.provider());
  }

  CloudDb open() {
    return CloudDb.open(config.endpoint(endpoint).build());
  }

  private List<RawRequest> record(boolean publicNetwork) throws Exception {
    try (HttpWire wire = new HttpWire(endpoint, signing);
        CloudDb cloud = CloudDb.open(config.endpoint(wire.endpoint()).build())) {
      InstanceSpec spec = spec(publicNetwork);
      Instance gone = over(cloud.instances().create(spec));
      over(cloud.instances().delete(gone.id()));
      Instance made = over(cloud.instances().create(spec));
      ResourceId id = made.id();
      cloud.instances().list().forEach(each -> cloud.instances().get(each.name()));
      InstanceChange change =
          InstanceChange.builder()
              .tag("why", "fuzz")
              .parameter("work_mem", "8192")
              .adminPassword(SecretRef.literal("An0ther-Passw0rd"))
              .build();
      over(cloud.instances().modify(id, change));
      over(cloud.instances().stop(id));
      over(cloud.instances().start(id));
      return new ArrayList<>(wire.requests());
    }
  }

  static InstanceSpec spec(boolean publicNetwork) {
    InstanceSpec.Builder spec =
        SampleSpecs.small().admin(AdminLogin.of("app_admin", SecretRef.literal("A-Passw0rd-1")));
    if (publicNetwork) {
      spec.network(Network.publicAccess("203.0.113.0/24"));
    }
    return spec.tag("environment", "fuzz").build();
  }

  /** Lets simulated time pass until an operation is over. */
  <T> T over(Operation<T> operation) throws InterruptedException {
    long deadline = System.nanoTime() + LIMIT.toNanos();
    while (operation.status() == Operation.Status.RUNNING && System.nanoTime() < deadline) {
      clock.advance(Duration.ofSeconds(20));
      Thread.onSpinWait();
    }
    return operation.await(Duration.ofSeconds(1));
  }

  @Override
  public void close() throws Exception {
    while (!parts.isEmpty()) {
      parts.pop().close();
    }
  }
}
