/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.arm;

/** An error that Azure would answer. */
final class ArmRefusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;

  ArmRefusal(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
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

  static ArmRefusal busy(String server) {
    return new ArmRefusal(
        409,
        "ServerBusy",
        "Cannot complete operation because server '"
            + server
            + "' is busy processing another"
            + " operation. Please try again later.");
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
