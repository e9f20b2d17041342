/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import io.clouddb.testkit.simulator.engine.SimulatorException;
import io.clouddb.testkit.simulator.http.WireProtocol;
import java.util.List;

/** A service behind the front door, for all regions of the account. */
public interface AwsService {
  /**
   * What requests are signed for.
   *
   * @return for example {@code rds}
   */
  String signingName();

  /**
   * The protocols that it speaks, each with its actions.
   *
   * @return at least one; the first answers to what is in none of them
   */
  List<AwsProtocol> protocols();

  /**
   * What this service calls a refusal of the engine.
   *
   * @param reason what is refused
   * @return the service's error
   */
  AwsError refused(SimulatorException reason);

  /**
   * How large a request may be.
   *
   * @return bytes of its body
   */
  default int largestRequest() {
    return WireProtocol.LARGEST_REQUEST;
  }

  /**
   * Tells whether it answers in so little time that the simulated one need not stand still
   * meanwhile.
   *
   * @return false where there are real databases behind it
   */
  default boolean answersAtOnce() {
    return false;
  }
}
