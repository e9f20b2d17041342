/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

/** An error that Azure would answer. */
public final class ArmRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final boolean later;

  /**
   * Makes an error.
   *
   * @param status HTTP status
   * @param code Azure's code
   * @param message a sentence
   */
  public ArmRefusal(int status, String code, String message) {
    this(status, code, message, false);
  }

  private ArmRefusal(int status, String code, String message, boolean later) {
    super(message);
    this.status = status;
    this.code = code;
    this.later = later;
  }

  /**
   * What Azure finds out after it has accepted a change.
   *
   * @param code Azure's code
   * @param message a sentence
   * @return the error
   */
  public static ArmRefusal later(String code, String message) {
    return new ArmRefusal(400, code, message, true);
  }

  /**
   * A value that is none.
   *
   * @param field which field
   * @param why what is wrong
   * @return the error
   */
  public static ArmRefusal invalid(String field, String why) {
    return new ArmRefusal(
        400, "InvalidParameterValue", "Invalid value given for parameter " + field + ": " + why);
  }

  /**
   * A value that is out of its range.
   *
   * @param field which field
   * @param allowed the range
   * @return the error
   */
  public static ArmRefusal outOfRange(String field, String allowed) {
    return new ArmRefusal(
        400,
        "ParameterOutOfRange",
        "The value of " + field + " is out of range; allowed are " + allowed + ".");
  }

  /**
   * A field that is missing.
   *
   * @param field which field
   * @return the error
   */
  public static ArmRefusal missing(String field) {
    return new ArmRefusal(
        400, "MissingRequiredParameter", "The required parameter " + field + " is missing.");
  }

  /**
   * Whether the request is accepted, and its operation fails.
   *
   * @return false when it is refused at once
   */
  public boolean comesLater() {
    return later;
  }

  /**
   * HTTP status.
   *
   * @return for example 400
   */
  public int status() {
    return status;
  }

  /**
   * Azure's code.
   *
   * @return for example {@code ResourceNotFound}
   */
  public String code() {
    return code;
  }

  /**
   * The sentence.
   *
   * @return never null
   */
  public String sentence() {
    String message = getMessage();
    return message == null ? code : message;
  }
}
