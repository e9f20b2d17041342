/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

/** An error that Azure would answer. */
final class ArmRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final boolean later;

  ArmRefusal(int status, String code, String message) {
    this(status, code, message, false);
  }

  private ArmRefusal(int status, String code, String message, boolean later) {
    super(message);
    this.status = status;
    this.code = code;
    this.later = later;
  }

  /** What Azure finds out after it has accepted a change. */
  static ArmRefusal later(String code, String message) {
    return new ArmRefusal(400, code, message, true);
  }

  static ArmRefusal invalid(String field, String why) {
    return new ArmRefusal(
        400, "InvalidParameterValue", "Invalid value given for parameter " + field + ": " + why);
  }

  static ArmRefusal outOfRange(String field, String allowed) {
    return new ArmRefusal(
        400,
        "ParameterOutOfRange",
        "The value of " + field + " is out of range; allowed are " + allowed + ".");
  }

  static ArmRefusal missing(String field) {
    return new ArmRefusal(
        400, "MissingRequiredParameter", "The required parameter " + field + " is missing.");
  }

  /** Whether the request is accepted, and its operation fails. */
  boolean comesLater() {
    return later;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String sentence() {
    String message = getMessage();
    return message == null ? code : message;
  }
}
