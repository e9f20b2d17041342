/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.examples.quickstart.cloud;

import io.clouddb.examples.cloud.Cloud;
import io.clouddb.examples.cloud.StandInCloud;
import io.clouddb.examples.quickstart.process.ParentWatch;
import io.clouddb.testkit.simulator.SimulatedCloud;
import java.util.ArrayList;
import java.util.List;

/**
 * The process in which the clouds and their databases are. Its arguments are the clouds' ids; its
 * one line of output is, in the same order, the endpoint and the secret of each: a pipe that only
 * the process at its other end reads.
 */
public final class CloudsProcess {
  private CloudsProcess() {}

  /**
   * Runs until the standard input ends.
   *
   * @param args the clouds' ids
   * @throws InterruptedException when the main thread is interrupted
   */
  public static void main(String[] args) throws InterruptedException {
    ParentWatch parent = ParentWatch.begin();
    List<SimulatedCloud> clouds = new ArrayList<>();
    try {
      StringBuilder endpoints = new StringBuilder();
      for (String id : args) {
        SimulatedCloud cloud = StandInCloud.start(Cloud.ofId(id));
        clouds.add(cloud);
        endpoints.append(cloud.endpoint()).append(' ').append(cloud.secret().resolve()).append(' ');
      }
      System.out.println(endpoints.toString().strip());
      parent.await();
    } finally {
      clouds.forEach(SimulatedCloud::close);
    }
    System.exit(0);
  }
}
