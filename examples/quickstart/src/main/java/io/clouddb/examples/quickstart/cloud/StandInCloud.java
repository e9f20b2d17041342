package io.clouddb.examples.quickstart.cloud;

import io.clouddb.testkit.simulator.CloudProfile;
import io.clouddb.testkit.simulator.SimulatedClock;
import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.arm.ArmSimulator;
import io.clouddb.testkit.simulator.rds.RdsSimulator;
import io.clouddb.testkit.simulator.sqladmin.SqlAdminSimulator;
import java.net.URI;
import java.time.Duration;

/** One simulated cloud: its protocol on a port of this machine, and real databases behind it. */
final class StandInCloud implements AutoCloseable {
  /** A quarter of an hour of the cloud's time passes in two seconds. */
  private static final double FASTER = Duration.ofMinutes(15).toMillis() / 2_000.0;

  private final SimulatedClock clock;
  private final SimulatedCloud cloud;
  private final Runnable protocol;
  private final URI endpoint;

  private StandInCloud(
      SimulatedClock clock, SimulatedCloud cloud, Runnable protocol, URI endpoint) {
    this.clock = clock;
    this.cloud = cloud;
    this.protocol = protocol;
    this.endpoint = endpoint;
  }

  static StandInCloud start(Cloud which) {
    SimulatedClock clock = SimulatedClock.scaled(FASTER);
    switch (which) {
      case AWS -> {
        SimulatedCloud cloud = SimulatedCloud.builder(CloudProfile.RDS, clock).build();
        RdsSimulator rds = RdsSimulator.builder(cloud).start();
        return new StandInCloud(clock, cloud, rds::close, rds.endpoint());
      }
      case AZURE -> {
        SimulatedCloud cloud = SimulatedCloud.builder(CloudProfile.AZURE, clock).build();
        ArmSimulator arm =
            ArmSimulator.builder(cloud)
                .resourceGroup(
                    RunningClouds.SUBSCRIPTION, RunningClouds.RESOURCE_GROUP, which.location())
                .start();
        return new StandInCloud(clock, cloud, arm::close, arm.endpoint());
      }
      case GCP -> {
        SimulatedCloud cloud = SimulatedCloud.builder(CloudProfile.CLOUD_SQL, clock).build();
        SqlAdminSimulator admin = SqlAdminSimulator.builder(cloud).start();
        return new StandInCloud(clock, cloud, admin::close, admin.endpoint());
      }
    }
    throw new IllegalArgumentException("There is no simulator of " + which);
  }

  URI endpoint() {
    return endpoint;
  }

  @Override
  public void close() {
    try (clock;
        cloud) {
      protocol.run();
    }
  }
}
