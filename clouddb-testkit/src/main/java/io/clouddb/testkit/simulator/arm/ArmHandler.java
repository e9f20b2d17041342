/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import io.clouddb.testkit.simulator.http.SimulatedResponse;

/** Does what a route asks for. */
@FunctionalInterface
public interface ArmHandler {
  /**
   * Does it.
   *
   * @param call what is asked for
   * @return the answer
   * @throws ArmRefusal for what Azure refuses
   */
  SimulatedResponse handle(ArmCall call);
}
