/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google;

import io.clouddb.testkit.simulator.engine.SimulatorException;

/** A service with a REST API, for all projects and regions. */
public interface GoogleService {
  /**
   * Adds its routes.
   *
   * @param routes the table
   */
  void register(GoogleRoutes routes);

  /**
   * What this service calls a refusal of the engine.
   *
   * @param call what was asked for
   * @param reason what is refused
   * @return the service's error
   */
  GoogleRefusal refused(GoogleCall call, SimulatorException reason);
}
