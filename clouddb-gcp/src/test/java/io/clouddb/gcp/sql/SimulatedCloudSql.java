/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.gcp.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.api.services.sqladmin.SQLAdmin;
import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.instance.AdminLogin;
import io.clouddb.instance.Engine;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.InstanceSpec;
import io.clouddb.instance.Network;
import io.clouddb.instance.Storage;
import io.clouddb.security.SecretRef;
import io.clouddb.spi.RemoteCalls;
import io.clouddb.spi.RetryPolicy;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import io.clouddb.testkit.simulator.server.Timings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/** A simulator of Cloud SQL, and the provider opened on it. */
final class SimulatedCloudSql implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(60);
  static final String REGION = "asia-northeast3";
  static final String PROJECT = "shop-project";
  static final Place PLACE = new Place(PROJECT, REGION);

  /** The six hours that a step may take are longer than {@link #LIMIT}: databases are real. */
  private static final double FASTER = 300;

  /** How every password of an admin begins. */
  private static final String PASSWORD = "only-for-tests-";

  final SimulatedGoogle simulator;

  private SimulatedCloudSql(SimulatedGoogle simulator) {
    this.simulator = simulator;
  }

  static SimulatedCloudSql start() {
    return start(Timings.NONE);
  }

  static SimulatedCloudSql start(Timings timings) {
    return start(timings, SimulatedClock.scaled(FASTER));
  }

  static SimulatedCloudSql start(Timings timings, SimulatedClock clock) {
    return new SimulatedCloudSql(
        SimulatedGoogle.builder()
            .clock(clock)
            .timings(timings)
            .region(REGION)
            .project(PROJECT)
            .pageSize(1)
            .start());
  }

  CloudConfig.Builder config() {
    // Not by simulator.config(): some tests hold the cloud's time, and look at it in real time.
    return CloudConfig.builder("gcp", REGION)
        .property("project", PROJECT)
        .endpoint(simulator.endpoint())
        .endpointSecret(simulator.secret())
        .clock(simulator.clock())
        .tokenKey(SecretRef.literal("a-key-for-tests-0123456789"))
        .pollInterval(Duration.ofMillis(20))
        .retryPolicy(new RetryPolicy(3, Duration.ofMillis(2), Duration.ofMillis(20)));
  }

  CloudDb open() {
    return CloudDb.open(config().build());
  }

  /** Requests, each of them once, as the steps make them. */
  static SqlAdminCalls calls(CloudDb cloud) {
    return new SqlAdminCalls(
        () -> cloud.unwrap(SQLAdmin.class),
        new RemoteCalls(
            "gcp", RetryPolicy.NONE, cloud.config().observations(), failure -> Optional.empty()),
        PROJECT);
  }

  /** The least that a spec needs, with a password in a file. */
  static InstanceSpec.Builder spec(String name, Path folder) throws java.io.IOException {
    Path password = folder.resolve(name + ".password");
    if (!Files.exists(password)) {
      Files.writeString(password, PASSWORD + UUID.randomUUID());
    }
    return InstanceSpec.builder(name, Engine.POSTGRESQL, "16")
        .size(InstanceSize.atLeast(2, DataSize.gib(8)))
        .storage(Storage.ssd(DataSize.gib(20)))
        .network(Network.publicAccess("203.0.113.0/24"))
        .admin(AdminLogin.of("app_admin", SecretRef.file(password)));
  }

  @Override
  public void close() {
    // The last first; each of them, whatever another says.
    try (var clock = simulator.clock();
        simulator) {
      assertThat(simulator.requests().toString()).doesNotContain(PASSWORD);
    }
  }
}
