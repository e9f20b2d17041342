/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.cloud;

import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.engine.SimulatedClock;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;
import java.time.Duration;

/**
 * One simulated cloud with its clock.
 *
 * @param clock its time
 * @param cloud its protocol on a port of this machine, and real databases behind it
 */
public record StandInCloud(SimulatedClock clock, SimulatedCloud cloud) implements AutoCloseable {
  /** The subscription of the stand-in for Azure. */
  public static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

  /** Its one resource group. */
  public static final String RESOURCE_GROUP = "examples";

  /** A quarter of an hour of the cloud's time passes in two seconds. */
  private static final double FASTER = Duration.ofMinutes(15).toMillis() / 2_000.0;

  /**
   * Starts one.
   *
   * @param which whose protocol
   * @return the running cloud
   */
  public static StandInCloud start(Cloud which) {
    SimulatedClock clock = SimulatedClock.scaled(FASTER);
    return new StandInCloud(
        clock,
        switch (which) {
          case AWS -> SimulatedAws.builder().clock(clock).start();
          case AZURE ->
              SimulatedAzure.builder()
                  .clock(clock)
                  .subscription(SUBSCRIPTION)
                  .resourceGroup(RESOURCE_GROUP)
                  .region(which.location())
                  .retryAfter(0)
                  .start();
          case GCP -> SimulatedGoogle.builder().clock(clock).start();
        });
  }

  @Override
  public void close() {
    cloud.close();
    clock.close();
  }
}
