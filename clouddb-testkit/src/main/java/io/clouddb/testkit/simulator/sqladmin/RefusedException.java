/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.sqladmin;

/** What the service refuses, in its own words. */
final class RefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String reason;
  private final String sentence;

  RefusedException(int status, String reason, String sentence) {
    super(sentence);
    this.status = status;
    this.reason = reason;
    this.sentence = sentence;
  }

  static RefusedException invalid(String sentence) {
    return new RefusedException(400, "invalid", "Invalid request: " + sentence + ".");
  }

  static RefusedException busy() {
    return new RefusedException(
        409,
        "operationInProgress",
        "Operation failed because another operation was already in progress. Try your request"
            + " after the current operation is complete.");
  }

  static RefusedException noInstance() {
    return new RefusedException(
        404, "instanceDoesNotExist", "The Cloud SQL instance does not exist.");
  }

  int status() {
    return status;
  }

  String reason() {
    return reason;
  }

  String sentence() {
    return sentence;
  }
}
