/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import io.clouddb.testkit.simulator.http.SimulatedRequest;
import io.clouddb.testkit.simulator.http.SimulatedResponse;

/**
 * How the actions of one service are put into requests and answers: {@link QueryProtocol}, {@link
 * JsonProtocol}. A further one (REST-JSON, CBOR) is a further class. Called from several threads.
 *
 * @see <a href="https://smithy.io/2.0/aws/protocols/index.html">AWS protocols</a>
 */
public interface AwsProtocol {
  /**
   * Tells whether a request is in this protocol, by its head alone: its body may be anybody's.
   *
   * @param request the request
   * @return true when this protocol reads it
   */
  boolean isSpokenIn(SimulatedRequest request);

  /**
   * What a request asks for.
   *
   * @param request the request
   * @return the action, by its name
   * @throws NotSimulatedException when the service has no such action here
   */
  Call callOf(SimulatedRequest request);

  /**
   * Does what is asked for.
   *
   * @param call what {@link #callOf} said
   * @param request the request
   * @return the answer
   * @throws AwsError for what the service refuses
   */
  SimulatedResponse handle(Call call, AwsRequest request);

  /**
   * Writes an error as the service does.
   *
   * @param error what is refused
   * @param requestId an id for this answer
   * @return the answer
   */
  SimulatedResponse error(AwsError error, String requestId);

  /**
   * What this protocol calls a signature that is refused.
   *
   * @param refusal why it is
   * @return the error
   */
  AwsError stranger(SignatureRefusal refusal);

  /**
   * What this protocol calls too many requests.
   *
   * @return the error
   */
  AwsError throttled();
}
