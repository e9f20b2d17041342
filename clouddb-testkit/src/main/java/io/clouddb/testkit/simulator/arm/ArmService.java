/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

import io.clouddb.testkit.simulator.engine.SimulatorException;

/** A service behind Azure Resource Manager, for all subscriptions and locations. */
public interface ArmService {
  /**
   * Adds its routes.
   *
   * @param routes the table
   */
  void register(ArmRoutes routes);

  /**
   * Refuses what is no version of its API.
   *
   * @param apiVersion what a request says; empty when it says nothing
   * @throws ArmRefusal when it is none that is simulated
   */
  void requireVersion(String apiVersion);

  /**
   * What this service calls a refusal of the engine.
   *
   * @param call what was asked for
   * @param reason what is refused
   * @return the service's error
   */
  ArmRefusal refused(ArmCall call, SimulatorException reason);
}
