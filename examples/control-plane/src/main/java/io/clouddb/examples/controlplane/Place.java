/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.controlplane;

import io.clouddb.CloudConfig;
import io.clouddb.CloudDb;
import io.clouddb.DataSize;
import io.clouddb.ResourceId;
import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.cloud.StandInCloud;
import io.clouddb.instance.InstanceSize;
import io.clouddb.instance.Network;
import io.clouddb.testkit.simulator.SimulatedCloud;
import java.time.Clock;
import java.util.Optional;

/**
 * Two regions of one account, and what the instances there are to be like.
 *
 * @param cloud whose
 * @param simulated whether it is on this machine
 * @param home the cloud in the first region
 * @param away the same in another one
 * @param clock the cloud's time
 * @param shape what instances are like
 * @param below what is closed with it
 */
record Place(
    Cloud cloud,
    boolean simulated,
    CloudDb home,
    CloudDb away,
    Clock clock,
    Shape shape,
    Runnable below)
    implements AutoCloseable {
  /**
   * What instances are like.
   *
   * @param size their compute
   * @param restored the compute of those that are restored
   * @param storage their disk
   * @param network from where those in the first region are reached; empty for the account's own
   * @param otherNetwork the same in the other region
   * @param otherKey the key that encrypts those in the other region; empty for the vendor's own
   */
  record Shape(
      InstanceSize size,
      InstanceSize restored,
      DataSize storage,
      Optional<Network> network,
      Optional<Network> otherNetwork,
      Optional<String> otherKey) {}

  private static final String ALLOWED = "127.0.0.1/32";

  /** A cloud on this machine, which goes with it. */
  static Place simulated(Cloud cloud) {
    SimulatedCloud standIn = StandInCloud.start(cloud);
    try {
      return simulated(cloud, standIn, standIn::close);
    } catch (RuntimeException e) {
      standIn.close();
      throw e;
    }
  }

  /**
   * A cloud on this machine.
   *
   * @param cloud which
   * @param running what stands in for it
   * @param below closes that, if it is to go, too
   */
  static Place simulated(Cloud cloud, SimulatedCloud running, Runnable below) {
    Optional<Network> network =
        cloud == Cloud.AWS ? Optional.empty() : Optional.of(Network.publicAccess(ALLOWED));
    return open(
        cloud,
        true,
        running.config(cloud.location()).build(),
        cloud.otherLocation(),
        new Shape(
            InstanceSize.atLeast(2, DataSize.gib(8)),
            InstanceSize.atLeast(4, DataSize.gib(16)),
            DataSize.gib(64),
            network,
            network,
            LiveOptions.usualKey(cloud)),
        below);
  }

  static Place open(
      Cloud cloud,
      boolean simulated,
      CloudConfig config,
      String otherRegion,
      Shape shape,
      Runnable below) {
    CloudDb home = CloudDb.open(config);
    try {
      return new Place(cloud, simulated, home, home.in(otherRegion), config.clock(), shape, below);
    } catch (RuntimeException e) {
      home.close();
      throw e;
    }
  }

  String region() {
    return home.config().location();
  }

  String otherRegion() {
    return away.config().location();
  }

  /** The id that something of the first region will have, for plans. */
  ResourceId expected(String kind, String name) {
    CloudConfig config = home.config();
    String account =
        switch (cloud) {
          // Only the first call tells it, and no plan needs it.
          case AWS -> "";
          case AZURE ->
              config.requiredProperty("subscription")
                  + "/"
                  + config.requiredProperty("resourceGroup");
          case GCP -> config.requiredProperty("project");
        };
    return ResourceId.of(cloud.id(), account, region(), kind, name);
  }

  @Override
  public void close() {
    try {
      home.close();
    } finally {
      below.run();
    }
  }
}
