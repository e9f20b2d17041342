/* SPDX-License-Identifier: Apache-2.0 */
package io.clouddb.testkit.simulator.aws.dynamodb.control;

import io.clouddb.testkit.simulator.aws.AwsError;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Members;
import io.clouddb.testkit.simulator.aws.dynamodb.wire.Validation;

/** How much throughput an account may have. */
final class CapacityLimits {
  static final long ACCOUNT = 80_000;
  static final long TABLE = 40_000;

  private static final long SENSIBLE = 1_000_000_000_000L;

  private CapacityLimits() {}

  /** Reads a throughput, which is not more than a table may have. */
  static Throughput throughput(Members sent) {
    return new Throughput(units(sent, "ReadCapacityUnits"), units(sent, "WriteCapacityUnits"));
  }

  private static long units(Members sent, String member) {
    long units = sent.whole(member, 0);
    if (units > SENSIBLE) {
      throw Validation.error("Given value " + units + " for " + member + " is out of bounds");
    }
    if (units > TABLE) {
      throw AwsError.badRequest(
          "LimitExceededException",
          "The requested "
              + member
              + ", "
              + units
              + ", is above the per table maximum for the account. Per table maximum: "
              + TABLE
              + ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to"
              + " request higher limits.");
    }
    return units;
  }
}
