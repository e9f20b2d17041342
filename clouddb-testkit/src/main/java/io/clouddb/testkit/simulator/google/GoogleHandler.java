/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Does what a route asks for. */
@FunctionalInterface
public interface GoogleHandler {
  /**
   * Does it.
   *
   * @param call what is asked for
   * @return the body of the answer
   * @throws GoogleRefusal for what the service refuses
   */
  ObjectNode handle(GoogleCall call);
}
