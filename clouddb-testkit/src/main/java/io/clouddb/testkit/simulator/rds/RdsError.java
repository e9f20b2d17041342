/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.rds;

/** What RDS refuses, by its own code. */
final class RdsError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int BAD_REQUEST = 400;
  private static final int NOT_FOUND = 404;

  private final int status;
  private final String code;
  private final String text;

  RdsError(int status, String code, String text) {
    super(code + ": " + text);
    this.status = status;
    this.code = code;
    this.text = text;
  }

  static RdsError badRequest(String code, String text) {
    return new RdsError(BAD_REQUEST, code, text);
  }

  static RdsError notFound(String code, String text) {
    return new RdsError(NOT_FOUND, code, text);
  }

  static RdsError value(String text) {
    return badRequest("InvalidParameterValue", text);
  }

  static RdsError combination(String text) {
    return badRequest("InvalidParameterCombination", text);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }

  String text() {
    return text;
  }
}
