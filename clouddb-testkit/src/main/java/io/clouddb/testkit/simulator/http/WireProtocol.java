/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.http;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.engine.SimulatorException;
import java.util.Optional;

/** One cloud's protocol over HTTP. Called from several threads at once. */
public interface WireProtocol {
  /** Bytes of a body, where a protocol says nothing else. */
  int LARGEST_REQUEST = 2 << 20;

  /**
   * How large the body of a request may be, as it is sent and as it is unpacked.
   *
   * @param head the request, whose body has not been read
   * @return bytes
   */
  default int largestRequest(SimulatedRequest head) {
    return LARGEST_REQUEST;
  }

  /**
   * Tells whether a request is answered in so little time that the simulated one need not stand
   * still meanwhile, as it does while a database is started.
   *
   * @param request the request
   * @return false unless a protocol knows better
   */
  default boolean answersAtOnce(SimulatedRequest request) {
    return false;
  }

  /**
   * Refuses, in this cloud's own words, a request that does not show the credentials of this run:
   * others on the machine reach the port, too. Called before everything else, and before faults.
   *
   * @param request the request
   * @return the answer to a stranger; empty for one who may go on
   */
  Optional<SimulatedResponse> refuseStranger(SimulatedRequest request);

  /**
   * What a request asks for. Faults and logs go by it.
   *
   * @param request the request
   * @return its operation, in the cloud's words and in neutral ones
   * @throws NotSimulatedException when the request is none that is simulated
   */
  Call callOf(SimulatedRequest request);

  /**
   * Does what is asked for.
   *
   * @param call what {@link #callOf} said; a test may have asked that its operation {@linkplain
   *     Call#failure fail}
   * @param request the request
   * @return the answer, also for what the cloud refuses
   * @throws NotSimulatedException when a part of the request is not simulated
   * @throws SimulatorException for what {@link #refused} then answers
   */
  SimulatedResponse handle(Call call, SimulatedRequest request);

  /**
   * Puts what the engine refuses into the cloud's own error.
   *
   * @param call what was asked for
   * @param request the request
   * @param reason what is refused
   * @return the answer
   */
  SimulatedResponse refused(Call call, SimulatedRequest request, SimulatorException reason);

  /**
   * Says as this cloud does why a request is not handled.
   *
   * @param request the request, which may be anything
   * @param problem why
   * @return the answer
   */
  SimulatedResponse problem(SimulatedRequest request, Problem problem);
}
