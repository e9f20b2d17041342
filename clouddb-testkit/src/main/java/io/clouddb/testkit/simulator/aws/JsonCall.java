/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.clouddb.testkit.simulator.engine.Call;
import io.clouddb.testkit.simulator.engine.NotSimulatedException;
import java.util.Set;

/**
 * What an action of a {@link JsonProtocol} is given.
 *
 * @param call the action
 * @param region where it takes effect
 * @param members its members
 */
public record JsonCall(Call call, String region, ObjectNode members) {
  /**
   * Refuses every other member, before anything has an effect.
   *
   * @param known the members that are simulated
   * @throws NotSimulatedException naming one that is not
   */
  public void only(Set<String> known) {
    members
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw new NotSimulatedException("the member " + name + " of " + call.operation());
              }
            });
  }
}
