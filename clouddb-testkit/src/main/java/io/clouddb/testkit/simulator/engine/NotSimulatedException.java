/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

/** A request that the real cloud may well answer, and this one does not simulate. */
public final class NotSimulatedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String what;

  /**
   * Makes an exception.
   *
   * @param what the operation, the field or the value that is not simulated
   */
  public NotSimulatedException(String what) {
    super("clouddb's simulator does not simulate " + what);
    this.what = what;
  }

  /**
   * What is not simulated.
   *
   * @return its name
   */
  public String what() {
    return what;
  }
}
