/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.google;

import io.clouddb.testkit.simulator.engine.Call;

/**
 * Says in neutral words what a method asks for, where its path does not tell: a new resource's name
 * stands in the body, and a patch may be a stop.
 */
@FunctionalInterface
public interface GoogleAim {
  /**
   * Says it.
   *
   * @param call what the path tells
   * @return the same method, with the resource and what is done with it
   */
  Call of(GoogleCall call);
}
