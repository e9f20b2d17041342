/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

import java.util.Optional;

/** What a skin implements: one cloud's protocol over HTTP. Called from several threads at once. */
public interface WireProtocol {
  /**
   * Refuses, in this cloud's own words, a request that does not show the credentials of this run:
   * others on the machine reach the port, too. Called before everything else, and before faults.
   *
   * @param request the request
   * @return the answer to a stranger; empty for one who may go on
   */
  Optional<SimulatedResponse> refuseStranger(SimulatedRequest request);

  /**
   * The name of the operation that a request asks for. Faults and logs go by it.
   *
   * @param request the request
   * @return for example {@code CreateDBInstance}, {@code servers.createOrUpdate} or {@code
   *     instances.insert}
   * @throws NotSimulatedException when the request is none that is simulated
   */
  String operationOf(SimulatedRequest request);

  /**
   * Does what is asked for.
   *
   * @param operation what {@link #operationOf} said
   * @param request the request
   * @return the answer, also for what the cloud refuses
   * @throws NotSimulatedException when a part of the request is not simulated
   * @throws SimulatorException for what {@link #refused} then answers
   */
  SimulatedResponse handle(String operation, SimulatedRequest request);

  /**
   * Puts what the engine refuses into the cloud's own error.
   *
   * @param operation the operation
   * @param request the request
   * @param reason what is refused
   * @return the answer
   */
  SimulatedResponse refused(String operation, SimulatedRequest request, SimulatorException reason);

  /**
   * Says that there are too many requests, as this cloud does.
   *
   * @param operation the operation
   * @return the answer
   */
  SimulatedResponse throttled(String operation);

  /**
   * Says that something went wrong inside, as this cloud does.
   *
   * @param operation the operation
   * @param message what went wrong
   * @return the answer
   */
  SimulatedResponse failed(String operation, String message);

  /**
   * Says that this is not simulated, in a way that the vendor's SDK neither retries nor hides.
   *
   * @param message what is not simulated
   * @return the answer
   */
  SimulatedResponse notSimulated(String message);
}
