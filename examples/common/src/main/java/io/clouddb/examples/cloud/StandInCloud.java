/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.cloud;

import io.clouddb.testkit.simulator.SimulatedCloud;
import io.clouddb.testkit.simulator.arm.SimulatedAzure;
import io.clouddb.testkit.simulator.aws.SimulatedAws;
import io.clouddb.testkit.simulator.google.SimulatedGoogle;

/** Stands in for a cloud: its protocol on a port of this machine, and real databases behind it. */
public final class StandInCloud {
  /** The subscription of the stand-in for Azure. */
  public static final String SUBSCRIPTION = "00000000-0000-0000-0000-000000000001";

  /** Its one resource group. */
  public static final String RESOURCE_GROUP = "examples";

  private StandInCloud() {}

  /**
   * Starts one, where ten minutes pass in a second.
   *
   * @param which whose protocol
   * @return the running cloud
   */
  public static SimulatedCloud start(Cloud which) {
    return switch (which) {
      case AWS -> SimulatedAws.start();
      case AZURE ->
          SimulatedAzure.builder()
              .subscription(SUBSCRIPTION)
              .resourceGroup(RESOURCE_GROUP)
              .region(which.location())
              .retryAfter(0)
              .start();
      case GCP -> SimulatedGoogle.start();
    };
  }
}
