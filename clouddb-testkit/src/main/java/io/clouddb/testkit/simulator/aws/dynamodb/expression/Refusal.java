/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.expression;

import io.clouddb.testkit.simulator.aws.AwsError;

/** How the service says that it does not understand an expression or an older parameter. */
final class Refusal {
  private static final String CODE = "ValidationException";
  private static final String INVALID_VALUES = "One or more parameter values were invalid: ";

  private Refusal() {}

  static AwsError of(String text) {
    return AwsError.badRequest(CODE, text);
  }

  static AwsError in(String parameter, String text) {
    return of("Invalid " + parameter + ": " + text);
  }

  static AwsError values(String text) {
    return of(INVALID_VALUES + text);
  }

  static AwsError operandType(String parameter, String operator, String type) {
    return in(
        parameter,
        "Incorrect operand type for operator or function; operator or function: "
            + operator
            + ", operand type: "
            + type);
  }
}
