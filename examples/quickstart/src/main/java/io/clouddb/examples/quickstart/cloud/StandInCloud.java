/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.cloud;

import io.clouddb.security.SecretRef;
import io.clouddb.testkit.simulator.CloudProfile;
import io.clouddb.testkit.simulator.SimulatedClock;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.arm.ArmSimulator;
import io.clouddb.testkit.simulator.rds.RdsSimulator;
import io.clouddb.testkit.simulator.sqladmin.SqlAdminSimulator;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * One simulated cloud: its protocol on a port of this machine, and real databases behind it.
 *
 * @param endpoint where its API is
 * @param secret what it asks of its clients
 * @param parts what is to be closed, in this order
 */
record StandInCloud(URI endpoint, SecretRef secret, List<Runnable> parts) implements AutoCloseable {
  /** A quarter of an hour of the cloud's time passes in two seconds. */
  private static final double FASTER = Duration.ofMinutes(15).toMillis() / 2_000.0;

  static StandInCloud start(Cloud which) {
    SimulatedClock clock = SimulatedClock.scaled(FASTER);
    return switch (which) {
      case AWS -> {
        RdsSimulator rds = RdsSimulator.builder(clock).start();
        yield new StandInCloud(rds.endpoint(), rds.secret(), List.of(rds::close, clock::close));
      }
      case AZURE -> {
        SimulatedCloud cloud = SimulatedCloud.builder(CloudProfile.AZURE, clock).build();
        ArmSimulator arm =
            ArmSimulator.builder(cloud)
                .resourceGroup(
                    RunningClouds.SUBSCRIPTION, RunningClouds.RESOURCE_GROUP, which.location())
                .retryAfter(0)
                .start();
        yield new StandInCloud(
            arm.endpoint(), arm.secret(), List.of(arm::close, cloud::close, clock::close));
      }
      case GCP -> {
        SimulatedCloud cloud = SimulatedCloud.builder(CloudProfile.CLOUD_SQL, clock).build();
        SqlAdminSimulator admin = SqlAdminSimulator.builder(cloud).start();
        yield new StandInCloud(
            admin.endpoint(), admin.secret(), List.of(admin::close, cloud::close, clock::close));
      }
    };
  }

  @Override
  public void close() {
    parts.forEach(Runnable::run);
  }
}
