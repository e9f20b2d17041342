/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.engine;

/** What a simulated cloud refuses. A service turns it into the error of its own protocol. */
public final class SimulatorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why it is refused. */
  public enum Reason {
    /** A resource of that name exists. */
    ALREADY_EXISTS,
    /** No such resource or operation. */
    NOT_FOUND,
    /** The resource is in a state in which this cannot be done, mostly because it is changing. */
    WRONG_STATE,
    /** The scope has as many resources as it may have. */
    QUOTA,
    /** A parameter is unknown, or cannot be set, or not to that value. */
    INVALID_PARAMETER,
    /** What is behind the resource refused what it was told, as a database a name that is taken. */
    BACKEND,
    /** What is behind the resource could not be started. */
    START_FAILED
  }

  private final Reason reason;

  /**
   * Makes an exception.
   *
   * @param reason why
   * @param message a sentence for a person
   */
  public SimulatorException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /**
   * Makes an exception.
   *
   * @param reason why
   * @param message a sentence for a person
   * @param cause what was thrown behind the resource
   */
  public SimulatorException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /**
   * Why it is refused.
   *
   * @return the reason
   */
  public Reason reason() {
    return reason;
  }

  /**
   * What is refused, in a sentence.
   *
   * @return never null
   */
  public String sentence() {
    String message = getMessage();
    return message == null ? reason.toString() : message;
  }
}
