/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.azure.postgresql;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.HttpMethod;
import com.azure.resourcemanager.postgresqlflexibleserver.fluent.PostgreSqlManagementClient;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.azure.internal.ArmDocuments;
import io.clouddb.azure.internal.ArmOperations;
import io.clouddb.azure.internal.ArmOperations.Accepted;
import io.clouddb.azure.internal.ArmScope;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.engine.RecordedRequest;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        .tokenKey(SecretRef.literal("a-key-for-tests-0123456789"))
        .retryPolicy(new RetryPolicy(5, Duration.ofMillis(20), Duration.ofMillis(50)));
  }

  CloudDb open() {
    return CloudDb.open(config().build());
  }

  /** Operations as another process takes them, that knows nothing of the others. */
  OneRun runs() {
    return new OneRun(config().build());
  }

  static InstanceSpec.Builder spec(String name) {
    return InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(64)))
        .admin(AdminLogin.of("app_admin", PASSWORD))
        .network(Network.publicAccess("127.0.0.0/8"));
  }

  /** What somebody else changes of a server, with what the SDK does not know. */
  void patch(String server, Map<String, Object> properties) {
    ArmScope scope = new ArmScope(SUBSCRIPTION, GROUP, LOCATION);
    try (CloudDb cloud = open()) {
      Accepted accepted =
          ArmDocuments.send(
              cloud.unwrap(PostgreSqlManagementClient.class).getHttpPipeline(),
              HttpMethod.PATCH,
              azure.endpoint() + scope.serverPath(server),
              Map.of("properties", properties));
      ServerCalls calls = runs().calls();
      String handle = Objects.requireNonNull(accepted.handle());
      while (calls.operation(handle, server).progress() == ArmOperations.Progress.RUNNING) {
        LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
      }
      assertThat(calls.operation(handle, server).progress())
          .isEqualTo(ArmOperations.Progress.SUCCEEDED);
    }
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
