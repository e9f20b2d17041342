/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator;

/** What a simulated cloud refuses. A skin turns it into the error of its own protocol. */
public final class SimulatorException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Why it is refused. */
  public enum Reason {
    /** An instance of that name exists. */
    ALREADY_EXISTS,
    /** No such instance, operation or resource. */
    NOT_FOUND,
    /** The instance is in a state in which this cannot be done, mostly because it is changing. */
    WRONG_STATE,
    /** The scope has as many instances as it may have. */
    QUOTA,
    /** A parameter of the database is unknown, or cannot be set, or not to that value. */
    INVALID_PARAMETER,
    /** The database refused what it was told, for example a name that is taken. */
    DATABASE,
    /** The database could not be started. */
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

  SimulatorException(Reason reason, String message, Throwable cause) {
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
