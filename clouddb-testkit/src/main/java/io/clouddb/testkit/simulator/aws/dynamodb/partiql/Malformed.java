/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.partiql;

import io.clouddb.testkit.simulator.aws.AwsError;

/** How the service refuses a statement. */
final class Malformed {
  private Malformed() {}

  /** Refuses a statement that cannot be read, for a reason, which is empty for what is no token. */
  static AwsError statement(String reason) {
    return refused("Statement wasn't well formed, can't be processed: " + reason);
  }

  /** Refuses a statement that can be read, and cannot be run. */
  static AwsError refused(String message) {
    return AwsError.badRequest("ValidationException", message);
  }
}
