/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.azure.AzureProvider;
import io.clouddb.azure.internal.ArmErrors;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.Instance;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.DriverContext;
import io.clouddb.spi.InstanceDriver;
import io.clouddb.spi.PolledState;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.spi.Step;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.micrometer.observation.ObservationRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/** A simulated Azure with one resource group, and the library opened on it. */
final class AzureOnThisMachine implements AutoCloseable {
  static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";
  static final String GROUP = "shop-rg";
  static final String LOCATION = "koreacentral";
  static final SecretRef PASSWORD = SecretRef.literal("Sup3r-secret!");
  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final double SPEED = 1200;

  final SimulatedClock clock;
  final SimulatedAzure azure;

  AzureOnThisMachine() {
    this(100, 40);
  }

  AzureOnThisMachine(int pageSize, int quota) {
    this(pageSize, quota, Duration.ofSeconds(20), SPEED);
  }

  AzureOnThisMachine(int pageSize, int quota, Duration shownAfter, double speed) {
    clock = SimulatedClock.scaled(speed);
    azure =
        SimulatedAzure.builder()
            .clock(clock)
            .region(LOCATION)
            .subscription(SUBSCRIPTION)
            .resourceGroup(GROUP)
            .quota(quota)
            .pageSize(pageSize)
            .retryAfter(0)
            .shownAfter(shownAfter)
            .start();
  }

  CloudConfig.Builder config() {
    return config(GROUP);
  }

  CloudConfig.Builder config(String group) {
    return azure
        .config()
        .property("resourceGroup", group)
        .retryPolicy(new RetryPolicy(5, Duration.ofMillis(20), Duration.ofMillis(50)));
  }

  CloudDb open() {
    return CloudDb.open(config().build());
  }

  /** A driver as another process has it, that knows nothing of the others. */
  InstanceDriver driver() {
    CloudConfig config = config().build();
    RemoteCalls calls =
        new RemoteCalls(
            AzureProvider.ID, config.retryPolicy(), ObservationRegistry.NOOP, new ArmErrors());
    return new AzureProvider().open(new DriverContext(config, calls)).instances();
  }

  /** Takes steps until the end: an instance, nothing after a deletion, or an error. */
  static Optional<Instance> finish(InstanceDriver driver, PolledState state) {
    PolledState now = state;
    long end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end) {
      Step step = driver.poll(now);
      if (step instanceof Step.Done done) {
        return Optional.ofNullable(done.instance());
      }
      now = ((Step.Running) step).state();
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    throw new AssertionError("no end within " + LIMIT + ": " + now);
  }

  static InstanceSpec.Builder spec(String name) {
    return InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(64)))
        .admin(AdminLogin.of("app_admin", PASSWORD))
        .network(Network.publicAccess("127.0.0.0/8"));
  }

  /** Requests but the polls and reads. */
  List<RecordedRequest> changes() {
    return azure.requests().stream().filter(request -> !request.method().equals("GET")).toList();
  }

  /** Also holds everything that was sent beside what Azure has published. */
  @Override
  public void close() {
    List<RecordedRequest> sent = azure.requests();
    // The last first; each of them, whatever another says.
    try (clock;
        azure) {
      // Closed by leaving.
    }
    assertThat(sent.toString()).doesNotContain(PASSWORD.resolve());
    PublishedDefinition.check(sent);
  }
}
